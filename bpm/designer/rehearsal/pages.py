"""The page of a rehearsal: the diagram with its tokens, what can happen next, and what has happened.

Works with plain forms; with script only the panel is exchanged. While something is done in a sandbox no
transaction of the real database is open.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bpm.designer import queries
from bpm.designer.rehearsal import beginning, commands, deeds, paths, report, view
from bpm.designer.rehearsal.commands import Kept
from bpm.designer.rehearsal.deeds import Sent
from bpm.designer.rehearsal.sandbox import Sandbox, entered
from bpm.engine.problems import CannotRun
from bpm.errors import Conflict, NotFound, Refusal
from bpm.files.queries import open_stored, stored_file
from bpm.forms import submission
from bpm.language import _
from bpm.people.queries import PROCESS_OWNER
from bpm.web.extensions import current_session, db
from bpm.web.request import acting_person, needs_role, now, settings

blueprint = Blueprint("rehearsal", __name__)
for_owners = needs_role(PROCESS_OWNER)


@blueprint.get("/<key>/rehearse")
@for_owners
def page(key: str) -> str:
    """The rehearsal as it stands, or how to begin one."""
    source = queries.source(current_session(), acting_person(), key)
    kept = commands.latest(current_session(), acting_person(), key)
    return render_template("designer/rehearsal.html", source=source, kept=kept, view=_view(kept), problems=[])


@blueprint.post("/<key>/rehearse/begin")
@for_owners
def begin(key: str) -> AnyResponse:
    """Begin anew with what the editor shows."""
    try:
        commands.begin(current_session(), now(), settings(), acting_person(), key)
    except CannotRun as refusal:
        db.session.rollback()
        source = queries.source(current_session(), acting_person(), key)
        text = render_template(
            "designer/rehearsal.html", source=source, kept=None, view=None, problems=refusal.problems
        )
        return Response(text, 422)
    db.session.commit()
    return redirect(url_for("designer.rehearsal.page", key=key), 303)


@blueprint.post("/<key>/rehearse/act")
@for_owners
def act(key: str) -> AnyResponse:
    """Do one thing in the rehearsal."""
    kept, sent = _kept(key), _sent(key)
    if submission.row_change(request.form) is not None:
        return _typed_again(kept, sent)
    try:
        _must_be_at(kept)
        image, at, words = commands.done(kept, settings(), lambda sandbox: deeds.do(sandbox, sent))
        commands.keep(current_session(), now(), acting_person(), kept, image, at, words)
        db.session.commit()
    except Conflict as refusal:
        db.session.rollback()
        return _answer(key, refusal.text)
    except Refusal as refusal:
        db.session.rollback()
        errors = {
            name: text
            for name, text in dict(refusal.details.get("errors") or {}).items()
            if name != "outcome"
        }
        return _typed_again(kept, sent, errors or {"": refusal.text}, 422)
    return _answer(key)


@blueprint.post("/<key>/rehearse/fields")
@for_owners
def fields(key: str) -> str:
    """The fields of a form again, with those that the entries make appear or vanish."""
    kept, sent = _kept(key), _sent(key)
    with entered(kept.image, settings(), kept.at) as sandbox:
        shown = view.of(sandbox, key, sent.actor, deeds.typed(sandbox, sent))
    asked = next((one for one in (*shown.starts, *shown.tasks) if one.id == sent.value), None)
    return render_template("designer/rehearsal_fields.html", asked=asked)


@blueprint.post("/<key>/rehearse/back")
@for_owners
def back(key: str) -> AnyResponse:
    """Take the last deed back."""
    note = ""
    try:
        commands.back(current_session(), now(), acting_person(), key)
        db.session.commit()
    except Conflict as refusal:
        db.session.rollback()
        note = refusal.text
    return _answer(key, note)


@blueprint.post("/<key>/rehearse/paths")
@for_owners
def try_paths(key: str) -> AnyResponse:
    """Try every path, and keep what was found."""
    queries.source(current_session(), acting_person(), key)
    image, at = commands.first_image(current_session(), acting_person(), key)
    db.session.rollback()  # nobody waits for us meanwhile
    found = report.as_json(paths.explore(image, at, settings(), key))
    commands.keep_report(current_session(), acting_person(), key, found)
    db.session.commit()
    return _answer(key)


@blueprint.get("/<key>/rehearse/diagram.bpmn")
@for_owners
def diagram(key: str) -> Response:
    """The drawing that is rehearsed."""
    kept = _kept(key)
    with entered(kept.image, settings(), kept.at) as sandbox, sandbox.database.reading() as inside:
        xml = beginning.version_of(inside, key).xml
    return Response(xml, content_type="application/xml; charset=utf-8")


@blueprint.get("/<key>/rehearse/files/<public_id>")
@for_owners
def file(key: str, public_id: str) -> Response:
    """A paper that was made in the rehearsal."""
    kept = _kept(key)
    with entered(kept.image, settings(), kept.at) as sandbox, sandbox.database.reading() as inside:
        found = stored_file(inside, public_id)
        if found is None or found.instance_id is None:
            raise NotFound(_("There is no such file."))
        with open_stored(sandbox.files, found) as stream:
            content = stream.read()
        answer = Response(content, content_type=found.media_type)
        answer.headers.set("Content-Disposition", "attachment", filename=found.name)
    return answer


def _kept(key: str) -> Kept:
    """Return the rehearsal, and let the transaction go in which it was read."""
    kept = commands.latest(current_session(), acting_person(), key)
    if kept is None:
        raise NotFound(_("There is no rehearsal of this process. Begin one."))
    return kept


def _must_be_at(kept: Kept) -> None:
    """Refuse a press in a window that shows an older state.

    Raises:
        Conflict: it does.
    """
    if request.form.get("step") != str(kept.number):
        raise Conflict(_("Something else was done in this rehearsal meanwhile. Look again."))
    db.session.rollback()  # nobody waits for us while the sandbox is at work


def _sent(key: str) -> Sent:
    uploads = {name: request.files.getlist(name) for name in request.files}
    return Sent(
        request.form.get("deed", ""), request.form.get("value", ""), request.form, uploads, key,
        acting_person().login,
    )  # fmt: skip


def _view(kept: Kept | None, typed: Any = None) -> view.View | None:
    if kept is None:
        return None
    with entered(kept.image, settings(), kept.at) as sandbox:
        shown = typed(sandbox) if typed is not None else None
        return view.of(sandbox, kept.key, acting_person().login, shown)


def _typed_again(
    kept: Kept, sent: Sent, errors: dict[str, str] | None = None, status: int = 200
) -> AnyResponse:
    def typed(sandbox: Sandbox) -> view.Typed:
        return deeds.typed(sandbox, sent, errors)

    shown, source = _view(kept, typed), queries.source(current_session(), acting_person(), kept.key)
    known = {one.id for one in (*shown.starts, *shown.tasks)} if shown is not None else set()
    note = next(iter((errors or {}).values()), "") if sent.value not in known else ""
    return _panel(source, kept, shown, note, status)


def _answer(key: str, note: str = "") -> AnyResponse:
    """The panel alone for a page with script; for others the way back to the page."""
    if not request.headers.get("HX-Request"):
        if note:
            flash(note, "late")
        return redirect(url_for("designer.rehearsal.page", key=key), 303)
    kept = _kept(key)
    return _panel(queries.source(current_session(), acting_person(), key), kept, _view(kept), note, 200)


def _panel(source: Any, kept: Kept, shown: Any, note: str, status: int) -> AnyResponse:
    template = "rehearsal_panel" if request.headers.get("HX-Request") else "rehearsal"
    text = render_template(
        f"designer/{template}.html", source=source, kept=kept, view=shown, note=note, problems=[]
    )
    return Response(text, status)
