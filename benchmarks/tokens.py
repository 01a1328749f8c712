"""Long answers that come as fast as they are read: tokens a second, and their cost."""

from collections.abc import Iterator
from statistics import median

from .contest import contest
from .load import Load
from .result import Result, Row

TOKENS = 300


def measure(*, quick: bool) -> Iterator[Row]:
    """Both with ten users."""
    rounds = 1 if quick else 3
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
