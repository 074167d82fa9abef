"""Pages for those who run processes: move a case, change its values or version; many cases at once."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from bpm.engine import commands, definitions
from bpm.engine import queries as engine_queries
from bpm.engine.diagram.expressions import Surroundings
from bpm.engine.functions import World
from bpm.engine.migration import commands as migration_commands
from bpm.engine.models import Instance, Process
from bpm.engine.operations import bulk, moving
from bpm.engine.runtime.placing import Start
from bpm.errors import Conflict, Invalid, NotAllowed, Refusal
from bpm.history import queries
from bpm.history.entered import entered
from bpm.history.names import Names
from bpm.history.pages import back, do, fresh
from bpm.language import _, chosen
from bpm.web.extensions import current_session
from bpm.web.request import acting_person, now

blueprint = Blueprint("operators", __name__, template_folder="templates")

VIEWS = ("move", "values", "version")
_MOST_SHOWN = 20


def _case(public_id: str) -> Instance:
    """Return a case that the person may repair."""
    instance = queries.case(current_session(), acting_person(), public_id)
    moving.check_right(acting_person(), instance)
    return instance


@blueprint.get("/cases/<public_id>/repair")
def repair(public_id: str) -> str:
    """Change a case by hand: where it stands, what it knows, on which version it runs."""
    instance = _case(public_id)
    view = request.args.get("view", "move")
    return _repair_page(instance, view if view in VIEWS else "move")


def _repair_page(instance: Instance, view: str, fault: str = "") -> str:
    session = current_session()
    names = Names(session, instance)
    parts = {"move": _move_view, "values": _values_view, "version": _version_view}[view]
    return render_template(
        "history/repair.html",
        case=instance,
        title=chosen(instance.titles, chosen(instance.process.names)),
        view=view,
        fault=fault,
        given=request.form,
        names=names,
        **parts(instance, names),
    )


def _move_view(instance: Instance, names: Names) -> dict[str, Any]:
    definition = definitions.of_version(current_session(), instance.version)
    points = sorted(
        ((key, names.element(key)) for key in moving.starting_points(definition)),
        key=lambda one: (not names.is_named(one[0]), one[1].casefold()),
    )
    labels = [(key, name if name == key else f"{name} ({key})") for key, name in points]
    return {
        "places": moving.places(current_session(), now(), instance),
        "points": labels,
        "chosen_token": request.args.get("token", ""),
    }


def _values_view(instance: Instance, names: Names) -> dict[str, Any]:
    known = engine_queries.variables(current_session(), now(), instance) if instance.ended_at is None else {}
    return {
        "known": sorted(
            (name, names.variable(name), names.value(value, name)) for name, value in known.items()
        )
    }


def _version_view(instance: Instance, names: Names) -> dict[str, Any]:
    session, number = current_session(), request.values.get("to", type=int)
    versions = engine_queries.versions(session, instance.process.key)
    plan, mapping = None, _mapping()
    if number is not None and instance.ended_at is None:
        plan = migration_commands.plan(session, now(), acting_person(), instance.public_id, number, mapping)
    target = next((one for one in versions if one.number == number), None)
    there = definitions.of_version(session, target).elements if target is not None else {}
    points = [(key, chosen(one.names, key)) for key, one in there.items() if one.kind != "process"]
    return {
        "versions": [one for one in versions if one.id != instance.version_id],
        "plan": plan,
        "to": number,
        "points": points,
        "mapping": mapping,
        "undoable": migration_commands.undoable(session, instance),
    }


def _mapping() -> dict[str, str | None]:
    """What is mapped: fields named ``map:<old id>``."""
    found = {name[4:]: value for name, value in request.values.items() if name.startswith("map:") and value}
    return dict(found)


@blueprint.post("/cases/<public_id>/move")
def move(public_id: str) -> AnyResponse | tuple[str, int]:
    """Take tokens away and set one down."""
    instance, form = _case(public_id), request.form
    start = [Start(one) for one in form.getlist("start") if one]
    return _try(
        instance,
        "move",
        lambda: commands.move(
            current_session(), now(), acting_person(), public_id,
            cancel=form.getlist("cancel"), start=start, reason=form.get("reason", ""),
        ),
        _("The case was moved."),
    )  # fmt: skip


@blueprint.post("/cases/<public_id>/variables")
def variables(public_id: str) -> AnyResponse | tuple[str, int]:
    """Change one value that a case knows."""
    instance, form = _case(public_id), request.form
    name = form.get("new_name", "").strip() or form.get("name", "")

    def deed() -> None:
        values = {name: _entered(form.get("value", ""))}
        commands.set_variables(
            current_session(), now(), acting_person(), public_id, values, reason=form.get("reason", "")
        )

    return _try(instance, "values", deed, _("The value was changed."))


def _entered(text: str) -> Any:
    world = World(current_session(), now())
    return entered(text, Surroundings(now(), world.functions))


@blueprint.post("/cases/<public_id>/migrate")
def migrate(public_id: str) -> AnyResponse | tuple[str, int]:
    """Let a case go on with another version."""
    instance, form = _case(public_id), request.form
    number = form.get("to", type=int) or 0
    return _try(
        instance,
        "version",
        lambda: commands.migrate(
            current_session(), now(), acting_person(), public_id, number, _mapping(),
            reason=form.get("reason", ""),
        ),
        _("The case goes on with version %(number)s.", number=number),
    )  # fmt: skip


@blueprint.post("/cases/<public_id>/migrate/undo")
def undo(public_id: str) -> AnyResponse:
    """Put a case back to the version it came from."""
    _case(public_id)
    return do(
        public_id,
        lambda: commands.undo_migration(current_session(), now(), acting_person(), public_id),
        _("The case is back on its former version."),
    )


def _try(instance: Instance, view: str, deed: Any, done: str) -> AnyResponse | tuple[str, int]:
    """Do it and go to the case; a refusal is said above the form, which keeps what was typed."""
    session = current_session()
    try:
        deed()
        session.commit()
    except Refusal as refusal:
        if refusal.status in (403, 404):
            raise
        session.rollback()
        return _repair_page(_case(instance.public_id), view, refusal.text), refusal.status
    flash(done, "done")
    return back(instance.public_id)


# --- many cases at once ---------------------------------------------------------------------------


def deeds() -> list[tuple[str, str, str]]:
    """Return what can be done with many cases: key, words, and what it means."""
    return [
        ("suspend", _("Pause them"), _("Nothing happens in them until somebody lets them go on.")),
        ("resume", _("Let them go on"), _("What became due meanwhile happens then.")),
        ("retry", _("Try again what failed"), _("Mend the cause first.")),
        ("migrate", _("Let them go on with another version"), _("Each goes over whole, or stays as it is.")),
        ("set_variables", _("Change a value in all of them"), ""),
        ("cancel", _("Stop them"), _("They end here for everybody. This cannot be undone.")),
    ]


def _operator() -> None:
    if not bulk.may_order(current_session(), acting_person()):
        raise NotAllowed(_("Only owners of processes and administrators can do this."))


@blueprint.get("/cases/many")
def many() -> str:
    """Choose what is done with the chosen cases, or with all of a process."""
    _operator()
    return _many_page()


def _many_page(fault: str = "") -> str:
    session, asked = current_session(), request.values
    found = session.scalars(select(Instance).where(Instance.public_id.in_(asked.getlist("case")[:500]))).all()
    wanted = [one for one in found if _may_repair(one)]
    key = asked.get("process", "") if not wanted else wanted[0].process.key
    process = engine_queries.process(session, key) if key else None
    if process is not None and not wanted:
        _may_operate(process)
    return render_template(
        "history/many.html",
        cases=wanted,
        shown=wanted[:_MOST_SHOWN],
        process=process,
        versions=engine_queries.versions(session, key) if process is not None else [],
        one_process=len({one.process_id for one in wanted}) < 2,
        deeds=deeds(),
        given=asked,
        fault=fault,
    )


def _may_repair(instance: Instance) -> bool:
    try:
        moving.check_right(acting_person(), instance)
    except NotAllowed:
        return False
    return True


def _may_operate(process: Process) -> None:
    from bpm.engine import permissions

    if not permissions.can_administer_process(acting_person(), process):
        raise NotAllowed(_("Only the owner of the process or an administrator can do this."))


@blueprint.post("/cases/many")
def order() -> AnyResponse | tuple[str, int]:
    """Order a deed on many cases."""
    _operator()
    form, session = request.form, current_session()
    cases = form.getlist("case")
    selection: dict[str, Any] | None = None
    if not cases:
        selection = {"process": form.get("process", "")}
        if (number := form.get("version", type=int)) is not None:
            selection["version"] = number
    try:
        operation = commands.do_with_many(
            session, now(), acting_person(), form.get("kind", ""), _parameters(),
            instances=cases or None, selection=selection,
        )  # fmt: skip
        session.commit()
    except (Invalid, Conflict) as refusal:
        session.rollback()
        return _many_page(refusal.text), refusal.status
    return redirect(url_for("operators.operation", public_id=operation.public_id), 303)


def _parameters() -> dict[str, Any]:
    form = request.form
    found: dict[str, Any] = {"reason": form.get("reason", "")}
    if form.get("kind") == "migrate":
        found["to"] = form.get("to", type=int)
    if form.get("kind") == "set_variables":
        found["values"] = {form.get("name", "").strip(): _entered(form.get("value", ""))}
    return found


@blueprint.get("/cases/many/<public_id>")
def operation(public_id: str) -> str:
    """How far an operation on many cases is."""
    return render_template("history/operation.html", **_progress(public_id))


@blueprint.get("/cases/many/<public_id>/progress")
def progress(public_id: str) -> AnyResponse:
    """The progress alone, for pages that stay open."""
    return fresh(render_template("history/progress.html", **_progress(public_id)))


def _progress(public_id: str) -> dict[str, Any]:
    session = current_session()
    found = bulk.find(session, acting_person(), public_id)
    words = {key: word for key, word, _help in deeds()}
    words |= {"move": _("Move them"), "migrate_back": _("Put them back to their former version")}
    return {
        "operation": found,
        "word": words.get(found.kind, found.kind),
        "failures": [(one.instance, one.reason) for one in bulk.failures(session, found)],
    }


@blueprint.post("/cases/many/<public_id>/stop")
def stop(public_id: str) -> AnyResponse:
    """Do no further case."""
    session = current_session()
    try:
        commands.stop_bulk(session, now(), acting_person(), public_id)
        session.commit()
    except Conflict as refusal:
        session.rollback()
        flash(refusal.text, "late")
    return redirect(url_for("operators.operation", public_id=public_id), 303)
