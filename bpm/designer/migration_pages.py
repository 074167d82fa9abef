"""The page on which running cases go over to another version: who is where, what would happen, go, undo."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bpm.designer import diagram, looking, migrations
from bpm.designer.compare_pages import difference
from bpm.engine import commands as engine
from bpm.engine.diagram.xml import parse
from bpm.engine.migration import queries as migration_queries
from bpm.engine.operations import bulk
from bpm.errors import Conflict, Invalid
from bpm.history.pages import fresh
from bpm.language import _, chosen
from bpm.web.extensions import current_session, db
from bpm.web.request import acting_person, now

blueprint = Blueprint("migration", __name__)


@blueprint.get("/<key>/versions/<int:number>/migrate")
def page(key: str, number: int) -> str:
    """The running cases of a version beside the version they could go over to."""
    return _page(key, number)


def _page(key: str, number: int, fault: str = "") -> str:
    session, person = current_session(), acting_person()
    # the right is asked for before anything is shown
    before, _same = migration_queries.versions_of(session, person, key, number, number)
    numbers = migrations.targets(session, person, key, number)
    target = request.values.get("to", type=int) or (numbers[0] if numbers else None)
    found: dict[str, Any] = {"sheet": None, "new": None, "changes": None}
    old = looking.shown(session, person, key, str(number))
    if target is not None:
        new = looking.shown(session, person, key, str(target))
        try:
            sheet = migrations.sheet(session, now(), person, key, number, target, _mapping())
        except Invalid as refusal:
            fault = fault or refusal.text
            sheet = migrations.sheet(session, now(), person, key, number, target, {})
        found = {"sheet": sheet, "new": new, "changes": difference(old, new)}
    return render_template(
        "designer/migrate.html",
        key=key,
        title=diagram.title_of(parse(before.xml.encode("utf-8"))),
        process_name=chosen(before.process.names, key),
        old=old,
        number=number,
        to=target,
        numbers=numbers,
        mapping={old_id: new_id for old_id, new_id in _mapping().items() if new_id},
        operation=_operation(),
        fault=fault,
        most=migrations.MOST,
        **found,
    )


def _mapping() -> dict[str, str | None]:
    """What is what: fields named ``map:<old id>``; a step of the same id needs no word."""
    return {
        name[4:]: value
        for name, value in request.values.items()
        if name.startswith("map:") and value and value != name[4:]
    }


def _operation() -> dict[str, Any] | None:
    """An operation that was ordered here, and which of its cases can be put back."""
    public_id = request.values.get("operation", "")
    if not public_id:
        return None
    found = bulk.find(current_session(), acting_person(), public_id)
    return {
        "operation": found,
        "failures": [(one.instance, one.reason) for one in bulk.failures(current_session(), found)],
        "undoable": migrations.undoable_cases(current_session(), found),
    }


@blueprint.get("/<key>/versions/<int:number>/migrate/progress")
def progress(key: str, number: int) -> AnyResponse:
    """How far the change of version is, for the page that stays open."""
    migration_queries.versions_of(current_session(), acting_person(), key, number, number)
    told = _operation()
    if told is None:
        return fresh("")
    return fresh(render_template("designer/migrate_progress.html", key=key, number=number, **told))


@blueprint.post("/<key>/versions/<int:number>/migrate")
def go(key: str, number: int) -> AnyResponse | tuple[str, int]:
    """Let the chosen cases go over, one after the other."""
    session, person, form = current_session(), acting_person(), request.form
    migration_queries.versions_of(session, person, key, number, number)
    cases = form.getlist("case")
    if not cases and not form.get("all"):
        return _page(key, number, _("Choose at least one case.")), 422
    parameters = {"to": form.get("to", type=int), "mapping": _mapping(), "reason": form.get("reason", "")}
    try:
        operation = engine.do_with_many(
            session, now(), person, "migrate", parameters,
            instances=None if form.get("all") else cases,
            selection={"process": key, "version": number} if form.get("all") else None,
        )  # fmt: skip
        db.session.commit()
    except (Invalid, Conflict) as refusal:
        db.session.rollback()
        return _page(key, number, refusal.text), refusal.status
    return redirect(
        url_for(
            "designer.migration.page",
            key=key,
            number=number,
            to=form.get("to"),
            operation=operation.public_id,
        ),
        303,
    )


@blueprint.post("/<key>/versions/<int:number>/migrate/undo")
def undo(key: str, number: int) -> AnyResponse:
    """Put back the cases of an operation in which nothing has happened since."""
    session, person = current_session(), acting_person()
    migration_queries.versions_of(session, person, key, number, number)
    told = _operation()
    if told is None or not told["undoable"]:
        flash(_("Nothing can be put back any more: something has happened in the cases since."), "late")
        return redirect(url_for("designer.migration.page", key=key, number=number), 303)
    operation = engine.do_with_many(
        session, now(), person, "migrate_back", {"reason": ""}, instances=told["undoable"]
    )
    db.session.commit()
    return redirect(
        url_for("designer.migration.page", key=key, number=number, operation=operation.public_id), 303
    )
