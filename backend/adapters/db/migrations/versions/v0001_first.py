"""The first schema."""

import sqlalchemy as sa
from alembic import op

from backend.adapters.db.columns import Name, RowId, Utc

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "announcements",
        sa.Column("id", Name, nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_announcements")),
    )
    op.create_table(
        "audit",
        sa.Column("id", Name, nullable=False),
        sa.Column("company_id", Name, nullable=True),
        sa.Column("subject", Name, nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index("ix_audit_company_id_id", "audit", ["company_id", "id"])
    op.create_index("ix_audit_subject_id", "audit", ["subject", "id"])
    op.create_table(
        "channels",
        sa.Column("name", Name, nullable=False),
        sa.Column("gen", sa.BigInteger(), nullable=False),
        sa.Column("epoch", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_channels")),
        postgresql_with={"fillfactor": "50"},
    )
    op.create_table(
        "companies",
        sa.Column("id", Name, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_companies")),
    )
    op.create_table(
        "events",
        sa.Column("id", Name, nullable=False),
        sa.Column("quotation_id", Name, nullable=True),
        sa.Column("serial", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", Utc, nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sa.UniqueConstraint("quotation_id", "serial", name=op.f("uq_events_quotation_id_serial")),
    )
    op.create_table(
        "frames",
        sa.Column("channel", Name, nullable=False),
        sa.Column("epoch", Name, nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", Utc, nullable=False),
        sa.Column("gen", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("channel", "epoch", "seq", "at", name=op.f("pk_frames")),
        postgresql_partition_by="RANGE (at)",
    )
    op.create_table(
        "hotels",
        sa.Column("id", Name, nullable=False),
        sa.Column("name", Name, nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hotels")),
    )
    op.create_index(op.f("ix_hotels_name"), "hotels", ["name"])
    op.create_table(
        "idempotency_keys",
        sa.Column("user_id", Name, nullable=False),
        sa.Column("command", Name, nullable=False),
        sa.Column("key", Name, nullable=False),
        sa.Column("payload_hash", sa.LargeBinary(), nullable=False),
        sa.Column("answer", sa.LargeBinary(), nullable=False),
        sa.Column("at", Utc, nullable=False),
        sa.PrimaryKeyConstraint("user_id", "command", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_index(op.f("ix_idempotency_keys_at"), "idempotency_keys", ["at"])
    op.create_table(
        "notifications",
        sa.Column("user_id", Name, nullable=False),
        sa.Column("id", Name, nullable=False),
        sa.Column("at", Utc, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("quotation_id", Name, nullable=True),
        sa.PrimaryKeyConstraint("user_id", "id", name=op.f("pk_notifications")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("at", Utc, nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "quotations",
        sa.Column("id", Name, nullable=False),
        sa.Column("company_id", Name, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("serial", sa.BigInteger(), nullable=False),
        sa.Column("due_at", Utc, nullable=True),
        sa.Column("booking_id", Name, nullable=True),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotations")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_quotations_booking_id")),
        postgresql_with={"fillfactor": "70"},
    )
    op.create_index(
        "ix_quotations_due_at",
        "quotations",
        ["due_at"],
        postgresql_where=sa.text("due_at IS NOT NULL"),
        sqlite_where=sa.text("due_at IS NOT NULL"),
    )
    op.create_table(
        "refresh_tokens",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("family", Name, nullable=False),
        sa.Column("user_id", Name, nullable=False),
        sa.Column("expires_at", Utc, nullable=False),
        sa.Column("used", sa.Boolean(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_refresh_tokens")),
    )
    op.create_index(op.f("ix_refresh_tokens_family"), "refresh_tokens", ["family"])
    op.create_table(
        "users",
        sa.Column("id", Name, nullable=False),
        sa.Column("email", Name, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("company_id", Name, nullable=True),
        sa.Column("hotel_id", Name, nullable=True),
        sa.Column("customer_of", Name, nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    op.create_index(op.f("ix_users_company_id"), "users", ["company_id"])
    op.create_index(op.f("ix_users_customer_of"), "users", ["customer_of"])
    op.create_index(op.f("ix_users_hotel_id"), "users", ["hotel_id"])
    op.create_table(
        "versions",
        sa.Column("quotation_id", Name, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("quotation_id", "version", name=op.f("pk_versions")),
    )
    op.create_table(
        "quotation_audiences",
        sa.Column("audience", Name, nullable=False),
        sa.Column("quotation_id", Name, nullable=False),
        sa.ForeignKeyConstraint(["quotation_id"], ["quotations.id"], name=op.f("fk_quotation_audiences_quotation_id")),
        sa.PrimaryKeyConstraint("audience", "quotation_id", name=op.f("pk_quotation_audiences")),
    )
    op.create_index(op.f("ix_quotation_audiences_quotation_id"), "quotation_audiences", ["quotation_id"])
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE TABLE frames_default PARTITION OF frames DEFAULT")
