"""How often a user, a session and an address may ask; counted in memory or in Redis."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from time import time
from typing import Any

import httpx
import jwt
import pytest
from limits import RateLimitItemPerMinute
from pydantic import SecretStr
from tests.integration.conftest import MakeSettings
from tests.integration.identity.conftest import JWT_SECRET, Serve
from tests.integration.test_any_request import valid_requests
from tests.protocol import Json, add, ask, chat, create, req
from tests.redis_servers import FoundRedis, OwnRedis
from tests.serving import client_of, serving

from chatkit_backend import Settings, create_app
from chatkit_backend.identity import Principal
from chatkit_backend.identity.limits import Limits, LocalLimiter, SharedLimiter
from chatkit_backend.store.ids import new_id

LIST = req("threads.list")
AUTH: dict[str, Any] = {"auth": "session,jwt", "jwt_secret": SecretStr(JWT_SECRET)}


def token(user: str) -> dict[str, str]:
    claims = {"sub": user, "exp": int(time()) + 300}
    return {"Authorization": f"Bearer {jwt.encode(claims, JWT_SECRET)}"}


@pytest.fixture
def user() -> str:
    """Somebody whom no other test's limits know: they may share a Redis."""
    return new_id("run")


@pytest.fixture(params=["memory", "Redis"])
def counted(request: pytest.FixtureRequest) -> Json:
    """Settings that say where it is counted."""
    if request.param == "memory":
        return {}
    found: FoundRedis = request.getfixturevalue("redis_found")
    return {"redis_url": SecretStr(found.url)}


JSON = {"Accept": "application/json"}


MANY = 10
"""More than any limit here."""


async def until_refused(
    client: httpx.AsyncClient, body: Json, headers: dict[str, str]
) -> tuple[int, httpx.Response]:
    """Ask until it is one too many; how often it was not, and the refusal."""
    for number in range(MANY):
        answer = await client.post("/chatkit", json=body, headers={**JSON, **headers})
        if answer.status_code != 200:
            return number, answer
    raise AssertionError(f"{MANY} requests were let through")


def about(limit: int) -> tuple[int, int]:
    """Where a minute ends in between, the library's window has room for one more."""
    return limit, limit + 1


def told(answer: httpx.Response) -> Json:
    """What a refusal says, in its body and in its headers."""
    error = answer.json()["error"]
    named = re.search(r"limit of (\d+)", error["message"])
    return {
        "status": answer.status_code,
        "code": error["code"],
        "named": named and int(named[1]),
        "limit": int(answer.headers["ratelimit-limit"]),
        "remaining": int(answer.headers["ratelimit-remaining"]),
    }


def refused(code: str, limit: int) -> Json:
    """What is to be told of a limit that is used up."""
    return {"status": 429, "code": code, "named": limit, "limit": limit, "remaining": 0}


def retry_after_s(answer: httpx.Response) -> int:
    return int(answer.headers["retry-after"])


class TestUser:
    @pytest.fixture
    async def client(self, served: Serve, counted: Json) -> AsyncIterator[httpx.AsyncClient]:
        settings = {**AUTH, **counted, "user_requests_per_minute": 3}
        async with client_of(await served(settings=settings)) as one:
            yield one

    async def test_may_send_so_many_requests_a_minute_and_is_told_when_to_come_back(
        self, client: httpx.AsyncClient, user: str
    ) -> None:
        let_through, refusal = await until_refused(client, LIST, token(user))

        assert let_through in about(3)
        assert told(refusal) == refused("user_limit", 3)
        assert 1 <= retry_after_s(refusal) <= 60
        assert refusal.headers["ratelimit-reset"] == refusal.headers["retry-after"]

    async def test_is_told_what_is_left(self, client: httpx.AsyncClient, user: str) -> None:
        answer = await client.post("/chatkit", json=LIST, headers=token(user))

        assert answer.headers["ratelimit-limit"] == "3"
        assert answer.headers["ratelimit-remaining"] == "2"
        assert 1 <= int(answer.headers["ratelimit-reset"]) <= 60

    async def test_is_one_person_with_a_token_and_in_every_session(
        self, client: httpx.AsyncClient, user: str
    ) -> None:
        # Beginning a session is a request too.
        issued = (await client.post("/api/chatkit/session", headers=token(user))).json()
        secret = {"Authorization": f"Bearer {issued['client_secret']}"}
        await client.post("/chatkit", json=LIST, headers=secret)

        let_through, refusal = await until_refused(client, LIST, token(user))

        assert let_through in about(1)
        assert told(refusal) == refused("user_limit", 3)

    async def test_does_not_use_up_what_others_may(
        self, client: httpx.AsyncClient, user: str
    ) -> None:
        await until_refused(client, LIST, token(user))

        answer = await client.post("/chatkit", json=LIST, headers=token(f"{user}x"))

        assert answer.status_code == 200


