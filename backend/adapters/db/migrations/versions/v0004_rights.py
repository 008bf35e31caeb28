"""How often a person's rights changed, and when they did last."""

import sqlalchemy as sa
from alembic import op

from backend.adapters.db.columns import Utc

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("users", sa.Column("rights", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
    op.add_column("users", sa.Column("rights_at", Utc, nullable=True))
    op.create_index("ix_refresh_tokens_user_id", "refresh_tokens", ["user_id"])
