"""The ways around the Agents SDK's loop: what comes out, is stored and is sent is the same."""

import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, nullcontext
from dataclasses import dataclass, fields
from typing import Any

import httpx
import pytest
from agents import (
    Agent,
    AgentOutputSchema,
    GuardrailFunctionOutput,
    Model,
    ModelSettings,
    RunContextWrapper,
    function_tool,
    input_guardrail,
)
from agents.lifecycle import AgentHooks
from chatkit.agents import AgentContext
from chatkit.types import ProgressUpdateEvent
from openai.types.responses import ResponseTextDeltaEvent
from tests.integration.conftest import ChatAgent, MakeSettings
from tests.integration.models.odd_answers import ANSWERS
from tests.protocol import Json, add, ask, chat, create, req, text_of
from tests.serving import client_of, serving

from chatkit_backend import RequestContext, create_app
from chatkit_backend.models import ModelCatalog
from chatkit_backend.models.call import Events, ModelCall, WrappedModel
from chatkit_backend.models.providers import Api
from chatkit_backend.models.short_way import MoreText, PulledWay, PushedWay
from chatkit_backend.server import agent as agent_module
from chatkit_backend.server.plain_run import is_plain
from chatkit_backend.testing import ModelServer, ScriptedModel
from chatkit_backend.testing.model_server import Answer, Call, Say, Wait

WORDS = Say("one two three four five six seven eight", between=Wait(0.01))

ID = re.compile(r"\b(thr|msg|wf|tc|run|resp|fc|rs|call)_[0-9a-z]{8,}")


@pytest.fixture(params=["responses", "chat_completions"])
def api(request: pytest.FixtureRequest) -> Api:
    return "responses" if request.param == "responses" else "chat_completions"


@dataclass
class Told:
    """What came of a conversation."""

    events: list[Json]
    items: list[Json]
    bodies: list[Json]