class TestDay:
    async def test_so_many_answers_a_day_and_a_refused_message_stores_nothing(
        self, served: Serve, counted: Json, user: str
    ) -> None:
        settings = {**AUTH, **counted, "user_messages_per_day": 2}
        async with client_of(await served(settings=settings), headers=token(user)) as client:
            thread_id = (await chat(client, create())).thread_id
            await chat(client, add(thread_id))
            before = await ask(client, req("threads.get_by_id", thread_id=thread_id))

            let_through, refusal = await until_refused(client, create("Too much"), {})
            assert let_through == 0
            assert told(refusal) == refused("daily_limit", 2)
            assert 1 <= retry_after_s(refusal) <= 24 * 3600
            again = await client.post("/chatkit", json=add(thread_id))
            assert again.status_code == 429

            assert await ask(client, req("threads.get_by_id", thread_id=thread_id)) == before
            listed = (await ask(client, LIST))["data"]
            assert [thread["id"] for thread in listed] == [thread_id]

    async def test_every_request_that_costs_counts_and_no_other(
        self, served: Serve, user: str
    ) -> None:
        costly = {
            "threads.create",
            "threads.add_user_message",
            "threads.add_client_tool_output",
            "threads.add_structured_input",
            "threads.retry_after_item",
            "threads.custom_action",
            "threads.sync_custom_action",
            "input.transcribe",
        }
        settings = {**AUTH, "user_messages_per_day": 1}
        async with client_of(await served(settings=settings), headers=token(user)) as client:
            thread_id = (await chat(client, create())).thread_id
            refused = set()
            for body in valid_requests(thread_id, "msg_x"):
                answer = await client.post(
                    "/chatkit", json=body, headers={"Accept": "application/json"}
                )
                if answer.status_code == 429:
                    assert answer.json()["error"]["code"] == "daily_limit"
                    refused.add(body["type"])

        assert refused == costly

    async def test_the_plain_conversation_counts_as_well(self, served: Serve, user: str) -> None:
        text = {"type": "input_text", "text": "Hi"}
        item = {"type": "message", "role": "user", "content": [text]}
        body = {"type": "conversation.item.create", "item": item}
        settings = {**AUTH, "user_messages_per_day": 1}
        async with client_of(await served(settings=settings), headers=token(user)) as client:
            await chat(client, create())
            answer = await client.post("/api/conversation", json=body)

        assert (answer.status_code, answer.json()["error"]["code"]) == (429, "daily_limit")


class TestSession:
    @pytest.fixture
    async def client(self, served: Serve, counted: Json) -> AsyncIterator[httpx.AsyncClient]:
        settings = {**AUTH, **counted, "session_requests_per_minute": 2}
        async with client_of(await served(settings=settings)) as one:
            yield one

    async def begin(self, client: httpx.AsyncClient, user: str) -> dict[str, str]:
        issued = (await client.post("/api/chatkit/session", headers=token(user))).json()
        return {"X-Session-Token": issued["client_secret"]}

    async def test_may_ask_for_so_many_answers_a_minute_and_read_as_often_as_it_likes(
        self, client: httpx.AsyncClient, user: str
    ) -> None:
        secret = await self.begin(client, user)
        for _ in range(5):
            assert (await client.post("/chatkit", json=LIST, headers=secret)).status_code == 200

        let_through, refusal = await until_refused(client, create(), secret)

        assert let_through in about(2)
        assert told(refusal) == refused("session_limit", 2)
        assert 1 <= retry_after_s(refusal) <= 60
        assert (await client.post("/chatkit", json=LIST, headers=secret)).status_code == 200

    async def test_another_session_is_no_other_allowance(
        self, client: httpx.AsyncClient, user: str
    ) -> None:
        first, second = [await self.begin(client, user) for _ in range(2)]
        somebody_else = await self.begin(client, f"not {user}")
        await until_refused(client, create(), first)

        let_through, refusal = await until_refused(client, create(), second)
        other = await client.post("/chatkit", json=create(), headers=somebody_else)

        assert let_through in about(0)
        assert told(refusal) == refused("session_limit", 2)
        assert other.status_code == 200


