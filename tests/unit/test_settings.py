"""Settings are documented, say what is wrong with them, and keep their secrets."""

import re
from pathlib import Path
from typing import get_args

import pytest
from pydantic import SecretStr

from chatkit_backend.errors import ConfigError
from chatkit_backend.settings import Settings

ROOT = Path(__file__).parents[2]
NAMES = [name.upper() for name in Settings.model_fields]


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_is_documented_with_its_default(name: str) -> None:
    field = Settings.model_fields[name.lower()]
    documentation = (ROOT / "docs/settings.md").read_text()
    row = re.search(rf"^\| `{name}` \| (.*?) \| (.*) \|$", documentation, re.MULTILINE)

    assert row is not None, f"docs/settings.md has no row for {name}"
    assert row[1].strip("`") == (_as_text(field.default) or "none")
    assert row[2] == field.description
    assert re.search(rf"^# {name}=", (ROOT / ".env.example").read_text(), re.MULTILINE)


def test_nothing_is_documented_that_is_no_setting() -> None:
    documented = re.findall(
        r"^\| `([A-Z_]+)`", (ROOT / "docs/settings.md").read_text(), re.MULTILINE
    )
    assert sorted(documented) == sorted(NAMES)


def test_the_example_file_can_be_used_as_it_is(tmp_path: Path) -> None:
    example = (ROOT / ".env.example").read_text()
    (tmp_path / ".env").write_text(example)
    assert Settings.load() == Settings()

    # And with every comment sign taken away, it says what the defaults are.
    (tmp_path / ".env").write_text(re.sub(r"^# (?=[A-Z_]+=)", "", example, flags=re.MULTILINE))
    assert Settings.load() == Settings()


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("PORT", "eighty", "PORT='eighty'"),
        ("PORT", "99999", "PORT='99999'"),
        ("ENVIRONMENT", "staging", "ENVIRONMENT='staging'"),
        ("LLM_PROVIDER", "openia", "LLM_PROVIDER='openia'"),
        ("MAX_TOKENS", "0", "MAX_TOKENS='0'"),
        ("AUTH", "magic", "'magic' is not one of jwt, jwks, cookie, session, header, anonymous"),
        ("AUTH", "anonymous,session", "session behind it would never be asked"),
        ("AUTH", "jwt,anonymous,header,cookie", "name anonymous last"),
        ("SECRET_KEY", "short", "SECRET_KEY=a secret"),
        ("IMAGE_ORIGINS", "img.test", "'img.test' is no origin like https://img.example.com"),
        ("IMAGE_ORIGINS", "http://img.test", "'http://img.test' is no origin"),
        ("IMAGE_ORIGINS", "https://img.test/a", "'https://img.test/a' is no origin"),
        ("IMAGE_ORIGINS", "https://a.test,https://*", "'https://*' is no origin"),
        ("IMAGE_ORIGINS", "https://a.test; script-src *", "'https://a.test; script-src *' is no"),
    ],
)
def test_a_bad_value_stops_with_one_line_that_names_it_and_the_fix(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(ConfigError) as stopped:
        Settings.load()

    line = str(stopped.value)
    assert expected in line
    assert f"Fix {name}" in line
    assert "\n" not in line


NUMBERS = [
    name
    for name, field in Settings.model_fields.items()
    if {int, float} & {field.annotation, *get_args(field.annotation)}
]


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("value", ["inf", "-inf", "nan", "many", "1e300"])
def test_what_is_no_number_of_its_range_is_refused_with_the_range(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name.upper(), value)

    with pytest.raises(ConfigError, match=r"it takes a (whole )?number (from|above) [\d.]+"):
        Settings.load()


def test_the_range_of_a_number_is_told_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARTBEAT_S", "nan")
    monkeypatch.setenv("PORT", "99999")

    with pytest.raises(ConfigError, match="it takes a whole number from 0 up to 65535"):
        Settings.load()
    monkeypatch.delenv("PORT")
    with pytest.raises(ConfigError, match="it takes a number above 0 up to 3600"):
        Settings.load()


@pytest.mark.parametrize("copied", [False, True], ids=["read", "copied into the environment"])
def test_a_mistake_in_the_file_is_to_be_fixed_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, copied: bool
) -> None:
    (tmp_path / ".env").write_text("port=eighty\n")
    if copied:  # as `serve` does for the code that it serves
        monkeypatch.setenv("PORT", "eighty")
    with pytest.raises(ConfigError, match=r"Fix PORT in \.env \("):
        Settings.load()


