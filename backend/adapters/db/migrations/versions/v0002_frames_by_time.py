"""Frames are found by their time."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_index("ix_frames_at", "frames", ["at"])
