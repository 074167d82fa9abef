"""What the form builder asks for: content, autosave, preview, trial, publishing.

JSON in and out, for ``frontend/src/form-builder`` and the designer; previews are pieces of a page.
"""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request, url_for

from bpm.config import LANGUAGES
from bpm.designer import picks, sent
from bpm.designer.library import forms, trial, uses
from bpm.errors import Invalid
from bpm.forms.submission import MultiValues
from bpm.language import _, language, using
from bpm.people.queries import PROCESS_OWNER
from bpm.web.extensions import current_session, db
from bpm.web.moments import clock_time
from bpm.web.request import acting_person, begin_reading, needs_role, now

blueprint = Blueprint("data", __name__)
for_owners = needs_role(PROCESS_OWNER)

_MARK = "trial."  # names of what is sent beside the entries; a dot cannot stand in a key


@blueprint.post("/drafts")
@for_owners
def begin() -> Response:
    """Begin a form from within the designer; answer it as the designer's lists show forms."""
    given = sent.body()
    draft = forms.create(current_session(), now(), acting_person(), sent.text(given, "title"))
    db.session.commit()
    return jsonify(picks.form(draft.key, json.loads(draft.content), True))


@blueprint.get("/<key>/content")
@for_owners
def content(key: str) -> Response:
    """What the builder opens, and what can be picked in it."""
    session = current_session()
    source = forms.source(session, key)
    everything = picks.everything(session)
    published = forms.versions(session, key)
    return jsonify(
        content=source.content,
        # names that processes may use already
        published=sorted({name for row in published[:1] for name in _keys(row.content)}),
        problems=forms.problems(source.content),
        buttons=[{"id": one, "name": label} for one, label in uses.buttons_under(session, key)],
        picks={name: everything[name] for name in ("people", "groups", "recordTypes")},
    )


@blueprint.post("/<key>/draft")
@for_owners
def save(key: str) -> Response:
    """Keep the form as it stands; answer its revision, the moment, and what is wrong with it."""
    given = sent.body()
    kept = _content(given)
    draft = forms.save(
        current_session(),
        now(),
        acting_person(),
        key,
        kept,
        revision=sent.revision(given),
        editor=given["editor"] if isinstance(given.get("editor"), str) else "",
    )
    db.session.commit()
    return jsonify(
        revision=draft.revision, saved_time=clock_time(draft.saved_at), problems=forms.problems(kept)
    )


@blueprint.post("/<key>/publish")
@for_owners
def publish(key: str) -> tuple[Response, int] | Response:
    """Make the draft a version; 422 with the problems if it has any."""
    given = sent.body()
    note = given.get("note")
    try:
        row = forms.publish(
            current_session(),
            now(),
            acting_person(),
            key,
            revision=sent.revision(given),
            note=note if isinstance(note, str) else "",
        )
    except Invalid as refusal:
        db.session.rollback()
        return jsonify(detail=refusal.text, problems=refusal.details.get("problems", [])), 422
    db.session.commit()
    return jsonify(number=row.number)


@blueprint.post("/<key>/trial")
@for_owners
def try_out(key: str) -> str:
    """Draw a form that is being made, or check what was filled in; nothing is kept."""
    begin_reading()
    given = _posted()
    wanted = request.form.get(f"{_MARK}language", "")
    with using(wanted if wanted in LANGUAGES else language()):
        session, person = current_session(), acting_person()
        entries: MultiValues = _Entries(request.form)
        pressed = request.form.get(f"{_MARK}button")
        if pressed is None:
            found = trial.show(session, now(), person, given, entries)
        else:
            names = {name: file.filename or "" for name, file in request.files.items()}
            found = trial.send(session, now(), person, given, entries, names, outcome=pressed or None)
        return render_template(
            "designer/library/trial.html",
            trial=found,
            key=key,
            language=language(),
            buttons=uses.buttons_under(session, key),
            action=url_for("forms.data.try_out", key=key),
        )


def _posted() -> dict[str, Any]:
    try:
        given = json.loads(request.form.get(f"{_MARK}content", ""))
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        raise Invalid(_("The browser sent something that cannot be read. Load the page again."), problems=[])
    return given


def _content(given: dict[str, Any]) -> dict[str, Any]:
    found = given.get("content")
    if not isinstance(found, dict):
        raise Invalid(_("The form is missing."), problems=[])
    return found


def _keys(content: Any) -> list[str]:
    found = []
    for item in content.get("components") or () if isinstance(content, dict) else ():
        if isinstance(item, dict):
            name = item.get("key") or item.get("path")
            found += [name] if isinstance(name, str) else []
            found += _keys(item)
    return found


class _Entries:
    """What was filled in, without what is sent beside it."""

    def __init__(self, form: MultiValues) -> None:
        self._form = form

    def getlist(self, key: str) -> list[Any]:
        return list(self._form.getlist(key))

    def keys(self) -> list[str]:
        names = self._form.keys()
        return [name for name in names if not name.startswith((_MARK, "csrf_token"))]