def test_a_mistake_in_the_environment_is_to_be_fixed_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("PORT=80\n")
    monkeypatch.setenv("PORT", "eighty")
    with pytest.raises(ConfigError, match=r"Fix PORT in the environment \("):
        Settings.load()


def test_a_mistake_in_an_argument_is_in_neither() -> None:
    with pytest.raises(ConfigError, match=r"Fix PORT \("):
        Settings.load(port=99999)


def test_a_bad_secret_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "my-short-secret")
    with pytest.raises(ConfigError) as stopped:
        Settings.load()
    assert "my-short-secret" not in str(stopped.value)


def test_a_misspelt_name_in_the_file_is_found(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DATABSE_URL=sqlite:///x.db\n")
    with pytest.raises(ConfigError, match="did you mean DATABASE_URL"):
        Settings.load()


def test_names_of_somebody_else_in_the_file_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("POSTGRES_PASSWORD=x\nCOMPOSE_PROJECT_NAME=y\n")
    assert Settings.load() == Settings()


def test_the_environment_wins_over_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text("PORT=1\nMAX_TOKENS=7\n")
    monkeypatch.setenv("PORT", "2")

    settings = Settings.load()

    assert (settings.port, settings.max_tokens) == (2, 7)


def test_an_empty_value_means_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODEL_NAME", "")
    monkeypatch.setenv("PORT", "")
    assert Settings.load() == Settings()


def test_local_front_ends_may_call_in_development_and_nobody_in_production() -> None:
    assert "http://localhost:3000" in Settings().allowed_origins
    assert Settings(environment="production").allowed_origins == ()
    explicit = Settings(environment="production", cors_origins=("https://a.test",))
    assert explicit.allowed_origins == ("https://a.test",)


def test_printed_settings_hide_secrets_but_not_where_the_database_is() -> None:
    shown = Settings(
        openai_api_key=SecretStr("sk-secret"),
        database_url=SecretStr("postgresql://me:pass%40word@db.test/chat?sslpassword=hidden"),
    ).effective()

    assert shown["OPENAI_API_KEY"] == "********"
    assert shown["DATABASE_URL"] == "postgresql://me:********@db.test/chat"


def _as_text(value: object) -> str:
    match value:
        case None:
            return ""
        case SecretStr():
            return value.get_secret_value()
        case tuple():
            return ",".join(value)
        case bool():
            return str(value).lower()
        case _:
            return str(value)


def test_a_secret_that_is_too_short_is_told_in_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JWT_SECRET", "short")

    with pytest.raises(ConfigError, match="it takes 32 characters or more") as refused:
        Settings.load()
    assert "items" not in str(refused.value)
    assert "short" not in str(refused.value)


def test_an_empty_variable_of_the_environment_takes_away_what_the_file_says(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("REDIS_URL=redis://127.0.0.1/0\nMAX_TOKENS=99\n")
    monkeypatch.setenv("REDIS_URL", "")

    settings = Settings.load()

    assert settings.redis_url is None
    assert settings.max_tokens == 99


def test_origins_of_images_are_written_as_a_policy_has_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("IMAGE_ORIGINS", "https://IMG.test/, https://*.b.test:8443")
    assert Settings.load().image_origins == ("https://img.test", "https://*.b.test:8443")
