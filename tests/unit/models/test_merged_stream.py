"""Recorded answers, read with the `openai` client's stream and with ours."""

from collections.abc import AsyncIterator, Sequence
from functools import cache

import httpx2
import pytest
from openai import APIError, AsyncOpenAI, AsyncStream
from openai.types.chat import ChatCompletionChunk
from openai.types.responses import ResponseStreamEvent
from pydantic import BaseModel
from tests.unit.models.recordings import CHAT, RESPONSES

from chatkit_backend.models import server_sent_events
from chatkit_backend.models.merged_stream import ChatChunkStream, ResponsesEventStream

Json = dict[str, object]

KINDS: dict[str, tuple[type, type, object]] = {
    "chat": (AsyncStream, ChatChunkStream, ChatCompletionChunk),
    "responses": (AsyncStream, ResponsesEventStream, ResponseStreamEvent),
}
RECORDINGS = [
    pytest.param(kind, recorded, id=f"{kind}: {name}")
    for kind, bodies in (("chat", CHAT), ("responses", RESPONSES))
    for name, recorded in bodies.items()
]
STEP = 11
"""Bodies are cut at each `STEP`-th byte; the splitting itself is tested at every byte."""


@pytest.mark.parametrize(("kind", "recorded"), RECORDINGS)
async def test_a_recorded_answer_says_the_same_wherever_its_bytes_are_cut(
    kind: str, recorded: bytes
) -> None:
    theirs, ours, cast_to = KINDS[kind]
    expected = await _read(theirs, cast_to, [recorded])
    for cut in range(0, len(recorded) + 1, STEP):
        found = await _read(ours, cast_to, [recorded[:cut], recorded[cut:]])
        assert found == expected, cut


@pytest.mark.parametrize(("kind", "recorded"), RECORDINGS)
@pytest.mark.parametrize("size", [1, 3, 61])
async def test_a_recorded_answer_says_the_same_in_pieces_of_any_size(
    kind: str, recorded: bytes, size: int
) -> None:
    theirs, ours, cast_to = KINDS[kind]
    pieces = [recorded[at : at + size] for at in range(0, len(recorded), size)]
    assert await _read(ours, cast_to, pieces) == await _read(theirs, cast_to, [recorded])


@pytest.mark.parametrize("kind", KINDS)
async def test_the_text_of_one_read_is_one_event(kind: str) -> None:
    _, ours, cast_to = KINDS[kind]
    recorded = {"chat": CHAT, "responses": RESPONSES}[kind]["text"]
    events = [event async for event in _stream(ours, cast_to, [recorded])]
    deltas = [
        event for event in events if _text_of(event.model_dump(exclude_unset=True)) is not None
    ]
    assert len(deltas) == 1


@pytest.mark.parametrize("kind", KINDS)
async def test_text_that_comes_by_itself_is_an_event_by_itself(kind: str) -> None:
    theirs, ours, cast_to = KINDS[kind]
    recorded = {"chat": CHAT, "responses": RESPONSES}[kind]["text"]
    pieces = [event + b"\n\n" for event in recorded.split(b"\n\n")[:-1]]
    found = [event async for event in _stream(ours, cast_to, pieces)]
    assert found == [event async for event in _stream(theirs, cast_to, pieces)]


async def test_an_event_without_an_end_is_the_provider_s_failure(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(server_sent_events, "MAX_EVENT_BYTES", 100)
    pieces = [b"data: ", *[b"x" * 80] * 10]
    with pytest.raises(APIError, match="longer than 100 bytes"):
        await anext(_stream(ChatChunkStream, ChatCompletionChunk, pieces))


async def _read(stream: type, cast_to: object, pieces: Sequence[bytes]) -> list[object]:
    """The events, those of nothing but text joined, and the failure that ended them."""
    found: list[object] = []
    try:
        async for event in _stream(stream, cast_to, pieces):
            _add(found, event.model_dump(exclude_unset=True))
    except Exception as exc:  # noqa: BLE001  whatever it is, it must be the same
        found.append((type(exc), str(exc), getattr(exc, "body", None)))
    return found


def _stream(stream: type, cast_to: object, pieces: Sequence[bytes]) -> AsyncIterator[BaseModel]:
    request = httpx2.Request("POST", "http://provider.test/")
    response = httpx2.Response(200, stream=_Body(pieces), request=request)
    made: AsyncIterator[BaseModel] = stream(cast_to=cast_to, response=response, client=_client())
    return made


@cache
def _client() -> AsyncOpenAI:
    # It sends nothing here; making one reads certificates.
    return AsyncOpenAI(api_key="x", base_url="http://provider.test/")


class _Body(httpx2.AsyncByteStream):
    def __init__(self, pieces: Sequence[bytes]) -> None:
        self._pieces = pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            yield piece


def _add(found: list[object], event: Json) -> None:
    """Append `event`, or its text to the last one that differs in nothing else."""
    place = _text_of(event)
    before = found[-1] if found else None
    if place is None or not isinstance(before, dict) or _text_of(before) is None:
        found.append(event)
        return
    holder, field = place
    last_holder, last_field = _text_of(before) or ({}, "")
    text, last_text = str(holder[field]), str(last_holder[last_field])
    holder[field] = last_holder[last_field] = ""
    alike = field == last_field and _common(event) == _common(before)
    holder[field], last_holder[last_field] = text, last_text
    if alike:
        holder[field] = last_text + text
        found[-1] = event
    else:
        found.append(event)


def _common(event: Json) -> Json:
    return {
        name: value
        for name, value in event.items()
        if name not in {"sequence_number", "obfuscation"}
    }


def _text_of(event: Json) -> tuple[Json, str] | None:
    """Where the event's text is, if it is nothing but more text."""
    if str(event.get("type")).endswith(".delta") and not event.get("logprobs"):
        return event, "delta"
    choices = event.get("choices")
    if not isinstance(choices, list) or not choices or event.get("usage"):
        return None
    delta = choices[0]["delta"]
    if choices[0].get("logprobs") or choices[0].get("finish_reason") or delta.get("tool_calls"):
        return None
    texts = [name for name, value in delta.items() if value and name != "role"]
    return (delta, texts[0]) if len(texts) == 1 else None