@contextmanager
def long_way() -> Iterator[None]:
    """Everything through the Agents SDK's loop."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(agent_module, "is_plain", lambda *_: False)
        patch.setattr(agent_module, "shown", lambda _: nullcontext())
        yield


@contextmanager
def loop_with_short_way() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(agent_module, "is_plain", lambda *_: False)
        yield


class Site:
    """One backend after the other, each with a model server and a database of its own."""

    def __init__(self, make_settings: MakeSettings, tmp_path: Any, api: Api) -> None:
        self._make_settings = make_settings
        self._folder = tmp_path
        self._api = api
        self._count = 0

    @asynccontextmanager
    async def backend(
        self, agent: ChatAgent, script: list[Answer], **settings: object
    ) -> AsyncIterator[tuple[httpx.AsyncClient, ModelServer]]:
        self._count += 1
        async with ModelServer(script) as upstream:
            made = self._make_settings(
                database_url=f"sqlite:///{self._folder / f'chat{self._count}.sqlite3'}",
                llm_provider="openai",
                llm_api=self._api,
                openai_api_key="test",
                openai_base_url=upstream.base_url,
                model_retries=0,
                **settings,
            )
            app = create_app(made, agent=agent)
            async with serving(app) as url, client_of(url) as client:
                yield client, upstream

    async def told(
        self, agent: ChatAgent, script: list[Answer], *bodies: Json, **settings: object
    ) -> Told:
        """The first message begins a thread, `bodies` go on with it."""
        async with self.backend(agent, script, **settings) as (client, upstream):
            first = await chat(client, create("Hello"))
            events = list(first.events)
            for body in bodies:
                body["params"]["thread_id"] = first.thread_id
                events += (await chat(client, body)).events
            page = await ask(client, req("items.list", thread_id=first.thread_id, order="asc"))
            sent = [dict(request.body) for request in upstream.requests]
            return Told(_plain(_joined(events)), _plain(page["data"]), _plain(sent))


@pytest.fixture
def site(make_settings: MakeSettings, tmp_path: Any, api: Api) -> Site:
    return Site(make_settings, tmp_path, api)


def a_plain_agent(**given: Any) -> ChatAgent:
    return ChatAgent(**{"name": "A", "instructions": "Be brief.", **given})


class TestPlainRun:
    @pytest.mark.parametrize("name", ANSWERS)
    async def test_any_answer_is_the_same(self, site: Site, name: str) -> None:
        agent, script = a_plain_agent(), [ANSWERS[name], Answer("And then?")]
        assert is_plain(agent, [])

        found = await site.told(agent, script)
        with long_way():
            expected = await site.told(agent, script)

        assert found == expected

    @pytest.mark.parametrize(
        "given",
        [
            {},
            {"instructions": None},
            {"model": "another-model"},
            {"model": "gpt-5"},
            {"model_settings": ModelSettings(temperature=0.5, max_tokens=9, top_p=0.5)},
            {"model_settings": ModelSettings(extra_body={"seed": 1}, tool_choice="none")},
            {"output_type": str},
        ],
    )
    async def test_what_is_sent_is_the_same(self, site: Site, given: dict[str, Any]) -> None:
        agent, script = a_plain_agent(**given), [Answer("One"), Answer("Two"), Answer("Three")]
        chosen = {"model": "chosen", "tool_choice": None}
        bodies = [add("", "And?"), add("", "With another model?", **chosen)]
        assert is_plain(agent, [])

        found = await site.told(agent, script, *bodies, model_choices=["chosen"])
        with long_way():
            expected = await site.told(agent, script, *bodies, model_choices=["chosen"])

        assert len(found.bodies) == 3
        assert found == expected

    async def test_its_text_is_read_where_it_comes_from(
        self, site: Site, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        read: list[MoreText] = []
        more = PulledWay.more

        async def noted(self: PulledWay, event: object) -> AsyncIterator[MoreText]:
            async for text in more(self, event):
                read.append(text)
                yield text

        monkeypatch.setattr(PulledWay, "more", noted)

        told = await site.told(a_plain_agent(), [Answer(WORDS)])

        assert read, "no text took the short way"
        assert text_of(told.items[-1]) == "one two three four five six seven eight"

    async def test_leaving_closes_the_connection_to_the_model(self, site: Site) -> None:
        agent = a_plain_agent()
        script = [Answer("Half of ", Wait(30), "it")]
        async with site.backend(agent, script, disconnect_grace_s=0) as (client, upstream):
            async with client.stream("POST", "/chatkit", json=create()) as response:
                async for line in response.aiter_lines():
                    if "Half" in line:
                        break
            request = await upstream.request(1)
            assert await request.closed.wait()


@function_tool
def look_up(a: int) -> str:
    """Look something up."""
    return f"Found {a}"


@input_guardrail
async def allow(*_: object) -> GuardrailFunctionOutput:
    """Let everything pass."""
    return GuardrailFunctionOutput(output_info=None, tripwire_triggered=False)


class AgentOfAnotherKind(Agent[AgentContext[RequestContext]]):
    pass


@pytest.mark.parametrize(
    "given",
    [
        {"tools": [look_up]},
        {"handoffs": [a_plain_agent()]},
        {"input_guardrails": [allow]},
        {"output_guardrails": [object()]},
        {"mcp_servers": [object()]},
        {"hooks": AgentHooks()},
        {"prompt": {"id": "pmpt_1"}},
        {"instructions": lambda *_: "Be brief."},
        {"output_type": dict[str, str]},
        {"output_type": AgentOutputSchema(dict[str, str], strict_json_schema=False)},
        {"model": ScriptedModel(["Hello"])},
    ],
    ids=lambda given: next(iter(given)),
)
def test_an_agent_with_anything_more_is_not_plain(given: dict[str, Any]) -> None:
    agent = a_plain_agent()
    for name, value in given.items():
        setattr(agent, name, value)

    assert not is_plain(agent, [])


def test_neither_is_one_of_another_class_or_with_another_history() -> None:
    call = {"type": "function_call", "call_id": "c", "name": "n", "arguments": "{}"}

    assert not is_plain(AgentOfAnotherKind(name="A"), [])
    assert not is_plain(a_plain_agent(), [call])  # type: ignore[list-item]
    assert is_plain(a_plain_agent(), [{"role": "user", "content": "Hello"}])


def test_every_field_of_an_agent_is_looked_at_or_means_nothing_without_tools() -> None:
    """A new version of the Agents SDK with another field has to be thought about."""
    looked_at = {
        "tools",
        "mcp_servers",
        "handoffs",
        "input_guardrails",
        "output_guardrails",
        "hooks",
        "prompt",
        "instructions",
        "model",
        "model_settings",
        "output_type",
    }
    meaningless = {
        "name",
        "handoff_description",
        "mcp_config",
        "tool_use_behavior",
        "reset_tool_choice",
    }

    assert {field.name for field in fields(Agent)} == looked_at | meaningless


class TestShortWay:
    @pytest.mark.parametrize("name", ANSWERS)
    async def test_any_answer_is_the_same(self, site: Site, name: str) -> None:
        agent = a_plain_agent(tools=[look_up])
        script = [ANSWERS[name], Answer(WORDS, Call("look_up", {"a": 2})), Answer(WORDS)]

        found = await site.told(agent, script)
        with long_way():
            expected = await site.told(agent, script)

        assert found == expected

    async def test_text_takes_it_behind_the_first_piece(
        self, site: Site, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        taken = _count_takes(monkeypatch)

        told = await site.told(a_plain_agent(tools=[look_up]), [Answer(WORDS)])

        assert taken, "no text took the short way"
        assert [text_of(item) for item in told.items][
            -1
        ] == "one two three four five six seven eight"

    async def test_a_tools_own_events_keep_their_place(self, site: Site) -> None:
        @function_tool
        async def show(ctx: RunContextWrapper[AgentContext[RequestContext]]) -> str:
            """Show something."""
            await ctx.context.stream(ProgressUpdateEvent(text="showing"))
            return "shown"

        agent = a_plain_agent(tools=[show])
        script = [Answer(WORDS, Call("show", {})), Answer(WORDS)]

        found = await site.told(agent, script)
        with long_way():
            expected = await site.told(agent, script)

        assert found == expected
        assert "showing" in json.dumps(found.events)

    async def test_an_agent_that_is_a_tool_of_another_does_not_speak(
        self, site: Site, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        taken = _count_takes(monkeypatch)

        async def heard(_: object) -> None:
            """Listens, so that the inner agent's answer is streamed."""

        inner = ChatAgent(name="Inner", instructions="Whisper.")
        tool = inner.as_tool("ask_inner", "Ask the inner agent.", on_stream=heard)
        script = [
            Answer(Call("ask_inner", {"input": "What?"})),
            Answer(Say("secret words of the inner agent", between=Wait(0.01))),
            Answer(WORDS),
        ]

        told = await site.told(a_plain_agent(tools=[tool]), script)

        assert "secret" not in json.dumps(told.events)
        assert all("secret" not in more.text for more in taken)

    async def test_a_model_of_the_developers_own_sees_every_piece(
        self, site: Site, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        taken = _count_takes(monkeypatch)
        seen: list[str] = []

        class Noting(WrappedModel):
            async def stream(self, call: ModelCall) -> Events:
                async with call.stream(self._inner) as events:
                    async for event in events:
                        if isinstance(event, ResponseTextDeltaEvent):
                            seen.append(event.delta)
                        yield event

        class Late(Noting):
            """Finds the catalog's model when it is first asked."""

            def __init__(self) -> None:
                pass

            async def stream(self, call: ModelCall) -> Events:
                self._inner: Model = catalogs[-1].get_model(None)
                async for event in super().stream(call):
                    yield event

        catalogs: list[ModelCatalog] = []
        init = ModelCatalog.__init__

        def remember(self: ModelCatalog, *args: Any, **given: Any) -> None:
            init(self, *args, **given)
            catalogs.append(self)

        monkeypatch.setattr(ModelCatalog, "__init__", remember)

        told = await site.told(a_plain_agent(model=Late(), tools=[look_up]), [Answer(WORDS)])

        assert "".join(seen) == text_of(told.items[-1])
        assert not taken


def _count_takes(monkeypatch: pytest.MonkeyPatch) -> list[MoreText]:
    taken: list[MoreText] = []
    take = PushedWay.take

    async def noted(self: PushedWay, event: ResponseTextDeltaEvent, text: str) -> bool:
        took = await take(self, event, text)
        if took:
            taken.append(MoreText(event, text))
        return took

    monkeypatch.setattr(PushedWay, "take", noted)
    return taken


def _joined(events: list[Json]) -> list[Json]:
    """Adjacent deltas as one: how many there are depends on the moment."""
    whole: list[Json] = []
    for event in events:
        update = event.get("update", {})
        before = whole[-1].get("update", {}) if whole else {}
        if (
            update.get("type") == before.get("type") == "assistant_message.content_part.text_delta"
            and event["item_id"] == whole[-1]["item_id"]
        ):
            before["delta"] += update["delta"]
        else:
            whole.append(event)
    return whole


def _plain(found: list[Json]) -> list[Json]:
    """Without what differs from run to run: ids by their order, and times."""
    names: dict[str, str] = {}

    def name(match: re.Match[str]) -> str:
        return names.setdefault(match[0], f"{match[1]}_{len(names)}")

    text = ID.sub(name, json.dumps(found))
    text = re.sub(r'"created_at": "[^"]+"', '"created_at": "then"', text)
    plain: list[Json] = json.loads(text)
    return plain
