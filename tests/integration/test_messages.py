"""The requests that lead to an answer."""

import asyncio

import httpx
import pytest
from chatkit.types import (
    ClosedStatus,
    LockedStatus,
    SDKHiddenContextItem,
    StructuredInputFreeform,
    StructuredInputItem,
    StructuredInputMultipleChoice,
    StructuredInputMultipleChoiceOption,
    ThreadMetadata,
)
from fastapi import FastAPI
from tests.integration.stored import Stored, stored_in
from tests.protocol import Json, add, ask, chat, create, refused, req, text_of, user_input

from chatkit_backend.testing import ScriptedModel

MISSING = "thr_00000000000000000000000000000000"


@pytest.fixture
def stored(app: FastAPI) -> Stored:
    return stored_in(app)


async def test_create_streams_the_thread_the_message_and_the_answer_in_order(
    client: httpx.AsyncClient,
) -> None:
    answer = await chat(client, create("Hi there"))

    assert answer.types[:4] == [
        "thread.created",
        "thread.item.done",
        "stream_options",
        "thread.item.added",
    ]
    assert answer.types[-1] == "thread.item.done"
    assert answer.of("thread.created")[0]["thread"]["title"] == "Hi there"
    assert answer.of("stream_options")[0]["stream_options"] == {"allow_cancel": True}
    assert answer.text == answer.deltas == "Hello!"


async def test_every_id_is_128_bits_with_a_prefix_and_every_time_is_utc(
    client: httpx.AsyncClient,
) -> None:
    answer = await chat(client, create())
    [user], [message] = answer.items("user_message"), answer.items("assistant_message")

    assert answer.thread_id.startswith("thr_")
    for item in (user, message):
        assert item["id"].startswith("msg_")
        assert len(item["id"]) == len("msg_") + 32
        assert item["created_at"].endswith(("Z", "+00:00"))


async def test_the_model_sees_the_whole_conversation(
    client: httpx.AsyncClient, model: ScriptedModel
) -> None:
    thread_id = (await chat(client, create("one"))).thread_id
    await chat(client, add(thread_id, "two"))

    seen = str(model.calls[-1].input)

    assert seen.index("one") < seen.index("Hello!") < seen.index("two")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (user_input(""), "empty_message"),
        (user_input(" \n "), "empty_message"),
        (user_input(content=[]), "empty_message"),
        (user_input("x" * 100_001), "input_too_long"),
        (user_input(quoted_text="x" * 100_001), "input_too_long"),
        (user_input(inference_options={"model": "gpt-secret"}), "model_not_allowed"),
        (user_input(inference_options={"tool_choice": {"id": "rm"}}), "unknown_tool"),
    ],
)
async def test_a_message_that_cannot_be_answered_creates_nothing(
    client: httpx.AsyncClient, given: Json, code: str
) -> None:
    thread_id = (await chat(client, create())).thread_id
    before = await ask(client, req("threads.get_by_id", thread_id=thread_id))

    into_new = req("threads.create", input=given)
    into_old = req("threads.add_user_message", input=given, thread_id=thread_id)

    assert await refused(client, into_new) == (400, code)
    assert await refused(client, into_old) == (400, code)
    assert len((await ask(client, req("threads.list")))["data"]) == 1
    assert await ask(client, req("threads.get_by_id", thread_id=thread_id)) == before


async def test_an_unknown_attachment_leaves_no_orphan_thread(client: httpx.AsyncClient) -> None:
    body = create(attachments=["atc_unknown"])

    assert await refused(client, body) == (404, "not_found")
    assert (await ask(client, req("threads.list")))["data"] == []


@pytest.mark.parametrize(
    ("status", "code"),
    [(LockedStatus(reason="review"), "thread_locked"), (ClosedStatus(), "thread_closed")],
)
async def test_a_locked_or_closed_thread_takes_no_messages(
    client: httpx.AsyncClient, stored: Stored, status: LockedStatus | ClosedStatus, code: str
) -> None:
    answer = await chat(client, create())
    thread_id, [user] = answer.thread_id, answer.items("user_message")
    await stored.set_status(client, thread_id, status)

    for body in (
        add(thread_id),
        req("threads.retry_after_item", thread_id=thread_id, item_id=user["id"]),
        req("threads.add_client_tool_output", thread_id=thread_id, result=1),
        req("threads.add_structured_input", thread_id=thread_id, item_id="x", input={}),
    ):
        assert await refused(client, body) == (409, code)

    thread = await ask(client, req("threads.get_by_id", thread_id=thread_id))
    assert thread["status"]["type"] == status.type
    assert len(thread["items"]["data"]) == 2


async def test_two_messages_at_once_are_answered_one_after_the_other(
    client: httpx.AsyncClient,
) -> None:
    thread_id = (await chat(client, create("0"))).thread_id

    await asyncio.gather(*(chat(client, add(thread_id, str(n))) for n in range(1, 6)))

    items = (await ask(client, req("items.list", thread_id=thread_id, order="asc")))["data"]
    assert [item["type"] for item in items] == ["user_message", "assistant_message"] * 6


async def test_retry_answers_again_and_removes_what_was_behind(
    client: httpx.AsyncClient, model: ScriptedModel
) -> None:
    first = await chat(client, create("one"))
    thread_id, [user] = first.thread_id, first.items("user_message")
    await chat(client, add(thread_id, "two"))

    again = await chat(
        client, req("threads.retry_after_item", thread_id=thread_id, item_id=user["id"])
    )

    assert again.text == "Hello!"
    items = (await ask(client, req("items.list", thread_id=thread_id, order="asc")))["data"]
    assert [text_of(item) for item in items] == ["one", "Hello!"]
    assert items[0]["id"] == user["id"]
    assert "two" not in str(model.calls[-1].input)


