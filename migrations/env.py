"""How Alembic reaches our tables; called by ``bpm db upgrade`` with a connection."""

from alembic import context

from bpm import tables
from bpm.db import Base

tables.load()

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    user_module_prefix="bpm.db.",
)
with context.begin_transaction():
    context.run_migrations()
