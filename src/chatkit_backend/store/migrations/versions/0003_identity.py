"""Sessions, API keys, and a tenant's threads."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TENANT = {
    "postgresql": "split_part(owner, '/', 1)",
    "sqlite": "substr(owner, 1, instr(owner || '/', '/') - 1)",
}


def upgrade() -> None:
    time = sa.DateTime(timezone=True)
    op.create_index(
        "ix_chatkit_threads_tenant_created_at_id",
        "chatkit_threads",
        [sa.text(TENANT[op.get_bind().dialect.name]), "created_at", "id"],
    )
    op.create_table(
        "chatkit_sessions",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("previous_digest", sa.Text(), nullable=True),
        sa.Column("previous_until", time, nullable=True),
        sa.Column("created_at", time, nullable=False),
        sa.Column("expires_at", time, nullable=False),
        sa.Column("cancelled_at", time, nullable=True),
        sa.Column("issued_by", sa.Text(), nullable=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_chatkit_sessions"),
    )
    op.create_index("ix_chatkit_sessions_expires_at", "chatkit_sessions", ["expires_at"])
    op.create_index("ix_chatkit_sessions_issued_by", "chatkit_sessions", ["issued_by"])
    op.create_table(
        "chatkit_api_keys",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("tenant", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("created_at", time, nullable=False),
        sa.Column("revoked_at", time, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_chatkit_api_keys"),
    )


def downgrade() -> None:
    op.drop_table("chatkit_api_keys")
    op.drop_table("chatkit_sessions")
    op.drop_index("ix_chatkit_threads_tenant_created_at_id", "chatkit_threads")
