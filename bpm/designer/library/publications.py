"""What forms and decisions have in common as things that are published: lists, sources, versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpm.db import Published
from bpm.designer.library.models import LibraryDraft
from bpm.designer.library.uses import Use

Content = TypeVar("Content")
Row = TypeVar("Row", bound=Published)


@dataclass(frozen=True)
class Overview:
    """One form or decision model in the list.

    ``number``: of its newest publication, None if it is a draft only. ``others``: names of the further
    decisions in the file of a model.
    """

    key: str
    name: str
    number: int | None
    published_at: datetime | None
    draft: LibraryDraft | None
    uses: Sequence[Use]
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Source(Generic[Content]):
    """What the editor opens. ``revision``: of the draft, 0 if a publication is opened."""

    key: str
    name: str
    content: Content
    number: int | None
    draft: LibraryDraft | None

    @property
    def revision(self) -> int:
        return self.draft.revision if self.draft is not None else 0


def by_name(found: Sequence[Overview]) -> list[Overview]:
    """Return a list in the order in which people look things up."""
    return sorted(found, key=lambda one: one.name.casefold())


def versions(session: Session, table: type[Row], key: str) -> Sequence[Row]:
    """Return what was published under a key, newest first."""
    return session.scalars(select(table).where(table.key == key).order_by(table.number.desc())).all()


def version(session: Session, table: type[Row], key: str, number: int) -> Row | None:
    """Return one publication, or None."""
    return session.scalar(select(table).where(table.key == key, table.number == number))
