"""Bodies of streamed answers as providers send them, of every kind that ours must not change."""

import json
from collections.abc import Iterable, Iterator

Json = dict[str, object]


def body(events: Iterable[Json | str], *, end: str = "\n", named: bool = False) -> bytes:
    """Server-sent events; a string is sent as it is."""
    lines: list[str] = []
    for event in events:
        if isinstance(event, str):
            lines += [event, ""]
            continue
        if named:
            lines.append(f"event: {event['type']}")
        lines += [f"data: {json.dumps(event, ensure_ascii=False)}", ""]
    return "".join(line + end for line in lines).encode()


def chunk(delta: Json | None, finish: str | None = None, **more: object) -> Json:
    choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": finish}]
    common = {"id": "c1", "object": "chat.completion.chunk", "created": 17, "model": "m"}
    return {**common, "choices": choices, **more}


def texts(*pieces: str, field: str = "content") -> list[Json]:
    return [chunk({field: piece}) for piece in pieces]


START = chunk({"role": "assistant", "content": "", "refusal": None})
STOP = chunk({}, "stop")
USAGE = chunk(None, usage={"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3})
DONE = "data: [DONE]"


def call(**function: str) -> Json:
    first = {"id": "call_1", "type": "function"} if "name" in function else {}
    return chunk({"tool_calls": [{"index": 0, **first, "function": function}]})


def _numbered(events: Iterable[Json]) -> Iterator[Json]:
    for number, event in enumerate(events):
        yield {**event, "sequence_number": number}


def _response(status: str, **more: object) -> Json:
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": 17,
        "model": "m",
        "output": [],
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "status": status,
        **more,
    }


MESSAGE: Json = {"item_id": "msg_1", "output_index": 0, "content_index": 0}
SUMMARY: Json = {"item_id": "rs_1", "output_index": 0, "summary_index": 0}
ARGUMENTS: Json = {"item_id": "fc_1", "output_index": 1}
CREATED: Json = {"type": "response.created", "response": _response("in_progress")}
ADDED: Json = {
    "type": "response.output_item.added",
    "output_index": 0,
    "item": {"id": "msg_1", "type": "message", "role": "assistant", "status": "in_progress"},
}
COMPLETED: Json = {"type": "response.completed", "response": _response("completed")}


def deltas(kind: str, place: Json, *pieces: str, **more: object) -> list[Json]:
    return [{"type": f"response.{kind}.delta", **place, "delta": one, **more} for one in pieces]


def said(*pieces: str) -> list[Json]:
    return deltas("output_text", MESSAGE, *pieces, logprobs=[])


def _padded(events: Iterable[Json]) -> list[Json]:
    """With padding of its own in each event, which OpenAI adds against eavesdroppers."""
    return [{**event, "obfuscation": "x" * number} for number, event in enumerate(events)]


CHAT: dict[str, bytes] = {
    "text": body([START, *texts("Hel", "lo", ", «w»", '"o"\\', "\nrld 🙂"), STOP, USAGE, DONE]),
    "text in other lines": body([START, *texts("Hel", "lo"), STOP, USAGE, DONE], end="\r\n"),
    "text between comments": body([": ping", START, *texts("a", "b"), ": ping", STOP, DONE]),
    "text with padding": body([START, *_padded(texts("a", "b", "c")), STOP, DONE]),
    "data in two lines": body(
        [START, 'data: {"id": "c1", "choices":\ndata: []}', *texts("a", "b"), STOP, DONE]
    ),
    "roles everywhere": body(
        [*(chunk({"role": "assistant", "content": one}) for one in "abc"), STOP, DONE]
    ),
    "a second's change": body([START, chunk({"content": "a"}, created=18), *texts("b", "c"), STOP]),
    "tool calls": body(
        [
            START,
            *texts("Let me", " see"),
            call(name="add", arguments=""),
            call(arguments='{"a"'),
            call(arguments=": 1}"),
            chunk({}, "tool_calls"),
            USAGE,
            DONE,
        ]
    ),
    "reasoning": body(
        [START, *texts("H", "m", field="reasoning_content"), *texts("It", " is"), STOP, DONE]
    ),
    "reasoning of others": body(
        [START, *texts("H", "m", field="reasoning"), *texts("It", " is"), STOP, DONE]
    ),
    "refusal": body([START, *texts("I", " cannot", field="refusal"), STOP, DONE]),
    "usage in every chunk": body(
        [START, *({**one, "usage": {"total_tokens": 1}} for one in texts("a", "b")), STOP, DONE]
    ),
    "log probabilities": body(
        [
            START,
            *(
                chunk(None)
                | {
                    "choices": [
                        {
                            "index": 0,
                            "delta": {"content": one},
                            "finish_reason": None,
                            "logprobs": {"content": [{"token": one, "logprob": -1.5}]},
                        }
                    ]
                }
                for one in "ab"
            ),
            STOP,
            DONE,
        ]
    ),
    "odd types": body([chunk({"content": "a"}, created="17"), *texts("b"), STOP, DONE]),
    "an error in the middle": body(
        [START, *texts("Ha", "lf"), {"error": {"message": "Overloaded.", "code": 529}}, *texts("x")]
    ),
    "an error without words": body([START, *texts("Ha", "lf"), {"error": "no"}]),
    "no JSON in the middle": body([START, *texts("Ha", "lf"), "data: <html>", DONE]),
    "half a surrogate pair": body([START, *texts("a"), 'data: {"choices": []}', DONE]).replace(
        b'"a"', b'"\\ud83d"'
    ),
    "text behind the end": body([START, *texts("a"), STOP, DONE, *texts("b")]),
    "no end": body([START, *texts("Ha", "lf")]),
}

RESPONSES: dict[str, bytes] = {
    "text": body(
        _numbered([CREATED, ADDED, *said("Hel", "lo", " 🙂"), COMPLETED]),
        named=True,
    ),
    "text with padding": body(
        _numbered([CREATED, ADDED, *_padded(said("a", "b", "c")), COMPLETED]), named=True
    ),
    "text without numbers": body([CREATED, ADDED, *said("a", "b", "c"), COMPLETED]),
    "two parts": body(
        _numbered(
            [
                CREATED,
                ADDED,
                *said("a", "b"),
                *deltas("output_text", {**MESSAGE, "content_index": 1}, "c", "d", logprobs=[]),
                COMPLETED,
            ]
        )
    ),
    "reasoning": body(
        _numbered(
            [
                CREATED,
                *deltas("reasoning_summary_text", SUMMARY, "H", "m"),
                *deltas("reasoning_text", MESSAGE, "w", "ell"),
                ADDED,
                *said("a", "b"),
                COMPLETED,
            ]
        )
    ),
    "tool calls": body(
        _numbered([CREATED, *deltas("function_call_arguments", ARGUMENTS, "{", "}"), COMPLETED])
    ),
    "refusal": body(
        _numbered([CREATED, ADDED, *deltas("refusal", MESSAGE, "I", " cannot"), COMPLETED])
    ),
    "an annotation": body(
        _numbered(
            [
                CREATED,
                ADDED,
                *said("a", "b"),
                {
                    "type": "response.output_text.annotation.added",
                    **MESSAGE,
                    "annotation_index": 0,
                    "annotation": {"type": "url_citation", "url": "https://x.test", "title": "x"},
                },
                *said("c", "d"),
                COMPLETED,
            ]
        )
    ),
    "log probabilities": body(
        _numbered(
            [CREATED, ADDED, *deltas("output_text", MESSAGE, "a", "b", logprobs=[{"token": "a"}])]
        )
    ),
    "an error in the middle": body(
        _numbered(
            [CREATED, ADDED, *said("a", "b"), {"type": "error", "code": "x", "message": "no"}]
        ),
        named=True,
    ),
    "a failure": body(
        _numbered(
            [
                CREATED,
                ADDED,
                *said("a", "b"),
                {
                    "type": "response.failed",
                    "response": _response("failed", error={"code": "x", "message": "no"}),
                },
            ]
        )
    ),
    "an event of the future": body(
        _numbered([CREATED, {"type": "response.dreamt", "dream": 1}, *said("a", "b"), COMPLETED])
    ),
}
