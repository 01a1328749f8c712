"""What each failure means. The bodies are those that providers send."""

import asyncio
from collections.abc import Mapping

import httpx2
import pytest
from agents import (
    Agent,
    GuardrailFunctionOutput,
    InputGuardrailTripwireTriggered,
    MaxTurnsExceeded,
    ModelBehaviorError,
    UserError,
    input_guardrail,
)
from agents.guardrail import InputGuardrailResult
from openai import APIConnectionError, APIError, APIStatusError, APITimeoutError

from chatkit_backend.models import (
    FirstTokenTimeoutError,
    ModelStreamError,
    TokenTimeoutError,
    explain,
)

KEY = "my-own-secret"
OPENAI_URL = "https://api.openai.com/v1/responses"


def request_to(url: str = OPENAI_URL) -> httpx2.Request:
    return httpx2.Request("POST", url, headers={"Authorization": f"Bearer {KEY}"})


def status(code: int, body: Mapping[str, object] | None = None, url: str = OPENAI_URL) -> APIError:
    message = f"Error code: {code} - {body}"
    response = httpx2.Response(code, request=request_to(url))
    return APIStatusError(message, response=response, body=body)


def caused(exc: Exception, cause: Exception) -> Exception:
    exc.__cause__ = cause
    return exc


async def tripped() -> GuardrailFunctionOutput:
    return GuardrailFunctionOutput(output_info=None, tripwire_triggered=True)


def guardrail_tripwire() -> InputGuardrailTripwireTriggered:
    @input_guardrail
    async def strict(context: object, agent: Agent[None], given: object) -> GuardrailFunctionOutput:
        return await tripped()

    output = GuardrailFunctionOutput(output_info=None, tripwire_triggered=True)
    return InputGuardrailTripwireTriggered(InputGuardrailResult(strict, output))


QUOTA = {"code": "insufficient_quota", "message": "You exceeded your current quota"}
GEMINI_KEY = {"code": 400, "message": "API key not valid. Please pass a valid API key."}
POOR = {"type": "invalid_request_error", "message": "Your credit balance is too low to access"}
NO_ENTRY = {"message": "anthropic/claude-9 is not a valid model ID", "code": 400}


@pytest.mark.parametrize(
    ("exc", "code", "retryable"),
    [
        (status(401, {"code": "invalid_api_key", "message": "Incorrect"}), "bad_key", False),
        (status(400, GEMINI_KEY), "bad_key", False),
        (status(403), "permission_denied", False),
        (status(429, QUOTA), "quota_exhausted", False),
        (status(400, POOR), "quota_exhausted", False),
        (status(402), "quota_exhausted", False),
        (status(429, {"code": "rate_limit_exceeded"}), "rate_limited", True),
        (status(429), "rate_limited", True),
        (status(408), "timeout", True),
        (status(409), "provider_error", True),
        (status(404, {"code": "model_not_found"}), "model_not_found", False),
        (status(403, {"code": "model_not_found"}), "model_not_found", False),
        (
            status(404, {"message": 'model "qwen3" not found, try pulling'}),
            "model_not_found",
            False,
        ),
        (status(400, {"message": "bad", "param": "model"}), "model_not_found", False),
        (status(400, NO_ENTRY), "model_not_found", False),
        (status(400, {"code": "context_length_exceeded"}), "context_too_long", False),
        (status(400, {"message": "prompt is too long: 9 tokens"}), "context_too_long", False),
        (status(413), "context_too_long", False),
        (status(400, {"code": "content_filter"}), "content_filtered", False),
        (status(400, {"message": "Unsupported parameter"}), "bad_request", False),
        (status(422), "bad_request", False),
        (status(500), "provider_error", True),
        (status(529, {"type": "overloaded_error"}), "provider_error", True),
        (status(503, {"message": "maximum context length service"}), "provider_error", True),
        (APITimeoutError(request_to()), "network", True),
        (caused(APITimeoutError(request_to()), TimeoutError()), "timeout", True),
        (APIConnectionError(request=request_to()), "network", True),
        (APIError("Provider died", request_to(), body={"code": 502}), "provider_error", True),
        (APIError("Slow down", request_to(), body={"code": 429}), "rate_limited", True),
        (APIError("?", request_to(), body={"type": "overloaded_error"}), "provider_error", True),
        (APIError("?", request_to(), body={"type": "rate_limit_error"}), "rate_limited", True),
        (ModelStreamError("server_error", "Sorry"), "provider_error", True),
        (ModelStreamError("rate_limit_exceeded", "Slow down"), "rate_limited", True),
        (ModelStreamError("stream_cut", "ended early"), "network", True),
        (ModelStreamError("content_filter", "no"), "content_filtered", False),
        (ModelStreamError("max_output_tokens", "no"), "answer_too_long", False),
        (ModelStreamError("invalid_prompt", "no"), "bad_request", False),
        (FirstTokenTimeoutError(60), "timeout", True),
        (TokenTimeoutError(60), "timeout", True),
        (MaxTurnsExceeded("Max turns (20) exceeded"), "too_many_turns", False),
        (ModelBehaviorError("Tool nope not found in agent"), "model_misbehaved", False),
        (ModelBehaviorError("terminated with finish_reason='length'"), "answer_too_long", False),
        (guardrail_tripwire(), "guardrail", False),
    ],
)
def test_each_failure_has_its_meaning(exc: Exception, code: str, retryable: bool) -> None:
    failure = explain(exc)
    assert failure is not None
    assert (failure.code, failure.retryable) == (code, retryable)
    assert failure.user_message.endswith(".")


