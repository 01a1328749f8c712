"""The audit log: each event of a key or session is one line, with ids and without secrets."""

from collections.abc import Iterator
from time import time
from typing import Any

import httpx
import jwt
import pytest
from fastapi import FastAPI
from openai import AsyncOpenAI
from tests.integration.identity.conftest import JWT_SECRET, MakeKey, Serve, backend_of
from tests.integration.identity.kept_lines import Kept, kept
from tests.protocol import create, req
from tests.serving import client_of

LIST = req("threads.list")


@pytest.fixture
def audit(app: FastAPI) -> Iterator[Kept]:
    """The audit log of the app."""
    with kept("chatkit_backend.audit") as lines:
        yield lines


@pytest.fixture
def everything(app: FastAPI) -> Iterator[Kept]:
    """All that the app and its server write."""
    with kept("chatkit_backend", "uvicorn") as lines:
        yield lines


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def token() -> str:
    return jwt.encode({"sub": "ada", "exp": int(time()) + 300}, JWT_SECRET)


async def test_a_session_is_followed_from_its_beginning_to_its_end(
    nobody: httpx.AsyncClient, openai_client: AsyncOpenAI, audit: Kept
) -> None:
    issued = (await nobody.post("/api/chatkit/session", headers=bearer(token()))).json()
    old = issued["client_secret"]
    answer = await nobody.post("/api/chatkit/refresh", headers=bearer(old))
    await openai_client.beta.chatkit.sessions.cancel(issued["session_id"])

    assert answer.status_code == 200
    assert audit.events[-3:] == ["session_created", "session_refreshed", "session_cancelled"]
    for event in audit.events[-3:]:
        [line] = audit.of(event)
        assert line["session_id"] == issued["session_id"]
        assert line["owner"] == "default/ada"
        assert line["request_id"]


async def test_a_session_of_a_server_names_its_key(
    openai_client: AsyncOpenAI, audit: Kept, app: FastAPI
) -> None:
    session = await openai_client.beta.chatkit.sessions.create(
        user="ada", workflow={"id": "wf_support"}
    )

    [key] = await backend_of(app).access.keys.list()
    [line] = audit.of("session_created")
    assert (line["session_id"], line["key_id"]) == (session.id, key.id)


async def test_a_key_is_followed_too(app: FastAPI, audit: Kept) -> None:
    keys = backend_of(app).access.keys
    _, key = await keys.create("a test", tenant="north")
    await keys.revoke(key.id)
    await keys.revoke(key.id)
    await keys.revoke("key_none")

    assert audit.events == ["key_created", "key_revoked"]
    for event in audit.events:
        [line] = audit.of(event)
        assert (line["key_id"], line["tenant"]) == (key.id, "north")
    assert audit.of("key_revoked")[0]["sessions"] == 0


async def test_whoever_tries_secrets_leaves_a_line_that_names_what_was_tried(
    nobody: httpx.AsyncClient, make_key: MakeKey, audit: Kept
) -> None:
    key = await make_key()
    issued = (await nobody.post("/api/chatkit/session", headers=bearer(token()))).json()
    audit.records.clear()

    for secret in (issued["client_secret"][:-1] + "_", "ek_00_00"):
        await nobody.post("/chatkit", json=LIST, headers=bearer(secret))
    for secret in (key[:-1] + "_", "ckb_00_00"):
        await nobody.get("/v1/chatkit/threads", headers=bearer(secret))

    assert [line["session_id"] for line in audit.of("session_refused")] == [
        issued["session_id"],
        None,
    ]
    assert [line["key_id"] for line in audit.of("key_refused")] == [
        "key_" + key.split("_")[1],
        None,
    ]


async def test_no_secret_is_in_any_line_that_the_server_writes(
    everything: Kept,
    nobody: httpx.AsyncClient,
    make_key: MakeKey,
    openai_client: AsyncOpenAI,
) -> None:
    key, known = await make_key(), token()
    issued = (await nobody.post("/api/chatkit/session", headers=bearer(known))).json()
    first = issued["client_secret"]
    second = (await nobody.post("/api/chatkit/refresh", json={"client_secret": first})).json()[
        "client_secret"
    ]
    made = await openai_client.beta.chatkit.sessions.create(user="ben", workflow={"id": "wf"})
    right = (first, second, made.client_secret, known, key)
    mistyped = tuple(f"{secret[:-1]}_" for secret in right)
    for secret in right + mistyped:
        for path in ("/chatkit", "/api/chatkit/session", "/api/chatkit/refresh", "/nowhere"):
            await nobody.post(path, json=create(), headers=bearer(secret))
            await nobody.post(path, json=create(), headers={"X-Session-Token": secret})
        await nobody.post("/chatkit", json=LIST, headers={"Cookie": f"auth_token={secret}"})
        await nobody.get("/v1/chatkit/threads", headers=bearer(secret))

    written = everything.text
    assert issued["session_id"] in written, "the lines are there"
    for secret in (*right, JWT_SECRET):
        assert secret[-32:-1] not in written  # nor its part that is no id, nor a mistyped one


