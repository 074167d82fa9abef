"""What the form builder asks for: content, autosave, preview, trial, publishing.

JSON in and out, for ``frontend/src/form-builder`` and the designer; previews are pieces of a page.
"""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, jsonify, render_template, request, url_for

from bpm.config import LANGUAGES
from bpm.designer import picks, sent
from bpm.designer.library import forms, pages, sentences, trial, uses
from bpm.designer.library.models import FORM
from bpm.designer.library.pages import for_owners
from bpm.errors import Invalid
from bpm.forms.submission import MultiValues
from bpm.language import _, language, lazy, using
from bpm.web.extensions import current_session, db
from bpm.web.request import acting_person, begin_reading, now

blueprint = Blueprint("data", __name__)

FORMS = pages.Kind(
    name=FORM,
    pages="forms",
    editor="forms.build",
    heading=lazy("Forms"),
    once_published=lazy("Finish the draft and publish it: then processes can use it."),
    source=forms.source,
    versions=forms.versions,
    version=forms.version,
    users=forms.users,
    publish=forms.publish,
    restore=forms.restore,
    content=lambda row: row.content,
    read=json.loads,
    differences=lambda _session, old, new: sentences.differences(old, new),
)

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
def save(key: str) -> tuple[Response, int] | Response:
    """Keep the form as it stands; answer its revision, the moment, and what is wrong with it."""
    given = sent.body()
    kept = _content(given)
    written = forms.written(current_session(), key, kept)
    return pages.save(FORMS, key, given, written, lambda: {"problems": forms.problems(kept)})


@blueprint.post("/<key>/publish")
@for_owners
def publish(key: str) -> tuple[Response, int] | Response:
    """Make the draft a version; 422 with the problems if it has any."""
    return pages.publish(FORMS, key)


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
