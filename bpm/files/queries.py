"""Find and open stored files, for those who may read them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpm.errors import NotFound
from bpm.files.models import StoredFile
from bpm.files.rights import Reader, may_read
from bpm.files.store import FileStore
from bpm.language import _


def stored_file(session: Session, public_id: str) -> StoredFile | None:
    """Return what is known of a file, without asking who wants to know; for the program itself."""
    return session.scalar(select(StoredFile).where(StoredFile.public_id == public_id))


def readable_file(session: Session, actor: Reader | None, public_id: str) -> StoredFile:
    """Return what is known of a file.

    Raises:
        NotFound: there is none, or ``actor`` may not know of it.
    """
    file = stored_file(session, public_id)
    if file is None or not may_read(session, actor, file):
        raise NotFound(_("There is no such file, or you may not see it."))
    return file


def open_file(
    session: Session, store: FileStore, actor: Reader | None, public_id: str
) -> tuple[StoredFile, BinaryIO]:
    """Open a file for its reader, who closes the stream.

    Pages send it as an attachment with ``X-Content-Type-Options: nosniff``.

    Raises:
        NotFound: there is none, ``actor`` may not know of it, or its bytes are lost.
    """
    file = readable_file(session, actor, public_id)
    return file, open_stored(store, file)


def open_stored(store: FileStore, file: StoredFile) -> BinaryIO:
    """Open a file without asking who wants to read it; for the program itself.

    Raises:
        NotFound: its bytes are lost.
    """
    try:
        return store.open(file.public_id)
    except FileNotFoundError as error:
        raise NotFound(
            _(
                "The content of “%(name)s” is missing from the file store."
                " Ask the administrator to restore it from a backup.",
                name=file.name,
            )
        ) from error


def files_of(
    session: Session, *, instance_id: int | None = None, record_id: int | None = None
) -> Sequence[StoredFile]:
    """Return the files of a case or a record, the oldest first. The caller has asked whether he may."""
    question = select(StoredFile).order_by(StoredFile.id)
    if instance_id is not None:
        question = question.where(StoredFile.instance_id == instance_id)
    if record_id is not None:
        question = question.where(StoredFile.record_id == record_id)
    if instance_id is None and record_id is None:
        return []
    return session.scalars(question).all()
