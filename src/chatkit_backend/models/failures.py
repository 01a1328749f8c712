"""What a failure of a model means, for the user and for the operator."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from agents.exceptions import (
    InputGuardrailTripwireTriggered,
    MaxTurnsExceeded,
    ModelBehaviorError,
    ModelRefusalError,
    ModelTimeoutError,
    OutputGuardrailTripwireTriggered,
    ToolInputGuardrailTripwireTriggered,
    ToolOutputGuardrailTripwireTriggered,
    ToolTimeoutError,
)
from openai import APIError, ContentFilterFinishReasonError

from .errors import FirstTokenTimeoutError, ModelStreamError, TokenTimeoutError
from .masking import masked
from .provider_errors import ProviderFailure, classify
from .providers import key_variable

Code: TypeAlias = (
    ProviderFailure | Literal["too_many_turns", "model_misbehaved", "guardrail", "tool_timeout"]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFailure:
    """A failure in words.

    Attributes:
        code: A stable, machine-readable name.
        user_message: For the person who chats: what happened and what they can do. No internals.
        operator_hint: For the log: what to fix, with the variable's name. Keys are masked.
        retryable: Whether the same request may succeed later.
    """

    code: Code
    user_message: str
    operator_hint: str
    retryable: bool


_AGAIN = "Please try again in a moment."
_OPERATOR = "The people who run this service have to fix this."

_TEXTS: dict[Code, tuple[bool, str, str]] = {
    # code: (retryable, for the user, for the operator)
    "bad_key": (
        False,
        f"The assistant is not set up correctly. {_OPERATOR}",
        "the provider refused the key; check {key}",
    ),
    "permission_denied": (
        False,
        f"The assistant is not allowed to use its language model. {_OPERATOR}",
        (
            "the key in {key} may not do this; check its project, its region and the access to "
            "MODEL_NAME"
        ),
    ),
    "quota_exhausted": (
        False,
        f"The assistant's budget is used up. {_OPERATOR}",
        "the account behind {key} has no credit or has reached its spending limit",
    ),
    "rate_limited": (
        True,
        f"The assistant is very busy. {_AGAIN}",
        (
            "the provider's rate limit for {key} is reached; raise it there, or name other models "
            "in MODEL_FALLBACKS"
        ),
    ),
    "timeout": (
        True,
        f"The assistant took too long to answer. {_AGAIN}",
        (
            "the model was too slow; see MODEL_CONNECT_TIMEOUT_S, MODEL_FIRST_TOKEN_TIMEOUT_S and "
            "MODEL_TOKEN_TIMEOUT_S"
        ),
    ),
    "context_too_long": (
        False,
        (
            "This conversation is too long for the assistant. Please send a shorter message or "
            "start a new conversation."
        ),
        (
            "the input is larger than the model's context; lower HISTORY_TOKENS or MAX_TOKENS, or "
            "choose another MODEL_NAME"
        ),
    ),
    "answer_too_long": (
        False,
        "The answer did not fit. Please ask for something shorter.",
        ("MAX_TOKENS was used up before there was text; raise it, or lower the reasoning effort"),
    ),
    "content_filtered": (
        False,
        "The assistant cannot answer this. Please put it differently.",
        "the provider's content filter refused the request or the answer",
    ),
    "model_not_found": (
        False,
        f"The chosen language model is not available. {_OPERATOR}",
        (
            "the provider does not have this model for {key}; check MODEL_NAME, MODEL_CHOICES, "
            "MODEL_FALLBACKS and the base URL (with Ollama, `ollama pull` the model first)"
        ),
    ),
    "network": (
        True,
        f"The assistant cannot be reached. {_AGAIN}",
        (
            "no connection to the provider, or it broke; check the network, proxies and the base "
            "URL (OPENAI_BASE_URL, OLLAMA_BASE_URL)"
        ),
    ),
    "provider_error": (
        True,
        f"The assistant has a technical problem. {_AGAIN}",
        "the provider failed; see its status page",
    ),
    "bad_request": (
        False,
        f"The assistant could not process this. {_OPERATOR}",
        (
            "the provider refused the request; a parameter or a tool may not suit MODEL_NAME or "
            "LLM_API"
        ),
    ),
    "too_many_turns": (
        False,
        "The assistant took too many steps without finishing. Please ask for a smaller step.",
        "the agent used all of MAX_TURNS",
    ),
    "model_misbehaved": (
        False,
        "The assistant gave an answer that cannot be used. Please try again or put it differently.",
        (
            "the model's output does not fit the agent (an unknown tool, malformed JSON, nothing); "
            "a stronger MODEL_NAME may help"
        ),
    ),
    "guardrail": (
        False,
        "The assistant cannot help with this.",
        "a guardrail of the agent stopped the answer",
    ),
    "tool_timeout": (
        True,
        f"A tool that the assistant uses took too long. {_AGAIN}",
        "a tool of the agent exceeded its timeout",
    ),
}

_BY_TYPE: tuple[tuple[type[BaseException], Code], ...] = (
    (FirstTokenTimeoutError, "timeout"),
    (TokenTimeoutError, "timeout"),
    (ModelTimeoutError, "timeout"),
    (ToolTimeoutError, "tool_timeout"),
    (MaxTurnsExceeded, "too_many_turns"),
    (ModelRefusalError, "content_filtered"),
    (ContentFilterFinishReasonError, "content_filtered"),
    (ModelBehaviorError, "model_misbehaved"),
    (InputGuardrailTripwireTriggered, "guardrail"),
    (OutputGuardrailTripwireTriggered, "guardrail"),
    (ToolInputGuardrailTripwireTriggered, "guardrail"),
    (ToolOutputGuardrailTripwireTriggered, "guardrail"),
)


def explain(exc: BaseException) -> ModelFailure | None:
    """Say what `exc` means, or None if it is not about a model or an agent's run."""
    code = _code(exc)
    if code is None:
        return None
    retryable, user_message, hint = _TEXTS[code]
    host = exc.request.url.host if isinstance(exc, APIError) else None
    return ModelFailure(
        code=code,
        user_message=user_message,
        operator_hint=hint.format(key=key_variable(host)) + _said(exc),
        retryable=retryable,
    )


def _code(exc: BaseException) -> Code | None:
    if isinstance(exc, (APIError, ModelStreamError)):
        return classify(exc)
    if isinstance(exc, ModelBehaviorError) and "finish_reason='length'" in exc.message:
        # The Agents SDK's only sign that a chat completion ended before its first word.
        return "answer_too_long"
    return next((code for kind, code in _BY_TYPE if isinstance(exc, kind)), None)


def _said(exc: BaseException) -> str:
    """The provider's own words. Other exceptions may quote what people or the model wrote."""
    if not isinstance(exc, (APIError, ModelStreamError)):
        return ""
    request_id = getattr(exc, "request_id", None)
    suffix = f" (request {request_id})" if request_id else ""
    return f". It said: {masked(exc.message, exc)}{suffix}"
