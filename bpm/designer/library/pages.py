"""What the pages of forms and of decisions do alike: save, publish, throw away, versions, copies.

``Kind`` says in what they differ; the rules stand in ``forms``, ``decisions``, ``drafts`` and ``copies``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Any, Protocol

from babel.support import LazyProxy
from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from bpm.designer import looking, sent
from bpm.designer.library import copies, drafts
from bpm.designer.library.drafts import Written
from bpm.designer.library.models import LibraryDraft
from bpm.designer.library.publications import Source
from bpm.designer.library.uses import Use
from bpm.dmn.models import Decision
from bpm.errors import Conflict, Invalid
from bpm.forms.models import Form
from bpm.language import _
from bpm.people.models import Person
from bpm.people.queries import PROCESS_OWNER
from bpm.web.extensions import current_session, db
from bpm.web.moments import clock_time
from bpm.web.request import acting_person, begin_reading, needs_role, now

for_owners = needs_role(PROCESS_OWNER)


class Publish(Protocol):
    """Makes the draft of a key a version and returns its number."""

    def __call__(
        self, session: Session, now: datetime, actor: Person, key: str, *, revision: int, note: str
    ) -> int: ...


@dataclass(frozen=True)
class Kind:
    """In what forms and decisions differ.

    ``name``: of their drafts. ``pages``: their blueprint; ``editor``: the page that changes them.
    ``content``: what a publication holds, ``read``: the same from the text of a draft; ``differences``
    compares two of them, a sentence each.
    """

    name: str
    pages: str
    editor: str
    heading: LazyProxy
    once_published: LazyProxy
    source: Callable[[Session, str], Source[Any]]
    versions: Callable[[Session, str], Sequence[Form | Decision]]
    version: Callable[[Session, str, int], Form | Decision]
    users: Callable[[Session, str], Sequence[Use]]
    publish: Publish
    restore: Callable[[Session, datetime, Person, str, int], LibraryDraft]
    content: Callable[[Any], Any]
    read: Callable[[str], Any]
    differences: Callable[[Session, Any, Any], list[str]]

    @property
    def template(self) -> str:
        """The template of one version: our common page and how this kind looks."""
        return f"designer/library/{self.name}_version.html"


def add_pages(blueprint: Blueprint, kind: Kind) -> None:
    """Give a blueprint the pages that forms and decisions have alike."""
    for rule, view, method in _PAGES:
        blueprint.add_url_rule(rule, view.__name__, _of(kind, view), methods=[method])


def _of(kind: Kind, view: Callable[..., Any]) -> Callable[..., Any]:
    @for_owners
    @wraps(view)
    def page(**values: Any) -> Any:
        return view(kind, **values)

    return page


def save(
    kind: Kind, key: str, given: dict[str, Any], written: Written, judged: Callable[[], dict[str, Any]]
) -> tuple[Response, int] | Response:
    """Keep what was made; answer its revision, the moment, and what is wrong with it.

    409 if somebody else was faster: then it is kept as a copy beside the draft.
    """
    session, person, editor = current_session(), acting_person(), sent.optional(given, "editor")
    try:
        draft = drafts.keep(
            session, now(), person, kind.name, key, written, revision=sent.revision(given), editor=editor
        )
    except Conflict as refusal:
        db.session.rollback()
        kept = copies.keep(session, now(), person, kind.name, key, written, editor=editor)
        db.session.commit()
        told = {
            "label": looking.copy_label(kept),
            "time": clock_time(kept.saved_at),
            "take": url_for(f"{kind.pages}.take", key=key, public_id=kept.public_id),
            "compare": url_for(f"{kind.pages}.copy", key=key, public_id=kept.public_id),
        }
        return jsonify(detail=refusal.text, copy=told), 409
    db.session.commit()
    begin_reading()
    return jsonify(revision=draft.revision, saved_time=clock_time(draft.saved_at), **judged())


def publish(kind: Kind, key: str) -> tuple[Response, int] | Response:
    """Make the draft a version; 422 with the problems if it has any."""
    given = sent.body()
    revision, note = sent.revision(given), sent.optional(given, "note")
    try:
        number = kind.publish(current_session(), now(), acting_person(), key, revision=revision, note=note)
    except Invalid as refusal:
        db.session.rollback()
        alone = {"element": "", "path": "", "at": [], "text": refusal.text}
        return jsonify(detail=refusal.text, problems=refusal.details.get("problems") or [alone]), 422
    db.session.commit()
    return jsonify(number=number)


def discard(kind: Kind, key: str) -> AnyResponse:
    """Throw the draft away."""
    session = current_session()
    drafts.discard(session, acting_person(), kind.name, key)
    published = kind.versions(session, key)
    db.session.commit()
    flash(_("The draft was thrown away."), "done")
    return redirect(_versions_of(kind, key) if published else url_for(f"{kind.pages}.page"))


def versions(kind: Kind, key: str) -> str:
    """Every version that was published, and the copies beside the draft."""
    session = current_session()
    source, found = kind.source(session, key), kind.versions(session, key)
    publishers = [one.published_by_id for one in found if one.published_by_id]
    kept = copies.copies(session, kind.name, source.key)
    return render_template(
        "designer/library/versions.html",
        kind=kind,
        source=source,
        versions=found,
        copies=[(one, looking.copy_label(one)) for one in kept],
        people={one.id: one.name for one in session.query(Person).where(Person.id.in_(publishers))},
        uses=kind.users(session, source.key),
    )


def version(kind: Kind, key: str, number: int, **look: Any) -> str:
    """One version, as ``look`` shows it, and what has changed since another."""
    session = current_session()
    row = kind.version(session, key, number)
    others = [one for one in kind.versions(session, key) if one.number != number]
    wanted = request.args.get("with", type=int)
    other = next((one for one in others if one.number == number - 1), None)
    if wanted is not None:
        other = kind.version(session, key, wanted)
    old, new = (other, row) if other is None or other.number < number else (row, other)
    return render_template(
        kind.template,
        kind=kind,
        source=kind.source(session, key),
        version=row,
        others=others,
        other=other,
        newer=new.number,
        older=old.number if old is not None else None,
        changes=kind.differences(session, kind.content(old), kind.content(new)) if old is not None else [],
        **look,
    )


def restore(kind: Kind, key: str, number: int) -> AnyResponse:
    """Make an older version the draft and open it."""
    try:
        kind.restore(current_session(), now(), acting_person(), key, number)
    except Conflict as refusal:
        db.session.rollback()
        flash(refusal.text, "late")
        return redirect(_versions_of(kind, key))
    db.session.commit()
    flash(_("Version %(number)s is the draft now. Publish it to make it the newest.", number=number), "done")
    return redirect(url_for(kind.editor, key=key))


def copy(kind: Kind, key: str, public_id: str) -> str:
    """A copy that was kept, and what differs between it and the draft."""
    session = current_session()
    source, found = kind.source(session, key), copies.copy(session, kind.name, key, public_id)
    return render_template(
        "designer/library/copy.html",
        kind=kind,
        source=source,
        copy=found,
        label=looking.copy_label(found),
        changes=kind.differences(session, source.content, kind.read(found.content)),
    )


def take(kind: Kind, key: str, public_id: str) -> AnyResponse:
    """Make a copy the draft; the draft so far becomes a copy."""
    copies.take(current_session(), now(), acting_person(), kind.name, key, public_id)
    db.session.commit()
    flash(_("Your copy is the draft now. What was the draft before is kept as a copy."), "done")
    return redirect(url_for(kind.editor, key=key))


def discard_copy(kind: Kind, key: str, public_id: str) -> AnyResponse:
    """Throw a copy away."""
    copies.discard(current_session(), acting_person(), kind.name, key, public_id)
    db.session.commit()
    flash(_("The copy was thrown away."), "done")
    return redirect(_versions_of(kind, key))


def _versions_of(kind: Kind, key: str) -> str:
    return url_for(f"{kind.pages}.versions", key=key)


_PAGES: tuple[tuple[str, Callable[..., Any], str], ...] = (
    ("/<key>/discard", discard, "POST"),
    ("/<key>/versions", versions, "GET"),
    ("/<key>/versions/<int:number>/restore", restore, "POST"),
    ("/<key>/copies/<public_id>", copy, "GET"),
    ("/<key>/copies/<public_id>/take", take, "POST"),
    ("/<key>/copies/<public_id>/discard", discard_copy, "POST"),
)
