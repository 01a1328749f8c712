from datetime import UTC, datetime

import httpx2
import pytest
from openai import APIStatusError

from chatkit_backend.models import Backoff
from chatkit_backend.models.retry_after import retry_after_s

NOW = datetime(2026, 1, 1, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "0.5"}, 0.5),
        ({"retry-after-ms": "250"}, 0.25),
        ({"retry-after-ms": "250", "Retry-After": "7"}, 0.25),
        ({"retry-after-ms": "x", "Retry-After": "7"}, 7),
        ({"Retry-After": "Thu, 01 Jan 2026 12:00:30 GMT"}, 30),
        ({"Retry-After": "Thu, 01 Jan 2026 11:59:30 GMT"}, None),
        ({"Retry-After": "-5"}, None),
        ({"Retry-After": "nan"}, None),
        ({"Retry-After": "inf"}, None),
        ({"Retry-After": "soon"}, None),
    ],
)
def test_seconds_milliseconds_and_dates_are_read(
    headers: dict[str, str], seconds: float | None
) -> None:
    request = httpx2.Request("POST", "https://api.openai.com/v1/responses")
    response = httpx2.Response(429, headers=headers, request=request)
    exc = APIStatusError("busy", response=response, body=None)
    assert retry_after_s(exc, NOW) == seconds


def test_other_exceptions_say_nothing() -> None:
    assert retry_after_s(ValueError("x"), NOW) is None


@pytest.mark.parametrize(
    ("retry", "asked", "chance", "seconds"),
    [
        (0, None, 0, 1),
        (1, None, 0, 2),
        (2, None, 0, 4),
        (9, None, 0, 10),
        (0, None, 1, 0.5),
        (2, None, 0.5, 3),
        (0, 7, 1, 7),
        (0, 0, 1, 0),
        (0, 99, 1, 10),
    ],
)
def test_waits_double_up_to_a_limit_and_the_provider_s_wish_counts_instead(
    retry: int, asked: float | None, chance: float, seconds: float
) -> None:
    assert Backoff(first_s=1, most_s=10, jitter=0.5).wait_s(retry, asked, chance) == seconds
