"""Runs, their logs, and the processes that hold them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

RUNNING = sa.text("state = 'running'")
OPEN = sa.text("state IN ('queued', 'running')")


def upgrade() -> None:
    time = sa.DateTime(timezone=True)
    op.create_table(
        "chatkit_runs",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("thread_id", sa.Text(), nullable=False),
        sa.Column("replica_id", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("created_at", time, nullable=False),
        sa.Column("ended_at", time, nullable=True),
        sa.Column("resumable", sa.Boolean(), nullable=False),
        sa.Column("cancel_requested", sa.Boolean(), nullable=False),
        sa.Column("acted", sa.Boolean(), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=True),
        sa.Column("fingerprint", sa.Text(), nullable=True),
        sa.Column("request", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_chatkit_runs"),
    )
    op.create_index(
        "uq_chatkit_runs_running",
        "chatkit_runs",
        ["thread_id"],
        unique=True,
        sqlite_where=RUNNING,
        postgresql_where=RUNNING,
    )
    op.create_index(
        "uq_chatkit_runs_owner_idempotency_key",
        "chatkit_runs",
        ["owner", "idempotency_key"],
        unique=True,
    )
    op.create_index(
        "ix_chatkit_runs_open",
        "chatkit_runs",
        ["replica_id"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.create_index("ix_chatkit_runs_thread_id", "chatkit_runs", ["thread_id"])
    op.create_index("ix_chatkit_runs_ended_at", "chatkit_runs", ["ended_at"])
    op.create_table(
        "chatkit_run_log",
        sa.Column("run_id", sa.Text(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("first_seq", sa.BigInteger(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "last_seq", name="pk_chatkit_run_log"),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["chatkit_runs.id"],
            name="fk_chatkit_run_log_run_id_chatkit_runs",
            ondelete="CASCADE",
        ),
    )
    op.create_table(
        "chatkit_replicas",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("beat", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_chatkit_replicas"),
    )


def downgrade() -> None:
    for table in ("replicas", "run_log", "runs"):
        op.drop_table(f"chatkit_{table}")
