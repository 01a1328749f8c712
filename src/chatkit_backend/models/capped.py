"""MAX_TOKENS for every agent that sets no limit of its own."""

from dataclasses import replace

from agents import Model

from .call import ModelCall, WrappedModel


class CappedModel(WrappedModel):
    """Limits the length of an answer, also for handoffs and for agents used as tools.

    `RunConfig(model_settings=…)` would do so too, but over the developer's own limit.
    """

    def __init__(self, inner: Model, *, max_tokens: int) -> None:
        super().__init__(inner)
        self._max_tokens = max_tokens

    def prepared(self, call: ModelCall) -> ModelCall:
        """The call with a limit."""
        if call.settings.max_tokens is not None:
            return call
        return replace(call, settings=replace(call.settings, max_tokens=self._max_tokens))
