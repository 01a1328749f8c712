"""The search for secrets finds those that the tests use."""

import time

import jwt
import pytest
from tests.integration.conftest import SECRET
from tests.integration.identity.conftest import JWT_SECRET
from tests.leaks import KINDS, leaks_in

from chatkit_backend.identity.secrets import API_KEY, CLIENT_SECRET
from chatkit_backend.store.ids import new_id

EXAMPLES = {
    "session secret": CLIENT_SECRET.new(new_id("cksess"))[0],
    "API key": API_KEY.new(new_id("key"))[0],
    "token": jwt.encode({"sub": "ada", "exp": time.time()}, JWT_SECRET, "HS256"),
    "signed cookie": "anon_019aa2f0c4b87e31a5d40e2b6c8f9d13.eX4mple-eX4mple-eX4mple",
    "provider's key": "sk-test-0123",
    "password in a URL": "redis://:hunter2@cache",
    "signing secret": SECRET,
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_secret_is_found_and_not_repeated(kind: str) -> None:
    line = f"2026-11-20 [info] request user_id=ada value={EXAMPLES[kind]} status=200"
    assert leaks_in(line * 2) == [kind]


def test_what_names_no_secret_is_none() -> None:
    assert leaks_in(f"user_id=anon_{'0' * 32} {new_id('cksess')} redis://:***@cache") == []
    assert leaks_in("https://user@host/ http://[::1]:80/") == []


def test_what_the_tests_own_client_logs_of_its_headers_is_left_out() -> None:
    assert leaks_in(f"DEBUG    httpcore.http11:_trace.py:87 {EXAMPLES['token']}\n") == []
    assert leaks_in(f"DEBUG    httpcore.http11:_trace.py:87\n{EXAMPLES['token']}") == ["token"]


def test_both_signing_secrets_of_the_tests_are_searched_for() -> None:
    assert leaks_in(SECRET) == leaks_in(JWT_SECRET) == ["signing secret"]
