"""`chatkit-backend keys`: API keys for a tenant's own servers."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from chatkit_backend.errors import ConfigError
from chatkit_backend.settings import Settings

if TYPE_CHECKING:
    from chatkit_backend.identity.api_keys import ApiKeys  # at run time where it is needed

T = TypeVar("T")

MAX_NAME = 100
TENANT = re.compile(r"[^/\x00-\x1f\x7f]{1,256}")

keys = typer.Typer(help="API keys for /v1/chatkit/…", no_args_is_help=True)


@keys.command()
def create(
    name: Annotated[str, typer.Option(help="What the key is for, to recognise it in the list.")],
    tenant: Annotated[
        str, typer.Option(help="Whose users and threads the key is for.")
    ] = "default",
) -> None:
    """Make a key and print it. It is shown this once: only a digest of it is kept."""
    if not (name.strip() and name.isprintable() and len(name) <= MAX_NAME):
        raise ConfigError(f"--name takes 1 to {MAX_NAME} printable characters")
    if not TENANT.fullmatch(tenant):
        raise ConfigError(f"--tenant {tenant!r} is not a name of 1 to 256 characters without '/'")
    secret, key = _with_keys(lambda found: found.create(name.strip(), tenant=tenant))
    typer.echo(f"{key.id} is made; keep the key, it is not shown again:", err=True)
    print(secret)


@keys.command("list")
def list_keys() -> None:
    """List the newest thousand keys."""
    for key in _with_keys(lambda found: found.list()):
        state = "active" if key.revoked_at is None else f"revoked {key.revoked_at:%Y-%m-%d %H:%M}"
        print(f"{key.id}\t{key.created_at:%Y-%m-%d %H:%M}\t{state}\t{key.tenant}\t{key.name}")


@keys.command()
def revoke(key_id: Annotated[str, typer.Argument(help="Its id, as the list shows it.")]) -> None:
    """Revoke a key for good and cancel the sessions that it made.

    Running servers notice within CREDENTIAL_CACHE_S seconds.
    """
    from chatkit_backend.identity.secrets import API_KEY

    if given := API_KEY.read(key_id):  # which is not for the terminal's history
        raise ConfigError(f"this is a key and not its id; revoke {given.id}")
    done = _with_keys(lambda found: found.revoke(key_id))
    if done is None:
        raise ConfigError(
            f"there is no key {key_id!r}; `chatkit-backend keys list` shows their ids"
        )
    sessions = "1 session" if done.sessions == 1 else f"{done.sessions} sessions"
    print(f"{key_id} is revoked, and {sessions} that it had made with it")


def _with_keys(work: "Callable[[ApiKeys], Awaitable[T]]") -> T:
    """Do something with the keys in DATABASE_URL. Raises: ConfigError."""
    from chatkit_backend.identity.api_keys import ApiKeys
    from chatkit_backend.logs import configure_logs
    from chatkit_backend.store import SqlStore
    from chatkit_backend.store.errors import StoreUnavailableError

    settings = Settings.load()
    configure_logs(environment=settings.environment, level=settings.log_level)

    async def run() -> T:
        store: SqlStore[object] = SqlStore(settings.database_url.get_secret_value())
        await store.open()
        try:
            return await work(ApiKeys(store.credentials))
        except StoreUnavailableError as exc:
            raise ConfigError(f"the keys cannot be reached: {exc}") from exc
        finally:
            await store.close()

    return asyncio.run(run())
