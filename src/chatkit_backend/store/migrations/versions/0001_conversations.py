"""Threads, items, attachments, feedback."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    time = sa.DateTime(timezone=True)
    op.create_table(
        "chatkit_threads",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("created_at", time, nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_chatkit_threads"),
    )
    op.create_index(
        "ix_chatkit_threads_owner_created_at_id", "chatkit_threads", ["owner", "created_at", "id"]
    )
    op.create_table(
        "chatkit_items",
        sa.Column(
            "position",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            sa.Identity(),
            nullable=False,
        ),
        sa.Column("thread_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("created_at", time, nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("position", name="pk_chatkit_items"),
        sa.UniqueConstraint("thread_id", "id", name="uq_chatkit_items_thread_id_id"),
        sa.ForeignKeyConstraint(
            ["thread_id"],
            ["chatkit_threads.id"],
            name="fk_chatkit_items_thread_id_chatkit_threads",
            ondelete="CASCADE",
        ),
    )
    op.create_index(
        "ix_chatkit_items_owner_thread_id_position",
        "chatkit_items",
        ["owner", "thread_id", "position"],
    )
    op.create_table(
        "chatkit_attachments",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("thread_id", sa.Text(), nullable=True),
        sa.Column("created_at", time, nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_chatkit_attachments"),
        sa.ForeignKeyConstraint(
            ["thread_id"],
            ["chatkit_threads.id"],
            name="fk_chatkit_attachments_thread_id_chatkit_threads",
            ondelete="CASCADE",
        ),
    )
    op.create_index("ix_chatkit_attachments_thread_id", "chatkit_attachments", ["thread_id"])
    op.create_table(
        "chatkit_feedback",
        sa.Column("thread_id", sa.Text(), nullable=False),
        sa.Column("item_id", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("created_at", time, nullable=False),
        sa.PrimaryKeyConstraint("thread_id", "item_id", name="pk_chatkit_feedback"),
        sa.ForeignKeyConstraint(
            ["thread_id", "item_id"],
            ["chatkit_items.thread_id", "chatkit_items.id"],
            name="fk_chatkit_feedback_thread_id_item_id_chatkit_items",
            ondelete="CASCADE",
        ),
    )


def downgrade() -> None:
    for table in ("feedback", "attachments", "items", "threads"):
        op.drop_table(f"chatkit_{table}")
