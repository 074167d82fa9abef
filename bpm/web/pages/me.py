"""A person's own settings: language and colours, time zone, absence, password, tokens."""

from __future__ import annotations

from datetime import date
from zoneinfo import available_timezones

from flask import Blueprint, Response, flash, redirect, render_template, request, session, url_for
from flask_login import login_user
from werkzeug.wrappers import Response as AnyResponse

from bpm.config import LANGUAGES
from bpm.errors import Invalid
from bpm.language import _, ngettext, speak, time_zone
from bpm.people import commands, passwords, queries
from bpm.people.models import Person
from bpm.web.extensions import current_session, db
from bpm.web.request import acting_person, current_person, now, open_to_all, safe_address, settings

blueprint = Blueprint("me", __name__, url_prefix="/me")


@blueprint.get("")
def page() -> str:
    """Show the settings."""
    return _page()


@blueprint.post("/appearance")
@open_to_all
def appearance() -> AnyResponse:
    """Set language or colours: of the person, or of this browser while nobody is logged in."""
    language, theme = request.form.get("language"), request.form.get("theme")
    person = current_person()
    if person:
        commands.set_preferences(
            current_session(),
            person,
            person,
            language=language,
            theme="" if theme == "auto" else theme,
        )
        db.session.commit()
    elif theme:
        session["theme"] = theme if theme in commands.THEMES else None
    if language in LANGUAGES:
        session["language"] = language
    return redirect(safe_address(request.form.get("back")))


@blueprint.post("/time-zone")
def set_time_zone() -> AnyResponse:
    """Set the zone in which times are shown."""
    person = acting_person()
    zone = request.form.get("time_zone", "")
    try:
        commands.set_preferences(current_session(), person, person, time_zone=zone)
    except Invalid as refusal:
        return _again(refusal)
    db.session.commit()
    speak(person.language or "en", person.time_zone or settings().time_zone)
    flash(_("Times are shown in the zone %(zone)s.", zone=time_zone()), "done")
    return redirect(url_for("me.page"))


@blueprint.post("/absences")
def add_absence() -> AnyResponse:
    """Enter an absence."""
    person, form = acting_person(), request.form
    errors = {
        name: _("Give the day like 2026-03-14.")
        for name in ("starts_on", "ends_on")
        if _day(form.get(name)) is None
    }
    if errors:
        return _again(Invalid("", errors=errors))
    login = form.get("substitute", "")
    substitute = queries.required_person(current_session(), login) if login else None
    first, last = _day(form.get("starts_on")), _day(form.get("ends_on"))
    assert first and last
    try:
        commands.add_absence(current_session(), now(), person, person, first, last, substitute)
    except Invalid as refusal:
        return _again(refusal)
    db.session.commit()
    days = (last - first).days + 1
    flash(
        ngettext("%(num)s day of absence is entered.", "%(num)s days of absence are entered.", days), "done"
    )
    return redirect(url_for("me.page", _anchor="absence"))


@blueprint.post("/absences/<int:number>/remove")
def remove_absence(number: int) -> AnyResponse:
    """Take an absence back."""
    commands.remove_absence(current_session(), acting_person(), number)
    db.session.commit()
    flash(_("The absence is taken back."), "done")
    return redirect(url_for("me.page", _anchor="absence"))


@blueprint.post("/password")
def set_password() -> AnyResponse:
    """Change the password; other sessions of the person end."""
    person = acting_person()
    old, new = request.form.get("old_password", ""), request.form.get("new_password", "")
    if person.password_hash and not passwords.fits(old, person.password_hash):
        return _again(Invalid("", errors={"old_password": _("This is not your present password.")}))
    try:
        commands.set_password(current_session(), person, person, new)
    except Invalid as refusal:
        return _again(Invalid("", errors={"new_password": refusal.text}))
    db.session.commit()
    login_user(person)
    flash(_("The password is changed. Everywhere else you are logged out."), "done")
    return redirect(url_for("me.page"))


@blueprint.post("/tokens")
def create_token() -> AnyResponse:
    """Make a token of the API and show it, this once."""
    try:
        plain = commands.create_token(
            current_session(), now(), acting_person(), name=request.form.get("name", "")
        )
    except Invalid as refusal:
        return _again(refusal)
    db.session.commit()
    return Response(_page(token=plain))


@blueprint.post("/tokens/<public_id>/revoke")
def revoke_token(public_id: str) -> AnyResponse:
    """Make a token useless."""
    commands.revoke_token(current_session(), now(), acting_person(), public_id)
    db.session.commit()
    flash(_("The token no longer works."), "done")
    return redirect(url_for("me.page", _anchor="tokens"))


def _page(errors: dict[str, str] | None = None, token: str | None = None) -> str:
    person, reader = acting_person(), current_session()
    today = queries.company_day(reader, now())
    return render_template(
        "web/me.html",
        person=person,
        errors=errors or {},
        token=token,
        manager=queries.manager_of(reader, person),
        groups=queries.groups_of(reader, person),
        absences=queries.absences_of(reader, person, today),
        tokens=queries.tokens_of(reader, person),
        colleagues=_colleagues(person),
        zones=sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith("Etc/")),
        today=today,
    )


def _again(refusal: Invalid) -> AnyResponse:
    """Show the page with what was typed and what is wrong with it."""
    return Response(_page(refusal.details.get("errors") or {"": refusal.text}), refusal.status)


def _colleagues(person: Person) -> list[tuple[str, str]]:
    everybody = queries.people(current_session())
    return [(somebody.login, somebody.name) for somebody in everybody if somebody.id != person.id]


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
