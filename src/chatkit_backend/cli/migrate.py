"""`chatkit-backend migrate`: bring the database's schema up to date."""

import asyncio

from chatkit_backend.errors import ConfigError
from chatkit_backend.settings import Settings


def migrate() -> None:
    """Bring the schema of DATABASE_URL up to date. Safe to run from several places at once."""
    from sqlalchemy.exc import SQLAlchemyError

    from chatkit_backend.store.errors import StoreUnavailableError
    from chatkit_backend.store.migrate import upgrade

    settings = Settings.load()
    shown = settings.effective()["DATABASE_URL"]
    try:
        revision = asyncio.run(upgrade(settings.database_url.get_secret_value()))
    except (StoreUnavailableError, SQLAlchemyError, OSError) as exc:
        problem = " ".join(str(exc).partition("\n")[0].split())
        raise ConfigError(
            f"DATABASE_URL={shown} cannot be migrated: {problem}. "
            "Start the database or fix DATABASE_URL"
        ) from exc
    print(f"{shown} is at revision {revision}")
