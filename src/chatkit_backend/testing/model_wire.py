"""How the two protocols write an answer: as server-sent events, and as one JSON document."""

import json
from collections.abc import Iterator, Sequence
from itertools import count
from typing import Protocol, TypeAlias
from uuid import uuid4

from .model_replies import (
    Answer,
    Call,
    Cut,
    Fail,
    Json,
    ModelRequest,
    Refuse,
    Say,
    Step,
    Think,
    Truncate,
    Wait,
    words,
)

Frame: TypeAlias = bytes | Wait | Cut
"""A server-sent event, or what happens before the next one."""


class Wire(Protocol):
    """Writes one answer in one protocol."""

    def frames(self, step: Step) -> Iterator[Frame]:
        """The server-sent events of a step, and what happens between them."""
        ...

    def closing(self) -> Iterator[bytes]:
        """The events after the last step of an answer that did not fail."""
        ...

    def document(self) -> Json:
        """The whole answer, after its steps were written, for a request without `stream`."""
        ...


def wire_for(request: ModelRequest, answer: Answer) -> Wire:
    """The wire of the request's protocol."""
    if request.api == "chat_completions":
        return ChatWire(request, answer)
    return ResponsesWire(request, answer)


class ChatWire:
    """Chat completions. Source: OpenAI's reference of the chat completion chunk object."""

    def __init__(self, request: ModelRequest, answer: Answer) -> None:
        self._id = _new_id("chatcmpl-")
        self._model = request.model
        self._usage = answer.usage
        options = request.body.get("stream_options")
        self._tells_usage = isinstance(options, dict) and options.get("include_usage") is True
        self._begun = False
        self._finish = "stop"
        self._message: Json = {"role": "assistant", "content": None, "refusal": None}
        self._calls: list[Json] = []

    def frames(self, step: Step) -> Iterator[Frame]:
        match step:
            case Say(text, between, citations):
                for number, word in enumerate(words(text)):
                    if number and between:
                        yield between
                    yield self._delta({"content": word})
                self._message["content"] = str(self._message["content"] or "") + text
                if citations:
                    annotations = [_chat_citation(url, text) for url in citations]
                    self._message["annotations"] = annotations
                    yield self._delta({"annotations": annotations})
            case Think(text):
                for word in words(text):
                    yield self._delta({"reasoning_content": word})
                self._message["reasoning_content"] = text
            case Refuse(text):
                for word in words(text):
                    yield self._delta({"refusal": word})
                self._message["refusal"] = text
            case Call():
                yield from self._call(step)
            case Truncate():
                self._finish = "length"
            case Fail(code, message):
                yield _data({"error": {"message": message, "type": code, "code": code}})
            case _:
                pass

    def closing(self) -> Iterator[bytes]:
        yield self._delta({}, self._finish)
        if self._tells_usage:
            yield _data({**self._envelope(), "choices": [], "usage": self._usage_json()})
        yield b"data: [DONE]\n\n"

    def document(self) -> Json:
        message = {**self._message, **({"tool_calls": self._calls} if self._calls else {})}
        choice = {"index": 0, "message": message, "finish_reason": self._finish}
        return {
            **self._envelope(),
            "object": "chat.completion",
            "choices": [choice],
            "usage": self._usage_json(),
        }

    def _call(self, call: Call) -> Iterator[bytes]:
        index = len(self._calls)
        function = {"name": call.name, "arguments": _arguments(call)}
        opened: Json = {"id": _new_id("call_"), "type": "function"}
        self._calls.append({**opened, "function": function})
        self._finish = "tool_calls"
        first = {"index": index, **opened, "function": {"name": call.name, "arguments": ""}}
        yield self._delta({"tool_calls": [first]})
        rest = {"index": index, "function": {"arguments": function["arguments"]}}
        yield self._delta({"tool_calls": [rest]})

    def _delta(self, delta: Json, finish: str | None = None) -> bytes:
        if not self._begun:
            delta, self._begun = {"role": "assistant", **delta}, True
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return _data({**self._envelope(), "choices": [choice]})

    def _envelope(self) -> Json:
        return {
            "id": self._id,
            "object": "chat.completion.chunk",
            "created": 1,
            "model": self._model,
        }

    def _usage_json(self) -> Json:
        given, written = self._usage
        return {
            "prompt_tokens": given,
            "completion_tokens": written,
            "total_tokens": given + written,
        }


