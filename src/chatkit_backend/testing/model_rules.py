"""What real servers refuse, as a `ModelServer` refuses it. Worded as OpenAI does."""

from collections.abc import Iterator, Mapping, Sequence

from .model_replies import HttpError, ModelRequest

_CHAT_PARTS: Mapping[str, tuple[str, ...]] = {
    "system": ("text",),
    "developer": ("text",),
    "user": ("text", "image_url", "input_audio", "file"),
    "assistant": ("text", "refusal"),
    "tool": ("text",),
}
_RESPONSES_PARTS: Mapping[str, tuple[str, ...]] = {
    "system": ("input_text",),
    "developer": ("input_text",),
    "user": ("input_text", "input_image", "input_file", "input_audio"),
    "assistant": ("output_text", "refusal"),
}
_ID_PREFIXES = {"message": "msg", "function_call": "fc", "reasoning": "rs"}


def refusal(request: ModelRequest) -> HttpError | None:
    """Why a real server would answer this request with 400, or None."""
    if not request.messages:
        return _bad("Missing required parameter: the conversation is empty.", None)
    check = _chat_problems if request.api == "chat_completions" else _responses_problems
    return next(check(request.messages), None)


def _chat_problems(messages: Sequence[Mapping[str, object]]) -> Iterator[HttpError]:
    waiting: list[object] = []
    for index, message in enumerate(messages):
        yield from _part_problems(message, _CHAT_PARTS, f"messages[{index}]")
        if message.get("role") == "tool":
            if message.get("tool_call_id") not in waiting:
                yield _bad(
                    "Invalid parameter: messages with role 'tool' must be a response to a "
                    "preceeding message with 'tool_calls'.",
                    f"messages.[{index}].role",
                )
            else:
                waiting.remove(message.get("tool_call_id"))
            continue
        if waiting:
            break
        waiting = _chat_call_ids(message)
    if waiting:
        yield _bad(
            "An assistant message with 'tool_calls' must be followed by tool messages responding "
            "to each 'tool_call_id'. The following tool_call_ids did not have response messages: "
            + ", ".join(map(str, waiting)),
            "messages",
        )


def _chat_call_ids(message: Mapping[str, object]) -> list[object]:
    calls = message.get("tool_calls")
    if not isinstance(calls, list):
        return []
    return [call.get("id") for call in calls if isinstance(call, Mapping)]


def _responses_problems(items: Sequence[Mapping[str, object]]) -> Iterator[HttpError]:
    called: set[object] = set()
    answered: set[object] = set()
    for index, item in enumerate(items):
        kind = str(item.get("type", "message"))
        yield from _part_problems(item, _RESPONSES_PARTS, f"input[{index}]")
        prefix = _ID_PREFIXES.get(kind)
        if prefix and item.get("id") is not None and not str(item["id"]).startswith(prefix):
            yield _bad(
                f"Invalid 'input[{index}].id': '{item['id']}'. Expected an ID that begins with "
                f"'{prefix}'.",
                f"input[{index}].id",
            )
        if kind == "function_call":
            called.add(item.get("call_id"))
        elif kind == "function_call_output":
            answered.add(item.get("call_id"))
            if item.get("call_id") not in called:
                yield _bad(
                    "No tool call found for function call output with call_id "
                    f"{item.get('call_id')}.",
                    "input",
                )
    for call_id in called - answered:
        yield _bad(f"No tool output found for function call {call_id}.", "input")


def _part_problems(
    message: Mapping[str, object], allowed: Mapping[str, tuple[str, ...]], where: str
) -> Iterator[HttpError]:
    content, role = message.get("content"), str(message.get("role"))
    if role not in allowed or not isinstance(content, list):
        return
    for index, part in enumerate(content):
        kind = part.get("type") if isinstance(part, Mapping) else None
        if kind not in allowed[role]:
            names = " and ".join(f"'{name}'" for name in allowed[role])
            yield _bad(
                f"Invalid value: '{kind}'. Supported values are: {names}.",
                f"{where}.content[{index}].type",
            )


def _bad(message: str, param: str | None) -> HttpError:
    return HttpError(status=400, code="invalid_value", message=message, param=param)
