"""What kind of failure a provider reports. Every provider words it differently."""

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from openai import APIConnectionError, APIError, APIStatusError

from .errors import ModelStreamError

ProviderFailure: TypeAlias = Literal[
    "bad_key",
    "permission_denied",
    "quota_exhausted",
    "rate_limited",
    "timeout",
    "context_too_long",
    "answer_too_long",
    "content_filtered",
    "model_not_found",
    "network",
    "provider_error",
    "bad_request",
]

_BY_WORDS: tuple[tuple[ProviderFailure, str], ...] = (
    # OpenAI; Anthropic; DeepSeek; OpenRouter
    (
        "quota_exhausted",
        (
            r"insufficient_quota|billing_hard_limit|credit balance is too low|insufficient balance"
            r"|insufficient credits|requires more credits"
        ),
    ),
    # OpenAI; Gemini, which answers 400
    ("bad_key", r"invalid_api_key|api key not valid|api_key_invalid|incorrect api key"),
    # OpenAI and vLLM; Anthropic; Gemini; llama.cpp
    (
        "context_too_long",
        (
            r"context_length_exceeded|maximum context length|context window|prompt is too long"
            r"|input token count|exceed_context_size|exceeds the available context"
        ),
    ),
    # OpenAI; OpenRouter; Ollama
    ("model_not_found", r"model_not_found|not a valid model|model \S+ (?:was )?not found"),
    # OpenAI; Azure
    ("content_filtered", r"content_filter|content_policy|responsibleaipolicy|\w+_policy\b"),
    ("answer_too_long", r"max_output_tokens"),
)

_BY_STATUS: dict[int, ProviderFailure] = {
    401: "bad_key",
    402: "quota_exhausted",
    403: "permission_denied",
    404: "model_not_found",
    408: "timeout",
    409: "provider_error",
    413: "context_too_long",
    429: "rate_limited",
}

_BY_CODE: dict[str, ProviderFailure] = {
    # Codes inside a stream, where there is no status any more.
    "stream_cut": "network",
    "invalid_prompt": "bad_request",
    "invalid_request_error": "bad_request",
    "rate_limit_exceeded": "rate_limited",
    "rate_limit_error": "rate_limited",
    "authentication_error": "bad_key",
    "permission_error": "permission_denied",
}


@dataclass(frozen=True, slots=True)
class _Report:
    status: int | None
    code: str
    param: str | None
    words: str


def classify(exc: APIError | ModelStreamError) -> ProviderFailure:
    """Say what kind of failure a provider reported, before or inside a stream."""
    if isinstance(exc, APIConnectionError):
        return "timeout" if _timed_out(exc) else "network"
    report = _report(exc)
    if report.status is None or report.status < 500:
        for failure, words in _BY_WORDS:
            if re.search(words, report.words):
                return failure
    if report.param == "model":
        return "model_not_found"
    return _by_number(report)


def _by_number(report: _Report) -> ProviderFailure:
    if report.status is None:
        return _BY_CODE.get(report.code, "provider_error")
    if report.status >= 500:
        return "provider_error"
    return _BY_STATUS.get(report.status, "bad_request")


def _report(exc: APIError | ModelStreamError) -> _Report:
    if isinstance(exc, ModelStreamError):
        status, kind, param, said = None, None, None, f"{exc.code} {exc.message}"
    else:
        status, kind, param = None, exc.type, exc.param
        said = f"{exc.code} {exc.type} {exc.message}"
    code = exc.code or kind or ""
    if isinstance(exc, APIStatusError):
        status = exc.status_code
    elif code.isdecimal():
        # OpenRouter puts the status that the upstream gave into the chunk: {"code": 502, …}.
        status = int(code)
    elif code not in _BY_CODE and kind:
        code = kind
    return _Report(status, code, param, said.lower())


def _timed_out(exc: BaseException) -> bool:
    """Whether a timeout is behind a connection error.

    The aiohttp transport reports a refused or dropped connection as `ConnectTimeout` too; only a
    real timeout has a `TimeoutError` among its causes.
    """
    cause: BaseException | None = exc
    while cause is not None:
        if isinstance(cause, TimeoutError):
            return True
        cause = cause.__cause__
    return False
