"""Log in with a password, or as a demo person with one click while the demo company is loaded."""

from __future__ import annotations

from itertools import groupby

from flask import Blueprint, Response, flash, redirect, render_template, request, session, url_for
from flask_login import login_user, logout_user
from sqlalchemy import select
from werkzeug.wrappers import Response as AnyResponse

from bpm.errors import NotFound
from bpm.language import _, chosen
from bpm.people import login as attempts
from bpm.people.demo import demo_people
from bpm.people.models import Person
from bpm.people.queries import by_public_id
from bpm.web.extensions import current_session, db
from bpm.web.request import (
    begin_reading,
    client_address,
    current_person,
    now,
    open_to_all,
    safe_address,
    settings,
)

blueprint = Blueprint("login", __name__)


@blueprint.get("/login")
@open_to_all
def page() -> str | AnyResponse:
    """Show the form, and the demo people while their company is loaded."""
    if current_person():
        return redirect(safe_address(request.args.get("next")))
    return _form()


@blueprint.post("/login")
@open_to_all
def log_in() -> AnyResponse:
    """Check the password; five wrong ones from one place make the next wait."""
    login, password = request.form.get("login", ""), request.form.get("password", "")
    # the check takes a tenth of a second and must not hold the write lock meanwhile
    begin_reading()
    try:
        person = attempts.check_password(current_session(), now(), login, password, client_address())
    except attempts.TooManyAttempts as refusal:
        return Response(_form(login, refusal.text), refusal.status)
    db.session.rollback()
    if person is None:
        attempts.note_failure(current_session(), now(), login, client_address())
        db.session.commit()
        return Response(_form(login, _("Login and password do not belong together. Try again.")), 422)
    attempts.note_success(current_session(), login, client_address())
    db.session.commit()
    return _enter(person)


@blueprint.post("/login/demo")
@open_to_all
def log_in_as_demo() -> AnyResponse:
    """Enter as the demo person whose button was pressed."""
    person = by_public_id(current_session(), request.form.get("person", ""))
    if not settings().demo or person is None or not person.demo or not person.active:
        raise NotFound(_("The demo company is not loaded here. Log in with your password."))
    return _enter(person)


@blueprint.post("/logout")
@open_to_all
def log_out() -> AnyResponse:
    """End this session."""
    logout_user()
    _new_session()
    flash(_("You are logged out."), "done")
    return redirect(url_for("login.page"))


def _form(login: str = "", error: str = "") -> str:
    address = safe_address(request.values.get("next"), "")
    somebody = db.session.scalar(select(Person.id).limit(1)) is not None
    return render_template(
        "web/login.html", login=login, error=error, next=address, departments=_demo(), somebody=somebody
    )


def _demo() -> list[tuple[str, list[tuple[Person, str]]]]:
    """The demo people by department, each with the name of his job; none unless they are offered."""
    if not settings().demo:
        return []
    people = demo_people(current_session())
    return [
        (chosen(unit.names) if unit else "", [(person, _job(person)) for person in members])
        for unit, members in groupby(people, key=lambda person: person.department)
    ]


def _job(person: Person) -> str:
    return person.job_title or ", ".join(chosen(place.group.names) for place in person.memberships)


def _enter(person: Person) -> AnyResponse:
    _new_session()
    session.permanent = True
    login_user(person)
    return redirect(safe_address(request.form.get("next")))


def _new_session() -> None:
    """Forget everything of the session before (RFC 6265, 8: fixation), except how pages look."""
    kept = {name: session[name] for name in ("language", "theme") if name in session}
    session.clear()
    session.update(kept)
