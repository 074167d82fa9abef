"""Starting processes: what the person may start, and the form with which each begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload
from werkzeug.wrappers import Response as AnyResponse

from bpm.engine import commands, form_check, permissions
from bpm.engine.functions import World
from bpm.engine.models import ProcessVersion
from bpm.engine.runtime.scopes import readable
from bpm.engine.values import RecordReference
from bpm.errors import Conflict, Invalid, NotAllowed, NotFound
from bpm.forms import queries as forms
from bpm.forms import render, submission
from bpm.forms.parts import Form
from bpm.forms.shown import ShownField
from bpm.inbox.blueprint import blueprint, current_session
from bpm.inbox.task_pages import file_address
from bpm.inbox.uploads import keep_uploads
from bpm.language import _, chosen
from bpm.people.models import Person
from bpm.records import queries as records
from bpm.records.models import Record
from bpm.records.view import schema_of
from bpm.web.request import acting_person, now, settings

RECORD = "start.record"


@dataclass(frozen=True)
class Offer:
    """A process that somebody may start, as its card and page show it."""

    key: str
    name: str
    help: str
    button: str
    record_types: tuple[str, ...]
    record_stages: tuple[str, ...]
    type_names: tuple[str, ...]
    form_key: str | None


def offers(session: Session, person: Person) -> list[Offer]:
    """Return what a person may start by hand, by name."""
    newest = select(func.max(ProcessVersion.id)).group_by(ProcessVersion.process_id)
    versions = session.scalars(
        select(ProcessVersion)
        .where(ProcessVersion.id.in_(newest))
        .options(joinedload(ProcessVersion.process))
    )
    found = [
        _offer(session, version)
        for version in versions
        if _by_hand(version) and permissions.can_start(session, person, version.process, version.properties)
    ]
    return sorted(found, key=lambda offer: offer.name)


def _by_hand(version: ProcessVersion) -> bool:
    """Whether a person can start it: it has a plain start event."""
    return any(one.get("kind") == "none" for one in version.properties.get("start_events") or ())


def _offer(session: Session, version: ProcessVersion) -> Offer:
    properties = version.properties
    start = properties.get("start") or {}
    record_types = tuple(start.get("record_types") or ())
    name = chosen(version.process.names, version.process_key)
    plain: dict[str, Any] = next(
        (one for one in properties.get("start_events") or () if one.get("kind") == "none"), {}
    )
    return Offer(
        key=version.process_key,
        name=name,
        help=chosen(properties.get("help")),
        button=chosen(start.get("button")) or _("Start: %(process)s", process=name),
        record_types=record_types,
        record_stages=tuple(start.get("record_stages") or ()),
        type_names=tuple(_type_name(session, one) for one in record_types),
        form_key=start.get("form") or plain.get("form"),
    )


def _type_name(session: Session, record_type: str) -> str:
    try:
        return records.schema(session, record_type).name
    except NotFound:
        return record_type


def offer_for(session: Session, person: Person, key: str) -> Offer:
    """Return one process that the person may start.

    Raises:
        NotFound: there is none with this key, or it does not start by hand.
        NotAllowed: he may not start it.
    """
    version = session.scalar(
        select(ProcessVersion)
        .where(ProcessVersion.process_key == key)
        .order_by(ProcessVersion.number.desc())
        .limit(1)
        .options(joinedload(ProcessVersion.process))
    )
    if version is None or not _by_hand(version):
        raise NotFound(_("There is no process that could be started here."))
    if not permissions.can_start(session, person, version.process, version.properties):
        name = chosen(version.process.names, key)
        raise NotAllowed(_("You may not start “%(process)s”. Its owner decides who may.", process=name))
    return _offer(session, version)


@blueprint.get("/start")
def start() -> str:
    """What the person may start."""
    return render_template("inbox/start.html", offers=offers(current_session(), acting_person()))


@blueprint.get("/start/<key>")
def start_form(key: str) -> str:
    """The form with which a process begins."""
    session, person = current_session(), acting_person()
    offer = offer_for(session, person, key)
    return _page(session, person, offer, request.args.get("record", ""))


@blueprint.post("/start/<key>/fields")
def start_fields(key: str) -> AnyResponse:
    """The fields again, with those that the entries make appear or vanish."""
    session, person = current_session(), acting_person()
    offer = offer_for(session, person, key)
    form = _form(session, offer)
    shown = []
    if form is not None:
        entries = submission.read(form, request.form)
        record = _record(session, person, offer, request.form.get(RECORD, ""))
        shown = _shown(session, person, form, record, entries, {})
    text = render_template("inbox/fields.html", shown=shown, file_address=file_address)
    return AnyResponse(text, mimetype="text/html")


@blueprint.post("/start/<key>")
def start_process(key: str) -> AnyResponse:
    """Begin a case."""
    session, person, moment = current_session(), acting_person(), now()
    offer = offer_for(session, person, key)
    form = _form(session, offer)
    record_id = request.form.get(RECORD, "") or request.args.get("record", "")
    entries: dict[str, Any] = submission.read(form, request.form) if form is not None else {}
    try:
        record = _record(session, person, offer, record_id)
        files = keep_uploads(session, moment, person, settings(), form)
    except Invalid as refusal:
        session.rollback()
        return _again(session, person, offer, record_id, entries, {"": refusal.text})
    if form is not None and files:
        entries = submission.read(form, request.form, files)
    change = submission.row_change(request.form)
    if change is not None:
        session.commit()
        return AnyResponse(
            _page(session, person, offer, record_id, submission.with_change(entries, change)),
            mimetype="text/html",
        )
    if offer.record_types and record is None:
        session.commit()
        return _again(session, person, offer, record_id, entries, {"record": _("Choose what it is about.")})
    reference = RecordReference(record.type.key, record.public_id) if record is not None else None
    try:
        with session.begin_nested():
            instance = commands.start(session, moment, person, key, entries, record=reference)
        session.commit()
    except Conflict as refusal:
        session.rollback()
        flash(refusal.text, "late")
        return redirect(url_for("inbox.start_form", key=key, record=record_id or None), 303)
    except Invalid as refusal:
        session.commit()
        errors = dict(refusal.details.get("errors") or {}) or {"": refusal.text}
        return _again(session, person, offer, record_id, entries, errors)
    flash(_("Started: %(title)s.", title=chosen(instance.titles) or offer.name), "done")
    return redirect(url_for("history.case", public_id=instance.public_id), 303)


def _again(
    session: Session,
    person: Person,
    offer: Offer,
    record_id: str,
    entries: Mapping[str, Any],
    errors: Mapping[str, str],
) -> AnyResponse:
    return AnyResponse(_page(session, person, offer, record_id, entries, errors), 422, mimetype="text/html")


def _page(
    session: Session,
    person: Person,
    offer: Offer,
    record_id: str,
    entries: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
) -> str:
    wrong = dict(errors or {})
    record_error = wrong.pop("record", "")
    form = _form(session, offer)
    try:
        record = _record(session, person, offer, record_id)
    except Invalid as refusal:
        record, record_error = None, record_error or refusal.text
    needs_record = bool(offer.record_types) and record is None
    return render_template(
        "inbox/start_form.html",
        offer=offer,
        shown=_shown(session, person, form, record, entries, wrong) if form is not None else [],
        errors=wrong,
        record_error=record_error,
        needs_record=needs_record,
        records=_fitting(session, person, offer) if needs_record else [],
        record_id=record.public_id if record is not None else "",
        record_title=_titled(session, record) if record is not None else "",
        moving=form is not None and any(one.moves for one in form.components),
        file_address=file_address,
    )


def _shown(
    session: Session,
    person: Person,
    form: Form,
    record: Record | None,
    entries: Mapping[str, Any] | None,
    errors: Mapping[str, str],
) -> list[ShownField]:
    moment = now()
    world = World(session, moment)
    current: dict[str, Any] = {"initiator": person.login}
    if record is not None:
        kind = record.type.key
        current[kind] = readable(RecordReference(kind, record.public_id), world)
    choices = form_check.choices_for(session, moment, person, None)
    return render.fields(
        form, entries, errors, choices, current=current, functions=world.functions, now=moment
    )


def _form(session: Session, offer: Offer) -> Form | None:
    return forms.form(session, offer.form_key) if offer.form_key else None


def _record(session: Session, person: Person, offer: Offer, public_id: str) -> Record | None:
    """Return the record to begin from.

    Raises:
        Invalid: it does not exist, is of another type, or stands at a stage where nothing begins.
    """
    if not offer.record_types or not public_id:
        return None
    try:
        record = records.record(session, person, public_id)
    except NotFound as missing:
        raise Invalid(missing.text) from missing
    if record.type.key not in offer.record_types:
        raise Invalid(
            _("“%(process)s” does not begin from “%(title)s”.", process=offer.name, title=record.title)
        )
    if not _at_stage(record, offer):
        stage = schema_of(record).stage(record.stage)
        text = _(
            "“%(title)s” is at the stage “%(stage)s”; “%(process)s” cannot begin there.",
            title=record.title,
            stage=stage.name if stage else record.stage,
            process=offer.name,
        )
        raise Invalid(text)
    return record


def _at_stage(record: Record, offer: Offer) -> bool:
    return not offer.record_stages or record.stage in offer.record_stages


def _fitting(session: Session, person: Person, offer: Offer) -> list[tuple[str, str]]:
    """The records from which the process can begin, for the choice on its page."""
    return [
        (record.public_id, _titled(session, record))
        for kind in offer.record_types
        for record in records.choices(session, person, kind)
        if _at_stage(record, offer)
    ]


def _titled(session: Session, record: Record) -> str:
    return f"{_type_name(session, record.type.key)}: {record.title}"
