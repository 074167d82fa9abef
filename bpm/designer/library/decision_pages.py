"""Pages of decisions for process owners: list, table editor, versions, and what the editor asks for.

Shows and calls; what forms have too stands in ``pages``, the rules in ``decisions`` and ``drafts``.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bpm.designer import sent
from bpm.designer.library import decision_trial, decisions, pages
from bpm.designer.library.decision_file import TYPES, Column
from bpm.designer.library.decision_sentences import differences
from bpm.designer.library.models import DECISION
from bpm.designer.library.pages import for_owners
from bpm.errors import Invalid
from bpm.language import _, lazy
from bpm.web.extensions import current_session, db
from bpm.web.request import acting_person, begin_reading, now
from bpm.web.security.csp import allow

DECISIONS = pages.Kind(
    name=DECISION,
    pages="decisions",
    editor="decisions.edit",
    heading=lazy("Decisions"),
    once_published=lazy("Finish the draft and publish it: then processes can ask it."),
    source=decisions.source,
    versions=decisions.versions,
    version=decisions.version,
    users=decisions.users,
    publish=decisions.publish,
    restore=decisions.restore,
    content=lambda row: row.xml,
    read=str,
    differences=differences,
)
blueprint = Blueprint("decisions", __name__, url_prefix="/decisions", template_folder="../templates")
pages.add_pages(blueprint, DECISIONS)
_MOST_COLUMNS = 20


@blueprint.get("")
@for_owners
def page() -> str:
    """List the decisions: who asks them, their versions and drafts."""
    found = decisions.overviews(current_session())
    return render_template("designer/library/decisions.html", decisions=found)


@blueprint.get("/new")
@for_owners
def new() -> str:
    """Ask for the name and the columns of a new decision."""
    return _new("", [Column("", "number")], [Column("", "string")], {})


@blueprint.post("/new")
@for_owners
def create() -> AnyResponse:
    """Begin a decision table and open the editor."""
    name = request.form.get("name", "")
    inputs, outputs = _columns("inputs"), _columns("outputs")
    try:
        draft = decisions.create(current_session(), now(), acting_person(), name, inputs, outputs)
    except Invalid as refusal:
        errors = {refusal.details.get("field", "name"): refusal.text}
        return Response(_new(name, inputs or [Column("")], outputs or [Column("")], errors), 422)
    db.session.commit()
    return redirect(url_for("decisions.edit", key=draft.key))


@blueprint.get("/<key>")
@for_owners
def edit(key: str) -> AnyResponse | str:
    """The editor."""
    session = current_session()
    source = decisions.source(session, key)
    if source.key != key:
        return redirect(url_for("decisions.edit", key=source.key, table=key))
    # the table editor writes its widths and its logo's place into style attributes, its cells' editors
    # into style elements
    allow("style-src", "'unsafe-inline'")
    looks = decision_trial.looks(session, source.content)
    return render_template(
        "designer/library/decision_edit.html",
        source=source,
        looks=looks,
        shown=request.args.get("table") or key,
        next_version=(source.number or 0) + 1,
        uses=decisions.users(session, key),
    )


@blueprint.get("/<key>/content.dmn")
@for_owners
def content(key: str) -> Response:
    """The model that the editor opens."""
    source = decisions.source(current_session(), key)
    return Response(source.content, content_type="application/xml; charset=utf-8")


@blueprint.post("/<key>/draft")
@for_owners
def save(key: str) -> tuple[Response, int] | Response:
    """Keep the model; answer its revision, the moment, and what is wrong with it."""
    given = sent.body()
    xml = sent.text(given, "xml")
    written = decisions.written(current_session(), key, xml)
    return pages.save(DECISIONS, key, given, written, lambda: _examined(xml))


@blueprint.post("/<key>/examine")
@for_owners
def examine(key: str) -> Response:
    """What is wrong with a model, and what its tables leave open."""
    begin_reading()
    return jsonify(**_examined(sent.text(sent.body(), "xml")))


@blueprint.post("/<key>/trial")
@for_owners
def try_out(key: str) -> str:
    """Draw the questions of a decision; with entries, answer it."""
    begin_reading()
    given = sent.body()
    session, xml, wanted = current_session(), sent.text(given, "xml"), sent.text(given, "decision")
    values = given.get("values")
    found = next((one for one in decision_trial.looks(session, xml) if one.id == wanted), None)
    answer = None
    if found is not None and isinstance(values, dict):
        answer = decision_trial.answer(session, now(), xml, wanted, values)
    return render_template(
        "designer/library/decision_trial.html",
        look=found,
        answer=answer,
        values=values if isinstance(values, dict) else {},
    )


@blueprint.post("/<key>/publish")
@for_owners
def publish(key: str) -> tuple[Response, int] | Response:
    """Make the draft a version; 422 with the problems if it has any."""
    return pages.publish(DECISIONS, key)


@blueprint.get("/<key>/versions/<int:number>")
@for_owners
def version(key: str, number: int) -> str:
    """One version, as readable tables, and what has changed since another."""
    session = current_session()
    looks = decision_trial.looks(session, decisions.version(session, key, number).xml)
    return pages.version(DECISIONS, key, number, looks=looks)


def _examined(xml: str) -> dict[str, Any]:
    session = current_session()
    return {
        "problems": decision_trial.problems(session, xml),
        "tables": [
            {"id": look.id, "name": look.name, "findings": list(look.findings), "doubts": list(look.doubts)}
            for look in decision_trial.looks(session, xml)
        ],
    }


def _new(name: str, inputs: list[Column], outputs: list[Column], errors: dict[str, str]) -> str:
    types = {"string": _("text"), "number": _("number"), "boolean": _("yes or no"), "date": _("date")}
    return render_template(
        "designer/library/decision_new.html",
        name=name,
        inputs=inputs,
        outputs=outputs,
        errors=errors,
        types=list(types.items()),
    )


def _columns(name: str) -> list[Column]:
    labels, types = request.form.getlist(f"{name}-label"), request.form.getlist(f"{name}-type")
    return [
        Column(" ".join(label.split())[:120], kind if kind in TYPES else "string")
        for label, kind in zip(labels[:_MOST_COLUMNS], types, strict=False)
        if label.strip()
    ]
