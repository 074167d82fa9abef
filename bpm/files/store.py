"""Where the bytes of files lie: a folder that all nodes reach.

Knows names only as random keys, never as people write them, so no name can lead out of the
folder. What is known of a file stands in the table ``stored_file``.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_CHUNK = 256 * 1024
_KEY = re.compile(r"[A-Za-z0-9_-]{8,40}")
# enough for every signature that is looked for
HEAD = 8192


class TooManyBytes(Exception):
    """The stream holds more than was allowed."""


@dataclass(frozen=True)
class Written:
    """What is known of a stream after it was written."""

    size: int
    sha256: str
    head: bytes


class FileStore:
    """A folder of files that are written once and never changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, key: str, stream: BinaryIO, limit: int) -> Written:
        """Write a stream under a key that is not in use, piece by piece.

        The file appears under its key only when it is complete and on the disk.

        Args:
            limit: the most bytes that are taken.

        Raises:
            TooManyBytes: there are more; nothing is kept.
        """
        path = self.path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f".{secrets.token_hex(8)}.part")
        try:
            with partial.open("xb") as target:
                written = _copy(stream, target, limit)
                target.flush()
                os.fsync(target.fileno())
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
        return written

    def open(self, key: str) -> BinaryIO:
        """Open a file for reading.

        Raises:
            FileNotFoundError: there is no such file.
        """
        return self.path(key).open("rb")

    def delete(self, key: str) -> None:
        """Remove a file; nothing happens if it is gone already."""
        self.path(key).unlink(missing_ok=True)

    def all_keys(self) -> Iterator[str]:
        """Return the key of every file, in no order."""
        return (path.name for path in self._folder.glob("??/*") if not path.name.startswith("."))

    def path(self, key: str) -> Path:
        """Return where a file lies.

        Raises:
            ValueError: the key is not one of ours.
        """
        if not _KEY.fullmatch(key):
            raise ValueError(f"{key!r} is not the key of a file.")
        # a second folder level keeps folders small; the hash keeps its name valid everywhere
        return self._folder / hashlib.sha256(key.encode()).hexdigest()[:2] / key


def _copy(stream: BinaryIO, target: BinaryIO, limit: int) -> Written:
    digest = hashlib.sha256()
    size = 0
    head = b""
    while piece := stream.read(_CHUNK):
        size += len(piece)
        if size > limit:
            raise TooManyBytes
        digest.update(piece)
        head += piece[: HEAD - len(head)]
        target.write(piece)
    return Written(size, digest.hexdigest(), head)
