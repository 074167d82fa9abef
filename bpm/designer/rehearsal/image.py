"""An SQLite database in memory that can be kept as bytes: tables of ours and nothing on a disk.

Owns how such a database is made, opened and packed. Knows nothing of what stands in its tables.
"""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock

from sqlalchemy import Engine, StaticPool, create_engine
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable

from bpm.db import Base, prepare_engine

FILES = "CREATE TABLE kept_file (key TEXT PRIMARY KEY, content BLOB NOT NULL)"
# quick rather than small: it is done after each deed
_LEVEL = 1
# engines know the statements they have compiled; that many wait for the next rehearsal
_MOST_FREE = 4
_free: list[Image] = []
_lock = Lock()


class Image:
    """One connection to a database in memory, whose content can be exchanged."""

    def __init__(self) -> None:
        self.raw = sqlite3.connect(":memory:", check_same_thread=False)
        self.engine: Engine = prepare_engine(
            create_engine("sqlite://", creator=lambda: self.raw, poolclass=StaticPool)
        )
        self.engine.connect().close()  # what is done once for each connection is done now

    def put(self, packed: bytes) -> None:
        """Exchange the content."""
        self.raw.deserialize(zlib.decompress(packed))

    def packed(self) -> bytes:
        """Return the content; no transaction may be open."""
        return zlib.compress(self.raw.serialize(), _LEVEL)


@contextmanager
def opened(packed: bytes) -> Iterator[Image]:
    """Open a kept database for the block; what changes there is lost unless it is packed again."""
    with _lock:
        image = _free.pop() if _free else None
    image = image or Image()
    usable = False
    try:
        image.put(packed)
        yield image
        usable = True
    finally:
        with _lock:
            usable = usable and len(_free) < _MOST_FREE
            if usable:
                _free.append(image)
        if not usable:
            image.engine.dispose()
            image.raw.close()


@cache
def empty() -> bytes:
    """Return a database with all tables and no rows."""
    dialect = sqlite.dialect()
    raw = sqlite3.connect(":memory:")
    for table in Base.metadata.sorted_tables:
        raw.execute(str(CreateTable(table).compile(dialect=dialect)))
        for index in table.indexes:
            # the others only make large tables quicker
            if index.unique:
                raw.execute(str(CreateIndex(index).compile(dialect=dialect)))
    raw.execute(FILES)
    raw.commit()
    packed = zlib.compress(raw.serialize(), _LEVEL)
    raw.close()
    return packed
