"""`POST /api/chatkit/session` and `/api/chatkit/refresh`: sessions for browsers."""

import asyncio
import json
import os
import re
import shutil
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from time import time
from typing import Any

import httpx
import jwt
import pytest
from fastapi import FastAPI
from openai import AsyncOpenAI
from tests.integration.identity.conftest import JWT_SECRET, MakeKey, Serve, backend_of
from tests.protocol import Json, ask, chat, create, req
from tests.serving import client_of

from chatkit_backend.identity import Principal

SESSION = "/api/chatkit/session"
REFRESH = "/api/chatkit/refresh"
LIST = req("threads.list")
ROOT = Path(__file__).parents[3]
[FRONT_END] = re.findall(
    r"<!-- test: secret -->\n```js\n(.*?)```", (ROOT / "docs/sessions.md").read_text(), re.DOTALL
)


def token(user: str = "ada", **claims: object) -> str:
    return jwt.encode({"sub": user, "exp": int(time()) + 7200, **claims}, JWT_SECRET)


def bearer(secret: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


async def begin(client: httpx.AsyncClient, user: str = "ada") -> Json:
    """A session for somebody with a token."""
    answer = await client.post(SESSION, headers=bearer(token(user)))
    assert answer.status_code == 200, answer.text
    issued: Json = answer.json()
    return issued


async def use(client: httpx.AsyncClient, secret: str) -> tuple[int, str | None]:
    """Ask something with a secret; the status and the code of a refusal."""
    answer = await client.post("/chatkit", json=LIST, headers=bearer(secret))
    return answer.status_code, answer.json().get("error", {}).get("code")


async def refresh(client: httpx.AsyncClient, secret: str) -> tuple[int, str | None]:
    answer = await client.post(REFRESH, headers=bearer(secret))
    return answer.status_code, answer.json().get("error", {}).get("code")


class TestBegin:
    @pytest.mark.parametrize("scheme", ["bearer token", "cookie"])
    async def test_whoever_is_known_by_another_scheme_gets_a_session(
        self, nobody: httpx.AsyncClient, scheme: str
    ) -> None:
        cookie = {"Cookie": f"auth_token={token()}"}
        headers = cookie if scheme == "cookie" else bearer(token())
        answer = await nobody.post(SESSION, headers=headers)

        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        issued = answer.json()
        assert set(issued) == {"client_secret", "session_id", "expires_at"}
        assert issued["session_id"].startswith("cksess_")
        assert 595 <= issued["expires_at"] - time() <= 605
        assert await use(nobody, issued["client_secret"]) == (200, None)

    async def test_the_session_is_its_owners_and_nobody_elses(
        self, nobody: httpx.AsyncClient
    ) -> None:
        ada, ben = [(await begin(nobody, user))["client_secret"] for user in ("ada", "ben")]
        nobody.headers.update(bearer(token("ada")))
        thread_id = (await chat(nobody, create())).thread_id

        nobody.headers.update(bearer(ada))
        assert [one["id"] for one in (await ask(nobody, LIST))["data"]] == [thread_id]
        nobody.headers.update(bearer(ben))
        assert (await ask(nobody, LIST))["data"] == []

    async def test_the_session_carries_what_the_token_says_of_the_person(
        self, nobody: httpx.AsyncClient, app: FastAPI
    ) -> None:
        ada = token(roles=["admin", "staff"], name="Ada L.", locale="de-CH")
        answer = await nobody.post(SESSION, headers=bearer(ada))
        secret = answer.json()["client_secret"]

        _, found = await backend_of(app).access.sessions.refresh(secret)

        assert found.principal == Principal(
            user_id="ada",
            scheme="session",
            roles=("admin", "staff"),
            name="Ada L.",
            locale="de-CH",
        )

    async def test_nobody_gets_none(self, nobody: httpx.AsyncClient) -> None:
        answer = await nobody.post(SESSION)

        assert answer.status_code == 401
        assert "www-authenticate" in answer.headers

    @pytest.mark.parametrize("auth_schemes", ["session,jwt", "session,jwt,anonymous"])
    async def test_a_session_cannot_beget_a_session(
        self, served: Serve, auth: dict[str, Any], auth_schemes: str
    ) -> None:
        url = await served(settings={**auth, "auth": auth_schemes})
        async with client_of(url) as client:
            secret = (await begin(client))["client_secret"]

            answer = await client.post(SESSION, headers=bearer(secret))

        assert answer.status_code == 401
        assert secret not in answer.text

    async def test_an_api_key_is_nobody_whose_session_it_could_be(
        self, nobody: httpx.AsyncClient, make_key: MakeKey
    ) -> None:
        assert (await nobody.post(SESSION, headers=bearer(await make_key()))).status_code == 401

    async def test_another_sites_page_begins_none_with_the_users_cookie(
        self, nobody: httpx.AsyncClient
    ) -> None:
        answer = await nobody.post(
            SESSION,
            headers={"Cookie": f"auth_token={token()}", "Origin": "https://evil.test"},
        )
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "cross_site")

    async def test_a_server_that_takes_no_sessions_gives_none(self, served: Serve) -> None:
        async with client_of(await served(settings={"auth": "anonymous"})) as browser:
            answer = await browser.post(SESSION)

        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "sessions_off")
        assert "AUTH" in answer.json()["error"]["message"]


