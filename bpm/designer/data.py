"""What the editor asks for while somebody draws: diagram, lists, autosave, check, publish, forms.

JSON in and out, for ``frontend/src/designer`` only; programs use ``/api/v1``.
"""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request

from bpm.designer import commands, diagram, expressions, picks, queries
from bpm.engine.problems import CannotRun
from bpm.errors import Invalid
from bpm.forms import commands as forms
from bpm.forms import queries as form_queries
from bpm.language import _, chosen
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
def save(key: str) -> Response:
    """Keep what was drawn; answer its revision, the moment, and what is wrong with it."""
    given = _json()
    draft = commands.save_draft(
        current_session(),
        now(),
        acting_person(),
        key,
        _text(given, "xml"),
        svg=given["svg"] if isinstance(given.get("svg"), str) else None,
        revision=_revision(given),
        editor=given["editor"] if isinstance(given.get("editor"), str) else "",
    )
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
    given = _json()
    note = given.get("note")
    try:
        version = commands.publish(
            current_session(),
            now(),
            acting_person(),
            key,
            revision=_revision(given),
            note=note if isinstance(note, str) else "",
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
    return jsonify(expressions.checked(current_session(), _json()))


@blueprint.get("/<key>/picks")
@for_owners
def picked(key: str) -> Response:
    """The lists to pick from."""
    return jsonify(picks.everything(current_session()))


@blueprint.get("/<key>/forms/<path:form_key>")
@for_owners
def form(key: str, form_key: str) -> Response:
    """The schema of a form."""
    return jsonify(picks.form_content(current_session(), form_key))


@blueprint.post("/<key>/forms")
@for_owners
def publish_form(key: str) -> Response:
    """Publish a form made in the editor: under its key, or under a new one made of its title."""
    given = _json()
    content = given.get("content")
    if not isinstance(content, dict):
        raise Invalid(_("The form is missing."), problems=[])
    session = current_session()
    title = content.get("title")
    words: Any = chosen(title, "") if isinstance(title, str | dict) else ""
    words = words if isinstance(words, str) and words else key
    known = given.get("key")
    form_key = known if isinstance(known, str) else _free_form_key(words)
    row = forms.publish(session, now(), acting_person(), form_key, content)
    db.session.commit()
    return jsonify(picks.form(row))


def _checked(xml: str) -> list[dict[str, Any]]:
    """Return the problems of a diagram; a check that breaks must not look like a drawing that is lost."""
    try:
        return queries.problems(xml)
    except Exception:
        current_app.logger.exception("The check of a diagram failed")
        text = _("The diagram could not be checked. It is saved; tell an administrator.")
        return [{"element": None, "severity": "error", "message": text, "code": "check_failed"}]


def _free_form_key(title: str) -> str:
    wanted = diagram.key_from(title, "form")
    number = 1
    while form_queries.published(current_session(), wanted if number == 1 else f"{wanted}_{number}"):
        number += 1
    return wanted if number == 1 else f"{wanted}_{number}"


def _json() -> dict[str, Any]:
    try:
        given = request.get_json(silent=True)
    except RecursionError:  # nested without end
        given = None
    if not isinstance(given, dict) or not _whole(given):
        raise Invalid(_("The browser sent something that cannot be read. Load the page again."), problems=[])
    return given


def _whole(given: dict[str, Any]) -> bool:
    """Tell whether no text in it ends in half a character, which nothing can keep (RFC 8259, 8.2)."""
    try:
        json.dumps(given, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _text(given: dict[str, Any], name: str) -> str:
    value = given.get(name)
    if not isinstance(value, str):
        raise Invalid(_("The browser sent something that cannot be read. Load the page again."), problems=[])
    return value


def _revision(given: dict[str, Any]) -> int:
    value = given.get("revision")
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else -1
