import pytest
from agents import ModelSettings
from agents.models import get_default_model, get_default_model_settings
from openai.types.shared import Reasoning
from tests.integration.models.asking import call_of, text_of

from chatkit_backend.models.implied import ImpliedSettingsModel
from chatkit_backend.testing.scripted_model import ScriptedModel

IMPLIED = get_default_model_settings()


async def sent(given: ModelSettings, *, name: str, asked: str | None) -> ModelSettings:
    inner = ScriptedModel(["Hello"])
    model = ImpliedSettingsModel(inner, name=name, asked=asked)
    await text_of(model, call_of(settings=given))
    return inner.calls[0].settings


def test_the_agents_sdk_still_implies_settings_for_its_default_model() -> None:
    # When this fails the wrapper may no longer be needed.
    assert IMPLIED.reasoning is not None


async def test_another_model_gets_none_of_the_default_model_s_settings() -> None:
    given = IMPLIED.resolve(ModelSettings(max_tokens=50))
    settings = await sent(given, name="llama", asked=None)
    assert (settings.reasoning, settings.verbosity, settings.max_tokens) == (None, None, 50)


async def test_the_default_model_itself_keeps_them() -> None:
    assert await sent(IMPLIED, name=get_default_model(), asked=None) == IMPLIED


async def test_a_fallback_gets_its_own_in_place_of_the_first_model_s() -> None:
    settings = await sent(get_default_model_settings("gpt-5"), name="gpt-4.1", asked="gpt-5")
    assert settings.reasoning is None


@pytest.mark.parametrize("asked", [None, "gpt-5"])
async def test_what_the_developer_set_stays(asked: str | None) -> None:
    given = ModelSettings(reasoning=Reasoning(effort="high"))
    assert await sent(given, name="llama", asked=asked) == given