class TestAnonymous:
    @pytest.fixture
    def auth(self) -> dict[str, Any]:
        return {"auth": ("session", "anonymous"), "credential_cache_s": 0}

    async def test_a_browsers_session_is_the_same_person_as_its_cookie(
        self, client: httpx.AsyncClient, nobody: httpx.AsyncClient
    ) -> None:
        thread_id = (await chat(client, create())).thread_id
        secret = (await client.post(SESSION)).json()["client_secret"]

        nobody.headers.update(bearer(secret))

        assert [one["id"] for one in (await ask(nobody, LIST))["data"]] == [thread_id]
        assert nobody.cookies.get("chatkit_user") is None

    async def test_a_new_browser_gets_its_cookie_with_its_session(
        self, nobody: httpx.AsyncClient
    ) -> None:
        first = await nobody.post(SESSION)
        assert "chatkit_user" in nobody.cookies
        second = await nobody.post(SESSION)

        nobody.headers.update(bearer(first.json()["client_secret"]))
        thread_id = (await chat(nobody, create())).thread_id
        nobody.headers.update(bearer(second.json()["client_secret"]))
        assert [one["id"] for one in (await ask(nobody, LIST))["data"]] == [thread_id]

    async def test_a_session_cannot_beget_a_session(self, nobody: httpx.AsyncClient) -> None:
        secret = (await nobody.post(SESSION)).json()["client_secret"]
        nobody.cookies.clear()

        answer = await nobody.post(SESSION, headers=bearer(secret))

        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "invalid_token")

    async def test_a_wrong_secret_makes_nobody_an_anonymous_visitor(
        self, client: httpx.AsyncClient
    ) -> None:
        await client.post(SESSION)
        assert await use(client, "ek_00_00") == (401, "invalid_session")
        assert await use(client, "no secret of ours") == (401, "invalid_token")


