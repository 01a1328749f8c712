"""Messages a second with answers of one token: what a turn costs apart from its text."""

from collections.abc import Iterator
from statistics import median

from .contest import Round, contest
from .load import Load
from .result import Result, Row, at_least

USERS = 20
MESSAGES = 10
"""In one thread no more than fit into the reference's history of 20 items: both then send the
model the same."""

MUST, AIM = 1.4, 2.8


def measure(*, quick: bool) -> Iterator[Row]:
    """Both with one growing thread for each user and with a new thread for each message."""
    rounds = 1 if quick else 4
    with contest(tokens=1) as servers:
        for name, new_threads in (("growing thread", False), ("new threads", True)):
            load = Load(users=USERS, messages=MESSAGES, new_threads=new_threads)
            yield from _results(name, *servers.rounds(load, rounds))


def _results(name: str, ours: list[Round], reference: list[Round]) -> Iterator[Row]:
    speed = median(one.messages_per_s for one in ours)
    reference_speed = median(one.messages_per_s for one in reference)
    yield Result(
        measure=f"1-token answers, {name}",
        ours=speed,
        reference=reference_speed,
        unit="messages/s",
        **at_least(speed, reference_speed, must=MUST, aim=AIM),
    )
    yield Result(
        measure=f"1-token answers, {name}: CPU",
        ours=median(one.cpu_ms_per_message for one in ours),
        reference=median(one.cpu_ms_per_message for one in reference),
        unit="ms/message",
    )
