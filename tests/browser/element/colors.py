"""Colours, as browsers compute them."""

import re


def rgb(color: str) -> tuple[int, ...]:
    return tuple(round(float(part)) for part in re.findall(r"[\d.]+", color)[:3])


def brightness(color: str) -> float:
    return sum(rgb(color)) / 3
