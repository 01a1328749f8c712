"""A database that is away while somebody is to be recognised: try again, and nobody's fault."""

from time import time

import httpx
import jwt
import pytest
from fastapi import FastAPI
from tests.integration.identity.conftest import JWT_SECRET, MakeKey, backend_of
from tests.integration.identity.kept_lines import kept
from tests.protocol import req

from chatkit_backend.store import SqlStore


@pytest.fixture
async def secrets(nobody: httpx.AsyncClient, make_key: MakeKey) -> dict[str, str]:
    """One secret of each kind, by its name."""
    token = jwt.encode({"sub": "ada", "exp": int(time()) + 300}, JWT_SECRET)
    issued = await nobody.post("/api/chatkit/session", headers={"Authorization": f"Bearer {token}"})
    return {
        "token": token,
        "session": issued.json()["client_secret"],
        "key": await make_key(),
    }


@pytest.mark.parametrize(
    ("method", "path", "secret"),
    [
        ("POST", "/chatkit", "session"),
        ("GET", "/chatkit/runs/run_0", "session"),
        ("POST", "/api/chatkit/session", "token"),
        ("POST", "/api/chatkit/refresh", "session"),
        ("POST", "/v1/chatkit/sessions", "key"),
        ("GET", "/v1/chatkit/threads", "key"),
    ],
)
async def test_it_is_a_503_that_says_when_to_try_again(
    app: FastAPI,
    nobody: httpx.AsyncClient,
    secrets: dict[str, str],
    method: str,
    path: str,
    secret: str,
) -> None:
    store = backend_of(app).server.store
    assert isinstance(store, SqlStore)
    await store.close()

    with kept("chatkit_backend") as lines:
        answer = await nobody.request(
            method,
            path,
            json=req("threads.list"),
            headers={"Authorization": f"Bearer {secrets[secret]}"},
        )

    assert answer.status_code == 503, answer.text
    assert answer.json()["error"]["code"] == "store_unavailable"
    assert int(answer.headers["retry-after"]) > 0
    assert "request_failed" not in lines.events, "it is no bug"
