"""Model providers, and which one a deployment uses."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal
from urllib.parse import urlsplit

from pydantic import SecretStr

from chatkit_backend.errors import ConfigError
from chatkit_backend.settings import Settings

Api = Literal["responses", "chat_completions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """How to reach a provider of models.

    Attributes:
        name: Its value of `LLM_PROVIDER`.
        base_url: Where its OpenAI-compatible API is.
        api: The protocol that it speaks best.
        key_variable: The setting that holds its key, or None if it needs none.
        url_variable: The setting that replaces `base_url`.
        default_model: Answers unless `MODEL_NAME` says otherwise: cheap, good, able to call tools.
    """

    name: str
    base_url: str
    api: Api
    default_model: str
    key_variable: str | None = None
    url_variable: str | None = None


OPENAI = Provider(
    name="openai",
    base_url="https://api.openai.com/v1",
    api="responses",
    key_variable="OPENAI_API_KEY",
    url_variable="OPENAI_BASE_URL",
    # Also the Agents SDK's default, whose settings for it (no reasoning) leave MAX_TOKENS to the
    # answer.
    default_model="gpt-5.6-luna",
)
OPENROUTER = Provider(
    name="openrouter",
    base_url="https://openrouter.ai/api/v1",
    api="chat_completions",
    key_variable="OPENROUTER_API_KEY",
    default_model="openai/gpt-5.6-luna",
)
GEMINI = Provider(
    name="gemini",
    base_url="https://generativelanguage.googleapis.com/v1beta/openai",
    api="chat_completions",
    key_variable="GEMINI_API_KEY",
    # An alias of Google's: numbered models are shut down about a year after they appear.
    default_model="gemini-flash-latest",
)
ANTHROPIC = Provider(
    name="anthropic",
    base_url="https://api.anthropic.com/v1",
    api="chat_completions",
    key_variable="ANTHROPIC_API_KEY",
    default_model="claude-haiku-4-5",
)
OLLAMA = Provider(
    name="ollama",
    base_url="http://127.0.0.1:11434/v1",
    api="chat_completions",
    url_variable="OLLAMA_BASE_URL",
    default_model="qwen3",
)
OFFLINE = Provider(name="offline", base_url="", api="responses", default_model="offline")

PROVIDERS: Mapping[str, Provider] = MappingProxyType(
    {
        provider.name: provider
        for provider in (OPENROUTER, GEMINI, ANTHROPIC, OPENAI, OLLAMA, OFFLINE)
    }
)
"""By name, in the order in which a provider is chosen when `LLM_PROVIDER` is not set."""

NO_KEY = "not-needed"
"""Sent to local servers, which need no key; the `openai` client insists on one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenProvider:
    """A provider as this deployment reaches it. The key is masked when printed.

    Attributes:
        provider: The declaration.
        base_url: Where its API is.
        api: The protocol to speak.
        key: Its key, or a placeholder.
        default_model: The model that answers when none is named.
    """

    provider: Provider
    base_url: str
    api: Api
    key: SecretStr
    default_model: str

    @property
    def offline(self) -> bool:
        """Whether there is no provider, and the built-in model answers."""
        return self.provider is OFFLINE

    @property
    def is_openai(self) -> bool:
        """Whether requests go to OpenAI itself."""
        return _serves(OPENAI, _host(self.base_url))


def choose(settings: Settings) -> ChosenProvider:
    """The provider that `LLM_PROVIDER` names, else the first one whose variable is set.

    OpenAI itself is asked through the Responses API. Other servers behind `OPENAI_BASE_URL` are
    asked through chat completions, which all of them have, and need no key. `LLM_API` overrides.

    Raises: ConfigError if the named provider has no key, or a base URL is none.
    """
    provider = PROVIDERS[settings.llm_provider] if settings.llm_provider else _first_set(settings)
    base_url = _base_url(provider, settings)
    elsewhere = not _serves(provider, _host(base_url))
    key = _key(provider, settings)
    if key is None and provider.key_variable is not None and not elsewhere:
        raise ConfigError(
            f"{provider.key_variable} is not set, and {provider.name} needs it; set "
            f"{provider.key_variable} in the environment or .env, or choose another LLM_PROVIDER"
        )
    return ChosenProvider(
        provider=provider,
        base_url=base_url,
        api=settings.llm_api or ("chat_completions" if elsewhere else provider.api),
        key=key or SecretStr(NO_KEY),
        default_model=settings.model_name or provider.default_model,
    )


def key_variable(host: str | None) -> str:
    """The setting that holds the key for the API on `host`, for messages to an operator."""
    for provider in PROVIDERS.values():
        if provider.key_variable and _serves(provider, host):
            return provider.key_variable
    return "OPENAI_API_KEY"


def _first_set(settings: Settings) -> Provider:
    for provider in PROVIDERS.values():
        if _key(provider, settings) or _own_url(provider, settings):
            return provider
    return OFFLINE


def _key(provider: Provider, settings: Settings) -> SecretStr | None:
    keys = {
        "OPENAI_API_KEY": settings.openai_api_key,
        "OPENROUTER_API_KEY": settings.openrouter_api_key,
        "GEMINI_API_KEY": settings.gemini_api_key,
        "ANTHROPIC_API_KEY": settings.anthropic_api_key,
    }
    return keys[provider.key_variable] if provider.key_variable else None


def _own_url(provider: Provider, settings: Settings) -> str | None:
    urls = {
        "OPENAI_BASE_URL": settings.openai_base_url,
        "OLLAMA_BASE_URL": settings.ollama_base_url,
    }
    return urls[provider.url_variable] if provider.url_variable else None


def _base_url(provider: Provider, settings: Settings) -> str:
    own = _own_url(provider, settings)
    if own is None:
        return provider.base_url
    parts = urlsplit(own)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ConfigError(
            f"{provider.url_variable}={own!r} is not a URL; write it like {OLLAMA.base_url}"
        )
    if provider is OLLAMA and parts.path in {"", "/"}:
        # Ollama's own tools write the address without the path of its OpenAI-compatible API.
        return own.rstrip("/") + urlsplit(OLLAMA.base_url).path
    return own


def _serves(provider: Provider, host: str | None) -> bool:
    """Whether `host` is the provider's, or a regional one of it (`eu.api.openai.com`)."""
    own = _host(provider.base_url)
    return host == own or bool(host and own and host.endswith(f".{own}"))


def _host(url: str) -> str | None:
    return urlsplit(url).hostname
