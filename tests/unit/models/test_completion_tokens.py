from agents import ModelSettings
from tests.integration.models.asking import call_of, text_of

from chatkit_backend.models.completion_tokens import CompletionTokensModel
from chatkit_backend.testing.scripted_model import ScriptedModel


async def sent(settings: ModelSettings) -> ModelSettings:
    inner = ScriptedModel(["Hello"])
    await text_of(CompletionTokensModel(inner), call_of(settings=settings))
    return inner.calls[0].settings


async def test_the_limit_is_sent_under_the_name_that_reasoning_models_take() -> None:
    settings = await sent(ModelSettings(max_tokens=50, temperature=0.5))
    assert settings.max_tokens is None
    assert settings.extra_args == {"max_completion_tokens": 50}
    assert settings.temperature == 0.5


async def test_what_the_developer_set_stays() -> None:
    extra = {"max_completion_tokens": 9, "seed": 1}
    settings = await sent(ModelSettings(max_tokens=50, extra_args=extra))
    assert settings.extra_args == extra


async def test_without_a_limit_nothing_changes() -> None:
    settings = ModelSettings(temperature=0.5)
    assert await sent(settings) == settings
