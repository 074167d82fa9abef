"""Where the files of a rehearsal lie: inside of its own database. Files of the company are only read."""

from __future__ import annotations

import hashlib
import io
import sqlite3
from typing import BinaryIO

from bpm.files.store import HEAD, FileStore, TooManyBytes, Written


class FilesInside(FileStore):
    """A ``FileStore`` that writes into the table ``kept_file`` of an image."""

    def __init__(self, raw: sqlite3.Connection, real: FileStore) -> None:
        self._raw = raw
        self._real = real

    def write(self, key: str, stream: BinaryIO, limit: int) -> Written:
        """Keep a stream in the transaction that is open."""
        content = stream.read(limit + 1)
        if len(content) > limit:
            raise TooManyBytes
        self._raw.execute("INSERT INTO kept_file (key, content) VALUES (?, ?)", (key, content))
        return Written(len(content), hashlib.sha256(content).hexdigest(), content[:HEAD])

    def open(self, key: str) -> BinaryIO:
        """Open a file of the rehearsal, else one of the company."""
        found = self._raw.execute("SELECT content FROM kept_file WHERE key = ?", (key,)).fetchone()
        return io.BytesIO(found[0]) if found is not None else self._real.open(key)

    def delete(self, key: str) -> None:
        """Remove a file of the rehearsal; those of the company stay."""
        self._raw.execute("DELETE FROM kept_file WHERE key = ?", (key,))
