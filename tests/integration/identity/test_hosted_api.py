"""Hosted ChatKit's API, used by the official Python client with another base URL."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import openai
import pytest
from chatkit.types import (
    Annotation,
    AssistantMessageContent,
    AssistantMessageItem,
    ClientToolCallItem,
    CustomTask,
    EndOfTurnItem,
    FileSource,
    GeneratedImageItem,
    HiddenContextItem,
    InferenceOptions,
    SearchTask,
    TaskItem,
    ThoughtTask,
    ThreadItem,
    ThreadMetadata,
    URLSource,
    UserMessageItem,
    UserMessageTextContent,
    WidgetItem,
    Workflow,
    WorkflowItem,
)
from chatkit.widgets import Card, Text
from fastapi import FastAPI
from openai import AsyncOpenAI
from openai.types.beta.chatkit import (
    ChatKitThreadAssistantMessageItem,
    ChatKitThreadUserMessageItem,
)
from tests.integration.identity.conftest import MakeKey, backend_of
from tests.protocol import add, chat, create, req

from chatkit_backend.identity import Principal
from chatkit_backend.server.context import RequestContext, set_request_owner

WORKFLOW: Any = {"id": "wf_support"}


def with_secret(url: str, secret: str) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        base_url=url, headers={"Authorization": f"Bearer {secret}"}, timeout=30
    )


async def test_a_session_is_created_used_and_cancelled(
    openai_client: AsyncOpenAI, url: str
) -> None:
    sessions = openai_client.beta.chatkit.sessions
    before = datetime.now(UTC)

    session = await sessions.create(user="ada", workflow=WORKFLOW)

    assert session.object == "chatkit.session"
    assert session.status == "active"
    assert session.user == "ada"
    assert session.workflow.id == "wf_support"
    assert session.workflow.state_variables == {}
    assert session.max_requests_per_1_minute == 10
    assert session.rate_limits.max_requests_per_1_minute == 10
    assert session.chatkit_configuration.history.enabled
    assert session.chatkit_configuration.automatic_thread_titling.enabled
    assert not session.chatkit_configuration.file_upload.enabled
    lifetime = session.expires_at - before.timestamp()
    assert 598 <= lifetime <= 602
    async with with_secret(url, session.client_secret) as browser:
        assert (await chat(browser, create())).text == "Hello!"

        cancelled = await sessions.cancel(session.id)
        again = await sessions.cancel(session.id)
        refused = await browser.post("/chatkit", json={"type": "threads.list", "params": {}})

    assert cancelled.status == again.status == "cancelled"
    assert session.client_secret not in cancelled.to_json()
    assert refused.status_code == 401
    assert refused.json()["error"]["code"] == "session_cancelled"


async def test_what_a_session_is_asked_to_be_it_is(openai_client: AsyncOpenAI) -> None:
    session = await openai_client.beta.chatkit.sessions.create(
        user="ada",
        workflow={
            "id": "wf_support",
            "version": "3",
            "state_variables": {"plan": "pro", "seats": 5, "trial": False, "share": 0.25},
            "tracing": {"enabled": False},
        },
        expires_after={"anchor": "created_at", "seconds": 60},
        rate_limits={"max_requests_per_1_minute": 3},
        chatkit_configuration={
            "automatic_thread_titling": {"enabled": False},
            "file_upload": {"enabled": True, "max_file_size": 5, "max_files": 2},
            "history": {"enabled": True, "recent_threads": 4},
        },
    )

    assert session.workflow.version == "3"
    assert session.workflow.state_variables == {
        "plan": "pro",
        "seats": 5,
        "trial": False,
        "share": 0.25,
    }
    assert not session.workflow.tracing.enabled
    assert session.max_requests_per_1_minute == 3
    configuration = session.chatkit_configuration
    assert not configuration.automatic_thread_titling.enabled
    assert configuration.file_upload.max_file_size == 5
    assert configuration.file_upload.max_files == 2
    assert configuration.history.recent_threads == 4
    assert session.expires_at - datetime.now(UTC).timestamp() <= 61


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({}, "user"),
        ({"user": "", "workflow": WORKFLOW}, "user"),
        ({"user": "a\nb", "workflow": WORKFLOW}, "user"),
        ({"user": "ada"}, "workflow"),
        ({"user": "ada", "workflow": {}}, "workflow.id"),
        ({"user": "ada", "workflow": {**WORKFLOW, "colour": "red"}}, "workflow.colour"),
        ({"user": "ada", "workflow": WORKFLOW, "colour": "red"}, "colour"),
        (
            {"user": "ada", "workflow": WORKFLOW, "expires_after": {"seconds": 5}},
            "expires_after.anchor",
        ),
        (
            {
                "user": "ada",
                "workflow": WORKFLOW,
                "expires_after": {"anchor": "created_at", "seconds": 10**9},
            },
            "expires_after.seconds",
        ),
        (
            {
                "user": "ada",
                "workflow": WORKFLOW,
                "rate_limits": {"max_requests_per_1_minute": 0},
            },
            "rate_limits.max_requests_per_1_minute",
        ),
    ],
)
async def test_a_wrong_session_is_refused_as_the_hosted_service_refuses_it(
    nobody: httpx.AsyncClient, make_key: MakeKey, body: dict[str, Any], param: str
) -> None:
    answer = await nobody.post(
        "/v1/chatkit/sessions", json=body, headers={"Authorization": f"Bearer {await make_key()}"}
    )

    assert answer.status_code == 400
    error = answer.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert error["type"] == "invalid_request_error"
    assert error["param"] == param


async def test_the_client_raises_its_own_errors(
    openai_client: AsyncOpenAI, url: str, make_key: MakeKey, app: FastAPI
) -> None:
    chatkit = openai_client.beta.chatkit
    with pytest.raises(openai.NotFoundError) as missing:
        await chatkit.threads.retrieve("thr_none")
    assert missing.value.type == "not_found_error"
    with pytest.raises(openai.NotFoundError):
        await chatkit.sessions.cancel("cksess_none")
    with pytest.raises(openai.BadRequestError) as wrong:
        await chatkit.threads.list(limit=1000)
    assert wrong.value.param == "limit"
    with pytest.raises(openai.BadRequestError):
        await chatkit.threads.list(after="thr_none")

    revoked = await make_key()
    key_id = "key_" + revoked.split("_")[1]
    assert await backend_of(app).access.keys.revoke(key_id) is not None
    for wrong_key in ("sk-proj-somebody-elses", "ckb_00_00", revoked, revoked[:-1] + "x"):
        other = AsyncOpenAI(base_url=f"{url}/v1", api_key=wrong_key, max_retries=0)
        with pytest.raises(openai.AuthenticationError) as refused:
            await other.beta.chatkit.threads.list()
        assert refused.value.code == "invalid_api_key"
        assert wrong_key not in str(refused.value)
        await other.close()


async def test_what_a_revoked_key_had_made_is_over_at_once(
    openai_client: AsyncOpenAI, app: FastAPI, nobody: httpx.AsyncClient
) -> None:
    session = await openai_client.beta.chatkit.sessions.create(user="ada", workflow=WORKFLOW)
    nobody.headers["Authorization"] = f"Bearer {session.client_secret}"
    assert (await nobody.post("/chatkit", json=req("threads.list"))).status_code == 200

    keys = backend_of(app).access.keys
    [key] = await keys.list()
    await keys.revoke(key.id)

    refused = await nobody.post("/chatkit", json=req("threads.list"))
    assert (refused.status_code, refused.json()["error"]["code"]) == (401, "session_cancelled")


async def test_threads_are_listed_both_ways_retrieved_and_deleted(
    openai_client: AsyncOpenAI, url: str
) -> None:
    made: list[tuple[str, str]] = []
    for user in ("ada", "ben"):
        session = await openai_client.beta.chatkit.sessions.create(
            user=user, workflow=WORKFLOW, rate_limits={"max_requests_per_1_minute": 100}
        )
        async with with_secret(url, session.client_secret) as browser:
            made += [
                ((await chat(browser, create(f"{user} {n}"))).thread_id, user) for n in range(4)
            ]
    threads = openai_client.beta.chatkit.threads

    oldest_first = [
        (thread.id, thread.user) async for thread in await threads.list(order="asc", limit=3)
    ]
    newest_first = [(thread.id, thread.user) async for thread in await threads.list(limit=5)]
    of_ben = [thread.id async for thread in await threads.list(user="ben", limit=2)]

    assert oldest_first == made
    assert newest_first == made[::-1]
    assert of_ben == [name for name, user in made[::-1] if user == "ben"]
    before = await threads.list(before=made[5][0], order="asc", limit=2)
    assert [thread.id for thread in before.data] == [made[3][0], made[4][0]]
    assert before.has_more
    before = await threads.list(before=made[5][0], limit=10)
    assert [thread.id for thread in before.data] == [made[7][0], made[6][0]]
    assert not before.has_more
    assert [thread.id for thread in (await threads.list(user="carla")).data] == []

    one = await threads.retrieve(made[0][0])
    assert (one.object, one.user, one.status.type, one.title) == (
        "chatkit.thread",
        "ada",
        "active",
        "ada 0",
    )
    deleted = await threads.delete(made[0][0])
    assert (deleted.deleted, deleted.object) == (True, "chatkit.thread.deleted")
    with pytest.raises(openai.NotFoundError):
        await threads.retrieve(made[0][0])


async def test_items_are_listed_both_ways(openai_client: AsyncOpenAI, url: str) -> None:
    session = await openai_client.beta.chatkit.sessions.create(user="ada", workflow=WORKFLOW)
    async with with_secret(url, session.client_secret) as browser:
        thread_id = (await chat(browser, create("one"))).thread_id
        for text in ("two", "three"):
            await chat(browser, add(thread_id, text))
    threads = openai_client.beta.chatkit.threads

    ascending = [item async for item in await threads.list_items(thread_id, order="asc", limit=2)]
    descending = [item async for item in await threads.list_items(thread_id, limit=4)]

    said = [
        item.content[0].text
        for item in ascending
        if isinstance(item, ChatKitThreadUserMessageItem | ChatKitThreadAssistantMessageItem)
    ]
    assert said == ["one", "Hello!", "two", "Hello!", "three", "Hello!"]
    assert [item.id for item in descending] == [item.id for item in ascending][::-1]
    middle = await threads.list_items(thread_id, before=ascending[3].id, order="asc", limit=2)
    assert [item.id for item in middle.data] == [item.id for item in ascending[1:3]]


async def test_items_of_every_kind_have_their_hosted_form(
    openai_client: AsyncOpenAI, app: FastAPI
) -> None:
    at = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
    thread = ThreadMetadata(id="thr_kinds", created_at=at)
    common: dict[str, Any] = {"thread_id": thread.id}
    items: list[ThreadItem] = [
        UserMessageItem(
            id="i1",
            created_at=at,
            content=[UserMessageTextContent(text="Hi")],
            quoted_text="quoted",
            attachments=[],
            inference_options=InferenceOptions(model="m"),
            **common,
        ),
        AssistantMessageItem(
            id="i2",
            created_at=at,
            content=[
                AssistantMessageContent(
                    text="Hello",
                    annotations=[
                        Annotation(source=URLSource(title="t", url="https://a.test/")),
                        Annotation(source=FileSource(title="t", filename="a.pdf")),
                    ],
                )
            ],
            **common,
        ),
        WidgetItem(id="i3", created_at=at, widget=Card(children=[Text(value="W")]), **common),
        ClientToolCallItem(
            id="i4",
            created_at=at,
            status="completed",
            call_id="c",
            name="n",
            arguments={"a": 1},
            output={"b": 2},
            **common,
        ),
        TaskItem(id="i5", created_at=at, task=CustomTask(title="T", content="C"), **common),
        WorkflowItem(
            id="i6",
            created_at=at,
            workflow=Workflow(
                type="custom",
                tasks=[ThoughtTask(title="a", content="b"), SearchTask(title="s", queries=[])],
            ),
            **common,
        ),
        HiddenContextItem(id="i7", created_at=at, content="hidden", **common),
        EndOfTurnItem(id="i8", created_at=at, **common),
    ]
    store = backend_of(app).server.store
    principal = Principal(user_id="ada")
    set_request_owner(principal.owner)
    context: RequestContext = object()  # type: ignore[assignment]  # the owner is set above
    await store.save_thread(thread, context)
    for n, item in enumerate(items):
        moved = item.model_copy(update={"created_at": at + timedelta(seconds=n)})
        await store.add_thread_item(thread.id, moved, context)

    page = await openai_client.beta.chatkit.threads.list_items(thread.id, order="asc")

    shown: list[dict[str, Any]] = [item.to_dict() for item in page.data]
    assert [item["type"] for item in shown] == [
        "chatkit.user_message",
        "chatkit.assistant_message",
        "chatkit.widget",
        "chatkit.client_tool_call",
        "chatkit.task",
        "chatkit.task_group",
    ]
    assert shown[0]["content"] == [
        {"type": "quoted_text", "text": "quoted"},
        {"type": "input_text", "text": "Hi"},
    ]
    assert shown[0]["inference_options"] == {"model": "m", "tool_choice": None}
    assert shown[0]["created_at"] == int(at.timestamp())
    assert shown[1]["content"][0]["annotations"] == [
        {"type": "url", "source": {"type": "url", "url": "https://a.test/"}},
        {"type": "file", "source": {"type": "file", "filename": "a.pdf"}},
    ]
    assert '"W"' in shown[2]["widget"]
    assert (shown[3]["arguments"], shown[3]["output"]) == ('{"a": 1}', '{"b":2}')
    assert (shown[4]["task_type"], shown[4]["heading"]) == ("custom", "T")
    assert [task["type"] for task in shown[5]["tasks"]] == ["thought", "custom"]


class TestItemsWithoutAHostedForm:
    """Images are left out; the official client must not take a page of them for the end."""

    async def kept(self, app: FastAPI, shown: str) -> tuple[str, list[str]]:
        """A thread with a message for each `m` and an image for each `-`; ids of the messages."""
        at = datetime(2026, 1, 2, tzinfo=UTC)
        store = backend_of(app).server.store
        set_request_owner(Principal(user_id="ada").owner)
        context: RequestContext = object()  # type: ignore[assignment]  # the owner is set above
        thread_id = "thr_images"
        await store.save_thread(ThreadMetadata(id=thread_id, created_at=at), context)
        for n, kind in enumerate(shown):
            common: dict[str, Any] = {
                "id": f"i{n}",
                "thread_id": thread_id,
                "created_at": at + timedelta(seconds=n),
            }
            item: ThreadItem = (
                GeneratedImageItem(**common)
                if kind == "-"
                else UserMessageItem(
                    content=[UserMessageTextContent(text="Hi")],
                    attachments=[],
                    inference_options=InferenceOptions(),
                    **common,
                )
            )
            await store.add_thread_item(thread_id, item, context)
        return thread_id, [f"i{n}" for n, kind in enumerate(shown) if kind == "m"]

    @pytest.mark.parametrize("limit", [1, 2, 3, 20])
    @pytest.mark.parametrize("shown", ["mm--mmm", "----m", "m----", "m-m-m", "----"])
    async def test_end_no_list(
        self, openai_client: AsyncOpenAI, app: FastAPI, shown: str, limit: int
    ) -> None:
        thread_id, messages = await self.kept(app, shown)
        threads = openai_client.beta.chatkit.threads

        oldest_first = [
            item.id async for item in threads.list_items(thread_id, order="asc", limit=limit)
        ]
        newest_first = [item.id async for item in threads.list_items(thread_id, limit=limit)]

        assert oldest_first == messages
        assert newest_first == messages[::-1]

    async def test_are_passed_over_before_a_cursor_too(
        self, openai_client: AsyncOpenAI, app: FastAPI
    ) -> None:
        thread_id, _ = await self.kept(app, "mm---m")
        page = await openai_client.beta.chatkit.threads.list_items(
            thread_id, before="i5", order="asc", limit=2
        )
        assert [item.id for item in page.data] == ["i1"]
        assert page.has_more

    async def test_are_read_for_five_pages_and_then_lead_on(
        self, nobody: httpx.AsyncClient, make_key: MakeKey, app: FastAPI
    ) -> None:
        thread_id, _ = await self.kept(app, "m" + "-" * 11 + "m")
        headers = {"Authorization": f"Bearer {await make_key()}"}
        path = f"/v1/chatkit/threads/{thread_id}/items"
        params: dict[str, str | int] = {"order": "asc", "limit": 2, "after": "i0"}

        bounded = (await nobody.get(path, headers=headers, params=params)).json()
        params["after"] = bounded["last_id"]
        rest = (await nobody.get(path, headers=headers, params=params)).json()

        assert (bounded["data"], bounded["last_id"], bounded["has_more"]) == ([], "i10", True)
        assert ([item["id"] for item in rest["data"]], rest["has_more"]) == (["i12"], False)


async def test_a_key_sees_its_own_tenant_only(
    openai_client: AsyncOpenAI, url: str, make_key: MakeKey
) -> None:
    session = await openai_client.beta.chatkit.sessions.create(user="ada", workflow=WORKFLOW)
    async with with_secret(url, session.client_secret) as browser:
        thread_id = (await chat(browser, create())).thread_id
    other = AsyncOpenAI(base_url=f"{url}/v1", api_key=await make_key("rival"), max_retries=0)
    threads = other.beta.chatkit.threads

    assert (await threads.list()).data == []
    assert (await threads.list(user="ada")).data == []
    for refused in (
        threads.retrieve(thread_id),
        threads.delete(thread_id),
        threads.list_items(thread_id),
        other.beta.chatkit.sessions.cancel(session.id),
    ):
        with pytest.raises(openai.NotFoundError):
            await refused
    with pytest.raises(openai.BadRequestError):
        await threads.list(after=thread_id)
    await other.close()
    assert (await openai_client.beta.chatkit.threads.retrieve(thread_id)).id == thread_id


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/v1/chatkit/nowhere", 404, "not_found"),
        ("POST", "/v1/responses", 404, "not_found"),
        ("GET", "/v1/chatkit/sessions", 405, "method_not_allowed"),
    ],
)
async def test_what_is_not_there_at_all_is_told_in_its_shape_too(
    nobody: httpx.AsyncClient, method: str, path: str, status: int, code: str
) -> None:
    answer = await nobody.request(method, path)

    assert answer.status_code == status
    error = answer.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert error["code"] == code
    assert answer.headers["x-request-id"]
