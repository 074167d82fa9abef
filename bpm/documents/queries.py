"""Find document templates."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bpm.db import latest_published
from bpm.documents.models import DocumentTemplate
from bpm.errors import NotFound
from bpm.language import _


def template(session: Session, key: str) -> DocumentTemplate:
    """Return the newest publication of a template.

    Raises:
        NotFound: there is no template of that name.
    """
    found = latest_published(session, DocumentTemplate, key)
    if found is None:
        raise NotFound(_("There is no document template “%(key)s”.", key=key))
    return found


def templates(session: Session) -> Sequence[DocumentTemplate]:
    """Return the newest publication of every template, by key."""
    newest = select(func.max(DocumentTemplate.id)).group_by(DocumentTemplate.key)
    return session.scalars(
        select(DocumentTemplate).where(DocumentTemplate.id.in_(newest)).order_by(DocumentTemplate.key)
    ).all()
