"""The models of this deployment, by name, each with its timeouts, retries and fallbacks."""

from collections import OrderedDict

from agents import (
    Model,
    ModelProvider,
    OpenAIChatCompletionsModel,
    OpenAIResponsesModel,
)
from openai import AsyncOpenAI

from chatkit_backend.settings import Settings

from .capped import CappedModel
from .client import new_client
from .completion_tokens import CompletionTokensModel
from .fallback import FallbackModel
from .flushed import FlushedModel
from .implied import ImpliedSettingsModel
from .merged_stream import Pacing
from .offline import OfflineModel
from .providers import ChosenProvider, choose
from .read_ahead import ReadAheadModel
from .retried import RetriedModel
from .terminal import TerminalModel
from .timed import TimedModel

MAX_CACHED = 64
"""Models that are kept; the one that was not used for longest is built again when it is needed."""


class ModelCatalog(ModelProvider):
    """Finds models for agents: `RunConfig(model_provider=catalog)`.

    Reaches no network before a model is asked, and never asks one on its own: that costs money.
    """

    def __init__(
        self, chosen: ChosenProvider, settings: Settings, *, pacing: Pacing | None = None
    ) -> None:
        """Offer the models of `chosen`, with the timeouts, retries and fallbacks of `settings`.

        `pacing` says how long to wait for more text before an answer is read on.
        """
        self._pacing = pacing
        self._chosen = chosen
        self._settings = settings
        self._client: AsyncOpenAI | None = None
        self._models: OrderedDict[str | None, Model] = OrderedDict()

    @classmethod
    def from_settings(cls, settings: Settings, *, pacing: Pacing | None = None) -> "ModelCatalog":
        """Offer the models of the provider that the settings choose.

        Raises: ConfigError if the named provider has no key, or a base URL is none.
        """
        return cls(choose(settings), settings, pacing=pacing)

    @property
    def provider_name(self) -> str:
        """The provider, as `LLM_PROVIDER` names it."""
        return self._chosen.provider.name

    @property
    def default_name(self) -> str:
        """The model that answers when none is named."""
        return self._chosen.default_model

    def allows(self, name: str) -> bool:
        """Whether a client may choose this model: MODEL_NAME or one of MODEL_CHOICES."""
        return name == self.default_name or name in self._settings.model_choices

    def get_model(self, model_name: str | None) -> Model:
        """The model that an agent names, or the default. Any name: the agent is the developer's."""
        model = self._models.pop(model_name, None)
        if model is None:
            model = self._build(model_name)
        self._models[model_name] = model
        if len(self._models) > MAX_CACHED:
            self._models.popitem(last=False)
        return model

    async def aclose(self) -> None:
        """Close the connections to the provider. Safe to call again."""
        self._models.clear()
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    def _build(self, asked: str | None) -> Model:
        return CappedModel(self._uncapped(asked), max_tokens=self._settings.max_tokens)

    def _uncapped(self, asked: str | None) -> Model:
        if self._chosen.offline:
            return OfflineModel()
        first = asked or self.default_name
        names = dict.fromkeys((first, *self._settings.model_fallbacks))
        models = [(name, self._reliable(name, asked)) for name in names]
        return FlushedModel(models[0][1] if len(models) == 1 else FallbackModel(models))

    def _reliable(self, name: str, asked: str | None) -> Model:
        settings = self._settings
        model: Model = ImpliedSettingsModel(self._upstream(name), name=name, asked=asked)
        model = TimedModel(
            TerminalModel(model),
            first_token_s=settings.model_first_token_timeout_s,
            token_s=settings.model_token_timeout_s,
        )
        return RetriedModel(model, retries=settings.model_retries)

    def _upstream(self, name: str) -> Model:
        if self._client is None:
            self._client = new_client(
                self._chosen,
                connect_timeout_s=self._settings.model_connect_timeout_s,
                pacing=self._pacing,
            )
        if self._chosen.api == "responses":
            return ReadAheadModel(OpenAIResponsesModel(model=name, openai_client=self._client))
        model = ReadAheadModel(OpenAIChatCompletionsModel(model=name, openai_client=self._client))
        return CompletionTokensModel(model) if self._chosen.is_openai else model
