"""Run by Alembic. `store.migrate` hands over a connection in a transaction, and commits it."""

from alembic import context

from chatkit_backend.store.revision import VERSION_TABLE
from chatkit_backend.store.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    render_as_batch=connection.dialect.name == "sqlite",
)
context.run_migrations()
