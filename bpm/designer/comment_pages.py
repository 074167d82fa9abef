"""Conversations about elements: a page of their own, beside a version, and for the designer as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bpm.designer import comments, looking
from bpm.designer.compare.naming import named
from bpm.designer.compare.subjects import Diagram
from bpm.designer.models import Thread
from bpm.engine.diagram.xml import parse
from bpm.errors import Invalid
from bpm.language import _, in_quotes
from bpm.people import queries as people
from bpm.web.extensions import current_session, db
from bpm.web.request import acting_person, now, safe_address, settings

blueprint = Blueprint("comments", __name__)


@dataclass(frozen=True)
class Talk:
    """What a page needs to show conversations. ``elements``: what a comment can be about."""

    key: str
    version: int | None
    threads: Sequence[Thread]
    elements: list[tuple[str, str]]
    names: dict[str, str]

    @property
    def counts(self) -> dict[str, int]:
        """How many conversations are open at which element, for the drawing."""
        return dict(Counter(one.element for one in self.threads if one.resolved_at is None))

    def element(self, key: str) -> str:
        """What an element is called; one that is gone by its id."""
        return dict(self.elements).get(key, in_quotes(key))

    def parts(self, text: str) -> list[comments.Part]:
        """A comment in pieces, people by name."""
        return list(comments.parts(current_session(), text, self.names))


def talk_about(key: str, version: int | None, *, every: bool = False) -> Talk:
    """Return the conversations about the draft (None) or about a version."""
    session = current_session()
    name = looking.DRAFT if version is None else str(version)
    shown = looking.shown(session, acting_person(), key, name)
    diagram = Diagram(parse(shown.xml.encode("utf-8")))
    elements = [
        (one.id, named(diagram, one.id)) for one in diagram.subjects.values() if one.id in diagram.shapes
    ]
    process = next((one.id for one in diagram.subjects.values() if one.tag == "process"), key)
    return Talk(
        key,
        version,
        comments.threads(session, key, version=version, every=every),
        [(process, _("The process")), *elements],
        comments.names_of_people(session),
    )


@blueprint.get("/<key>/comments")
def page(key: str) -> str:
    """Everything that is said of a process, beside its drawing."""
    session, person = current_session(), acting_person()
    looking.must_look(session, person, key)
    has_draft = looking.draft_of(session, key) is not None
    choices = [name for name, _label in looking.choices(session, person, key) if name.isdigit()]
    shown = None if has_draft or not choices else int(choices[0])
    process, draft = looking.process_of(session, key), looking.draft_of(session, key)
    title = draft.name if draft is not None else looking.title_of(process) if process is not None else key
    return render_template(
        "designer/comments.html",
        key=key,
        title=title,
        may_draw=looking.may_draw(session, person, key),
        shown=looking.DRAFT if shown is None else str(shown),
        talk=talk_about(key, shown, every=True),
    )


@blueprint.get("/<key>/comments.json")
def listing(key: str) -> Response:
    """The conversations for the designer, and the people who can be named."""
    looking.must_look(current_session(), acting_person(), key)
    return jsonify(_everything(key))


def _everything(key: str) -> dict[str, Any]:
    session = current_session()
    names = comments.names_of_people(session)
    found = [comments.as_json(session, one, names) for one in comments.threads(session, key)]
    return {
        "threads": [_timed(one) for one in found],
        "people": [{"id": one.login, "name": one.name} for one in people.people(session)],
    }


def _timed(thread: dict[str, Any]) -> dict[str, Any]:
    from bpm.language import format_moment

    for one in thread["comments"]:
        one["at"] = format_moment(one["at"], "short")
    return thread


@blueprint.post("/<key>/comments")
def say(key: str) -> AnyResponse:
    """Say something of an element, or answer."""
    form = request.form
    try:
        comment = comments.say(
            current_session(), now(), acting_person(), key, form.get("text", ""),
            element=form.get("element", ""), thread=form.get("thread", ""),
            version=form.get("version", type=int), base_url=settings().base_url,
        )  # fmt: skip
        thread = comment.thread.public_id
        db.session.commit()
    except Invalid as refusal:
        if _wants_json():
            raise
        db.session.rollback()
        flash(refusal.text, "late")
        return _back(key)
    return _answer(key, thread)


@blueprint.post("/<key>/comments/<public_id>/resolve")
def resolve(key: str, public_id: str) -> AnyResponse:
    """Settle a conversation."""
    comments.resolve(current_session(), now(), acting_person(), key, public_id)
    db.session.commit()
    return _answer(key, public_id)


@blueprint.post("/<key>/comments/<public_id>/reopen")
def reopen(key: str, public_id: str) -> AnyResponse:
    """Open a settled conversation again."""
    comments.resolve(current_session(), now(), acting_person(), key, public_id, resolved=False)
    db.session.commit()
    return _answer(key, public_id)


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _answer(key: str, thread: str) -> AnyResponse:
    if _wants_json():
        return jsonify(_everything(key))
    return _back(key, thread)


def _back(key: str, thread: str = "") -> AnyResponse:
    """Go back to where it was said."""
    address = safe_address(request.form.get("back"), url_for("designer.comments.page", key=key))
    return redirect(f"{address}#thread-{thread}" if thread else address, 303)
