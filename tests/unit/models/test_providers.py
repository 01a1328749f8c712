import pytest
from pydantic import SecretStr

from chatkit_backend.errors import ConfigError
from chatkit_backend.models import PROVIDERS, choose
from chatkit_backend.models.providers import NO_KEY, key_variable
from chatkit_backend.settings import Settings

KEYS = ("openrouter_api_key", "gemini_api_key", "anthropic_api_key", "openai_api_key")


@pytest.fixture(autouse=True)
def nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def settings(**given: object) -> Settings:
    return Settings.model_validate(given)


def test_without_any_variable_the_offline_model_answers() -> None:
    chosen = choose(settings())
    assert chosen.offline
    assert chosen.default_model == "offline"


@pytest.mark.parametrize("first", range(len(KEYS)))
def test_the_first_key_in_order_decides(first: int) -> None:
    chosen = choose(settings(**dict.fromkeys(KEYS[first:], "k"), ollama_base_url="http://o/v1"))
    assert chosen.provider.key_variable == KEYS[first].upper()
    assert chosen.default_model == chosen.provider.default_model


def test_ollama_is_chosen_by_its_address() -> None:
    chosen = choose(settings(ollama_base_url="http://127.0.0.1:11434"))
    assert (chosen.provider.name, chosen.base_url, chosen.api) == (
        "ollama",
        "http://127.0.0.1:11434/v1",
        "chat_completions",
    )


def test_a_named_provider_wins_over_the_keys_that_are_set() -> None:
    chosen = choose(settings(llm_provider="gemini", gemini_api_key="g", openrouter_api_key="o"))
    assert chosen.provider.name == "gemini"
    assert chosen.key.get_secret_value() == "g"


@pytest.mark.parametrize("name", ["openrouter", "gemini", "anthropic", "openai"])
def test_a_named_provider_without_its_key_names_the_variable(name: str) -> None:
    with pytest.raises(ConfigError, match=f"{name.upper()}_API_KEY is not set"):
        choose(settings(llm_provider=name))


@pytest.mark.parametrize("name", ["ollama", "offline"])
def test_providers_without_keys_need_none(name: str) -> None:
    assert choose(settings(llm_provider=name)).provider.name == name


@pytest.mark.parametrize(
    ("base_url", "api"),
    [
        (None, "responses"),
        ("https://api.openai.com/v1", "responses"),
        ("https://eu.api.openai.com/v1", "responses"),
        ("http://127.0.0.1:8080/v1", "chat_completions"),
        ("https://api.openai.com.example.org/v1", "chat_completions"),
    ],
)
def test_only_openai_itself_is_asked_through_responses(base_url: str | None, api: str) -> None:
    chosen = choose(settings(openai_api_key="k", openai_base_url=base_url))
    assert chosen.api == api
    assert chosen.is_openai == (api == "responses")


@pytest.mark.parametrize("api", ["responses", "chat_completions"])
@pytest.mark.parametrize("base_url", [None, "http://127.0.0.1:8080/v1"])
def test_llm_api_overrides_both(api: str, base_url: str | None) -> None:
    assert choose(settings(openai_api_key="k", openai_base_url=base_url, llm_api=api)).api == api


def test_another_server_needs_no_key_but_gets_one_that_is_set() -> None:
    local = "http://127.0.0.1:8080/v1"
    assert choose(settings(openai_base_url=local)).key.get_secret_value() == NO_KEY
    chosen = choose(settings(openai_base_url=local, openai_api_key="k"))
    assert chosen.key.get_secret_value() == "k"


def test_openai_itself_behind_its_address_needs_a_key() -> None:
    with pytest.raises(ConfigError, match="OPENAI_API_KEY is not set"):
        choose(settings(openai_base_url="https://api.openai.com/v1"))


@pytest.mark.parametrize("url", ["127.0.0.1:8080", "ftp://models/v1", "http://"])
def test_an_address_that_is_none_is_named_with_its_value(url: str) -> None:
    with pytest.raises(ConfigError, match=f"OPENAI_BASE_URL='{url}' is not a URL"):
        choose(settings(openai_base_url=url))


def test_model_name_replaces_the_provider_s_default() -> None:
    assert choose(settings(gemini_api_key="g", model_name="x")).default_model == "x"


def test_a_key_is_not_printed() -> None:
    assert "k-secret" not in repr(choose(settings(openai_api_key=SecretStr("k-secret"))))


def test_each_provider_says_how_it_is_reached_and_what_answers() -> None:
    for provider in PROVIDERS.values():
        assert provider.default_model
        assert provider.base_url or provider.name == "offline"


@pytest.mark.parametrize(
    ("host", "variable"),
    [
        ("openrouter.ai", "OPENROUTER_API_KEY"),
        ("eu.api.openai.com", "OPENAI_API_KEY"),
        ("api.anthropic.com", "ANTHROPIC_API_KEY"),
        ("127.0.0.1", "OPENAI_API_KEY"),
        (None, "OPENAI_API_KEY"),
    ],
)
def test_the_variable_of_a_key_is_known_by_the_host(host: str | None, variable: str) -> None:
    assert key_variable(host) == variable
