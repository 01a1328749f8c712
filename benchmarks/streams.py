"""Answers at the pace of a model: how many are held at once, how late, and what they cost."""

from collections.abc import Iterator, Sequence
from statistics import median

from .contest import Contest, contest
from .held import Held, hold
from .result import Result, Row, at_least, at_most
from .server_process import ServerProcess

TOKENS, RATE = 200, 50.0
"""Tokens of an answer and tokens a second, about those of a fast hosted model."""

MOST_LAG_MS = 150.0
"""Streams count as held if one token in a hundred is at most this old, and none is missing."""

STEPS = (50, 100, 200, 300, 400, 500, 600, 800, 1000)
REFERENCE_STEPS = (10, 20, 30, 40, 50, 60)
QUICK_STEPS, QUICK_REFERENCE_STEPS = (50, 100, 200, 400), (20, 40)

CPU_ROUNDS = 5

AT_ONCE = 50
MEMORY_STREAMS = 100
"""So many at once grow the memory by enough to be told apart from its noise."""


def measure(*, quick: bool) -> Iterator[Row]:
    """Both at the same pace: one chat, fifty at once, and more and more."""
    rounds = 1 if quick else 3
    with contest(tokens=TOKENS, rate=RATE) as servers:
        yield _added_lag(servers, rounds)
        yield _first_token(servers, rounds)
        yield _memory(servers)
        yield from _most(servers, quick=quick)


def _both(
    servers: Contest, streams: int, rounds: int, *, reference_streams: int | None = None
) -> tuple[list[Held], list[Held]]:
    """In turn, so that whatever else the machine does meets both."""
    ours, reference = [], []
    for _ in range(rounds):
        ours.append(hold(servers.ours, streams, TOKENS))
        reference.append(hold(servers.reference, reference_streams or streams, TOKENS))
    return ours, reference


def _added_lag(servers: Contest, rounds: int) -> Row:
    ours, reference = _both(servers, 1, rounds)
    lag_ms = median(one.lag_p50_ms for one in ours)
    reference_ms = median(one.lag_p50_ms for one in reference)
    return Result(
        measure="added lag p50 with one stream",
        ours=lag_ms,
        reference=reference_ms,
        unit="ms",
        **at_most(lag_ms, reference_ms, must=1.67, aim=0.83),
    )


def _first_token(servers: Contest, rounds: int) -> Row:
    ours, reference = _both(servers, AT_ONCE, rounds)
    first_ms = median(one.first_token_p50_ms for one in ours)
    reference_ms = median(one.first_token_p50_ms for one in reference)
    return Result(
        measure=f"first token p50, {AT_ONCE} chats at once",
        ours=first_ms,
        reference=reference_ms,
        unit="ms",
        **at_most(first_ms, reference_ms, must=0.41, aim=0.16),
    )


def _memory(servers: Contest) -> Row:
    ours, reference = _both(servers, MEMORY_STREAMS, 1)
    kb, reference_kb = (one[0].memory_kb / MEMORY_STREAMS for one in (ours, reference))
    return Result(
        measure="memory per open stream",
        ours=kb,
        reference=reference_kb,
        unit="KB",
        **at_most(kb, reference_kb, must=0.77, aim=0.31),
    )


def _most(servers: Contest, *, quick: bool) -> Iterator[Row]:
    ours = _most_held(servers.ours, QUICK_STEPS if quick else STEPS)
    reference = _most_held(servers.reference, QUICK_REFERENCE_STEPS if quick else REFERENCE_STEPS)
    yield Result(
        measure=f"streams at {RATE:.0f} tokens/s with p99 lag <= {MOST_LAG_MS:.0f} ms",
        ours=ours.streams,
        reference=reference.streams,
        unit="streams",
        **at_least(ours.streams, reference.streams, must=10, aim=25),
    )
    yield _cpu(
        servers, ours.streams or STEPS[0], reference.streams or REFERENCE_STEPS[0], quick=quick
    )


def _cpu(servers: Contest, streams: int, reference_streams: int, *, quick: bool) -> Row:
    """Once more at what each holds at most: found minutes apart, their ratio is the machine's."""
    rounds = 1 if quick else CPU_ROUNDS
    ours, reference = _both(servers, streams, rounds, reference_streams=reference_streams)
    cpu_us, reference_us = (
        median(one.cpu_us_per_token for one in found if not one.failed)
        for found in (ours, reference)
    )
    return Result(
        measure="CPU per token at the most streams held",
        ours=cpu_us,
        reference=reference_us,
        unit="µs",
        **at_most(cpu_us, reference_us, must=0.11, aim=0.05),
    )


def _most_held(server: ServerProcess, steps: Sequence[int]) -> Held:
    """The last step before the first that is not held; the first if none is, as 0 streams."""
    held: Held | None = None
    for streams in steps:
        found = hold(server, streams, TOKENS)
        if found.failed or found.lag_p99_ms > MOST_LAG_MS:
            if held is None:
                found.streams = 0
                return found
            break
        held = found
    if held is None:
        raise ValueError("there must be a step")
    return held
