"""What the figures of the business are made from, filled from the quotations that there are."""

import sqlalchemy as sa
from alembic import op

from backend.adapters.db.columns import Name
from backend.adapters.db.recounting import recount

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "quotation_figures",
        sa.Column("quotation_id", Name, nullable=False),
        sa.Column("company_id", Name, nullable=False),
        sa.Column("serial", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("made_in", sa.Date(), nullable=False),
        sa.Column("published_in", sa.Date(), nullable=True),
        sa.Column("offered", sa.Boolean(), nullable=False),
        sa.Column("awarded", sa.Boolean(), nullable=False),
        sa.Column("accepted_in", sa.Date(), nullable=True),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("quotation_id", name=op.f("pk_quotation_figures")),
    )
    op.create_index(op.f("ix_quotation_figures_made_in"), "quotation_figures", ["made_in"])
    op.create_index("ix_quotation_figures_company_id_made_in", "quotation_figures", ["company_id", "made_in"])
    op.create_table(
        "invitation_figures",
        sa.Column("quotation_id", Name, nullable=False),
        sa.Column("hotel_id", Name, nullable=False),
        sa.Column("company_id", Name, nullable=False),
        sa.Column("serial", sa.BigInteger(), nullable=False),
        sa.Column("invited_in", sa.Date(), nullable=False),
        sa.Column("answered_after", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("quotation_id", "hotel_id", name=op.f("pk_invitation_figures")),
    )
    op.create_index(op.f("ix_invitation_figures_invited_in"), "invitation_figures", ["invited_in"])
    op.create_index("ix_invitation_figures_company_id_invited_in", "invitation_figures", ["company_id", "invited_in"])
    recount(op.get_bind())
