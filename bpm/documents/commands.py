"""Publish document templates, and make documents of them.

Making is cut in two, so that no transaction is open while a document is filled in: ``produce``
needs no database, ``keep_documents`` stores what it made.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bpm.db import latest_published, next_publication_number
from bpm.documents import queries
from bpm.documents.models import DocumentTemplate
from bpm.documents.pdf import to_pdf
from bpm.documents.render import check_template, render_docx
from bpm.engine.models import Attachment
from bpm.errors import NotAllowed
from bpm.files import commands as files
from bpm.files.models import StoredFile
from bpm.files.store import FileStore
from bpm.language import _
from bpm.people.models import Person
from bpm.people.queries import PROCESS_OWNER, has_role

_LARGEST = 50 * 1024 * 1024


@dataclass(frozen=True)
class Produced:
    """A document as Word file and, where LibreOffice is installed and it was asked for, as PDF."""

    word: bytes
    pdf: bytes | None = None


def publish(
    session: Session,
    now: datetime,
    actor: Person | None,
    key: str,
    content: bytes,
    names: Mapping[str, str] | None = None,
) -> DocumentTemplate:
    """Publish a Word template under ``key``; the same content again changes nothing.

    Args:
        actor: a process owner or administrator; None: the program itself.
        names: what people call it, ``{"en": …, "ru": …, "pl": …}``; the key if left out.

    Raises:
        NotAllowed: ``actor`` may not publish.
        DocumentError: it is not a Word file that can be used.
    """
    if actor is not None and not has_role(actor, PROCESS_OWNER):
        raise NotAllowed(_("Only process owners can publish document templates."))
    check_template(content)
    digest = hashlib.sha256(content).hexdigest()
    newest = latest_published(session, DocumentTemplate, key)
    called = dict(names or (newest.names if newest is not None else {"en": key}))
    if newest is not None and newest.hash == digest and newest.names == called:
        return newest
    template = DocumentTemplate(
        key=key,
        number=next_publication_number(session, DocumentTemplate, key),
        hash=digest,
        content=content,
        names=called,
        published_at=now,
        published_by_id=actor.id if actor is not None else None,
    )
    session.add(template)
    session.flush()
    return template


def produce(template: bytes, values: Mapping[str, Any], *, as_pdf: bool = False) -> Produced:
    """Fill a template in the present language; takes seconds and no transaction.

    Raises:
        DocumentError: the template cannot be filled in, or LibreOffice failed.
    """
    word = render_docx(template, values)
    return Produced(word, to_pdf(word) if as_pdf else None)


def keep_documents(
    session: Session,
    store: FileStore,
    now: datetime,
    actor: Person | None,
    name: str,
    produced: Produced,
    *,
    instance_id: int | None = None,
    record_id: int | None = None,
) -> list[StoredFile]:
    """Store what was made under ``name`` (without an extension), the PDF first, and attach it to its case."""
    contents = [(f"{name}.pdf", produced.pdf), (f"{name}.docx", produced.word)]
    kept = []
    for full_name, content in contents:
        if content is None:
            continue
        file = files.keep(
            session,
            store,
            now,
            actor,
            full_name,
            content,
            limit=_LARGEST,
            instance_id=instance_id,
            record_id=record_id,
        )
        if instance_id is not None:
            session.add(Attachment(instance_id=instance_id, file_id=file.id, at=now))
        kept.append(file)
    session.flush()
    return kept


def make(
    session: Session,
    store: FileStore,
    now: datetime,
    actor: Person | None,
    template_key: str,
    values: Mapping[str, Any],
    *,
    name: str,
    as_pdf: bool = False,
    instance_id: int | None = None,
    record_id: int | None = None,
) -> list[StoredFile]:
    """Make a document at once; return the stored files, the PDF first if there is one.

    Raises:
        NotFound: there is no such template.
        DocumentError: it cannot be filled in.
    """
    template = queries.template(session, template_key)
    produced = produce(template.content, values, as_pdf=as_pdf)
    return keep_documents(
        session, store, now, actor, name, produced, instance_id=instance_id, record_id=record_id
    )
