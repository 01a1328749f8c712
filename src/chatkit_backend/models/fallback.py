"""Other models for when the first cannot answer."""

from collections.abc import Sequence
from contextlib import aclosing

import structlog
from agents import Model, ModelResponse

from .call import CallModel, Events, ModelCall
from .failures import explain
from .prelude import from_first_output

MODEL_SPECIFIC = frozenset({"model_not_found", "context_too_long", "content_filtered"})
"""Failures that a retry cannot cure and another model of the same provider may."""


class FallbackModel(CallModel):
    """Asks models in order until one begins to answer.

    The next is asked after a failure that may pass or that belongs to the model. A bad key, an
    empty account or a bad request would fail alike everywhere, and are raised. Once a model has
    begun, its failure is final: its text was seen.
    """

    def __init__(self, models: Sequence[tuple[str, Model]]) -> None:
        """Take the models in order, each with its name for the log.

        Raises: ValueError if there is none.
        """
        if not models:
            raise ValueError("FallbackModel needs one model or more, got none")
        self._models = tuple(models)
        self._log = structlog.get_logger("chatkit_backend.models")

    async def respond(self, call: ModelCall) -> ModelResponse:
        """Return the first answer. Raises: the failure of the last model that was asked."""
        *others, last = self._models
        for name, model in others:
            try:
                return await call.respond(model)
            except Exception as exc:  # noqa: BLE001  `_pass_on` raises what is final
                self._pass_on(name, exc)
        return await call.respond(last[1])

    async def stream(self, call: ModelCall) -> Events:
        """Yield the first answer's events. Raises: as `respond`."""
        for position, (name, model) in enumerate(self._models, start=1):
            begun = False
            try:
                async with (
                    call.stream(model) as events,
                    aclosing(from_first_output(events)) as seen,
                ):
                    async for event in seen:
                        begun = True
                        yield event
            except Exception as exc:
                if begun or position == len(self._models):
                    raise
                self._pass_on(name, exc)
            else:
                return

    async def close(self) -> None:
        """Close every model."""
        for _, model in self._models:
            await model.close()

    def _pass_on(self, name: str, exc: Exception) -> None:
        """Log that the next model is asked. Raises: `exc` if that would not help."""
        failure = explain(exc)
        if failure is None or not (failure.retryable or failure.code in MODEL_SPECIFIC):
            raise exc
        self._log.warning("model_fallback", model=name, code=failure.code)
