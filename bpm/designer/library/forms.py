"""Forms as their makers see them: what there is, what the builder opens, publishing, restoring.

The rules of forms stand in ``bpm.forms``; drafts in ``drafts``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpm.designer import diagram
from bpm.designer.library import drafts, uses
from bpm.designer.library.models import FORM, LibraryDraft
from bpm.errors import Invalid, NotFound
from bpm.forms import commands, queries, schema
from bpm.forms.models import Form
from bpm.language import _, chosen
from bpm.people.models import Person


@dataclass(frozen=True)
class Overview:
    """One form in the list. ``number``: of its newest publication, None if it is a draft only."""

    key: str
    name: str
    number: int | None
    published_at: datetime | None
    draft: LibraryDraft | None
    uses: Sequence[uses.Use]


@dataclass(frozen=True)
class Source:
    """What the builder opens. ``revision``: of the draft, 0 if a publication is opened."""

    key: str
    name: str
    content: dict[str, Any]
    revision: int
    number: int | None
    draft: LibraryDraft | None


def overviews(session: Session) -> list[Overview]:
    """Return all forms by name, drafts included."""
    begun, used = drafts.drafts(session, FORM), uses.of_forms(session)
    found = [
        Overview(
            row.key,
            title_of(row.content) or row.key,
            row.number,
            row.published_at,
            begun.pop(row.key, None),
            used.get(row.key, ()),
        )
        for row in queries.forms(session)
    ]
    found += [Overview(key, one.name, None, None, one, used.get(key, ())) for key, one in begun.items()]
    return sorted(found, key=lambda one: one.name.casefold())


def source(session: Session, key: str) -> Source:
    """Return what the builder opens: the draft, else the newest publication.

    Raises:
        NotFound: there is neither.
    """
    row, begun = queries.published(session, key), drafts.draft(session, FORM, key)
    number = row.number if row is not None else None
    if begun is not None:
        return Source(key, begun.name, json.loads(begun.content), begun.revision, number, begun)
    if row is None:
        raise NotFound(_("There is no form “%(key)s”.", key=key))
    return Source(key, title_of(row.content) or key, row.content, 0, number, None)


def create(session: Session, now: datetime, actor: Person, title: str) -> LibraryDraft:
    """Begin a new form without fields.

    Raises:
        NotAllowed: the actor is no process owner.
        Invalid: the title is empty or too long.
    """
    title = title.strip()
    if not title or len(title) > 200:
        raise Invalid(_("Give the form a title of at most 200 letters."), problems=[])
    taken = {*session.scalars(select(Form.key)), *drafts.drafts(session, FORM)}
    key = drafts.free_key(diagram.key_from(title, "form"), taken)
    content = {"type": "default", "schemaVersion": 19, "id": key, "title": title, "components": []}
    return drafts.begin(session, now, actor, FORM, key, name=title, content=written(content))


def save(
    session: Session,
    now: datetime,
    actor: Person,
    key: str,
    content: Mapping[str, Any],
    *,
    revision: int,
    editor: str,
) -> LibraryDraft:
    """Keep a form as it stands in the builder; it need not be finished. Errors as in ``drafts.keep``."""
    row = queries.published(session, key)
    return drafts.keep(
        session,
        now,
        actor,
        FORM,
        key,
        name=title_of(content) or key,
        content=written(content),
        revision=revision,
        editor=editor,
        base_number=row.number if row is not None else None,
    )


def publish(
    session: Session, now: datetime, actor: Person, key: str, *, revision: int, note: str = ""
) -> Form:
    """Make the draft the next version of its form; the draft is gone then.

    Raises:
        Invalid: the form has faults; ``problems`` names each, as ``problems`` does.
        Conflict: somebody changed the draft meanwhile.
    """
    begun = drafts.ready(session, actor, FORM, key, revision)
    content = json.loads(begun.content)
    found = problems(content)
    if found:
        raise Invalid(found[0]["text"], problems=found)
    row = commands.publish(session, now, actor, key, content, note=note)
    session.delete(begun)
    session.flush()
    return row


def restore(session: Session, now: datetime, actor: Person, key: str, number: int) -> LibraryDraft:
    """Make an older version the draft.

    Raises:
        Conflict: there is a draft that would be lost.
        NotFound: there is no such version.
    """
    row = version(session, key, number)
    return drafts.begin(
        session,
        now,
        actor,
        FORM,
        key,
        name=title_of(row.content) or key,
        content=written(row.content),
        base_number=number,
    )


def versions(session: Session, key: str) -> Sequence[Form]:
    """Return the versions of a form, newest first."""
    return session.scalars(select(Form).where(Form.key == key).order_by(Form.number.desc())).all()


def version(session: Session, key: str, number: int) -> Form:
    """Return one version.

    Raises:
        NotFound: there is no such version.
    """
    row = session.scalar(select(Form).where(Form.key == key, Form.number == number))
    if row is None:
        raise NotFound(_("There is no version %(number)s of the form “%(key)s”.", number=number, key=key))
    return row


def problems(content: Any) -> list[dict[str, Any]]:
    """Return what is wrong with a form that is being made: ``{"path", "text", "at"}``."""
    form, found = schema.examine(content)
    if not found and not any(True for _field in form.components):
        found = [{"path": _("Form"), "text": _("Add at least one field."), "at": []}]
    nameless = list(_nameless(content.get("components") if isinstance(content, Mapping) else ()))
    return found + nameless


def known(session: Session) -> list[tuple[str, Mapping[str, Any], bool]]:
    """Return key, content and whether it is a draft only, of every form that a process may be drawn with.

    Where somebody works on the next version of a form, its draft counts: what he adds can be used in
    conditions at once.
    """
    begun = drafts.drafts(session, FORM)
    found: list[tuple[str, Mapping[str, Any], bool]] = []
    for row in queries.forms(session):
        draft = begun.pop(row.key, None)
        found.append((row.key, json.loads(draft.content) if draft is not None else row.content, False))
    return found + [(key, json.loads(one.content), True) for key, one in begun.items()]


def newest(session: Session, key: str) -> Mapping[str, Any] | None:
    """Return the content of a form as ``known`` does, or None."""
    begun = drafts.draft(session, FORM, key)
    if begun is not None:
        return dict(json.loads(begun.content))
    row = queries.published(session, key)
    return row.content if row is not None else None


def title_of(content: Any) -> str:
    """Return the title of a form in the reader's language; empty if it has none."""
    title = content.get("title") if isinstance(content, Mapping) else None
    words: Any = chosen(title, "") if isinstance(title, str | dict) else ""
    return words if isinstance(words, str) else ""


def written(content: Mapping[str, Any]) -> str:
    """Return a form as text."""
    return json.dumps(content, ensure_ascii=False, indent=1)


def _nameless(components: Any, at: tuple[int, ...] = ()) -> Sequence[dict[str, Any]]:
    """Fields without a question: the engine would show their keys, which nobody wrote."""
    found: list[dict[str, Any]] = []
    for number, item in enumerate(components if isinstance(components, list) else ()):
        if not isinstance(item, Mapping):
            continue
        place = (*at, number)
        if item.get("type") not in ("separator", "text", "group") and not (
            item.get("label") or item.get("dateLabel") or item.get("timeLabel")
        ):
            text = _("Write the question that people read here.")
            found.append({"path": str(item.get("key") or number + 1), "text": text, "at": list(place)})
        found += _nameless(item.get("components"), place)
    return found
