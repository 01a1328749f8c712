"""Settings that the Agents SDK implies for one model are not sent to another."""

from dataclasses import replace

from agents import Model, ModelSettings
from agents.models import get_default_model, get_default_model_settings

from .call import ModelCall, WrappedModel


class ImpliedSettingsModel(WrappedModel):
    """Replaces the settings implied for the model that was asked for by those of the one that is.

    An agent that names no model gets settings for the SDK's default model (with 0.24: no reasoning,
    little verbosity). Many providers refuse such parameters. What the developer set stays.
    """

    def __init__(self, inner: Model, *, name: str, asked: str | None) -> None:
        """Wrap the model `name`, which answers for the model `asked` (None: the SDK's default)."""
        super().__init__(inner)
        self._implied = get_default_model_settings(asked or get_default_model())
        self._own = get_default_model_settings(name)

    def prepared(self, call: ModelCall) -> ModelCall:
        """The call with the settings of the model that gets it."""
        given = call.settings
        if _implied_part(given) != _implied_part(self._implied):
            return call
        settings = replace(given, reasoning=self._own.reasoning, verbosity=self._own.verbosity)
        return replace(call, settings=settings)


def _implied_part(settings: ModelSettings) -> tuple[object, object]:
    return settings.reasoning, settings.verbosity
