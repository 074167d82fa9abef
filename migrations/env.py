"""How Alembic reaches our tables; called by ``bpm db upgrade`` with a connection."""

from alembic import context
from sqlalchemy import JSON, BigInteger
from sqlalchemy.sql.elements import False_, True_

from bpm import tables
from bpm.db import Base

tables.load()


def render(kind, value, _context):
    """Name our portable types and defaults instead of writing out what they are on this database."""
    if kind == "type" and isinstance(value, JSON):
        return "bpm.db.Json"
    if kind == "type" and isinstance(value, BigInteger):
        return "bpm.db.PrimaryKey"
    if kind == "server_default" and isinstance(getattr(value, "arg", None), (True_, False_)):
        return "sa.true()" if isinstance(value.arg, True_) else "sa.false()"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    user_module_prefix="bpm.db.",
    render_item=render,
)
with context.begin_transaction():
    context.run_migrations()