REFUSED = {
    "expired": jwt.encode({"sub": "ada", "exp": 1}, JWT_SECRET),
    "signature": jwt.encode({"sub": "ada", "exp": 2**32}, JWT_SECRET[::-1]),
    "no exp": jwt.encode({"sub": "ada"}, JWT_SECRET),
    "not yet valid": jwt.encode({"sub": "ada", "exp": 2**32, "nbf": 2**31}, JWT_SECRET),
    "sub is no text": jwt.encode({"sub": 42, "exp": 2**32}, JWT_SECRET),
    "sub is no usable id": jwt.encode({"exp": 2**32}, JWT_SECRET),
    "spelling": jwt.encode({"sub": "ada", "exp": 2**32}, JWT_SECRET) + "=",
    "no scheme of AUTH takes it": jwt.encode({"sub": "ada"}, "", "none"),
}


@pytest.mark.parametrize("reason", REFUSED)
async def test_why_a_token_is_refused_is_in_the_log_and_not_in_the_answer(
    nobody: httpx.AsyncClient, everything: Kept, reason: str
) -> None:
    refused = REFUSED[reason]

    for headers in (bearer(refused), {"Cookie": f"auth_token={refused}"}):
        everything.records.clear()
        answer = await nobody.post("/chatkit", json=LIST, headers=headers)

        assert answer.status_code == 401
        assert reason == "expired" or reason not in answer.text
        for event in ("token_refused", "request_refused"):
            [line] = everything.of(event)
            assert line["reason"] == reason
        assert refused not in everything.text


async def test_an_audience_and_an_issuer_are_reasons_too(
    served: Serve, auth: dict[str, Any], audit: Kept
) -> None:
    url = await served(settings={**auth, "jwt_audience": ("us",), "jwt_issuer": "https://us"})
    right = {"sub": "ada", "exp": 2**32, "aud": "us", "iss": "https://us"}
    async with client_of(url) as client:
        for wrong in ({"aud": "them"}, {"iss": "https://them"}):
            made = jwt.encode({**right, **wrong}, JWT_SECRET)
            await client.post("/chatkit", json=LIST, headers=bearer(made))

    assert [line["reason"] for line in audit.of("token_refused")] == ["audience", "issuer"]


async def test_what_is_refused_names_the_address_past_our_own_proxies(
    served: Serve, auth: dict[str, Any]
) -> None:
    url = await served(settings={**auth, "trusted_proxies": ("127.0.0.1",)})
    asked = {"X-Forwarded-For": "198.51.100.7"}
    with kept("chatkit_backend") as lines:
        async with client_of(url, headers=asked) as client:
            await client.post("/chatkit", json=LIST, headers=bearer("no token"))
            await client.post("/chatkit", json=LIST, headers={"X-Session-Token": "no secret"})
            await client.post("/chatkit", json=LIST, headers=bearer("ek_00_00"))
            await client.get("/v1/chatkit/threads", headers=bearer("no key"))

    events = {"token_refused": 1, "session_refused": 2, "key_refused": 1, "request": 4}
    for event, times in events.items():
        assert [line["address"] for line in lines.of(event)] == ["198.51.100.7"] * times, event


async def test_a_request_that_nobody_counts_names_its_peer(
    nobody: httpx.AsyncClient, everything: Kept
) -> None:
    await nobody.get("/health")

    [line] = everything.of("request")
    assert line["address"] == "127.0.0.1"


async def test_a_secret_in_the_wrong_place_is_in_no_line_and_no_answer(
    nobody: httpx.AsyncClient, make_key: MakeKey, everything: Kept
) -> None:
    key, known = await make_key(), token()
    issued = (await nobody.post("/api/chatkit/session", headers=bearer(known))).json()
    for secret in (issued["client_secret"], key, known):
        answers = [
            await nobody.get(f"/chatkit/runs/{secret}", headers=bearer(known)),
            await nobody.get(
                f"/chatkit/runs/{secret}/events", params={"after": "x:1"}, headers=bearer(known)
            ),
            await nobody.get(f"/chatkit/runs/run_1/{secret}"),
            await nobody.post(f"/v1/chatkit/sessions/{secret}/cancel", headers=bearer(key)),
            await nobody.post("/chatkit", json=LIST, headers={"X-Request-ID": secret}),
        ]

        told = "".join(f"{answer.headers} {answer.text}" for answer in answers)
        for text in (everything.text, told):
            assert secret[-32:] not in text


async def test_a_request_id_that_only_resembles_a_secret_is_kept(
    nobody: httpx.AsyncClient,
) -> None:
    for given in ("ek_1_2", "week_20261121_0000000000000000x", "req_" + "0" * 32):
        answer = await nobody.post("/chatkit", json=LIST, headers={"X-Request-ID": given})
        assert answer.headers["x-request-id"] == given
