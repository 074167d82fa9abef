"""What the editor asks for while somebody draws: diagram, lists, autosave, check, publish.

JSON in and out, for ``frontend/src/designer`` only; programs use ``/api/v1``.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, jsonify, url_for

from bpm.designer import commands, copies, expressions, looking, picks, queries, sent
from bpm.designer.problems import problems as everything_to_mend
from bpm.engine.problems import CannotRun
from bpm.errors import Conflict
from bpm.language import _
from bpm.people.queries import PROCESS_OWNER
from bpm.web.extensions import current_session, db
from bpm.web.moments import clock_time
from bpm.web.request import acting_person, needs_role, now

blueprint = Blueprint("data", __name__)
for_owners = needs_role(PROCESS_OWNER)


@blueprint.get("/<key>/draft.bpmn")
@for_owners
def draft_diagram(key: str) -> Response:
    """The diagram that the editor opens."""
    source = queries.source(current_session(), acting_person(), key)
    return Response(source.xml, content_type="application/xml; charset=utf-8")


@blueprint.post("/<key>/draft")
@for_owners
def save(key: str) -> tuple[Response, int] | Response:
    """Keep what was drawn; answer its revision, the moment, and what is wrong with it.

    409 if somebody else was faster: then it is kept as a copy beside the draft.
    """
    given = sent.body()
    drawn: dict[str, Any] = {
        "svg": sent.optional(given, "svg") or None,
        "editor": sent.optional(given, "editor"),
    }
    xml, revision = sent.text(given, "xml"), sent.revision(given)
    try:
        draft = commands.save_draft(
            current_session(), now(), acting_person(), key, xml, revision=revision, **drawn
        )
    except Conflict as refusal:
        db.session.rollback()
        return _copied(key, xml, drawn, refusal.text)
    db.session.commit()
    return jsonify(
        revision=draft.revision, saved_time=clock_time(draft.saved_at), problems=_checked(draft.xml)
    )


@blueprint.get("/<key>/problems")
@for_owners
def problems(key: str) -> Response:
    """What is wrong with what the editor opened."""
    source = queries.source(current_session(), acting_person(), key)
    return jsonify(problems=_checked(source.xml))


@blueprint.post("/<key>/publish")
@for_owners
def publish(key: str) -> tuple[Response, int] | Response:
    """Make the draft a version; 422 with the problems if the engine refuses it."""
    given = sent.body()
    revision, note = sent.revision(given), sent.optional(given, "note")
    try:
        version = commands.publish(
            current_session(), now(), acting_person(), key, revision=revision, note=note
        )
    except CannotRun as refusal:
        db.session.rollback()
        return jsonify(detail=refusal.text, problems=[queries.told(one) for one in refusal.problems]), 422
    db.session.commit()
    return jsonify(number=version.number)


@blueprint.post("/expressions/check")
@for_owners
def check_expression() -> Response:
    """What is wrong with an expression that is being typed."""
    return jsonify(expressions.checked(current_session(), sent.body()))


@blueprint.get("/<key>/picks")
@for_owners
def picked(key: str) -> Response:
    """The lists to pick from."""
    return jsonify(picks.everything(current_session()))


def _copied(key: str, xml: str, drawn: dict[str, Any], reason: str) -> tuple[Response, int]:
    """Keep a drawing that came too late, and say where it is and how to go on."""
    session, person = current_session(), acting_person()
    copy = copies.keep(session, now(), person, key, xml, **drawn)
    db.session.commit()
    own = looking.COPY + copy.public_id
    theirs = next((name for name, _label in looking.choices(session, person, key) if name != own), own)
    ends: dict[str, Any] = {"from": theirs, "to": own}
    told = {
        "label": looking.copy_label(copy),
        "time": clock_time(copy.saved_at),
        "take": url_for("designer.copies.take", key=key, public_id=copy.public_id),
        "compare": url_for("designer.compare.page", key=key, **ends),
        "versions": url_for("designer.versions", key=key),
    }
    return jsonify(detail=reason, copy=told), 409


def _checked(xml: str) -> list[dict[str, Any]]:
    """Return the problems of a diagram; a check that breaks must not look like a drawing that is lost."""
    try:
        return everything_to_mend(current_session(), now(), xml)
    except Exception:
        current_app.logger.exception("The check of a diagram failed")
        text = _("The diagram could not be checked. It is saved; tell an administrator.")
        return [{"element": None, "severity": "error", "message": text, "code": "check_failed"}]