class TestUse:
    @pytest.mark.parametrize("name", ["X-Session-Token", "Authorization"])
    async def test_a_secret_is_taken_in_either_header(
        self, nobody: httpx.AsyncClient, name: str
    ) -> None:
        secret = (await begin(nobody))["client_secret"]
        value = f"bearer  {secret}" if name == "Authorization" else secret

        answer = await nobody.post("/chatkit", json=LIST, headers={name: value})

        assert answer.status_code == 200

    @pytest.mark.parametrize("secret", ["", "x", "ek_0_0", "ckb_1_2", "\xe9", "ek_" + "0" * 5000])
    async def test_whatever_else_is_in_the_sessions_header_is_refused(
        self, nobody: httpx.AsyncClient, secret: str
    ) -> None:
        headers = [(b"X-Session-Token", secret.encode("latin-1")), (b"Authorization", b"Bearer x")]
        answer = await nobody.post("/chatkit", json=LIST, headers=headers)

        assert (answer.status_code, answer.json()["error"]["code"]) == (401, "invalid_session")

    async def test_a_secret_with_another_sessions_id_is_refused(
        self, nobody: httpx.AsyncClient
    ) -> None:
        ada, ben = [(await begin(nobody, user))["client_secret"] for user in ("ada", "ben")]
        prefix, ada_id, _ = ada.split("_")
        _, _, of_ben = ben.split("_")

        assert await use(nobody, f"{prefix}_{ada_id}_{of_ben}") == (401, "invalid_session")
        assert await refresh(nobody, f"{prefix}_{ada_id}_{of_ben}") == (401, "invalid_session")

    async def test_an_expired_session_says_so_to_whoever_has_its_secret(
        self, nobody: httpx.AsyncClient, app: FastAPI
    ) -> None:
        secret, _ = await backend_of(app).access.sessions.create(
            Principal(user_id="ada"), lifetime_s=0.000_001
        )
        assert await use(nobody, secret) == (401, "session_expired")
        assert await refresh(nobody, secret) == (401, "session_expired")
        assert await use(nobody, secret[:-1]) == (401, "invalid_session")

    async def test_a_cancelled_session_is_over_at_once(
        self, nobody: httpx.AsyncClient, openai_client: AsyncOpenAI
    ) -> None:
        issued = await begin(nobody)
        secret = issued["client_secret"]
        assert await use(nobody, secret) == (200, None)

        await openai_client.beta.chatkit.sessions.cancel(issued["session_id"])

        assert await use(nobody, secret) == (401, "session_cancelled")
        assert await refresh(nobody, secret) == (401, "session_cancelled")


