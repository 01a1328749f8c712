"""The limit of an answer's length as OpenAI's chat completions take it."""

from dataclasses import replace

from .call import ModelCall, WrappedModel


class CompletionTokensModel(WrappedModel):
    """Sends `max_completion_tokens` in place of `max_tokens`.

    OpenAI's reasoning models refuse `max_tokens`, which the Agents SDK (0.24) sends; other
    providers often know only `max_tokens`. Source: OpenAI's reference of chat completions.
    """

    def prepared(self, call: ModelCall) -> ModelCall:
        """The call with its limit under the newer name."""
        settings = call.settings
        if settings.max_tokens is None:
            return call
        extra = {"max_completion_tokens": settings.max_tokens, **(settings.extra_args or {})}
        return replace(call, settings=replace(settings, max_tokens=None, extra_args=extra))
