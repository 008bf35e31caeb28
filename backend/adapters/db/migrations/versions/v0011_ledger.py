"""The ledger."""

import sqlalchemy as sa
from alembic import op

from backend.adapters.db.columns import Name, Utc

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.create_table(
        "ledger",
        sa.Column("entry_id", Name, nullable=False),
        sa.Column("account", Name, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("booking_id", Name, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("currency", Name, nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", "account", name=op.f("pk_ledger")),
    )
    op.create_index(op.f("ix_ledger_booking_id"), "ledger", ["booking_id"])