class TestAddress:
    @pytest.fixture
    def settings(self, counted: Json) -> dict[str, Any]:
        return {
            **AUTH,
            **counted,
            "address_requests_per_minute": 3,
            "trusted_proxies": ("127.0.0.1",),
        }

    @pytest.fixture
    async def client(
        self, served: Serve, settings: dict[str, Any]
    ) -> AsyncIterator[httpx.AsyncClient]:
        async with client_of(await served(settings=settings)) as one:
            yield one

    @pytest.fixture
    def network(self) -> str:
        """A /64 that no other test asks from."""
        name = new_id("run")[-12:]
        return f"2001:{name[:4]}:{name[4:8]}:{name[8:]}:"

    async def test_may_ask_so_often_whoever_it_says_it_is(
        self, client: httpx.AsyncClient, network: str
    ) -> None:
        origin = {"X-Forwarded-For": f"{network}:1"}
        answers = [
            await client.post("/chatkit", json=LIST, headers={**origin, **headers})
            for headers in ({}, {"Authorization": "Bearer wrong"}, token("ada"), {}, {})
        ]

        assert [answer.status_code for answer in answers[:3]] == [401, 401, 200]
        assert told(answers[-1]) == refused("address_limit", 3)
        assert 1 <= retry_after_s(answers[-1]) <= 60

    async def test_is_a_whole_network_with_ipv6(
        self, client: httpx.AsyncClient, network: str
    ) -> None:
        answers = [
            await client.post(
                "/chatkit", json=LIST, headers={"X-Forwarded-For": f"{network}:{number}"}
            )
            for number in range(5)
        ]

        assert told(answers[-1]) == refused("address_limit", 3)
        assert 1 <= retry_after_s(answers[-1]) <= 60

    async def test_counts_requests_with_api_keys_in_the_words_of_the_hosted_service(
        self, client: httpx.AsyncClient, network: str
    ) -> None:
        origin = {"X-Forwarded-For": f"{network}:1"}
        answers = [await client.get("/v1/chatkit/threads", headers=origin) for _ in range(5)]

        assert [answer.status_code for answer in answers[:3]] == [401] * 3
        assert answers[-1].status_code == 429
        assert answers[-1].json()["error"]["type"] == "rate_limit_error"
        assert "retry-after" in answers[-1].headers


async def test_a_request_counts_for_its_address_before_anything_of_it_is_read(
    make_settings: MakeSettings,
) -> None:
    """On every route: neither a broken body nor a broken parameter is free."""
    app = create_app(make_settings(**AUTH, address_requests_per_minute=1))
    uncounted = {"/", "/health", "/health/live", "/health/ready"}
    routes = [
        (method, re.sub("[{}]", "", path))
        for path, methods in app.openapi()["paths"].items()
        if path not in uncounted
        for method in methods
    ]
    assert len(routes) > 10
    async with serving(app) as url, client_of(url) as client:
        let_through, _ = await until_refused(client, LIST, token("ada"))
        assert let_through in about(1)
        for method, path in routes:
            broken: Json = {"content": b"{", "params": {"after": "no number", "limit": "none"}}
            # Two: where a minute ends, the library's window has room for one more.
            answers = [await client.request(method, path, **broken) for _ in range(2)]
            assert answers[-1].status_code == 429, (method, path, answers[-1].text)
            assert answers[-1].json()["error"]["code"] == "address_limit"
        for path in uncounted:
            assert (await client.get(path)).status_code == 200


async def test_of_several_limits_the_one_with_least_left_is_told(served: Serve, user: str) -> None:
    settings = {**AUTH, "user_requests_per_minute": 5, "user_messages_per_day": 100}
    async with client_of(await served(settings=settings), headers=token(user)) as client:
        answer = await client.post("/chatkit", json=create())
    assert answer.headers["ratelimit-limit"] == "5"

    settings = {**AUTH, "user_requests_per_minute": 100, "user_messages_per_day": 5}
    async with client_of(await served(settings=settings), headers=token(user)) as client:
        answer = await client.post("/chatkit", json=create())
    assert answer.headers["ratelimit-limit"] == "5"


async def test_pages_of_other_origins_may_read_what_is_left(served: Serve, user: str) -> None:
    page = "https://app.example.test"
    settings = {**AUTH, "user_requests_per_minute": 1, "cors_origins": (page,)}
    headers = {**token(user), "Origin": page}
    async with client_of(await served(settings=settings)) as client:
        _, refusal = await until_refused(client, LIST, headers)

    assert told(refusal) == refused("user_limit", 1)
    exposed = refusal.headers["access-control-expose-headers"].lower()
    for name in ("retry-after", "ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"):
        assert name in exposed


async def test_without_limits_nothing_is_told(served: Serve, user: str) -> None:
    async with client_of(await served(settings=AUTH), headers=token(user)) as client:
        answer = await client.post("/chatkit", json=LIST)
    assert "ratelimit-limit" not in answer.headers