class TestRefresh:
    @pytest.mark.parametrize("where", ["Authorization", "X-Session-Token", "body"])
    async def test_a_secret_is_exchanged_for_another(
        self, nobody: httpx.AsyncClient, where: str
    ) -> None:
        issued = await begin(nobody)
        secret = issued["client_secret"]
        match where:
            case "Authorization":
                answer = await nobody.post(REFRESH, headers=bearer(secret))
            case "X-Session-Token":
                answer = await nobody.post(REFRESH, headers={"X-Session-Token": secret})
            case _:
                answer = await nobody.post(REFRESH, json={"client_secret": secret})

        assert answer.status_code == 200, answer.text
        assert answer.headers["cache-control"] == "no-store"
        renewed = answer.json()
        assert renewed["session_id"] == issued["session_id"]
        assert renewed["client_secret"] != secret
        assert renewed["expires_at"] >= issued["expires_at"]
        assert await use(nobody, renewed["client_secret"]) == (200, None)

    @pytest.mark.parametrize(
        ("body", "expected"),
        [
            (b"", (401, "missing_secret")),
            (b"{}", (401, "missing_secret")),
            (b"[]", (400, "invalid_request")),
            (b"no json", (400, "invalid_request")),
            (b'{"client_secret": ""}', (401, "missing_secret")),
            (b'{"client_secret": 7}', (400, "invalid_request")),
            (b'{"client_secret": "ek_0_0"}', (401, "invalid_session")),
            (b'{"client_secret": "' + b"x" * 20_000 + b'"}', (413, "body_too_large")),
        ],
    )
    async def test_without_a_secret_there_is_nothing_to_refresh(
        self, nobody: httpx.AsyncClient, body: bytes, expected: tuple[int, str]
    ) -> None:
        answer = await nobody.post(REFRESH, content=body)
        assert (answer.status_code, answer.json()["error"]["code"]) == expected

    async def test_the_old_secret_is_taken_for_a_little_and_cannot_be_refreshed_again(
        self, nobody: httpx.AsyncClient
    ) -> None:
        old = (await begin(nobody))["client_secret"]
        assert await refresh(nobody, old) == (200, None)

        assert await use(nobody, old) == (200, None)
        assert await refresh(nobody, old) == (401, "session_refreshed")

    async def test_a_secret_before_the_last_is_taken_no_more(
        self, nobody: httpx.AsyncClient
    ) -> None:
        first = (await begin(nobody))["client_secret"]
        second = (await nobody.post(REFRESH, headers=bearer(first))).json()["client_secret"]
        third = (await nobody.post(REFRESH, headers=bearer(second))).json()["client_secret"]

        assert await use(nobody, first) == (401, "invalid_session")
        assert await use(nobody, second) == (200, None)
        assert await use(nobody, third) == (200, None)

    async def test_the_old_secret_lives_no_longer_than_the_overlap(
        self, served: Serve, auth: dict[str, Any]
    ) -> None:
        async with client_of(await served(settings={**auth, "session_overlap_s": 0})) as client:
            old = (await begin(client))["client_secret"]
            new = (await client.post(REFRESH, headers=bearer(old))).json()["client_secret"]

            assert await use(client, old) == (401, "invalid_session")
            assert await use(client, new) == (200, None)

    async def test_of_refreshes_at_once_exactly_one_wins(self, nobody: httpx.AsyncClient) -> None:
        secret = (await begin(nobody))["client_secret"]

        results = await asyncio.gather(*(refresh(nobody, secret) for _ in range(8)))

        assert Counter(results) == {(200, None): 1, (401, "session_refreshed"): 7}

    async def test_a_refresh_and_a_cancellation_at_once_leave_a_cancelled_session(
        self, nobody: httpx.AsyncClient, openai_client: AsyncOpenAI
    ) -> None:
        for _ in range(5):
            issued = await begin(nobody)
            refreshed, _ = await asyncio.gather(
                nobody.post(REFRESH, headers=bearer(issued["client_secret"])),
                openai_client.beta.chatkit.sessions.cancel(issued["session_id"]),
            )
            secret = refreshed.json().get("client_secret", issued["client_secret"])
            assert await use(nobody, secret) == (401, "session_cancelled")

    async def test_a_session_that_a_server_made_ends_when_that_server_said(
        self, nobody: httpx.AsyncClient, openai_client: AsyncOpenAI
    ) -> None:
        session = await openai_client.beta.chatkit.sessions.create(
            user="ada",
            workflow={"id": "wf_support"},
            expires_after={"anchor": "created_at", "seconds": 60},
        )

        assert await refresh(nobody, session.client_secret) == (403, "not_refreshable")
        assert session.expires_at <= datetime.now(UTC).timestamp() + 60
        assert await use(nobody, session.client_secret) == (200, None)

    async def test_refreshing_keeps_what_the_session_had_used_of_its_limit(
        self, served: Serve, auth: dict[str, Any]
    ) -> None:
        settings = {**auth, "session_requests_per_minute": 2}
        async with client_of(await served(settings=settings)) as client:
            secret = (await begin(client))["client_secret"]
            statuses = []
            for _ in range(4):
                answer = await client.post("/chatkit", json=create(), headers=bearer(secret))
                statuses.append(answer.status_code)
                renewed = await client.post(REFRESH, headers=bearer(secret))
                secret = renewed.json()["client_secret"]

        assert statuses[:2] == [200, 200]
        assert 429 in statuses[2:]  # the third is let through if a minute begins just then


