"""What gateways said, and the books of the embedded one."""

import sqlalchemy as sa
from alembic import op

from backend.adapters.db.columns import Name, Utc

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "payment_notices",
        sa.Column("gateway", Name, nullable=False),
        sa.Column("external_id", Name, nullable=False),
        sa.Column("booking_id", Name, nullable=False),
        sa.Column("payment_id", Name, nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("gateway", "external_id", name=op.f("pk_payment_notices")),
    )
    op.create_table(
        "local_payments",
        sa.Column("id", Name, nullable=False),
        sa.Column("booking_id", Name, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("at", Utc(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_local_payments")),
    )
    op.create_index(op.f("ix_local_payments_at"), "local_payments", ["at"])
