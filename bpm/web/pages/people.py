"""People, for administrators: who there is, add somebody, groups and roles, let go."""

from __future__ import annotations

import secrets
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bpm.errors import Conflict, Invalid, NotFound
from bpm.language import _, chosen
from bpm.people import commands, queries
from bpm.people.models import Person
from bpm.web.extensions import current_session, db
from bpm.web.request import acting_person, needs_role, now

blueprint = Blueprint("people", __name__, url_prefix="/people")
for_administrators = needs_role(queries.ADMINISTRATOR)


@blueprint.get("")
@for_administrators
def page() -> str:
    """List the people."""
    text, all_of_them = request.args.get("text", ""), request.args.get("left") == "1"
    found = queries.people(current_session(), text=text, with_inactive=all_of_them)
    return render_template(
        "web/people.html", people=found, text=text, with_left=all_of_them, role_names=_role_names()
    )


@blueprint.get("/new")
@for_administrators
def new() -> str:
    """Show the empty form."""
    return _form(None, {"password": secrets.token_urlsafe(9)})


@blueprint.post("/new")
@for_administrators
def add() -> AnyResponse:
    """Add a person."""
    values = _submitted()
    try:
        person = commands.add_person(
            current_session(),
            acting_person(),
            login=request.form.get("login", ""),
            password=request.form.get("password") or None,
            **values,
        )
    except (Invalid, Conflict) as refusal:
        return _again(None, refusal)
    db.session.commit()
    flash(_("%(name)s can log in now as %(login)s.", name=person.name, login=person.login), "done")
    return redirect(url_for("people.page"))


@blueprint.get("/<public_id>")
@for_administrators
def edit(public_id: str) -> str:
    """Show the form of one person."""
    return _form(_required(public_id))


@blueprint.post("/<public_id>")
@for_administrators
def change(public_id: str) -> AnyResponse:
    """Change name, address, department, groups, roles; with a password typed, that too."""
    person = _required(public_id)
    password = request.form.get("password", "")
    try:
        commands.change_person(current_session(), acting_person(), person, **_submitted())
        if password:
            commands.set_password(current_session(), acting_person(), person, password)
    except (Invalid, Conflict) as refusal:
        db.session.rollback()
        return _again(person, refusal)
    db.session.commit()
    flash(_("Saved: %(name)s.", name=person.name), "done")
    return redirect(url_for("people.page"))


@blueprint.post("/<public_id>/active")
@for_administrators
def set_active(public_id: str) -> AnyResponse:
    """Let a person in or out."""
    person, active = _required(public_id), request.form.get("active") == "1"
    commands.set_active(current_session(), now(), acting_person(), person, active=active)
    db.session.commit()
    texts = (
        _("%(name)s can no longer log in.", name=person.name),
        _("%(name)s can log in again.", name=person.name),
    )
    flash(texts[active], "done")
    return redirect(url_for("people.edit", public_id=public_id))


def _required(public_id: str) -> Person:
    person = queries.by_public_id(current_session(), public_id)
    if person is None:
        raise NotFound(_("There is no such person."))
    return person


def _submitted() -> dict[str, Any]:
    form = request.form
    return {
        "name": form.get("name", ""),
        "email": form.get("email", ""),
        "department": form.get("department") or None,
        "job_title": form.get("job_title", ""),
        "groups": form.getlist("groups"),
        "roles": form.getlist("roles"),
    }


def _again(person: Person | None, refusal: Invalid | Conflict) -> AnyResponse:
    errors = refusal.details.get("errors") or {refusal.details.get("field", "name"): refusal.text}
    typed = {
        **_submitted(),
        "login": request.form.get("login", ""),
        "password": request.form.get("password", ""),
    }
    return Response(_form(person, typed, errors), refusal.status)


def _form(
    person: Person | None, values: dict[str, Any] | None = None, errors: dict[str, str] | None = None
) -> str:
    if values is None and person is not None:
        values = {
            "login": person.login,
            "name": person.name,
            "email": person.email,
            "department": person.department.key if person.department else "",
            "job_title": person.job_title,
            "groups": [place.group.key for place in person.memberships],
            "roles": [role.key for role in person.roles],
        }
    return render_template(
        "web/person.html",
        person=person,
        values=values or {},
        errors=errors or {},
        departments=[(unit.key, chosen(unit.names)) for unit in queries.departments(current_session())],
        groups=[(group.key, chosen(group.names)) for group in queries.groups(current_session())],
        role_names=_role_names(),
        role_helps=_role_helps(),
    )


def _role_names() -> dict[str, str]:
    return {
        "administrator": _("Administrator"),
        "process_owner": _("Process owner"),
        "manager": _("Manager"),
        "worker": _("Program"),
    }


def _role_helps() -> dict[str, str]:
    return {
        "administrator": _("Adds people, reads the outbox, mends what failed; may do everything."),
        "process_owner": _("Draws and publishes processes."),
        "manager": _("Sees the cases of all people, not only their own."),
        "worker": _("A program that does the service steps of processes from outside, over the API."),
    }
