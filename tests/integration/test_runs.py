"""Answers belong to no connection: they are followed, left, come back to, and stopped."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import httpx
import pytest
from agents import Agent, function_tool
from chatkit.agents import AgentContext
from fastapi import FastAPI
from tests.integration.conftest import ChatAgent, MakeSettings
from tests.integration.extended_server import ExtendedServer
from tests.protocol import Json, add, ask, chat, create, numbered_events, refused, req, text_of
from tests.serving import client_of, serving
from tests.streams import RESUMABLE, followed, posted, shown

from chatkit_backend import RequestContext, Settings, create_app
from chatkit_backend.event_loop import EventLoopLoad
from chatkit_backend.runs import Runs
from chatkit_backend.runs.entries import RETOLD
from chatkit_backend.store import MemoryStore
from chatkit_backend.store.ids import new_id
from chatkit_backend.store.runs import RunRecord, ThreadBusyError, ThreadChanges
from chatkit_backend.testing import ModelServer, ScriptedModel
from chatkit_backend.testing.model_server import Answer, Say, Wait
from chatkit_backend.testing.scripted_model import ToolCall

GONE_S = 1.0
"""Within which a provider must see its connection close."""


@asynccontextmanager
async def backend(
    settings: Settings, agent: Agent[AgentContext[RequestContext]]
) -> AsyncIterator[httpx.AsyncClient]:
    async with serving(create_app(settings, agent=agent)) as url, client_of(url) as client:
        yield client


async def items_of(client: httpx.AsyncClient, thread_id: str) -> list[Json]:
    page = await ask(client, req("items.list", thread_id=thread_id, order="asc"))
    items: list[Json] = page["data"]
    return items


async def ended(client: httpx.AsyncClient, run_id: str) -> Json:
    """The run, once it has ended."""
    async with followed(client, run_id) as stream:
        await stream.to_end()
    response = await client.get(f"/chatkit/runs/{run_id}")
    run: Json = response.json()
    return run


class TestFollowing:
    async def test_events_are_numbered_without_a_gap(self, client: httpx.AsyncClient) -> None:
        response = await client.post("/chatkit", json=create())

        ids = [name for name, _ in numbered_events(response.text)]

        run_id = response.headers["chatkit-run"]
        assert ids == [f"{run_id}:{number}" for number in range(1, len(ids) + 1)]

    async def test_lines_carry_the_same_ids(self, client: httpx.AsyncClient) -> None:
        headers = {"Accept": "application/x-ndjson"}

        response = await client.post("/chatkit", json=create(), headers=headers)

        first = response.text.splitlines()[0]
        assert first.startswith(f'{{"id":"{response.headers["chatkit-run"]}:1","type":')

    @pytest.mark.parametrize("given", ["header", "query"])
    async def test_a_finished_answer_goes_on_exactly_behind_any_event(
        self, client: httpx.AsyncClient, model: ScriptedModel, given: str
    ) -> None:
        model.play_next("one two three four")
        response = await client.post("/chatkit", json=create())
        events = numbered_events(response.text)
        path = f"/chatkit/runs/{response.headers['chatkit-run']}/events"

        for place, (name, _) in enumerate(events):
            headers = {"Last-Event-ID": name} if given == "header" else {}
            query = {"after": name.rpartition(":")[2]} if given == "query" else {}
            rest = await client.get(path, headers=headers, params=query)
            before = [event for _, event in events[: place + 1]]
            after = [event for _, event in numbered_events(rest.text)]
            assert shown(before + after) == "one two three four"
            assert len(after) <= len(events) - place - 1
            assert all(event["type"] != "thread.created" for event in after)

    async def test_a_dropped_client_comes_back_and_misses_nothing(
        self, make_settings: MakeSettings
    ) -> None:
        gate = asyncio.Event()
        model = ScriptedModel([("It is ", gate, "a long answer.")])
        async with backend(make_settings(), ChatAgent(name="A", model=model)) as client:
            async with posted(client, create(), RESUMABLE) as first:
                await first.until("It is")
            async with followed(client, first.run_id, first.last_id) as second:
                gate.set()
                await second.to_end()

        assert shown(first.events + second.events) == "It is a long answer."
        seqs = first.seqs + second.seqs
        assert seqs == sorted(set(seqs))

    async def test_a_late_reader_gets_the_answer_so_far_in_few_events(
        self, make_settings: MakeSettings
    ) -> None:
        gate = asyncio.Event()
        words = "word " * 3000
        model = ScriptedModel([(words, gate, "end")])
        async with (
            backend(make_settings(), ChatAgent(name="A", model=model)) as client,
            posted(client, create(), RESUMABLE) as first,
        ):
            await first.until(words.strip())
            async with followed(client, first.run_id) as late:
                async for _ in late.read():
                    if words in shown(late.events):
                        break
                assert len(late.events) < 10
                gate.set()
                await late.to_end()
            await first.to_end()

        assert shown(late.events) == shown(first.events) == words + "end"

    async def test_any_number_of_readers_get_the_same(self, make_settings: MakeSettings) -> None:
        gate = asyncio.Event()
        model = ScriptedModel([("Hello ", gate, "to all of you")])
        async with backend(make_settings(), ChatAgent(name="A", model=model)) as client:

            async def read(run_id: str) -> str:
                async with followed(client, run_id, "0") as stream:
                    return shown(await stream.to_end())

            async with posted(client, create()) as first:
                await first.until("Hello")
                readers = [asyncio.create_task(read(first.run_id)) for _ in range(10)]
                gate.set()
                await first.to_end()
                assert await asyncio.gather(*readers) == ["Hello to all of you"] * 10

    async def test_an_event_that_no_log_has_leads_to_the_digest(
        self, client: httpx.AsyncClient
    ) -> None:
        response = await client.post("/chatkit", json=create())
        run_id = response.headers["chatkit-run"]

        again = await client.get(f"/chatkit/runs/{run_id}/events?after=5000")

        [*before, last] = numbered_events(again.text)
        assert {name for name, _ in before} == {f"{run_id}:0"}, "forget what you have of it"
        assert shown([event for _, event in [*before, last]]) == "Hello!"

    @pytest.mark.parametrize("live", [True, False], ids=["live", "finished"])
    async def test_a_position_beyond_the_log_s_end_leads_to_the_digest_and_on(
        self, make_settings: MakeSettings, live: bool
    ) -> None:
        gate = asyncio.Event()
        model = ScriptedModel([("It is ", gate, "long")])
        async with (
            backend(make_settings(), ChatAgent(name="A", model=model)) as client,
            posted(client, create(), RESUMABLE) as first,
        ):
            await first.until("It is")
            if not live:
                gate.set()
                await first.to_end()
            async with followed(client, first.run_id, f"{first.run_id}:999999") as second:
                await second.until("It is")
                gate.set()
                await second.to_end()

        assert second.seqs[0] == RETOLD
        assert shown(second.events) == "It is long"

    async def test_who_was_cut_while_he_was_told_anew_is_told_anew(
        self, client: httpx.AsyncClient
    ) -> None:
        response = await client.post("/chatkit", json=create())
        path = f"/chatkit/runs/{response.headers['chatkit-run']}/events"
        digest = numbered_events((await client.get(path)).text)
        cut_at = digest[0][0]
        assert cut_at.endswith(":0")

        again = await client.get(path, headers={"Last-Event-ID": cut_at})

        assert numbered_events(again.text) == digest

    async def test_last_event_id_wins_over_after(self, client: httpx.AsyncClient) -> None:
        response = await client.post("/chatkit", json=create())
        path = f"/chatkit/runs/{response.headers['chatkit-run']}/events"
        [*_, (last_but_one, _), last] = numbered_events(response.text)

        # As EventSource does it: the address stays, the header says where the stream broke.
        rest = await client.get(f"{path}?after=1", headers={"Last-Event-ID": last_but_one})

        assert numbered_events(rest.text) == [last]

    @pytest.mark.parametrize(
        "after", ["x", "-1", "1.5", "run_other:1", "9" * 30, "0" * 17 + "9" * 30, "1:2:3"]
    )
    async def test_an_event_id_of_another_shape_is_refused(
        self, client: httpx.AsyncClient, after: str
    ) -> None:
        response = await client.post("/chatkit", json=create())

        path = f"/chatkit/runs/{response.headers['chatkit-run']}/events"
        answer = await client.get(path, params={"after": after})

        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "unknown_event")

    async def test_the_active_run_of_a_thread_is_known_while_there_is_one(
        self, make_settings: MakeSettings
    ) -> None:
        gate = asyncio.Event()
        model = ScriptedModel([("Wait ", gate)])
        async with (
            backend(make_settings(), ChatAgent(name="A", model=model)) as client,
            posted(client, create()) as stream,
        ):
            await stream.until("Wait")
            path = f"/chatkit/threads/{stream.thread_id}/run"
            active = (await client.get(path)).json()
            gate.set()
            await stream.to_end()
            assert (active["id"], active["state"]) == (stream.run_id, "running")
            assert (await client.get(path)).status_code == 204

    async def test_a_strangers_run_is_not_there(
        self, client: httpx.AsyncClient, stranger: httpx.AsyncClient
    ) -> None:
        response = await client.post("/chatkit", json=create())
        run_id = response.headers["chatkit-run"]
        thread_id = numbered_events(response.text)[0][1]["thread"]["id"]

        assert (await stranger.get(f"/chatkit/runs/{run_id}")).status_code == 404
        assert (await stranger.get(f"/chatkit/runs/{run_id}/events")).status_code == 404
        assert (await stranger.post(f"/chatkit/runs/{run_id}/cancel")).status_code == 404
        assert (await stranger.get(f"/chatkit/threads/{thread_id}/run")).status_code == 404

    async def test_a_strangers_thread_and_a_missing_one_are_the_same_answer(
        self, client: httpx.AsyncClient, stranger: httpx.AsyncClient
    ) -> None:
        thread_id = (await chat(client, create())).thread_id

        answers = [
            await one.get(f"/chatkit/threads/{name}/run")
            for one, name in ((stranger, thread_id), (stranger, "thr_none"), (client, "thr_none"))
        ]

        assert [one.status_code for one in answers] == [404] * 3
        errors = [one.json()["error"] for one in answers]
        assert len({(error["code"], error["message"]) for error in errors}) == 1


class TestStopping:
    async def test_cancelling_keeps_the_text_and_closes_the_providers_connection(
        self, make_settings: MakeSettings
    ) -> None:
        async with ModelServer([Answer(Say("Half an "), Wait(60), Say("answer"))]) as provider:
            settings = make_settings(
                llm_provider="openai", openai_api_key="k", openai_base_url=provider.base_url
            )
            async with (
                serving(create_app(settings)) as url,
                client_of(url) as client,
                posted(client, create()) as stream,
            ):
                await stream.until("Half an")
                request = await provider.request(1)
                cancelled = await client.post(f"/chatkit/runs/{stream.run_id}/cancel")
                async with asyncio.timeout(GONE_S):
                    await request.closed.wait()
                await stream.to_end()
                items = await items_of(client, stream.thread_id)

        assert cancelled.json()["state"] == "cancelled"
        assert text_of(items[-1]).strip() == "Half an"
        assert shown(stream.events).strip() == "Half an"
        assert stream.events[-1]["type"] == "thread.item.done"

    async def test_the_model_is_told_that_the_user_stopped(
        self, make_settings: MakeSettings
    ) -> None:
        model = ScriptedModel([("Half", asyncio.Event()), "Fine."])
        async with backend(make_settings(), ChatAgent(name="A", model=model)) as client:
            async with posted(client, create()) as stream:
                await stream.until("Half")
                await client.post(f"/chatkit/runs/{stream.run_id}/cancel")
            await chat(client, add(stream.thread_id))

        assert "The user cancelled the stream" in str(model.calls[1].input)

    async def test_cancelling_before_the_first_token_leaves_the_message(
        self, make_settings: MakeSettings
    ) -> None:
        model = ScriptedModel([(asyncio.Event(), "never")])
        async with (
            backend(make_settings(), ChatAgent(name="A", model=model)) as client,
            posted(client, create()) as stream,
        ):
            async for event in stream.read():
                if event["type"] == "stream_options":
                    break
            cancelled = await client.post(f"/chatkit/runs/{stream.run_id}/cancel")
            await stream.to_end()
            items = await items_of(client, stream.thread_id)

        assert cancelled.json()["state"] == "cancelled"
        assert [item["type"] for item in items] == ["user_message"]

    async def test_cancelling_while_a_tool_runs_stops_the_tool(
        self, make_settings: MakeSettings
    ) -> None:
        stopped = asyncio.Event()

        @function_tool
        async def slow() -> str:
            """Take for ever."""
            try:
                await asyncio.sleep(60)
            finally:
                stopped.set()
            return ""

        agent = ChatAgent(name="A", tools=[slow], model=ScriptedModel([ToolCall("slow")]))
        async with (
            backend(make_settings(), agent) as client,
            posted(client, create()) as stream,
        ):
            async for event in stream.read():
                if event["type"] == "progress_update":
                    break
            cancelled = await client.post(f"/chatkit/runs/{stream.run_id}/cancel")
            async with asyncio.timeout(GONE_S):
                await stopped.wait()
            await stream.to_end()

        assert cancelled.json()["state"] == "cancelled"

    async def test_cancelling_again_or_after_the_end_changes_nothing(
        self, client: httpx.AsyncClient
    ) -> None:
        response = await client.post("/chatkit", json=create())
        path = f"/chatkit/runs/{response.headers['chatkit-run']}/cancel"

        answers = [(await client.post(path)).json() for _ in range(2)]

        assert [answer["state"] for answer in answers] == ["completed", "completed"]

    async def test_deleting_a_thread_stops_its_answer(self, make_settings: MakeSettings) -> None:
        async with ModelServer([Answer(Say("Half an "), Wait(60))]) as provider:
            settings = make_settings(
                llm_provider="openai", openai_api_key="k", openai_base_url=provider.base_url
            )
            async with (
                serving(create_app(settings)) as url,
                client_of(url) as client,
                posted(client, create()) as stream,
            ):
                await stream.until("Half an")
                request = await provider.request(1)
                await ask(client, req("threads.delete", thread_id=stream.thread_id))
                async with asyncio.timeout(GONE_S):
                    await request.closed.wait()
                await stream.to_end()


class TestLeaving:
    async def test_leaving_stops_the_run_of_a_client_that_cannot_say_stop(
        self, make_settings: MakeSettings
    ) -> None:
        async with ModelServer([Answer(Say("Half an "), Wait(60))]) as provider:
            settings = make_settings(
                llm_provider="openai",
                openai_api_key="k",
                openai_base_url=provider.base_url,
                disconnect_grace_s=0,
            )
            async with serving(create_app(settings)) as url, client_of(url) as client:
                async with posted(client, create()) as stream:
                    await stream.until("Half an")
                request = await provider.request(1)
                async with asyncio.timeout(GONE_S):
                    await request.closed.wait()
                run = await ended(client, stream.run_id)
                items = await items_of(client, stream.thread_id)

        assert run["state"] == "cancelled"
        assert text_of(items[-1]).strip() == "Half an"

    async def test_coming_back_within_the_grace_period_keeps_the_run(
        self, make_settings: MakeSettings
    ) -> None:
        gate = asyncio.Event()
        model = ScriptedModel([("Half ", gate, "and half")])
        settings = make_settings(disconnect_grace_s=30)
        async with backend(settings, ChatAgent(name="A", model=model)) as client:
            async with posted(client, create()) as stream:
                await stream.until("Half")
            async with followed(client, stream.run_id, stream.last_id) as second:
                gate.set()
                await second.to_end()

        assert shown(stream.events + second.events) == "Half and half"

    @pytest.mark.parametrize(
        ("settings", "headers"),
        [({"on_disconnect": "continue"}, {}), ({"on_disconnect": "cancel"}, RESUMABLE)],
        ids=["by setting", "by header"],
    )
    async def test_a_run_that_may_go_on_goes_on(
        self, make_settings: MakeSettings, settings: dict[str, object], headers: dict[str, str]
    ) -> None:
        gate = asyncio.Event()
        model = ScriptedModel([("Half ", gate, "and half")])
        given = make_settings(disconnect_grace_s=0, **settings)
        async with backend(given, ChatAgent(name="A", model=model)) as client:
            async with posted(client, create(), headers) as stream:
                await stream.until("Half")
            gate.set()
            run = await ended(client, stream.run_id)
            items = await items_of(client, stream.thread_id)

        assert run["state"] == "completed"
        assert text_of(items[-1]) == "Half and half"

    async def test_an_unknown_kind_of_stream_is_refused(self, client: httpx.AsyncClient) -> None:
        headers = {"ChatKit-Stream": "for ever"}

        answer = await client.post("/chatkit", json=create(), headers=headers)

        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid_stream")


class TestTwoAtOnce:
    async def test_messages_wait_for_their_turn_in_order(self, make_settings: MakeSettings) -> None:
        gate = asyncio.Event()
        model = ScriptedModel([("one", gate), "two", "three"])
        async with backend(make_settings(), ChatAgent(name="A", model=model)) as client:
            async with posted(client, create("1")) as stream:
                await stream.until("one")
                second = asyncio.create_task(chat(client, add(stream.thread_id, "2")))
                await begun_to_wait()
                third = asyncio.create_task(chat(client, add(stream.thread_id, "3")))
                await begun_to_wait()
                gate.set()
                await stream.to_end()
            assert [(await second).text, (await third).text] == ["two", "three"]
            items = await items_of(client, stream.thread_id)

        assert [text_of(item) for item in items] == ["1", "one", "2", "two", "3", "three"]

    async def test_reject_names_the_run_that_is_in_the_way(
        self, make_settings: MakeSettings
    ) -> None:
        gate = asyncio.Event()
        model = ScriptedModel([("one", gate)])
        settings = make_settings(thread_busy="reject")
        async with (
            backend(settings, ChatAgent(name="A", model=model)) as client,
            posted(client, create()) as stream,
        ):
            await stream.until("one")
            answer = await client.post("/chatkit", json=add(stream.thread_id))
            gate.set()
            await stream.to_end()
            items = await items_of(client, stream.thread_id)

        error = answer.json()["error"]
        assert (answer.status_code, error["code"]) == (409, "thread_busy")
        assert error["run_id"] == stream.run_id
        assert len(items) == 2

    async def test_interrupt_keeps_the_first_ones_text(self, make_settings: MakeSettings) -> None:
        model = ScriptedModel([("first", asyncio.Event()), "second"])
        settings = make_settings(thread_busy="interrupt")
        async with (
            backend(settings, ChatAgent(name="A", model=model)) as client,
            posted(client, create("1")) as stream,
        ):
            await stream.until("first")
            answer = await chat(client, add(stream.thread_id, "2"))
            await stream.to_end()
            items = await items_of(client, stream.thread_id)

        assert answer.text == "second"
        assert [text_of(item) for item in items] == ["1", "first", "2", "second"]

    async def test_no_more_than_some_wait(self, make_settings: MakeSettings) -> None:
        gate = asyncio.Event()
        model = ScriptedModel([("one", gate)])
        settings = make_settings(max_waiting_messages=0)
        async with (
            backend(settings, ChatAgent(name="A", model=model)) as client,
            posted(client, create()) as stream,
        ):
            await stream.until("one")
            assert await refused(client, add(stream.thread_id)) == (409, "thread_busy")
            gate.set()
            await stream.to_end()


class TestWaiting:
    """A message that waits for its turn has not been taken yet, and takes nothing from others."""

    async def test_it_takes_no_place_from_other_threads(self, make_settings: MakeSettings) -> None:
        gate = asyncio.Event()
        model = ScriptedModel([("one", gate), "elsewhere", "two"])
        app = create_app(make_settings(max_active_runs=2), agent=ChatAgent(name="A", model=model))
        async with serving(app) as url, client_of(url) as client:
            async with posted(client, create("1")) as stream:
                await stream.until("one")
                second = asyncio.create_task(chat(client, add(stream.thread_id, "2")))
                await queued_run(app, client)
                assert (await chat(client, create())).text == "elsewhere"
                gate.set()
                await stream.to_end()
            assert (await second).text == "two"

    async def test_one_that_is_cancelled_never_begins(self, make_settings: MakeSettings) -> None:
        gate = asyncio.Event()
        model = ScriptedModel([("one", gate), "three"])
        app = create_app(make_settings(), agent=ChatAgent(name="A", model=model))
        async with serving(app) as url, client_of(url) as client:
            async with posted(client, create("1")) as stream:
                await stream.until("one")
                body = add(stream.thread_id, "2")
                second = asyncio.create_task(client.post("/chatkit", json=body))
                run_id = await queued_run(app, client)
                cancelled = await client.post(f"/chatkit/runs/{run_id}/cancel")
                answer = await second
                again = await client.post(f"/chatkit/runs/{run_id}/cancel")
                gate.set()
                await stream.to_end()
            assert (await chat(client, add(stream.thread_id, "3"))).text == "three"
            items = await items_of(client, stream.thread_id)

        assert [cancelled.json()["state"], again.json()["state"]] == ["cancelled"] * 2
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "run_cancelled")
        assert [text_of(item) for item in items] == ["1", "one", "3", "three"]

    @pytest.mark.parametrize(
        ("settings", "headers", "kept"),
        [
            ({}, {}, False),
            ({}, RESUMABLE, True),
            ({"on_disconnect": "continue"}, {}, True),
        ],
        ids=["by default", "resumable", "ON_DISCONNECT=continue"],
    )
    async def test_one_whose_client_leaves_is_kept_only_if_leaving_is_not_stopping(
        self,
        make_settings: MakeSettings,
        settings: dict[str, object],
        headers: dict[str, str],
        kept: bool,
    ) -> None:
        gate = asyncio.Event()
        model = ScriptedModel([("one", gate), "two", "three"])
        app = create_app(make_settings(**settings), agent=ChatAgent(name="A", model=model))
        async with serving(app) as url, client_of(url) as client:
            async with posted(client, create("1")) as stream:
                await stream.until("one")
                body = add(stream.thread_id, "2")
                second = asyncio.create_task(client.post("/chatkit", json=body, headers=headers))
                run_id = await queued_run(app, client)
                second.cancel()
                await asyncio.wait([second])
                if not kept:
                    while (await client.get(f"/chatkit/runs/{run_id}")).status_code != 404:
                        await asyncio.sleep(0.01)
                gate.set()
                await stream.to_end()
            if kept:
                await ended(client, run_id)
            items = await items_of(client, stream.thread_id)

        assert [text_of(item) for item in items] == ["1", "one", *(["2", "two"] if kept else [])]


class GoneBefore(MemoryStore[Mapping[str, object]]):
    """Says once that a run is in the way which has gone before anybody can ask for it."""

    said = False

    async def begin_run(
        self,
        run: RunRecord,
        changes: ThreadChanges,
        context: Mapping[str, object],
        *,
        most_running: int | None = None,
    ) -> None:
        if not self.said:
            self.said = True
            raise ThreadBusyError(new_id("run"))
        await super().begin_run(run, changes, context, most_running=most_running)


async def test_a_run_that_makes_way_by_itself_needs_no_interrupting(
    make_settings: MakeSettings,
) -> None:
    store = GoneBefore()
    settings = make_settings(thread_busy="interrupt")
    app = create_app(settings, server=ExtendedServer(store, ScriptedModel(["Hello!"])))
    async with serving(app) as url, client_of(url) as client:
        assert (await chat(client, create())).text == "Hello!"

    assert store.said


class TestIdempotency:
    async def test_whoever_of_two_can_come_back_finds_the_run(
        self, make_settings: MakeSettings
    ) -> None:
        gate = asyncio.Event()
        model = ScriptedModel([("Half ", gate, "and half")])
        once = {"Idempotency-Key": "once"}
        app = create_app(
            make_settings(disconnect_grace_s=0), agent=ChatAgent(name="A", model=model)
        )
        runs: Runs = app.state.backend.runs
        async with serving(app) as url, client_of(url) as client:
            async with posted(client, create(), once) as first:
                await first.until("Half")
                async with posted(client, create(), {**once, **RESUMABLE}) as second:
                    await second.until("Half")
                here = runs.active.get(first.run_id)
                assert here is not None
                assert here.resumable
                noted = await runs.store.load_run(here.id, here.record.owner)
                assert noted.resumable, "also after a take-over"
            gate.set()
            run = await ended(client, first.run_id)

        assert first.run_id == second.run_id
        assert run["state"] == "completed"

    async def test_the_same_key_leads_to_the_same_run(self, client: httpx.AsyncClient) -> None:
        headers = {"Idempotency-Key": "once"}

        first, second = [
            await client.post("/chatkit", json=create(), headers=headers) for _ in range(2)
        ]

        assert first.headers["chatkit-run"] == second.headers["chatkit-run"]
        assert shown([event for _, event in numbered_events(second.text)]) == "Hello!"
        assert len((await ask(client, req("threads.list")))["data"]) == 1

    async def test_two_at_once_make_one_message(self, make_settings: MakeSettings) -> None:
        gate = asyncio.Event()
        model = ScriptedModel([("Hello ", gate, "you")])
        headers = {"Idempotency-Key": "once"}
        async with backend(make_settings(), ChatAgent(name="A", model=model)) as client:
            await ask(client, req("threads.list"))  # the cookie: both are the same person
            both = [
                asyncio.create_task(client.post("/chatkit", json=create(), headers=headers))
                for _ in range(2)
            ]
            while not model.calls:
                await asyncio.sleep(0.01)
            gate.set()
            answers = [await one for one in both]
            threads = (await ask(client, req("threads.list")))["data"]

        assert len({one.headers["chatkit-run"] for one in answers}) == 1
        assert len(threads) == 1
        assert len(model.calls) == 1

    async def test_a_key_is_for_one_request_only(self, client: httpx.AsyncClient) -> None:
        headers = {"Idempotency-Key": "once"}
        await client.post("/chatkit", json=create("this"), headers=headers)

        answer = await client.post("/chatkit", json=create("that"), headers=headers)

        assert (answer.status_code, answer.json()["error"]["code"]) == (
            409,
            "idempotency_key_reused",
        )

    async def test_another_persons_key_is_another_key(
        self, client: httpx.AsyncClient, stranger: httpx.AsyncClient
    ) -> None:
        headers = {"Idempotency-Key": "once"}

        answers = [
            await one.post("/chatkit", json=create(), headers=headers) for one in (client, stranger)
        ]

        assert len({one.headers["chatkit-run"] for one in answers}) == 2


class TestOverload:
    async def test_beyond_places_and_queue_requests_are_told_to_come_back(
        self, make_settings: MakeSettings
    ) -> None:
        gate = asyncio.Event()
        model = ScriptedModel([("one", gate), "two"])
        settings = make_settings(max_active_runs=1, max_queued_runs=1)
        async with (
            backend(settings, ChatAgent(name="A", model=model)) as client,
            posted(client, create()) as stream,
        ):
            await stream.until("one")
            queued = asyncio.create_task(chat(client, create()))
            await begun_to_wait()
            answer = await client.post("/chatkit", json=create())
            gate.set()
            await stream.to_end()

            assert (await queued).text == "two"
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "overloaded")
        assert int(answer.headers["retry-after"]) >= 1

    async def test_an_answer_that_waits_for_its_turn_to_begin_can_be_stopped(
        self, make_settings: MakeSettings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        turns, gate = 0, asyncio.Event()

        async def turn(_: EventLoopLoad) -> None:
            nonlocal turns
            turns += 1
            if turns > 1:  # the first is the request's: its message is stored then
                await gate.wait()

        monkeypatch.setattr(EventLoopLoad, "turn", turn)
        model = ScriptedModel(["never"])
        settings = make_settings(auth=["header"], trusted_proxies=["127.0.0.1"])
        async with (
            serving(create_app(settings, agent=ChatAgent(name="A", model=model))) as url,
            client_of(url, headers={"X-User-ID": "anna"}) as client,
        ):
            answer = asyncio.create_task(chat(client, create()))
            thread_id = await first_thread(client)
            run = (await client.get(f"/chatkit/threads/{thread_id}/run")).json()
            stopped = await client.post(f"/chatkit/runs/{run['id']}/cancel")
            gate.set()
            events = (await answer).events
            items = await items_of(client, thread_id)

        assert stopped.json()["state"] == "cancelled"
        assert not model.calls
        assert [item["type"] for item in items] == ["user_message"]
        assert "thread.created" in [event["type"] for event in events]


async def first_thread(client: httpx.AsyncClient) -> str:
    """The id of the first thread, once it is there."""
    async with asyncio.timeout(10):
        while not (threads := (await ask(client, req("threads.list")))["data"]):
            await asyncio.sleep(0.01)
    return str(threads[0]["id"])


async def queued_run(app: FastAPI, client: httpx.AsyncClient) -> str:
    """The run of the message that waits for its thread, once it does."""
    async with asyncio.timeout(10):
        while True:
            for run_id in app.state.backend.runs.upcoming:
                run = await client.get(f"/chatkit/runs/{run_id}")
                if run.status_code == 200 and run.json()["state"] == "queued":
                    return str(run_id)
            await asyncio.sleep(0.01)


WAITING_S = 0.3


async def begun_to_wait() -> None:
    """Until a request that was sent before waits for its turn: nothing tells that but time."""
    await asyncio.sleep(WAITING_S)
