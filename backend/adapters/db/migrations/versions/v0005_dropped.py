"""What an inbox dropped is counted until its person has been told."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("notifications", sa.Column("dropped", sa.Boolean(), server_default=sa.false(), nullable=False))
