"""Keep files: bytes go to the store, what is known of them to the database.

The bytes are written first. If the transaction is rolled back they are left behind without
anybody knowing them, and ``remove_unknown`` sweeps them away.
"""

from __future__ import annotations

import io
from datetime import datetime
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpm.db import new_public_id
from bpm.errors import Invalid
from bpm.files.models import StoredFile
from bpm.files.names import safe_name
from bpm.files.rights import Reader
from bpm.files.store import FileStore, TooManyBytes
from bpm.files.types import media_type
from bpm.language import _

MEGABYTE = 1024 * 1024


class TooLarge(Invalid):
    """The file is larger than the installation takes."""

    status = 413
    code = "too_large"


def keep(
    session: Session,
    store: FileStore,
    now: datetime,
    actor: Reader | None,
    name: str,
    content: BinaryIO | bytes,
    *,
    limit: int,
    instance_id: int | None = None,
    record_id: int | None = None,
) -> StoredFile:
    """Keep a file; its type is told from its content.

    Args:
        actor: whose file it is; None: the program's own.
        name: as the person calls it; made harmless.
        limit: the most bytes, usually ``settings.upload_limit``.
        instance_id, record_id: what the file belongs to, which decides who may read it.

    Raises:
        TooLarge: there are more bytes than ``limit``.
        Invalid: the file is empty.
    """
    name = safe_name(name)
    key = new_public_id()
    stream = io.BytesIO(content) if isinstance(content, bytes) else content
    try:
        written = store.write(key, stream, limit)
    except TooManyBytes as error:
        megabytes = max(1, limit // MEGABYTE)
        raise TooLarge(
            _(
                "“%(name)s” is larger than %(limit)s MB. Make it smaller, or ask the administrator for more.",
                name=name,
                limit=megabytes,
            ),
            limit=limit,
        ) from error
    if written.size == 0:
        store.delete(key)
        raise Invalid(_("“%(name)s” is empty. Choose another file.", name=name))
    with store.open(key) as whole:
        kind = media_type(written.head, whole)
    file = StoredFile(
        public_id=key,
        name=name,
        media_type=kind[:120],
        size=written.size,
        sha256=written.sha256,
        created_at=now,
        created_by_id=actor.id if actor is not None else None,
        instance_id=instance_id,
        record_id=record_id,
    )
    session.add(file)
    session.flush()
    return file


def attach(file: StoredFile, *, instance_id: int | None = None, record_id: int | None = None) -> None:
    """Let a file that was uploaded before belong to a case or a record.

    What it belongs to already stays: a file is never taken from one case into another.
    """
    if file.instance_id is None:
        file.instance_id = instance_id
    if file.record_id is None:
        file.record_id = record_id


def remove_unknown(session: Session, store: FileStore) -> int:
    """Delete stored bytes that no row knows; return how many files that were.

    To be called when nobody uploads: an upload that is not committed yet is unknown too.
    """
    known = set(session.scalars(select(StoredFile.public_id)))
    unknown = [key for key in store.all_keys() if key not in known]
    for key in unknown:
        store.delete(key)
    return len(unknown)
