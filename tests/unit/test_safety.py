"""Settings that would let strangers in stop the start, and say what to change."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import SecretStr

from chatkit_backend import Backend, Settings, create_app, create_router
from chatkit_backend.errors import ConfigError
from chatkit_backend.safety import DANGERS, Danger, refuse_unsafe

STRONG = SecretStr("q9F-3x_Zr7LbW2mKpT8vNcE5yHsGdJ4u")

UNSAFE: list[tuple[Danger, str, dict[str, Any]]] = [
    ("public_anonymous", "HOST=0.0.0.0", {"host": "0.0.0.0"}),
    ("public_anonymous", "HOST=::", {"host": "::"}),
    ("public_anonymous", "HOST=192.0.2.1", {"host": "192.0.2.1"}),
    ("public_anonymous", "HOST=chat.example.test", {"host": "chat.example.test"}),
    ("public_anonymous", "AUTH", {"host": "::", "auth": ("anonymous", "anonymous")}),
    ("public_anonymous", "AUTH", {"host": "::", "auth": ("session", "anonymous")}),
    *(
        ("any_proxy", f"TRUSTED_PROXIES={network}", {"auth": auth, "trusted_proxies": networks})
        for auth in (("header",), ("jwt",))
        for network, networks in [
            ("0.0.0.0/0", ("0.0.0.0/0",)),
            ("::/0", ("10.0.0.0/8", "::/0")),
            ("10.1.2.3/0", ("10.1.2.3/0",)),
        ]
    ),
    ("cors_wildcard", "CORS_ORIGINS", {"cors_origins": ("*",)}),
    ("cors_wildcard", "CORS_ORIGINS", {"cors_origins": ("https://a.test", "*")}),
    ("cors_wildcard", "CORS_ORIGINS", {"cors_origins": ("*",), "auth": ("jwt", "cookie")}),
    ("any_audience", "JWT_AUDIENCE", {"auth": ("jwks",), "jwks_url": "https://id.test/keys"}),
    ("any_audience", "JWT_AUDIENCE", {"auth": ("jwks",), "oidc_issuer": "https://id.test"}),
    ("any_audience", "JWT_AUDIENCE", {"auth": ("cookie",), "oidc_issuer": "https://id.test"}),
    *(
        (
            "weak_secret",
            name.upper(),
            {"environment": "production", "auth": ("session",), name: SecretStr(secret)},
        )
        for name in ("jwt_secret", "jwt_secret_previous", "secret_key", "secret_key_previous")
        for secret in (
            "change-me-change-me-change-me-change-me",
            "your-256-bit-secret-your-256-bit-secret",
            "a" * 64,
            "abababababababababababababababababab",
        )
    ),
]

SAFE: list[dict[str, Any]] = [
    {},
    {"host": "127.0.0.1"},
    {"host": "127.8.8.8"},
    {"host": "::1"},
    {"host": "[::1]"},
    {"host": "localhost"},
    {"host": "0.0.0.0", "auth": ("jwt",)},
    {"host": "0.0.0.0", "auth": ("jwt", "anonymous")},
    {"host": "0.0.0.0", "auth": ("header",), "trusted_proxies": ("10.0.0.0/8",)},
    {"trusted_proxies": ("10.0.0.0/8", "fd00::/8", "192.0.2.7")},
    {"cors_origins": ("*",), "auth": ("jwt", "session")},
    {"cors_origins": ("https://a.test",), "auth": ("anonymous",)},
    {"auth": ("jwks",), "oidc_issuer": "https://id.test", "jwt_audience": ("chat",)},
    {"auth": ("session",), "oidc_issuer": "https://id.test"},
    {"environment": "production", "jwt_secret": STRONG, "secret_key": STRONG},
    {"environment": "production", "jwt_secret": SecretStr("0f3a9c5b7e1d2846" * 4)},
    {"environment": "development", "jwt_secret": SecretStr("change-me" * 4)},
]


@pytest.fixture(autouse=True)
def _no_settings_of_the_developers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


def settings(**given: Any) -> Settings:
    return Settings.model_validate(given)


def check(given: Settings) -> None:
    refuse_unsafe(given, given.auth)


@pytest.mark.parametrize(("danger", "named", "given"), UNSAFE)
def test_a_danger_is_refused_with_the_setting_to_change(
    danger: Danger, named: str, given: dict[str, Any]
) -> None:
    with pytest.raises(ConfigError) as refused:
        check(settings(**given))

    line = str(refused.value)
    assert named in line
    assert f"UNSAFE_ALLOW={danger}" in line
    assert "\n" not in line


@pytest.mark.parametrize(("danger", "named", "given"), UNSAFE)
def test_whoever_accepts_a_danger_by_its_name_gets_it_and_no_other(
    danger: Danger, named: str, given: dict[str, Any]
) -> None:
    check(settings(**given, unsafe_allow=(danger,)))

    others = tuple(name for name in DANGERS if name != danger)
    with pytest.raises(ConfigError, match=named):
        check(settings(**given, unsafe_allow=others))


@pytest.mark.parametrize("given", SAFE, ids=str)
def test_what_lets_no_stranger_in_is_not_in_the_way(given: dict[str, Any]) -> None:
    check(settings(**given))


def test_of_several_dangers_each_must_be_accepted() -> None:
    given = {"host": "0.0.0.0", "cors_origins": ("*",)}
    for allowed in ((), ("public_anonymous",), ("cors_wildcard",)):
        with pytest.raises(ConfigError):
            check(settings(**given, unsafe_allow=allowed))
    check(settings(**given, unsafe_allow=("public_anonymous", "cors_wildcard")))


def test_an_invented_danger_is_refused_with_the_names_that_there_are() -> None:
    with pytest.raises(ConfigError) as refused:
        check(settings(unsafe_allow=("everything",)))

    assert "'everything'" in str(refused.value)
    for name in DANGERS:
        assert name in str(refused.value)


def test_a_secret_is_not_in_the_refusal() -> None:
    secret = "change-me-into-something-of-your-own"
    with pytest.raises(ConfigError) as refused:
        check(settings(environment="production", jwt_secret=SecretStr(secret)))
    assert secret not in str(refused.value)


def test_every_danger_has_a_name_and_a_case() -> None:
    assert get_args(Danger) == DANGERS
    assert {danger for danger, _, _ in UNSAFE} == {*DANGERS}


@pytest.mark.parametrize("make", [create_app, create_router, Backend])
@pytest.mark.parametrize(
    ("danger", "given"),
    [
        ("public_anonymous", {"host": "0.0.0.0"}),
        ("any_proxy", {"auth": ("header",), "trusted_proxies": ("0.0.0.0/0",)}),
        ("cors_wildcard", {"cors_origins": ("*",)}),
    ],
)
def test_an_application_of_ones_own_is_checked_as_well(
    make: Callable[[Settings], object], danger: Danger, given: dict[str, Any]
) -> None:
    with pytest.raises(ConfigError, match=danger):
        make(settings(**given, database_url="sqlite://", secret_key=STRONG))
    allowed = {**given, "unsafe_allow": (danger,)}
    assert make(settings(**allowed, database_url="sqlite://", secret_key=STRONG))


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"auth": ("header",)}, "TRUSTED_PROXIES"),
        ({"auth": ("jwt",)}, "JWT_SECRET"),
        ({"auth": ("jwks",)}, "OIDC_ISSUER"),
        ({"auth": ("cookie",)}, "JWT_SECRET, OIDC_ISSUER or JWKS_URL"),
        ({"auth": ("anonymous",), "environment": "production"}, "SECRET_KEY"),
        ({"trusted_proxies": ("the proxy",)}, "TRUSTED_PROXIES"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_scheme_that_cannot_work_names_what_it_needs_and_nothing_overrides_that(
    given: dict[str, Any], named: str
) -> None:
    with pytest.raises(ConfigError, match=named):
        create_app(settings(**given, database_url="sqlite://", unsafe_allow=DANGERS))
