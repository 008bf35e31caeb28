"""The audit is searched by who did what, when, and how it ended."""

import sqlalchemy as sa
from alembic import op

from backend.adapters.db.columns import Name, Utc

revision = "0010"
down_revision = "0008"

_NAMES = ("user_id", "action", "outcome")
# A text with a zero character, which a column of PostgreSQL does not take, stands in the document alone.
_PLAIN = r"doc NOT LIKE '%\u0000%'"


def upgrade() -> None:
    op.add_column("audit", sa.Column("at", Utc(), nullable=True))
    for name in _NAMES:
        op.add_column("audit", sa.Column(name, Name, nullable=True))
    op.execute(_filled(op.get_bind().dialect.name))
    op.create_index("ix_audit_user_id_id", "audit", ["user_id", "id"])
    op.create_index("ix_audit_action_id", "audit", ["action", "id"])


def _filled(dialect: str) -> str:
    if dialect == "postgresql":
        values = [*(f"{name} = doc::json->>'{name}'" for name in _NAMES), "at = (doc::json->>'at')::timestamptz"]
    else:
        at = "strftime('%Y-%m-%dT%H:%M:%f', json_extract(doc, '$.at')) || '000Z'"
        values = [*(f"{name} = json_extract(doc, '$.{name}')" for name in _NAMES), f"at = {at}"]
    return f"UPDATE audit SET {', '.join(values)} WHERE {_PLAIN}"  # noqa: S608 - names of this file
