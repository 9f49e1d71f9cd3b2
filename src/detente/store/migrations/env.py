"""Alembic's entry: runs the migrations on the connection that the store has opened."""

from alembic import context

from detente.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
