"""Files that come with a form: kept through ``bpm.files``, handed on as references.

Knows the request; what a form does with the references is ``forms.submission``'s business.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import request
from sqlalchemy.orm import Session

from bpm.config import Settings
from bpm.engine.values import FileReference
from bpm.files import commands
from bpm.files.models import StoredFile
from bpm.files.store import FileStore
from bpm.forms import submission
from bpm.forms.parts import Form
from bpm.people.models import Person

_LONGEST_ID = 24


def keep_uploads(
    session: Session,
    now: datetime,
    actor: Person,
    settings: Settings,
    form: Form | None,
    instance_id: int | None = None,
) -> dict[str, list[Any]]:
    """Keep the files of this request that the form asks for; return their references by control name.

    Raises:
        Invalid: a file is empty or too large.
    """
    kept: dict[str, list[Any]] = {}
    for name in submission.file_names(form, request.files.keys()) if form is not None else ():
        for upload in request.files.getlist(name):
            if upload.filename:
                stored = keep_one(
                    session, now, actor, settings, upload.filename, upload.stream, instance_id=instance_id
                )
                kept.setdefault(name, []).append(reference(stored))
    return kept


def keep_one(
    session: Session,
    now: datetime,
    actor: Person,
    settings: Settings,
    name: str,
    stream: Any,
    *,
    instance_id: int | None = None,
) -> StoredFile:
    """Keep one file that somebody sent.

    Raises:
        Invalid: it is empty or too large.
    """
    store = FileStore(settings.files_folder)
    return commands.keep(
        session, store, now, actor, name, stream, limit=settings.upload_limit, instance_id=instance_id
    )


def reference(stored: StoredFile) -> FileReference:
    """Return what a variable holds of a stored file."""
    return FileReference(stored.public_id, stored.name, stored.size, stored.media_type)
