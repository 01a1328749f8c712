"""`chatkit-backend migrate`: bring the database's schema up to date."""

import asyncio

from chatkit_backend.settings import Settings


def migrate() -> None:
    """Bring the schema of DATABASE_URL up to date. Safe to run from several places at once."""
    from chatkit_backend.store.migrate import upgrade

    settings = Settings.load()
    revision = asyncio.run(upgrade(settings.database_url.get_secret_value()))
    print(f"{settings.effective()['DATABASE_URL']} is at revision {revision}")
