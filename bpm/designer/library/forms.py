"""Forms as their makers see them: what there is, what the builder opens, publishing, restoring.

The rules of forms stand in ``bpm.forms``; drafts in ``drafts``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpm.designer import diagram
from bpm.designer.library import drafts, publications, uses
from bpm.designer.library.models import FORM, LibraryDraft
from bpm.designer.library.publications import Overview, Source, by_name
from bpm.errors import Invalid, NotFound
from bpm.forms import commands, queries, schema
from bpm.forms.models import Form
from bpm.language import _, chosen
from bpm.people.models import Person


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
    return by_name(found)


def source(session: Session, key: str) -> Source[dict[str, Any]]:
    """Return what the builder opens: the draft, else the newest publication.

    Raises:
        NotFound: there is neither.
    """
    row, begun = queries.published(session, key), drafts.draft(session, FORM, key)
    number = row.number if row is not None else None
    if begun is not None:
        return Source(key, begun.name, json.loads(begun.content), number, begun)
    if row is None:
        raise NotFound(_("There is no form “%(key)s”.", key=key))
    return Source(key, title_of(row.content) or key, row.content, number, None)


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
    return drafts.begin(session, now, actor, FORM, key, drafts.Written(title, _text(content)))


def written(session: Session, key: str, content: Mapping[str, Any]) -> drafts.Written:
    """Return a form as it stands in the builder, to be kept; it need not be finished."""
    row = queries.published(session, key)
    number = row.number if row is not None else None
    return drafts.Written(title_of(content) or key, _text(content), number)


def publish(
    session: Session, now: datetime, actor: Person, key: str, *, revision: int, note: str = ""
) -> int:
    """Make the draft the next version of its form; the draft is gone then.

    Returns:
        The number of the version.

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
    return row.number


def restore(session: Session, now: datetime, actor: Person, key: str, number: int) -> LibraryDraft:
    """Make an older version the draft.

    Raises:
        Conflict: there is a draft that would be lost.
        NotFound: there is no such version.
    """
    content = version(session, key, number).content
    old = drafts.Written(title_of(content) or key, _text(content), number)
    return drafts.begin(session, now, actor, FORM, key, old)


def versions(session: Session, key: str) -> Sequence[Form]:
    """Return the versions of a form, newest first."""
    return publications.versions(session, Form, key)


def version(session: Session, key: str, number: int) -> Form:
    """Return one version.

    Raises:
        NotFound: there is no such version.
    """
    row = publications.version(session, Form, key, number)
    if row is None:
        raise NotFound(_("There is no version %(number)s of the form “%(key)s”.", number=number, key=key))
    return row


def users(session: Session, key: str) -> Sequence[uses.Use]:
    """Return the processes that show a form."""
    return uses.of_forms(session).get(key, ())


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


def _text(content: Mapping[str, Any]) -> str:
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
