"""Several relays share the outbox by its parts."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("outbox", sa.Column("part", sa.SmallInteger(), server_default="0", nullable=False))
