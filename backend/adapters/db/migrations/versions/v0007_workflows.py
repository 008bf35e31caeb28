"""Workflows between their turns, and the workers that run them."""

import sqlalchemy as sa
from alembic import op

from backend.adapters.db.columns import Name, Utc

revision = "0007"
down_revision = "0009"


def upgrade() -> None:
    op.create_table(
        "workflows",
        sa.Column("id", Name, primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("queue", Name, nullable=False),
        sa.Column("args", sa.Text(), nullable=False),
        sa.Column("state", Name, nullable=False),
        sa.Column("wake_at", Utc()),
        sa.Column("said", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("word", sa.Text(), nullable=False, server_default=""),
        sa.Column("turns", sa.BigInteger(), nullable=False, server_default="0"),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("executor", Name),
        sa.Column("taken_over_at", Utc()),
        sa.Column("progress", sa.Text(), nullable=False, server_default="{}"),
        sa.Column("code", sa.Text(), nullable=False, server_default=""),
        sa.Column("reason", sa.Text(), nullable=False, server_default=""),
        sa.Column("step", sa.Text(), nullable=False, server_default=""),
        sa.Column("begun_at", Utc(), nullable=False),
        sa.Column("changed_at", Utc(), nullable=False),
        postgresql_with={"fillfactor": "70"},
    )
    op.create_index("ix_workflows_queue_state_wake_at", "workflows", ["queue", "state", "wake_at"])
    op.create_index("ix_workflows_state_changed_at", "workflows", ["state", "changed_at"])
    op.create_table(
        "executors",
        sa.Column("id", Name, primary_key=True),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("queues", sa.Text(), nullable=False),
        sa.Column("seen_at", Utc(), nullable=False),
    )
