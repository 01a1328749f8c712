"""Every setting: name, type, default, help.

The names are the environment variables. `.env` in the working directory is read too; the
environment wins, also with an empty variable: `REDIS_URL=` is not set. A bad
value stops the start with one line (`ConfigError`).
"""

import os
import re
from pathlib import Path
from typing import Annotated, Any, Literal

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    DotEnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from .errors import ConfigError
from .mistakes import refuse_misspelt_names, told

Names = Annotated[tuple[str, ...], NoDecode]
"""A comma separated list."""

TEN_YEARS_S = 315_360_000
"""As long as anything is kept: dates far beyond it are none."""

HTTPS_ORIGIN = re.compile(r"https://(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]{1,5})?")
"""As a content security policy names one, or all below one."""

AUTH_SCHEMES = ("jwt", "jwks", "cookie", "session", "header", "anonymous")

Group = Literal["server", "storage", "model", "answers", "runs", "identity", "limits", "logs", "ui"]


def setting(default: Any, group: Group, description: str, **constraints: Any) -> Any:
    """Declare a setting with its documentation. `group` is its section in docs/settings.md."""
    return Field(
        default=default,
        description=description,
        json_schema_extra={"group": group},
        **constraints,
    )


class _UnlessEmptied(DotEnvSettingsSource):
    """`.env`, without the variables that are there and empty in the environment."""

    def __call__(self) -> dict[str, Any]:
        emptied = {name.upper() for name, value in os.environ.items() if not value}
        found = super().__call__()
        return {name: value for name, value in found.items() if name.upper() not in emptied}


