"""Ten turns with tools, on both of OpenAI's protocols, also after a restart."""

from typing import Any

import pytest
from agents import RunContextWrapper, function_tool
from chatkit.agents import AgentContext
from tests.integration.conftest import ChatAgent, MakeSettings
from tests.protocol import add, ask, chat, create, req, text_of
from tests.serving import client_of, serving

from chatkit_backend import RequestContext, create_app
from chatkit_backend.testing import ModelServer
from chatkit_backend.testing.model_server import Answer, Call, Say

TURNS = 10


@function_tool
def double(ctx: RunContextWrapper[AgentContext[RequestContext]], number: int) -> str:
    """Double a number."""
    return f"{ctx.context.request_context.user_id}: {2 * number}"


@pytest.mark.parametrize("api", ["responses", "chat_completions"])
async def test_ten_turns_give_ten_answers_with_ten_ids_in_order_also_after_a_restart(
    make_settings: MakeSettings, api: str
) -> None:
    script = [
        one
        for turn in range(TURNS)
        for one in (
            # A word before the call: two messages in one run, with one id on chat completions.
            Answer(Say(f"Let me see {turn}. "), Call("double", {"number": turn})),
            Answer(Say(f"Answer {turn}")),
        )
    ]
    async with ModelServer(script) as upstream:
        settings = make_settings(
            llm_provider="openai",
            llm_api=api,
            openai_api_key="test",
            openai_base_url=upstream.base_url,
        )

        def app() -> Any:
            agent = ChatAgent(name="A", instructions="Be brief.", tools=[double])
            return create_app(settings, agent=agent)

        async with serving(app()) as url, client_of(url) as client:
            first = await chat(client, create("Question 0"))
            thread_id, cookies = first.thread_id, dict(client.cookies)
            for turn in range(1, TURNS // 2):
                await chat(client, add(thread_id, f"Question {turn}"))
        async with serving(app()) as url, client_of(url, cookies=cookies) as client:
            for turn in range(TURNS // 2, TURNS):
                answer = await chat(client, add(thread_id, f"Question {turn}"))
                assert answer.of("error") == []
            page = await ask(client, req("items.list", thread_id=thread_id, limit=100, order="asc"))
        requests = upstream.requests

    items = page["data"]
    expected = [
        text
        for turn in range(TURNS)
        for text in (f"Question {turn}", f"Let me see {turn}. ", f"Answer {turn}")
    ]
    assert [text_of(item) for item in items] == expected
    assert len({item["id"] for item in items}) == 3 * TURNS
    assert len(requests) == 2 * TURNS
    assert ": 18" in str(requests[-1].body), "the tool's output reached the model"
    for turn in range(TURNS):
        assert f"Question {turn}" in str(requests[-1].body)
        assert f"Answer {turn - 1}" in str(requests[-1].body) or turn == 0


@pytest.mark.parametrize("api", ["responses", "chat_completions"])
async def test_the_ids_of_an_answer_are_the_same_over_its_events(
    make_settings: MakeSettings, api: str
) -> None:
    async with ModelServer() as upstream:
        settings = make_settings(
            llm_provider="openai",
            llm_api=api,
            openai_api_key="test",
            openai_base_url=upstream.base_url,
        )
        async with serving(create_app(settings)) as url, client_of(url) as client:
            answer = await chat(client, create())

    [added] = answer.of("thread.item.added")
    [message] = answer.items("assistant_message")
    updates = {event["item_id"] for event in answer.of("thread.item.updated")}
    assert {added["item"]["id"], message["id"]} == updates
    assert message["id"].startswith("msg_")


@pytest.mark.parametrize("api", ["responses", "chat_completions"])
async def test_max_tokens_and_the_chosen_model_reach_the_provider(
    make_settings: MakeSettings, api: str
) -> None:
    async with ModelServer() as upstream:
        settings = make_settings(
            llm_provider="openai",
            llm_api=api,
            openai_api_key="test",
            openai_base_url=upstream.base_url,
            model_name="main",
            model_choices=("other",),
            max_tokens=77,
        )
        async with serving(create_app(settings)) as url, client_of(url) as client:
            await chat(client, create())
            await chat(client, create(inference_options={"model": "other"}))
        bodies = [request.body for request in upstream.requests]

    assert [body["model"] for body in bodies] == ["main", "other"]
    for body in bodies:
        limits = [
            body.get(name) for name in ("max_output_tokens", "max_tokens", "max_completion_tokens")
        ]
        assert 77 in limits


async def test_a_title_by_the_model_and_by_the_message_and_none(
    make_settings: MakeSettings,
) -> None:
    titles = []
    for kind in ("message", "model", "off"):
        async with ModelServer(["The answer", "A Fine Title"]) as upstream:
            settings = make_settings(
                llm_provider="openai",
                openai_api_key="test",
                openai_base_url=upstream.base_url,
                titles=kind,
            )
            async with serving(create_app(settings)) as url, client_of(url) as client:
                answer = await chat(client, create("What is it?"))
                listed = (await ask(client, req("threads.list")))["data"]
                thread = next(one for one in listed if one["id"] == answer.thread_id)
                titles.append(thread.get("title"))

    assert titles == ["What is it?", "A Fine Title", None]
