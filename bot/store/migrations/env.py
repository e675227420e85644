"""Run by Alembic. The connection is handed over inside of a transaction, which the giver ends."""

from alembic import context

from bot.store.tables import metadata

# In batches, because SQLite cannot change a column: Alembic makes the table anew.
context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True
)
context.run_migrations()