class TestReplicas:
    async def test_on_one_redis_share_the_count(
        self, served: Serve, redis_found: FoundRedis, user: str
    ) -> None:
        settings = {
            **AUTH,
            "redis_url": SecretStr(redis_found.url),
            "user_requests_per_minute": 4,
        }
        urls = [await served(settings=settings) for _ in range(2)]
        statuses = []
        for number in range(6):
            async with client_of(urls[number % 2], headers=token(user)) as client:
                statuses.append((await client.post("/chatkit", json=LIST)).status_code)

        assert statuses[:4] == [200] * 4
        assert statuses[-1] == 429

    async def test_that_ask_at_once_let_no_more_through(
        self, redis_found: FoundRedis, make_settings: MakeSettings, user: str
    ) -> None:
        item = RateLimitItemPerMinute(10)
        limiters = [SharedLimiter(redis_found.url) for _ in range(2)]
        try:
            taken = await asyncio.gather(
                *(limiters[number % 2].hit(item, "user", user) for number in range(40))
            )
        finally:
            for limiter in limiters:
                await limiter.close()

        assert 10 <= sum(one.allowed for one in taken) <= 11


@pytest.fixture
def own_redis(redis_installed: None) -> Iterator[OwnRedis]:
    """A server that a test may kill, pause and start again."""
    server = OwnRedis()
    server.start()
    yield server
    server.kill()


class TestWithoutRedis:
    @pytest.mark.parametrize("how", ["killed", "hanging"])
    async def test_each_process_counts_for_itself_and_nobody_is_shut_out(
        self, served: Serve, own_redis: OwnRedis, user: str, how: str
    ) -> None:
        settings = {**AUTH, "redis_url": SecretStr(own_redis.url), "user_requests_per_minute": 3}
        url = await served(settings=settings)
        async with client_of(url, headers=token(user)) as client:
            await client.post("/chatkit", json=LIST)
            if how == "killed":
                own_redis.kill()
            else:
                own_redis.pause()
            try:
                let_through, refusal = await until_refused(client, LIST, {})
            finally:
                if how == "hanging":
                    own_redis.resume()

        assert let_through in about(3)
        assert told(refusal) == refused("user_limit", 3)

    async def test_its_own_count_ends_when_redis_is_back(
        self, own_redis: OwnRedis, user: str
    ) -> None:
        item = RateLimitItemPerMinute(5)
        limiter = SharedLimiter(own_redis.url, retry_s=0)
        try:
            assert (await limiter.hit(item, user)).remaining == 4
            own_redis.kill()
            assert (await limiter.hit(item, user)).remaining == 4, "this process has counted none"
            assert (await limiter.hit(item, user)).remaining == 3
            own_redis.start()
            assert (await limiter.hit(item, user)).remaining == 4, "nor has the new Redis"
        finally:
            await limiter.close()

    async def test_it_is_left_alone_for_a_while(self, own_redis: OwnRedis, user: str) -> None:
        item = RateLimitItemPerMinute(5)
        limiter = SharedLimiter(own_redis.url, retry_s=3600)
        own_redis.kill()
        try:
            assert (await limiter.hit(item, user)).remaining == 4
            own_redis.start()
            assert (await limiter.hit(item, user)).remaining == 3
        finally:
            await limiter.close()


class TestWhoIsCounted:
    @pytest.mark.parametrize(
        ("one", "other", "same"),
        [
            ("192.0.2.1", "192.0.2.1", True),
            ("192.0.2.1", "192.0.2.2", False),
            ("2001:db8:1:2::1", "2001:db8:1:2:ffff::1", True),
            ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
            ("::ffff:192.0.2.1", "192.0.2.1", True),
            ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
            ("", "", True),
        ],
    )
    async def test_an_address_is_its_network(
        self, make_settings: MakeSettings, one: str, other: str, same: bool
    ) -> None:
        limits = _in_memory(make_settings(address_requests_per_minute=10))

        await limits.request_from(one)
        [left] = await limits.request_from(other)

        assert left.remaining == (8 if same else 9)

    async def test_a_user_is_of_one_tenant(self, make_settings: MakeSettings) -> None:
        limits = _in_memory(make_settings(user_requests_per_minute=10))

        await limits.request_of(Principal(user_id="ada", tenant="north"))
        [left] = await limits.request_of(Principal(user_id="ada", tenant="south"))

        assert left.remaining == 9


def _in_memory(settings: Settings) -> Limits:
    return Limits(LocalLimiter(), settings)