@pytest.mark.parametrize(
    "exc", [ValueError("a bug"), UserError("misuse"), asyncio.CancelledError(), TimeoutError()]
)
def test_what_is_not_about_a_model_is_not_explained(exc: BaseException) -> None:
    assert explain(exc) is None


@pytest.mark.parametrize(
    ("url", "variable"),
    [
        (OPENAI_URL, "OPENAI_API_KEY"),
        ("https://openrouter.ai/api/v1/chat/completions", "OPENROUTER_API_KEY"),
        ("https://generativelanguage.googleapis.com/v1beta/openai/x", "GEMINI_API_KEY"),
    ],
)
def test_the_operator_is_told_which_variable_to_fix(url: str, variable: str) -> None:
    failure = explain(status(401, url=url))
    assert failure is not None
    assert variable in failure.operator_hint
    assert variable not in failure.user_message


@pytest.mark.parametrize(
    "echoed",
    [KEY, f"Bearer {KEY}", "sk-proj-abcdef123456", "AIzaSyD4abcdefgh", "a1b2c3d4e5f6a7b8c9d0e1f2"],
)
@pytest.mark.parametrize("in_stream", [False, True])
def test_a_key_that_the_provider_echoes_is_masked(echoed: str, in_stream: bool) -> None:
    said = f"Incorrect API key provided: {echoed}."
    exc = APIError(said, request_to(), body={}) if in_stream else status(401, {"message": said})
    failure = explain(exc)
    assert failure is not None
    assert "Incorrect API key provided: ****" in failure.operator_hint
    for text in (failure.operator_hint, failure.user_message):
        assert echoed not in text
        assert KEY not in text


def test_a_page_of_html_is_shortened() -> None:
    failure = explain(status(502, {"message": "<html>" + "x " * 10_000}))
    assert failure is not None
    assert len(failure.operator_hint) < 500


def test_what_the_model_wrote_is_not_in_the_hint() -> None:
    failure = explain(ModelBehaviorError("Invalid JSON: my diary"))
    assert failure is not None
    assert "diary" not in failure.operator_hint + failure.user_message


def test_model_names_stay_readable() -> None:
    failure = explain(status(404, {"message": "The model gpt-5.4-mini-2026-03-17 does not exist"}))
    assert failure is not None
    assert "gpt-5.4-mini-2026-03-17" in failure.operator_hint