class Settings(BaseSettings):
    """The effective settings. Read with `Settings.load()`, which turns mistakes into one line.

    Fields are lower-case, variables upper-case: `settings.max_tokens` is `MAX_TOKENS`.
    """

    model_config = SettingsConfigDict(
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        case_sensitive=False,
        extra="ignore",
        frozen=True,
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """An empty variable of the environment takes away what `.env` says: it is not set."""
        del dotenv_settings
        return init_settings, env_settings, _UnlessEmptied(settings_cls), file_secret_settings

    # server
    host: str = setting("127.0.0.1", "server", "Address to listen on.")
    port: int = setting(8000, "server", "Port to listen on.", ge=0, le=65535)
    environment: Literal["development", "production"] = setting(
        "development",
        "server",
        "`production`: JSON logs, no debug pages, stricter checks.",
    )
    cors_origins: Names | None = setting(
        None,
        "server",
        "Origins of browsers' pages that may call this server, comma separated. "
        "Default: local front ends (ports 3000, 4173, 5173, 5174) in development, none in "
        "production.",
    )
    heartbeat_s: float = setting(
        15.0, "server", "Seconds of silence before a stream sends a comment.", gt=0, le=3600
    )
    shutdown_delay_s: float = setting(
        0.0,
        "server",
        "Seconds after SIGTERM for which everything is still served but `/health/ready` is 503, so "
        "that a load balancer looks elsewhere before connections are refused.",
        ge=0,
        le=300,
    )
    shutdown_grace_s: float = setting(
        20.0,
        "server",
        "Seconds that open answers may take to finish after SIGTERM; then they are ended and "
        "their text is saved.",
        ge=0,
        le=3600,
    )

    # storage
    database_url: SecretStr = setting(
        SecretStr("sqlite:///data/chatkit.sqlite3"),
        "storage",
        "`sqlite:///path` or `postgresql://user:password@host/name`.",
    )
    database_pool_size: int = setting(
        10, "storage", "PostgreSQL connections that one process keeps at most.", ge=1, le=500
    )
    database_timeout_s: float = setting(
        10.0,
        "storage",
        "Seconds to wait for a connection, for a lock (SQLite) and for a statement (PostgreSQL).",
        gt=0,
        le=300,
    )
    redis_url: SecretStr | None = setting(
        None,
        "storage",
        "`redis://:password@host:6379/0` or `rediss://…`: several processes on one PostgreSQL tell "
        "each other at once what they do. It keeps nothing that is not in the database.",
    )

    # model
    llm_provider: (
        Literal["openai", "openrouter", "gemini", "anthropic", "ollama", "offline"] | None
    ) = setting(
        None,
        "model",
        "Which model provider answers: openai, openrouter, gemini, anthropic, ollama or offline. "
        "Default: the first of openrouter, gemini, anthropic, openai, ollama whose variable is "
        "set; else offline.",
    )
    llm_api: Literal["responses", "chat_completions"] | None = setting(
        None,
        "model",
        "Protocol to the provider: `responses` or `chat_completions`. Default: responses for "
        "OpenAI itself, chat_completions for everything else.",
    )
    model_name: str | None = setting(None, "model", "Model to ask. Default: one per provider.")
    model_choices: Names = setting(
        (),
        "model",
        "Further models that a client may choose by `inference_options.model`, comma separated.",
    )
    model_fallbacks: Names = setting(
        (),
        "model",
        "Models of the same provider to try in order when the first fails before its first token.",
    )
    openai_api_key: SecretStr | None = setting(None, "model", "Key for OpenAI.")
    openai_base_url: str | None = setting(
        None, "model", "Any OpenAI-compatible server, e.g. `http://127.0.0.1:8080/v1`."
    )
    openrouter_api_key: SecretStr | None = setting(None, "model", "Key for OpenRouter.")
    gemini_api_key: SecretStr | None = setting(None, "model", "Key for Google Gemini.")
    anthropic_api_key: SecretStr | None = setting(None, "model", "Key for Anthropic.")
    ollama_base_url: str | None = setting(
        None, "model", "An Ollama server, e.g. `http://127.0.0.1:11434/v1`."
    )
    model_retries: int = setting(
        2, "model", "Tries after the first, each before the first token.", ge=0, le=10
    )
    model_connect_timeout_s: float = setting(
        10.0, "model", "Seconds to reach the provider.", gt=0, le=300
    )
    model_first_token_timeout_s: float = setting(
        60.0, "model", "Seconds from the request to the first output of the model.", gt=0, le=3600
    )
    model_token_timeout_s: float = setting(
        60.0, "model", "Seconds of silence in the middle of an answer.", gt=0, le=3600
    )

    # answers
    instructions: str = setting(
        "You are a helpful assistant. Answer in Markdown.",
        "answers",
        "Instructions of the built-in agent (not used with an agent of your own).",
    )
    max_tokens: int = setting(
        1024, "answers", "Most tokens that the model may write for one answer.", ge=1, le=1_000_000
    )
    history_items: int = setting(
        100, "answers", "Most thread items that the model sees, newest first.", ge=1, le=1000
    )
    history_tokens: int = setting(
        16_000,
        "answers",
        "About how many tokens of history the model sees (four characters count as one).",
        ge=100,
    )
    max_turns: int = setting(
        20, "answers", "Most model calls (tool rounds) in one answer.", ge=1, le=1000
    )
    titles: Literal["message", "model", "off"] = setting(
        "message",
        "answers",
        "Title of a new thread: the first words of its first message, one model call, or none.",
    )

    # runs
    on_disconnect: Literal["cancel", "continue"] = setting(
        "cancel",
        "runs",
        "What becomes of an answer that nobody reads any more: `cancel`, because closing the "
        "connection is the only stop button that most clients have, or `continue`. Clients that "
        "send `ChatKit-Stream: resumable` always keep theirs.",
    )
    disconnect_grace_s: float = setting(
        2.0,
        "runs",
        "Seconds without a reader before `ON_DISCONNECT=cancel` cancels.",
        ge=0,
        le=3600,
    )
    thread_busy: Literal["queue", "reject", "interrupt"] = setting(
        "queue",
        "runs",
        "A message for a thread that is being answered: `queue` waits its turn, `reject` is a "
        "409, `interrupt` cancels the answer and keeps its text.",
    )
    run_attempts: int = setting(
        1,
        "runs",
        "How often an answer is begun if its process dies. With 1 it fails visibly and keeps its "
        "text; above, it is begun again if no tool had begun.",
        ge=1,
        le=10,
    )
    run_retention_s: float = setting(
        86_400.0,
        "runs",
        "Seconds for which the events of an ended answer can be read again, and its "
        "`Idempotency-Key` is remembered.",
        ge=60,
        le=TEN_YEARS_S,
    )

    # identity
    auth: Names = setting(
        ("anonymous",),
        "identity",
        "Ways to know who is asking, tried in order: `jwt`, `jwks`, `cookie`, `session`, `header`, "
        "`anonymous`.",
    )
    jwt_secret: SecretStr | None = setting(
        None,
        "identity",
        "Secret that signs the tokens of `AUTH=jwt` and `cookie` (HS256, HS384, HS512); 32 "
        "characters or more, for HS384 48, for HS512 64.",
        min_length=32,
    )
    jwt_secret_previous: SecretStr | None = setting(
        None,
        "identity",
        "The secret before `JWT_SECRET`, believed while its last tokens live.",
        min_length=32,
    )
    jwks_url: str | None = setting(
        None, "identity", "Where the identity provider publishes its keys (`AUTH=jwks`, `cookie`)."
    )
    oidc_issuer: str | None = setting(
        None,
        "identity",
        "OpenID provider: what `iss` must be, and where `JWKS_URL` is found if it is not set.",
    )
    jwt_issuer: str | None = setting(
        None, "identity", "What `iss` of tokens must be. Default: `OIDC_ISSUER`; else anything."
    )
    jwt_audience: Names = setting(
        (),
        "identity",
        "What `aud` of tokens must contain, one of a comma separated list. Required with "
        "`AUTH=jwks`; without it a token for any other application would do.",
    )
    jwt_leeway_s: float = setting(
        30.0, "identity", "Seconds by which clocks may differ.", ge=0, le=600
    )
    jwt_user_claim: str = setting(
        "sub", "identity", "Claim that names the user. Dots lead into members (`user.id`)."
    )
    jwt_tenant_claim: str | None = setting(
        None, "identity", "Claim that names the user's tenant. Default: everybody is of one tenant."
    )
    jwt_roles_claim: str = setting("roles", "identity", "Claim that lists the user's roles.")
    jwt_name_claim: str = setting("name", "identity", "Claim that says how the user is called.")
    jwt_locale_claim: str = setting("locale", "identity", "Claim that says the user's language.")
    jwks_max_age_s: float = setting(
        3600.0,
        "identity",
        "Seconds after which the provider's keys are asked for again. Old ones are used while it "
        "does not answer.",
        ge=1,
        le=TEN_YEARS_S,
    )
    jwks_min_interval_s: float = setting(
        30.0,
        "identity",
        "Least seconds between two requests for keys, whatever key ids tokens name.",
        ge=0.1,
        le=TEN_YEARS_S,
    )
    auth_cookie: str = setting(
        "auth_token", "identity", "Name of the httpOnly cookie with the token (`AUTH=cookie`)."
    )
    trusted_proxies: Names = setting(
        (),
        "identity",
        "Addresses or networks whose `X-User-ID` and `X-Session-ID` (`AUTH=header`) and "
        "`X-Forwarded-For` are believed, comma separated.",
    )
    secret_key: SecretStr | None = setting(
        None,
        "identity",
        "Signs the cookie of anonymous users; 32 characters or more. Default: one is made and kept "
        "in `data/secret.key`; required in production with `AUTH=anonymous`.",
        min_length=32,
    )
    secret_key_previous: SecretStr | None = setting(
        None,
        "identity",
        "The key before `SECRET_KEY`: its cookies are believed, and signed anew.",
        min_length=32,
    )
    session_mode: Literal["local", "openai"] = setting(
        "local",
        "identity",
        "Who issues the sessions of `/api/chatkit/session`: this server, or OpenAI's hosted "
        "ChatKit with `OPENAI_API_KEY` and `CHATKIT_WORKFLOW_ID`.",
    )
    chatkit_workflow_id: str | None = setting(
        None, "identity", "Workflow of hosted sessions (`SESSION_MODE=openai`)."
    )
    session_lifetime_s: float = setting(
        600.0,
        "identity",
        "Seconds that a session lives unless its maker says otherwise.",
        ge=1,
        le=TEN_YEARS_S,
    )
    session_max_age_s: float = setting(
        43_200.0,
        "identity",
        "Seconds after which a session cannot be refreshed any more, and the longest life that its "
        "maker may ask for.",
        ge=1,
        le=TEN_YEARS_S,
    )
    session_overlap_s: float = setting(
        30.0,
        "identity",
        "Seconds for which a refreshed session's old secret is still taken.",
        ge=0,
        le=600,
    )
    credential_cache_s: float = setting(
        2.0,
        "identity",
        "Seconds for which a key or session that another process revoked may still be taken; 0 "
        "asks the database each time.",
        ge=0,
        le=60,
    )
    unsafe_allow: Names = setting(
        (),
        "identity",
        "Dangers that are accepted knowingly, by the names that the refusal to start gives them, "
        "comma separated.",
    )

    # limits
    max_body_bytes: int = setting(
        1_048_576, "limits", "Largest request body in bytes (413 beyond).", ge=1024
    )
    max_input_chars: int = setting(
        100_000, "limits", "Longest text of one message in characters (400 beyond).", ge=1
    )
    max_context_chars: int = setting(
        8_000,
        "limits",
        "Longest description of user and page that the model is shown, in characters.",
        ge=0,
    )
    max_active_runs: int = setting(
        1000, "limits", "Answers that one process produces at once.", ge=1, le=100_000
    )
    max_queued_runs: int = setting(
        100,
        "limits",
        "Requests that wait for one of `MAX_ACTIVE_RUNS` to end (503 beyond).",
        ge=0,
        le=100_000,
    )
    max_waiting_messages: int = setting(
        8, "limits", "Messages that may wait for one thread's answer to end (409 beyond).", ge=0
    )
    max_wait_s: float = setting(
        55.0,
        "limits",
        "Seconds that a message waits for its thread's answer to end (409 beyond) or for a place "
        "among `MAX_ACTIVE_RUNS` (503 beyond). Proxies commonly give up after 60.",
        gt=0,
        le=3600,
    )

    session_requests_per_minute: int = setting(
        10, "limits", "Answers, actions and dictations a minute of a session by default.", ge=1
    )
    user_messages_per_day: int | None = setting(
        None, "limits", "Answers, actions and dictations a day of one user (429 beyond).", ge=1
    )
    user_active_runs: int | None = setting(
        None, "limits", "Answers that one user may have open at once (429 beyond).", ge=1
    )
    user_requests_per_minute: int | None = setting(
        None, "limits", "Requests of any kind that one user may send a minute (429 beyond).", ge=1
    )
    address_requests_per_minute: int | None = setting(
        None,
        "limits",
        "Requests of any kind from one address a minute, recognised or not (429 beyond).",
        ge=1,
    )

    # logs
    log_level: Literal["debug", "info", "warning", "error"] = setting(
        "info", "logs", "Least important line that is written."
    )
    log_content: bool = setting(
        False, "logs", "Write message texts into the logs. They are personal data."
    )

    # web UI
    chatkit_domain_key: str | None = setting(
        None,
        "ui",
        "Shows OpenAI's own element from its CDN on the page at `/`, with this domain key, in the "
        "place of ours.",
    )
    image_origins: Names = setting(
        (),
        "ui",
        "Origins whose images our page at `/` may load besides its own, comma separated: "
        "`https://img.example.com`, `https://*.example.com`. A thread's `allowed_image_domains` "
        "must name them, too.",
    )

    @field_validator(
        "cors_origins",
        "model_choices",
        "model_fallbacks",
        "auth",
        "trusted_proxies",
        "image_origins",
        "jwt_audience",
        "unsafe_allow",
        mode="before",
    )
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("cors_origins")
    @classmethod
    def _as_browsers_send_them(cls, value: tuple[str, ...] | None) -> tuple[str, ...] | None:
        return None if value is None else tuple(origin.rstrip("/") for origin in value)

    @field_validator("image_origins")
    @classmethod
    def _as_a_policy_names_them(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        origins = tuple(origin.lower().rstrip("/") for origin in value)
        for origin in origins:
            if not HTTPS_ORIGIN.fullmatch(origin):
                raise ValueError(f"{origin!r} is no origin like https://img.example.com")
        return origins

    @field_validator("auth")
    @classmethod
    def _known_schemes(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for scheme in value:
            if scheme not in AUTH_SCHEMES:
                raise ValueError(f"{scheme!r} is not one of {', '.join(AUTH_SCHEMES)}")
        if not value:
            raise ValueError("name at least one scheme")
        if "anonymous" in value and (dead := {*value[value.index("anonymous") :]} - {"anonymous"}):
            raise ValueError(
                f"anonymous takes whoever comes, so that {', '.join(sorted(dead))} behind it would "
                "never be asked; name anonymous last"
            )
        return value

    @classmethod
    def load(cls, **overrides: Any) -> "Settings":
        """Read the environment and `.env`.

        Raises:
            ConfigError: One line that names the variable, the value (secrets masked) and the fix.
        """
        try:
            in_file = dotenv_values(".env") if Path(".env").is_file() else {}
        except UnicodeDecodeError as exc:
            raise ConfigError(f".env is no UTF-8 text ({exc}); save it as UTF-8") from None
        refuse_misspelt_names(in_file, cls.model_fields)
        try:
            return cls(**overrides)
        except ValidationError as exc:
            raise ConfigError(told(exc, cls.model_fields, overrides, in_file)) from None

    @property
    def allowed_origins(self) -> tuple[str, ...]:
        """`cors_origins`, or its default for the environment."""
        if self.cors_origins is not None:
            return self.cors_origins
        if self.environment == "production":
            return ()
        return tuple(
            f"http://{host}:{port}"
            for host in ("localhost", "127.0.0.1")
            for port in (3000, 4173, 5173, 5174)
        )

    def effective(self) -> dict[str, str]:
        """Every variable with its printable value; secrets are masked, also inside URLs."""
        return {name.upper(): _printable(getattr(self, name)) for name in type(self).model_fields}


def _printable(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, SecretStr):
        return _masked(value.get_secret_value())
    if isinstance(value, tuple):
        return ",".join(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _masked(secret: str) -> str:
    """Hide a secret; of a URL only the password, so that the rest still helps an operator."""
    scheme, separator, rest = secret.partition("://")
    if not separator:
        return "********"
    credentials, at, location = rest.rpartition("@")
    if not at:
        return secret.partition("?")[0]
    user = credentials.partition(":")[0]
    return f"{scheme}://{user}:********@{location.partition('?')[0]}"