async def test_retry_of_an_item_that_is_not_there_deletes_nothing(
    client: httpx.AsyncClient,
) -> None:
    answer = await chat(client, create())
    thread_id, [message] = answer.thread_id, answer.items("assistant_message")

    unknown = req("threads.retry_after_item", thread_id=thread_id, item_id="msg_unknown")
    no_message = req("threads.retry_after_item", thread_id=thread_id, item_id=message["id"])

    assert await refused(client, unknown) == (404, "not_found")
    assert await refused(client, no_message) == (400, "not_a_user_message")
    assert len((await ask(client, req("items.list", thread_id=thread_id)))["data"]) == 2


async def test_a_form_is_answered_once_and_the_agent_goes_on(
    client: httpx.AsyncClient, stored: Stored
) -> None:
    thread_id = (await chat(client, create())).thread_id
    form = await stored.add(client, thread_id, _form)
    answers = {"colour": {"values": ["red", "blue"]}, "why": {"values": ["because"]}}
    body = req(
        "threads.add_structured_input",
        thread_id=thread_id,
        item_id=form,
        input={"status": "answered", "answers": answers},
    )

    answer = await chat(client, body)

    replaced = answer.of("thread.item.replaced")[0]["item"]
    assert replaced["status"] == "answered"
    assert [one["answer"]["values"] for one in replaced["inputs"]] == [["red"], ["because"]]
    assert answer.text == "Hello!"
    assert await refused(client, body) == (409, "structured_input_not_pending")


async def test_what_is_no_form_or_no_question_of_it_is_refused(
    client: httpx.AsyncClient, stored: Stored
) -> None:
    first = await chat(client, create())
    thread_id, [message] = first.thread_id, first.items("assistant_message")
    form = await stored.add(client, thread_id, _form)

    def submission(item_id: str, **answers: object) -> Json:
        return req(
            "threads.add_structured_input",
            thread_id=thread_id,
            item_id=item_id,
            input={"answers": answers},
        )

    assert await refused(client, submission("msg_unknown")) == (404, "not_found")
    assert await refused(client, submission(message["id"])) == (400, "not_a_structured_input")
    assert await refused(client, submission(form, shape={})) == (400, "unknown_question")


async def test_a_hidden_item_behind_a_client_tool_call_does_not_break_it(
    client: httpx.AsyncClient, stored: Stored
) -> None:
    thread_id = (await chat(client, create())).thread_id
    await stored.add_client_tool_call(client, thread_id)
    await stored.add(client, thread_id, _hidden)

    answer = await chat(
        client, req("threads.add_client_tool_output", thread_id=thread_id, result={"ok": True})
    )

    assert answer.text == "Hello!"
    items = (await ask(client, req("items.list", thread_id=thread_id)))["data"]
    call = next(item for item in items if item["type"] == "client_tool_call")
    assert (call["status"], call["output"]) == ("completed", {"ok": True})


async def test_client_tool_output_without_a_waiting_call_is_refused(
    client: httpx.AsyncClient,
) -> None:
    thread_id = (await chat(client, create())).thread_id
    output = req("threads.add_client_tool_output", thread_id=thread_id, result=1)

    assert await refused(client, output) == (409, "no_pending_tool_call")


async def test_a_client_tool_call_that_was_never_answered_does_not_brick_the_thread(
    client: httpx.AsyncClient, stored: Stored, model: ScriptedModel
) -> None:
    thread_id = (await chat(client, create())).thread_id
    call_id = await stored.add_client_tool_call(client, thread_id)

    answer = await chat(client, add(thread_id, "Never mind"))

    [closed] = answer.of("thread.item.replaced")
    assert (closed["item"]["id"], closed["item"]["status"]) == (call_id, "completed")
    assert "error" in closed["item"]["output"]
    assert answer.text == "Hello!"
    late = req("threads.add_client_tool_output", thread_id=thread_id, result=1)
    assert await refused(client, late) == (409, "no_pending_tool_call")


@pytest.mark.parametrize(
    "body",
    [
        add(MISSING),
        req("threads.retry_after_item", thread_id=MISSING, item_id="x"),
        req("threads.add_client_tool_output", thread_id=MISSING, result=1),
        req("threads.add_structured_input", thread_id=MISSING, item_id="x", input={}),
    ],
    ids=lambda body: body["type"],
)
async def test_a_thread_that_is_not_there_is_a_404_and_no_broken_stream(
    client: httpx.AsyncClient, body: Json
) -> None:
    assert await refused(client, body) == (404, "not_found")


def _form(thread: ThreadMetadata) -> StructuredInputItem:
    return StructuredInputItem(
        id="form_1",
        thread_id=thread.id,
        created_at=thread.created_at,
        inputs=[
            StructuredInputMultipleChoice(
                id="colour",
                question="Which?",
                options=[StructuredInputMultipleChoiceOption(value="red")],
            ),
            StructuredInputFreeform(id="why", question="Why?"),
        ],
    )


def _hidden(thread: ThreadMetadata) -> SDKHiddenContextItem:
    return SDKHiddenContextItem(
        id="hidden_1", thread_id=thread.id, created_at=thread.created_at, content="secret"
    )
