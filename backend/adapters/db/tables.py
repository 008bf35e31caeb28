"""The schema, for SQLite and PostgreSQL alike. The migrations lead here; a test holds both together.

Documents are JSON text that nothing in SQL looks into: what is searched or locked stands in a column beside them.
What people type is kept in documents only: a column of PostgreSQL takes no zero character.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from backend.adapters.db.columns import Name, RowId, Utc

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

users = Table(
    "users",
    metadata,
    Column("id", Name, primary_key=True),
    Column("email", Name, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("company_id", Name, index=True),
    Column("hotel_id", Name, index=True),
    Column("customer_of", Name, index=True),
    Column("active", Boolean, nullable=False),
    Column("rights", BigInteger, nullable=False, server_default=text("0")),
    Column("rights_at", Utc),
)

companies = Table(
    "companies",
    metadata,
    Column("id", Name, primary_key=True),
    Column("name", Text, nullable=False),
)

hotels = Table(
    "hotels",
    metadata,
    Column("id", Name, primary_key=True),
    Column("name", Name, nullable=False, index=True),
    Column("doc", Text, nullable=False),
    Column("revision", Integer, nullable=False, server_default=text("0")),
)

# What admins keep besides hotels, by kind. `place` is where an item stands in its list, and how tariffs and exchange
# rates are found by their day.
catalogue = Table(
    "catalogue",
    metadata,
    Column("kind", Name, primary_key=True),
    Column("id", Name, primary_key=True),
    Column("place", Name, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("doc", Text, nullable=False),
    Index("ix_catalogue_kind_place", "kind", "place"),
)

# A night and room type without a row is on request. The check is the last word on overbooking, after the row's lock.
allotments = Table(
    "allotments",
    metadata,
    Column("hotel_id", Name, primary_key=True),
    Column("night", Date, primary_key=True),
    Column("room_type", Name, primary_key=True),
    Column("total", Integer, nullable=False),
    Column("taken", Integer, nullable=False),
    CheckConstraint("taken >= 0 AND taken <= total", name="ck_allotments_taken"),
)

# The calendars of guides and vehicles. The key is what keeps a day from being given away twice; a row without a claim
# is a day off.
resource_days = Table(
    "resource_days",
    metadata,
    Column("kind", Name, primary_key=True),
    Column("resource_id", Name, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("claim_id", Name, index=True),
    Column("booking_id", Name),
)

# A released claim stays, also one that never was made: a claim that comes after its release must not be made any more.
claims = Table(
    "claims",
    metadata,
    Column("id", Name, primary_key=True),
    Column("booking_id", Name, index=True),
    Column("released", Boolean, nullable=False),
    Column("doc", Text, nullable=False),
)

# Rewritten by every command: room on the page keeps the update off the indexes.
quotations = Table(
    "quotations",
    metadata,
    Column("id", Name, primary_key=True),
    Column("company_id", Name, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("serial", BigInteger, nullable=False),
    Column("due_at", Utc),
    Column("booking_id", Name, unique=True),
    Column("doc", Text, nullable=False),
    Index(
        "ix_quotations_due_at",
        "due_at",
        postgresql_where=text("due_at IS NOT NULL"),
        sqlite_where=text("due_at IS NOT NULL"),
    ),
    postgresql_with={"fillfactor": "70"},
)

quotation_audiences = Table(
    "quotation_audiences",
    metadata,
    Column("audience", Name, primary_key=True),
    Column("quotation_id", Name, ForeignKey("quotations.id"), primary_key=True, index=True),
)

events = Table(
    "events",
    metadata,
    Column("id", Name, primary_key=True),
    Column("quotation_id", Name),
    Column("serial", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("at", Utc, nullable=False),
    Column("doc", Text, nullable=False),
    UniqueConstraint("quotation_id", "serial"),
)

versions = Table(
    "versions",
    metadata,
    Column("quotation_id", Name, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("doc", Text, nullable=False),
)

channels = Table(
    "channels",
    metadata,
    Column("name", Name, primary_key=True),
    Column("gen", BigInteger, nullable=False),
    Column("epoch", Text, nullable=False),
    Column("seq", BigInteger, nullable=False),
    postgresql_with={"fillfactor": "50"},
)

# Insert-only; whole days are dropped. The key of a partitioned table must hold what it is partitioned by. A reset has a
# row, too, with seq 0: nobody is sent it, but what happened to any channel of late is found here by its time.
frames = Table(
    "frames",
    metadata,
    Column("channel", Name, primary_key=True),
    Column("epoch", Name, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("at", Utc, primary_key=True),
    Column("gen", BigInteger, nullable=False),
    Column("name", Text, nullable=False),
    Column("body", Text, nullable=False),
    Index("ix_frames_at", "at"),
    postgresql_partition_by="RANGE (at)",
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("at", Utc, nullable=False),
    Column("part", SmallInteger, nullable=False, server_default="0"),
    Column("payload", Text, nullable=False),
    # A number that was relayed and deleted must not come again: the relay keeps ids in mind.
    sqlite_autoincrement=True,
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("user_id", Name, primary_key=True),
    Column("command", Name, primary_key=True),
    Column("key", Name, primary_key=True),
    Column("payload_hash", LargeBinary, nullable=False),
    Column("answer", LargeBinary, nullable=False),
    Column("at", Utc, nullable=False, index=True),
)

notifications = Table(
    "notifications",
    metadata,
    Column("user_id", Name, primary_key=True),
    Column("id", Name, primary_key=True),
    Column("at", Utc, nullable=False),
    Column("kind", Text, nullable=False),
    Column("quotation_id", Name),
    Column("dropped", Boolean, nullable=False, server_default=false()),
)

announcements = Table(
    "announcements",
    metadata,
    Column("id", Name, primary_key=True),
    Column("doc", Text, nullable=False),
)

audit = Table(
    "audit",
    metadata,
    Column("id", Name, primary_key=True),
    Column("company_id", Name),
    Column("subject", Name, nullable=False),
    Column("doc", Text, nullable=False),
    # A release before these columns may still be writing when they come.
    Column("at", Utc),
    Column("user_id", Name),
    Column("action", Name),
    Column("outcome", Name),
    Index("ix_audit_company_id_id", "company_id", "id"),
    Index("ix_audit_subject_id", "subject", "id"),
    Index("ix_audit_user_id_id", "user_id", "id"),
    Index("ix_audit_action_id", "action", "id"),
)

# `ended` stays on a family's tokens until all of them are expired: one that was still on its way is dead on arrival.
refresh_tokens = Table(
    "refresh_tokens",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("family", Name, nullable=False, index=True),
    Column("user_id", Name, nullable=False, index=True),
    Column("expires_at", Utc, nullable=False),
    Column("used", Boolean, nullable=False),
    Column("ended", Boolean, nullable=False),
)

# Rewritten with every turn: room on the page keeps what is not indexed off the indexes.
workflows = Table(
    "workflows",
    metadata,
    Column("id", Name, primary_key=True),
    Column("name", Text, nullable=False),
    Column("queue", Name, nullable=False),
    Column("args", Text, nullable=False),
    Column("state", Name, nullable=False),
    Column("wake_at", Utc),
    Column("said", BigInteger, nullable=False, server_default="0"),
    Column("word", Text, nullable=False, server_default=""),
    Column("turns", BigInteger, nullable=False, server_default="0"),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("executor", Name),
    Column("taken_over_at", Utc),
    Column("progress", Text, nullable=False, server_default="{}"),
    Column("code", Text, nullable=False, server_default=""),
    Column("reason", Text, nullable=False, server_default=""),
    Column("step", Text, nullable=False, server_default=""),
    Column("begun_at", Utc, nullable=False),
    Column("changed_at", Utc, nullable=False),
    Index("ix_workflows_queue_state_wake_at", "queue", "state", "wake_at"),
    Index("ix_workflows_state_changed_at", "state", "changed_at"),
    postgresql_with={"fillfactor": "70"},
)

executors = Table(
    "executors",
    metadata,
    Column("id", Name, primary_key=True),
    Column("version", Text, nullable=False),
    Column("queues", Text, nullable=False),
    Column("seen_at", Utc, nullable=False),
)

# What gateways said, each once, as it was understood.
payment_notices = Table(
    "payment_notices",
    metadata,
    Column("gateway", Name, primary_key=True),
    Column("external_id", Name, primary_key=True),
    Column("booking_id", Name, nullable=False),
    Column("payment_id", Name, nullable=False),
    Column("at", Utc, nullable=False),
    Column("doc", Text, nullable=False),
)

# The embedded gateway's own books.
local_payments = Table(
    "local_payments",
    metadata,
    Column("id", Name, primary_key=True),
    Column("booking_id", Name, nullable=False),
    Column("state", Text, nullable=False),
    Column("at", Utc, nullable=False, index=True),
    Column("doc", Text, nullable=False),
)

# Double entry: the amounts of an entry come to nothing. Insert-only.
ledger = Table(
    "ledger",
    metadata,
    Column("entry_id", Name, primary_key=True),
    Column("account", Name, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("booking_id", Name, nullable=False, index=True),
    Column("amount", BigInteger, nullable=False),
    Column("currency", Name, nullable=False),
    Column("at", Utc, nullable=False),
)

# What the figures of the business are made from, worked out of the documents: they can be filled again at any time.
quotation_figures = Table(
    "quotation_figures",
    metadata,
    Column("quotation_id", Name, primary_key=True),
    Column("company_id", Name, nullable=False),
    Column("serial", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("made_in", Date, nullable=False, index=True),
    Column("published_in", Date),
    Column("offered", Boolean, nullable=False),
    Column("awarded", Boolean, nullable=False),
    Column("accepted_in", Date),
    Column("confirmed", Boolean, nullable=False),
    Column("currency", Text, nullable=False),
    Column("value", BigInteger),
    Index("ix_quotation_figures_company_id_made_in", "company_id", "made_in"),
)

invitation_figures = Table(
    "invitation_figures",
    metadata,
    Column("quotation_id", Name, primary_key=True),
    Column("hotel_id", Name, primary_key=True),
    Column("company_id", Name, nullable=False),
    Column("serial", BigInteger, nullable=False),
    Column("invited_in", Date, nullable=False, index=True),
    Column("answered_after", BigInteger),
    Index("ix_invitation_figures_company_id_invited_in", "company_id", "invited_in"),
)
