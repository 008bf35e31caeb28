"""The catalogues, hotels' allotments, calendars, and what bookings claim of them."""

import sqlalchemy as sa
from alembic import op

from backend.adapters.db.columns import Name

revision = "0009"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("hotels", sa.Column("revision", sa.Integer(), server_default=sa.text("0"), nullable=False))
    op.create_table(
        "catalogue",
        sa.Column("kind", Name, nullable=False),
        sa.Column("id", Name, nullable=False),
        sa.Column("place", Name, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "id", name=op.f("pk_catalogue")),
    )
    op.create_index("ix_catalogue_kind_place", "catalogue", ["kind", "place"])
    op.create_table(
        "allotments",
        sa.Column("hotel_id", Name, nullable=False),
        sa.Column("night", sa.Date(), nullable=False),
        sa.Column("room_type", Name, nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.CheckConstraint("taken >= 0 AND taken <= total", name="ck_allotments_taken"),
        sa.PrimaryKeyConstraint("hotel_id", "night", "room_type", name=op.f("pk_allotments")),
    )
    op.create_table(
        "resource_days",
        sa.Column("kind", Name, nullable=False),
        sa.Column("resource_id", Name, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("claim_id", Name, nullable=True),
        sa.Column("booking_id", Name, nullable=True),
        sa.PrimaryKeyConstraint("kind", "resource_id", "day", name=op.f("pk_resource_days")),
    )
    op.create_index(op.f("ix_resource_days_claim_id"), "resource_days", ["claim_id"])
    op.create_table(
        "claims",
        sa.Column("id", Name, nullable=False),
        sa.Column("booking_id", Name, nullable=True),
        sa.Column("released", sa.Boolean(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claims")),
    )
    op.create_index(op.f("ix_claims_booking_id"), "claims", ["booking_id"])
