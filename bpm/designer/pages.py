"""Pages of the designer: list of processes, editor, versions, import and export.

Shows and calls; rights and rules stand in ``commands`` and ``queries``.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bpm.designer import commands, comments, copies, looking, pictures, queries, reviews
from bpm.designer.comment_pages import blueprint as comment_pages
from bpm.designer.comment_pages import talk_about as comment_pages_talk
from bpm.designer.compare_pages import blueprint as compare_pages
from bpm.designer.copy_pages import blueprint as copy_pages
from bpm.designer.data import blueprint as data
from bpm.designer.diagram import encoded
from bpm.designer.exchange import after_import
from bpm.designer.exchange import blueprint as exchange
from bpm.designer.gallery.pages import blueprint as gallery
from bpm.designer.migration_pages import blueprint as migration_pages
from bpm.designer.places import blueprint as places
from bpm.designer.questions.pages import blueprint as questions
from bpm.designer.rehearsal.pages import blueprint as rehearsal
from bpm.designer.review_pages import blueprint as review_pages
from bpm.designer.suspension_pages import blueprint as suspension_pages
from bpm.engine.permissions import can_administer_process
from bpm.errors import Conflict, Invalid, NotFound
from bpm.language import _
from bpm.people import queries as people
from bpm.people.queries import PROCESS_OWNER
from bpm.web.extensions import current_session, db
from bpm.web.request import acting_person, needs_role, now

blueprint = Blueprint("designer", __name__, url_prefix="/processes", template_folder="templates")
blueprint.register_blueprint(data)
blueprint.register_blueprint(exchange)
blueprint.register_blueprint(rehearsal)
blueprint.register_blueprint(places)
blueprint.register_blueprint(questions)
blueprint.register_blueprint(gallery)
for _part in (compare_pages, copy_pages, review_pages, comment_pages, migration_pages, suspension_pages):
    blueprint.register_blueprint(_part)
for_owners = needs_role(PROCESS_OWNER)

_BPMN_TYPE = "application/xml; charset=utf-8"
# a drawing that came from a browser: nothing in it may do anything
_SVG_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


@blueprint.get("")
@for_owners
def page() -> str:
    """List the processes with their versions and drafts."""
    return render_template(
        "designer/processes.html", processes=queries.processes(current_session(), acting_person())
    )


@blueprint.get("/new")
@for_owners
def new() -> str:
    """Ask for the name of a new process, or for a file."""
    return render_template("designer/new.html", name="", errors={})


@blueprint.post("/new")
@for_owners
def create() -> AnyResponse:
    """Begin an empty process and open the editor."""
    name = request.form.get("name", "")
    try:
        draft = commands.create_draft(current_session(), now(), acting_person(), name)
    except Invalid as refusal:
        return Response(render_template("designer/new.html", name=name, errors={"name": refusal.text}), 422)
    db.session.commit()
    return redirect(url_for("designer.draw", key=draft.process_key))


@blueprint.post("/import")
@for_owners
def import_new() -> AnyResponse:
    """Make a draft of a file; a process of the same key gets it as its draft."""
    try:
        content, name = _uploaded()
        draft = commands.import_diagram(
            current_session(),
            now(),
            acting_person(),
            content,
            file_name=name,
            as_new="as_new" in request.form,
        )
    except (Invalid, Conflict) as refusal:
        page = render_template("designer/new.html", name="", errors={"file": refusal.text})
        return Response(page, refusal.status)
    db.session.commit()
    return _imported(draft.process_key, draft.xml)


@blueprint.get("/<key>/draw")
@for_owners
def draw(key: str) -> str:
    """The editor."""
    session, person = current_session(), acting_person()
    source = queries.source(session, person, key)
    return render_template(
        "designer/draw.html",
        source=source,
        next_version=(source.number or 0) + 1,
        awaited=reviews.awaited(session, person, looking.process_of(session, key)),
        review=reviews.latest(session, key),
    )


@blueprint.post("/<key>/import")
@for_owners
def import_into(key: str) -> AnyResponse:
    """Make the draft of this process of a file."""
    try:
        content, name = _uploaded()
        draft = commands.import_diagram(
            current_session(), now(), acting_person(), content, key=key, file_name=name
        )
    except (Invalid, Conflict) as refusal:
        db.session.rollback()
        flash(refusal.text, "late")
        return redirect(url_for("designer.versions", key=key))
    db.session.commit()
    return _imported(key, draft.xml)


def _imported(key: str, xml: str) -> AnyResponse:
    words, page = after_import(current_session(), xml, key)
    flash(_("The diagram was imported as a draft. %(words)s", words=words), "done")
    return redirect(page)


@blueprint.post("/<key>/discard")
@for_owners
def discard(key: str) -> AnyResponse:
    """Throw the draft away."""
    commands.discard(current_session(), acting_person(), key)
    db.session.commit()
    flash(_("The draft was thrown away."), "done")
    published = queries.newest_number(current_session(), key) is not None
    return redirect(url_for("designer.versions", key=key) if published else url_for("designer.page"))


@blueprint.get("/<key>/versions")
def versions(key: str) -> str:
    """What was published, when, by whom and why."""
    session, person = current_session(), acting_person()
    found = queries.versions(session, person, key)
    overview = next((row for row in queries.processes(session, person) if row.key == key), None)
    if overview is None or (not found and not overview.may_draw):
        raise NotFound(_("There is no process “%(key)s”.", key=key))
    process = looking.process_of(session, key)
    return render_template(
        "designer/versions.html",
        process=overview,
        versions=found,
        running=queries.running_by_version(session, key),
        copies=[(one, looking.copy_label(one)) for one in copies.copies(session, person, key)],
        review=reviews.latest(session, key) if overview.may_draw else None,
        demanded=reviews.demanded(process),
        published=process,
        may_administer=process is not None and can_administer_process(person, process),
        people=people.people(session) if overview.may_draw else [],
        groups=people.groups(session) if overview.may_draw else [],
        open_threads=comments.number_open(session, key) if overview.may_draw else 0,
    )


@blueprint.get("/<key>/versions/<int:number>")
def version(key: str, number: int) -> str:
    """One version, drawn."""
    session, person = current_session(), acting_person()
    found = queries.version(session, person, key, number)
    overview = next(row for row in queries.processes(session, person) if row.key == key)
    may_comment = looking.may_look(session, person, key)
    return render_template(
        "designer/version.html",
        process=overview,
        version=found,
        may_comment=may_comment,
        talk=comment_pages_talk(key, number) if may_comment else None,
    )


@blueprint.get("/<key>/versions/<int:number>.bpmn")
def export(key: str, number: int) -> Response:
    """The diagram of a version, as a file of other tools too."""
    found = queries.version(current_session(), acting_person(), key, number)
    return _file(found.xml, f"{key}-{number}.bpmn", download="download" in request.args)


@blueprint.get("/<key>/versions/<int:number>.svg")
def picture(key: str, number: int) -> Response:
    """The picture of a version."""
    found = queries.version(current_session(), acting_person(), key, number)
    drawn = pictures.svg(found.xml, found.svg, key)
    return Response(drawn, content_type="image/svg+xml", headers={"Content-Security-Policy": _SVG_POLICY})


@blueprint.post("/<key>/versions/<int:number>/restore")
@for_owners
def restore(key: str, number: int) -> AnyResponse:
    """Make an older version the draft and open it."""
    try:
        commands.restore(current_session(), now(), acting_person(), key, number)
    except Conflict as refusal:
        db.session.rollback()
        flash(refusal.text, "late")
        return redirect(url_for("designer.versions", key=key))
    db.session.commit()
    flash(_("Version %(number)s is the draft now. Publish it to make it the newest.", number=number), "done")
    return redirect(url_for("designer.draw", key=key))


def _uploaded() -> tuple[bytes, str]:
    file = request.files.get("file")
    content = file.read() if file else b""
    if not content:
        raise Invalid(_("Choose a .bpmn file first."), problems=[])
    return content, (file.filename or "") if file else ""


def _file(xml: str, name: str, *, download: bool) -> Response:
    disposition = "attachment" if download else "inline"
    headers: dict[str, Any] = {"Content-Disposition": f'{disposition}; filename="{name}"'}
    # whoever shows it reads UTF-8; whoever keeps it gets the file as it came
    return Response(
        encoded(xml) if download else xml,
        headers=headers,
        content_type="application/xml" if download else _BPMN_TYPE,
    )
