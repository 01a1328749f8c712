"""When a provider wants to be asked again."""

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from openai import APIStatusError


def retry_after_s(exc: BaseException, now: datetime | None = None) -> float | None:
    """Seconds that the provider asked to wait, or None if it did not say.

    `retry-after-ms` (OpenAI's) wins over `Retry-After`, which is seconds or a date (RFC 9110,
    section 10.2.3). What cannot be read, or lies in the past, does not count.
    """
    if not isinstance(exc, APIStatusError):
        return None
    headers = exc.response.headers
    milliseconds = _number(headers.get("retry-after-ms"))
    if milliseconds is not None:
        return milliseconds / 1000
    value = headers.get("retry-after")
    seconds = _number(value)
    if seconds is not None or value is None:
        return seconds
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return None
    wait = (date.astimezone(UTC) - (now or datetime.now(UTC))).total_seconds()
    return wait if wait >= 0 else None


def _number(value: str | None) -> float | None:
    try:
        number = float(value or "")
    except ValueError:
        return None
    # Also refuses NaN, which compares false.
    return number if 0 <= number < float("inf") else None