class TestFrontEnd:
    """The front end of docs/sessions.md, run by Node.js as a browser would."""

    @pytest.fixture
    def node(self) -> str:
        found = shutil.which("node")
        if found is None and os.environ.get("CI"):
            pytest.fail("not run, no Node.js; install Node.js >= 20")
        return found or pytest.skip("not run, no Node.js; install Node.js >= 20")

    async def secrets(self, node: str, url: str, cookie: str) -> Json:
        process = await asyncio.create_subprocess_exec(
            *(node, str(ROOT / "tests/node/secret.mjs"), url, cookie),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(60):
                out, _ = await process.communicate(FRONT_END.encode())
        finally:
            if process.returncode is None:
                process.kill()
        found: Json = json.loads(out)
        return found

    async def test_has_a_secret_that_is_taken_also_after_a_refresh_that_was_lost(
        self, node: str, url: str, nobody: httpx.AsyncClient
    ) -> None:
        given = await self.secrets(node, url, f"auth_token={token()}")

        assert len({*given.values()}) == 3
        for secret in given.values():
            assert await use(nobody, secret) == (200, None)

    async def test_is_told_that_there_is_no_session_for_nobody(self, node: str, url: str) -> None:
        given = await self.secrets(node, url, "")

        assert given == {"first": None, "second": None, "afterLostRefresh": None}


def by_cookie(user: str) -> dict[str, str]:
    return {"Cookie": f"auth_token={token(user)}"}


class TestAnotherLogin:
    async def test_a_session_is_not_refreshed_for_somebody_else(
        self, nobody: httpx.AsyncClient
    ) -> None:
        secret = (await begin(nobody, "ada"))["client_secret"]

        answer = await nobody.post(
            REFRESH, json={"client_secret": secret}, headers=by_cookie("ben")
        )

        assert answer.status_code == 403
        assert answer.json()["error"]["code"] == "not_your_session"
        assert await refresh(nobody, secret) == (200, None), "and nothing was changed"

    @pytest.mark.parametrize(
        "beside",
        [
            by_cookie("ada"),
            {"Cookie": f"auth_token={token('ben', exp=1)}"},
            {"Cookie": "auth_token=nonsense"},
        ],
        ids=["its own", "expired", "none"],
    )
    async def test_it_is_for_its_own_person_and_for_whoever_is_not_logged_in(
        self, nobody: httpx.AsyncClient, beside: dict[str, str]
    ) -> None:
        secret = (await begin(nobody, "ada"))["client_secret"]

        answer = await nobody.post(REFRESH, json={"client_secret": secret}, headers=beside)

        assert answer.status_code == 200

    async def test_a_bearer_token_is_a_login_too(self, nobody: httpx.AsyncClient) -> None:
        secret = (await begin(nobody, "ada"))["client_secret"]
        both = {"X-Session-Token": secret, **bearer(token("ben"))}

        assert (await nobody.post(REFRESH, headers=both)).status_code == 403

    async def test_without_a_login_everybody_is_a_stranger_and_no_somebody_else(
        self, served: Serve, auth: dict[str, Any]
    ) -> None:
        url = await served(settings={**auth, "auth": "session,anonymous"})
        async with client_of(url) as browser, client_of(url) as other:
            secret = (await browser.post(SESSION)).json()["client_secret"]
            await other.post("/chatkit", json=LIST)  # it has a cookie of its own now

            answer = await other.post(REFRESH, json={"client_secret": secret})

        assert answer.status_code == 200


class TestEnd:
    @pytest.mark.parametrize("header", ["Authorization", "X-Session-Token"])
    async def test_whoever_has_the_secret_ends_the_session(
        self, nobody: httpx.AsyncClient, header: str
    ) -> None:
        secret = (await begin(nobody))["client_secret"]
        headers = bearer(secret) if header == "Authorization" else {header: secret}

        for _ in range(2):
            answer = await nobody.delete(SESSION, headers=headers)
            assert (answer.status_code, answer.content) == (204, b"")

        assert await use(nobody, secret) == (401, "session_cancelled")
        assert await refresh(nobody, secret) == (401, "session_cancelled")

    async def test_an_older_secret_ends_it_as_long_as_it_is_taken(
        self, nobody: httpx.AsyncClient
    ) -> None:
        old = (await begin(nobody))["client_secret"]
        new = (await nobody.post(REFRESH, headers=bearer(old))).json()["client_secret"]

        await nobody.delete(SESSION, headers=bearer(old))

        assert await use(nobody, new) == (401, "session_cancelled")

    @pytest.mark.parametrize(
        ("headers", "code"),
        [
            ({}, "missing_secret"),
            (bearer("ek_00_00"), "invalid_session"),
            (bearer(token()), "invalid_session"),
            (by_cookie("ada"), "missing_secret"),
        ],
    )
    async def test_nothing_else_ends_one(
        self, nobody: httpx.AsyncClient, headers: dict[str, str], code: str
    ) -> None:
        answer = await nobody.delete(SESSION, headers=headers)

        assert answer.status_code == 401
        assert answer.json()["error"]["code"] == code
