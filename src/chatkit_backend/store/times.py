"""Times: aware, UTC.

The SDK writes naive local times (`datetime.now()`) and, on a stored workflow, computes
`datetime.now() - item.created_at` (`chatkit/agents.py:160`, `:532`), which is a `TypeError` for an
aware `created_at`. `WorkflowTime` answers that subtraction, so that stored times can be aware.
"""

from datetime import UTC, datetime, timedelta


def now() -> datetime:
    """The current time, aware, UTC."""
    return datetime.now(UTC)


def to_utc(moment: datetime) -> datetime:
    """The same moment, aware, UTC; a naive one is local time, as the SDK writes it."""
    return moment.astimezone(UTC)


class WorkflowTime(datetime):
    """An aware time from which a naive local time may be subtracted: `datetime.now() - this`."""

    @classmethod
    def of(cls, moment: datetime) -> "WorkflowTime":
        """The same moment as `moment`, in UTC."""
        utc = to_utc(moment)
        return cls.combine(utc.date(), utc.time(), tzinfo=UTC)

    def __rsub__(self, later: datetime) -> timedelta:
        return later.astimezone(UTC) - datetime.combine(self.date(), self.timetz())
