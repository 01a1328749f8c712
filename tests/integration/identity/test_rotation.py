"""Secrets are changed without logging everybody out: the current one, and the one before it."""

from time import time
from typing import Any

import jwt
import pytest
from pydantic import SecretStr
from tests.integration.identity.conftest import Serve
from tests.protocol import chat, create, req
from tests.serving import client_of

OLD = "the old secret, of sixty-four characters and more, as HS512 wants it"
NEW = "the new secret, of sixty-four characters and more, as HS512 wants it"
OTHER = "another secret, of sixty-four characters and more, as HS512 wants"

LIST = req("threads.list")


def token(secret: str, algorithm: str = "HS256", lifetime_s: int = 300) -> str:
    return jwt.encode({"sub": "ada", "exp": int(time()) + lifetime_s}, secret, algorithm)


def secrets(name: str, current: str, previous: str | None) -> dict[str, Any]:
    return {
        name: SecretStr(current),
        f"{name}_previous": None if previous is None else SecretStr(previous),
    }


class TestTokens:
    @pytest.fixture
    async def after_rotation(self, served: Serve) -> str:
        return await served(settings={"auth": "jwt,cookie", **secrets("jwt_secret", NEW, OLD)})

    async def ask(self, url: str, secret: str, **options: Any) -> tuple[int, str | None]:
        async with client_of(url) as client:
            headers = {"Authorization": f"Bearer {token(secret, **options)}"}
            answer = await client.post("/chatkit", json=LIST, headers=headers)
        return answer.status_code, answer.json().get("error", {}).get("code")

    @pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
    @pytest.mark.parametrize("secret", [OLD, NEW], ids=["old", "new"])
    async def test_of_both_secrets_are_believed(
        self, after_rotation: str, secret: str, algorithm: str
    ) -> None:
        assert await self.ask(after_rotation, secret, algorithm=algorithm) == (200, None)

    async def test_in_the_cookie_as_well(self, after_rotation: str) -> None:
        for secret in (OLD, NEW):
            async with client_of(after_rotation, cookies={"auth_token": token(secret)}) as client:
                assert (await client.post("/chatkit", json=LIST)).status_code == 200

    async def test_of_no_third_secret(self, after_rotation: str) -> None:
        assert await self.ask(after_rotation, OTHER) == (401, "invalid_token")

    @pytest.mark.parametrize("secret", [OLD, NEW], ids=["old", "new"])
    async def test_that_are_expired_say_so_whichever_secret_signed_them(
        self, after_rotation: str, secret: str
    ) -> None:
        assert await self.ask(after_rotation, secret, lifetime_s=-60) == (401, "token_expired")
        assert await self.ask(after_rotation, OTHER, lifetime_s=-60) == (401, "invalid_token")

    async def test_of_the_old_secret_are_refused_once_it_is_taken_away(self, served: Serve) -> None:
        settings = {"auth": "jwt", **secrets("jwt_secret", NEW, None)}
        url = await served(settings=settings)

        assert await self.ask(url, OLD) == (401, "invalid_token")
        assert await self.ask(url, NEW) == (200, None)


class TestAnonymousCookies:
    async def begin(self, url: str) -> tuple[str, str]:
        """A new browser's cookie, and its thread."""
        async with client_of(url) as browser:
            thread_id = (await chat(browser, create())).thread_id
            return browser.cookies["chatkit_user"], thread_id

    async def come_back(self, url: str, cookie: str) -> tuple[list[str], str | None]:
        """The threads of whoever has a cookie, and the cookie that it is replaced with."""
        async with client_of(url) as browser:
            headers = {"Cookie": f"chatkit_user={cookie}"}
            answer = await browser.post("/chatkit", json=LIST, headers=headers)
        threads = [thread["id"] for thread in answer.json()["data"]]
        return threads, answer.cookies.get("chatkit_user")

    async def test_are_believed_and_signed_anew_and_then_outlive_the_old_key(
        self, served: Serve
    ) -> None:
        before = await served(settings=secrets("secret_key", OLD, None))
        old, thread_id = await self.begin(before)

        during = await served(settings=secrets("secret_key", NEW, OLD))
        threads, renewed = await self.come_back(during, old)
        assert threads == [thread_id]
        assert renewed is not None
        assert await self.come_back(during, renewed) == ([thread_id], None), "signed anew once"

        after = await served(settings=secrets("secret_key", NEW, None))
        assert await self.come_back(after, renewed) == ([thread_id], None)
        threads, another = await self.come_back(after, old)
        assert threads == [], "the old key is believed no more"
        assert another is not None

    async def test_that_no_key_signed_make_a_new_person(self, served: Serve) -> None:
        elsewhere = await served(settings=secrets("secret_key", OTHER, None))
        theirs, _ = await self.begin(elsewhere)

        here = await served(settings=secrets("secret_key", NEW, OLD))
        threads, cookie = await self.come_back(here, theirs)

        assert threads == []
        assert cookie is not None


class TestSessions:
    async def test_have_secrets_of_their_own_and_outlive_every_rotation(
        self, served: Serve
    ) -> None:
        auth = {"auth": "session,jwt"}
        before = await served(settings={**auth, **secrets("jwt_secret", OLD, None)})
        async with client_of(before) as browser:
            headers = {"Authorization": f"Bearer {token(OLD)}"}
            issued = (await browser.post("/api/chatkit/session", headers=headers)).json()

        after = await served(settings={**auth, **secrets("jwt_secret", NEW, None)})
        async with client_of(after) as browser:
            browser.headers["X-Session-Token"] = issued["client_secret"]
            assert (await browser.post("/chatkit", json=LIST)).status_code == 200
