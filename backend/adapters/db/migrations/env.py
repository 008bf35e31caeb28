"""Alembic's entry. The caller has opened the connection and its transaction, and commits it."""

from alembic import context

from backend.adapters.db.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
