"""What is written to the logs, whatever was set up for them."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager


class Kept(logging.Handler):
    """What is written to a log."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)

    def of(self, event: str) -> list[dict[str, object]]:
        """The fields of every line of one event."""
        found = [record for record in self.records if record.getMessage() == event]
        return [dict(record.__dict__) for record in found]

    @property
    def text(self) -> str:
        """Every line with its fields, and with the traceback that goes with it."""
        return "\n".join(f"{self.format(record)} {record.__dict__}" for record in self.records)

    @property
    def events(self) -> list[str]:
        return [record.getMessage() for record in self.records]


@contextmanager
def kept(*names: str) -> Iterator[Kept]:
    """What these loggers, and those below them, are told from now on."""
    lines = Kept()
    for name in names:
        logging.getLogger(name).addHandler(lines)
    yield lines
    for name in names:
        logging.getLogger(name).removeHandler(lines)
