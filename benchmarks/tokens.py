"""Long answers: tokens a second, their cost, and how soon the first is there."""

from collections.abc import Iterator
from statistics import median

from .contest import contest
from .load import Load
from .result import Result, Row

TOKENS = 300
PACED_TOKENS, RATE = 100, 50.0
"""Tokens of an answer and tokens a second, about those of a fast hosted model."""

USERS = 50


def measure(*, quick: bool) -> Iterator[Row]:
    """As fast as it goes, and at the pace of a model."""
    yield from _as_fast_as_it_goes(rounds=1 if quick else 3)
    yield from _paced(rounds=1 if quick else 3)


def _as_fast_as_it_goes(rounds: int) -> Iterator[Row]:
    load = Load(users=10, messages=3)
    with contest(tokens=TOKENS) as servers:
        ours, reference = servers.rounds(load, rounds)
    yield Result(
        measure=f"{TOKENS}-token answers",
        ours=median(one.messages_per_s for one in ours) * TOKENS,
        reference=median(one.messages_per_s for one in reference) * TOKENS,
        unit="tokens/s",
    )
    yield Result(
        measure=f"{TOKENS}-token answers: CPU",
        ours=median(one.cpu_ms_per_message for one in ours) / TOKENS * 1000,
        reference=median(one.cpu_ms_per_message for one in reference) / TOKENS * 1000,
        unit="µs/token",
    )


def _paced(rounds: int) -> Iterator[Row]:
    load = Load(users=USERS, messages=1, new_threads=True)
    with contest(tokens=PACED_TOKENS, rate=RATE) as servers:
        ours, reference = servers.rounds(load, rounds)
    yield Result(
        measure=f"first token, {USERS} users at once, {RATE:.0f} tokens/s each: p50",
        ours=median(one.served.first_token_p50_ms for one in ours),
        reference=median(one.served.first_token_p50_ms for one in reference),
        unit="ms",
    )