class ResponsesWire:
    """The Responses API. Source: OpenAI's reference of its streaming events."""

    def __init__(self, request: ModelRequest, answer: Answer) -> None:
        self._numbers = count()
        self._usage = answer.usage
        self._begun = False
        self._output: list[Json] = []
        self._truncated = False
        self._response: Json = {
            "id": _new_id("resp_"),
            "object": "response",
            "created_at": 1,
            "model": request.model,
            "parallel_tool_calls": True,
            "tool_choice": "auto",
            "tools": [],
        }

    def frames(self, step: Step) -> Iterator[Frame]:
        if isinstance(step, Fail) and step.event:
            yield self._event("error", code=step.code, message=step.message, param=None)
            return
        if not self._begun:
            self._begun = True
            started = {**self._response, "status": "in_progress", "output": []}
            yield self._event("response.created", response=started)
            yield self._event("response.in_progress", response=started)
        match step:
            case Say(text, between, citations):
                annotations: list[Json] = [_citation(url, text) for url in citations]
                part: Json = {"type": "output_text", "text": text, "annotations": annotations}
                yield from self._message(part, "text", between, annotations)
            case Refuse(text):
                yield from self._message({"type": "refusal", "refusal": text}, "refusal")
            case Think(text):
                yield from self._reasoning(text)
            case Call():
                yield from self._call(step)
            case Truncate():
                self._truncated = True
            case Fail(code, message):
                error = {"code": code, "message": message}
                failed = {**self._response, "status": "failed", "error": error, "output": []}
                yield self._event("response.failed", response=failed)
            case _:
                pass

    def closing(self) -> Iterator[bytes]:
        kind = "response.incomplete" if self._truncated else "response.completed"
        yield self._event(kind, response=self.document())

    def document(self) -> Json:
        given, written = self._usage
        usage = {
            "input_tokens": given,
            "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens": written,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": given + written,
        }
        done: Json = {**self._response, "status": "completed", "output": self._output}
        if self._truncated:
            reason = {"reason": "max_output_tokens"}
            done |= {"status": "incomplete", "incomplete_details": reason}
        return {**done, "usage": usage}

    def _message(
        self,
        part: Json,
        member: str,
        between: Wait | Cut | None = None,
        annotations: Sequence[Json] = (),
    ) -> Iterator[Frame]:
        kind = part["type"]
        opened: Json = {"id": _new_id("msg_"), "type": "message", "role": "assistant"}
        place = {"item_id": opened["id"], "output_index": len(self._output), "content_index": 0}
        empty = {**part, member: "", **({"annotations": []} if kind == "output_text" else {})}
        yield self._added({**opened, "status": "in_progress", "content": []})
        yield self._event("response.content_part.added", **place, part=empty)
        text = str(part[member])
        for number, word in enumerate(words(text)):
            if number and between:
                yield between
            yield self._event(f"response.{kind}.delta", **place, delta=word, logprobs=[])
        for index, annotation in enumerate(annotations):
            yield self._event(
                "response.output_text.annotation.added",
                **place,
                annotation_index=index,
                annotation=annotation,
            )
        yield self._event(f"response.{kind}.done", **place, **{member: text}, logprobs=[])
        yield self._event("response.content_part.done", **place, part=part)
        yield self._done({**opened, "status": "completed", "content": [part]})

    def _reasoning(self, text: str) -> Iterator[bytes]:
        opened: Json = {"id": _new_id("rs_"), "type": "reasoning"}
        place = {"item_id": opened["id"], "output_index": len(self._output), "summary_index": 0}
        part = {"type": "summary_text", "text": text}
        yield self._added({**opened, "summary": []})
        kind = "response.reasoning_summary"
        yield self._event(f"{kind}_part.added", **place, part={**part, "text": ""})
        for word in words(text):
            yield self._event(f"{kind}_text.delta", **place, delta=word)
        yield self._event(f"{kind}_text.done", **place, text=text)
        yield self._event(f"{kind}_part.done", **place, part=part)
        yield self._done({**opened, "summary": [part]})

    def _call(self, call: Call) -> Iterator[bytes]:
        opened: Json = {
            "id": _new_id("fc_"),
            "type": "function_call",
            "call_id": _new_id("call_"),
            "name": call.name,
        }
        place = {"item_id": opened["id"], "output_index": len(self._output)}
        arguments = _arguments(call)
        kind = "response.function_call_arguments"
        yield self._added({**opened, "arguments": "", "status": "in_progress"})
        yield self._event(f"{kind}.delta", **place, delta=arguments)
        yield self._event(f"{kind}.done", **place, name=call.name, arguments=arguments)
        yield self._done({**opened, "arguments": arguments, "status": "completed"})

    def _added(self, item: Json) -> bytes:
        index = len(self._output)
        return self._event("response.output_item.added", output_index=index, item=item)

    def _done(self, item: Json) -> bytes:
        self._output.append(item)
        index = len(self._output) - 1
        return self._event("response.output_item.done", output_index=index, item=item)

    def _event(self, kind: str, **members: object) -> bytes:
        event = {"type": kind, "sequence_number": next(self._numbers), **members}
        return f"event: {kind}\n".encode() + _data(event)


def _data(document: Json) -> bytes:
    return b"data: " + json.dumps(document).encode() + b"\n\n"


def _arguments(call: Call) -> str:
    return call.arguments if isinstance(call.arguments, str) else json.dumps(dict(call.arguments))


def _citation(url: str, text: str) -> Json:
    return {
        "type": "url_citation",
        "url": url,
        "title": url,
        "start_index": 0,
        "end_index": len(text),
    }


def _chat_citation(url: str, text: str) -> Json:
    citation = _citation(url, text)
    return {"type": citation.pop("type"), "url_citation": citation}


def _new_id(prefix: str) -> str:
    return prefix + uuid4().hex
