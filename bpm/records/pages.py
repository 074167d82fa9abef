"""Pages of records: the types, the list of one type, a record's card, and what is entered on it."""

from __future__ import annotations

from typing import Any, cast
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from bpm.engine.values import FileReference
from bpm.errors import Conflict, Invalid
from bpm.files import commands as files
from bpm.files import queries as stored_files
from bpm.files import rights
from bpm.files.store import FileStore
from bpm.forms import check as checking
from bpm.forms import render, submission
from bpm.forms.parts import Form
from bpm.language import _, time_zone
from bpm.people.models import Person
from bpm.people.queries import people
from bpm.records import commands, editing, outside, queries, sentences, starts
from bpm.records.models import Record
from bpm.records.schema import RecordSchema
from bpm.records.view import schema_of, values_of
from bpm.web.extensions import current_session, db
from bpm.web.request import acting_person, now, settings

blueprint = Blueprint("records", __name__, template_folder="templates", url_prefix="/records")
# colours of the look for the tones of stages
KINDS = {"neutral": "idle", "waiting": "waiting", "running": "running", "done": "done", "failed": "late"}


@blueprint.get("")
def page() -> str:
    """All types, with how many records there are of each."""
    session, person = current_session(), acting_person()
    counts = queries.counts(session, person)
    types = [(schema, counts.get(schema.key, 0)) for schema in queries.schemas(session)]
    return render_template("records/types.html", types=types)


@blueprint.get("/<type_key>")
def listing(type_key: str) -> str:
    """The records of one type, by stage, responsible person and words."""
    session, person, asked = current_session(), acting_person(), request.args
    schema = queries.schema(session, type_key)
    stage, text, responsible = (asked.get(name, "").strip() for name in ("stage", "text", "responsible"))
    found = queries.listing(
        session, person, type_key, stage=stage or None, text=text, responsible=responsible or None,
        page=asked.get("page", 1, type=int),
    )  # fmt: skip
    words = sentences.Words(session, schema)
    columns = [schema.by_key[key] for key in schema.columns]
    address: dict[str, Any] = {name: value for name, value in asked.items() if value and name != "page"}
    rows = [(record, schema.stage(record.stage), _cells(words, columns, record)) for record in found.rows]
    return render_template(
        "records/list.html",
        schema=schema,
        columns=columns,
        rows=rows,
        found=found,
        stage=stage,
        text=text,
        responsible=responsible,
        kinds=KINDS,
        people=people(session),
        tabs=_stage_tabs(session, person, schema, stage, address),
        newer=url_for(".listing", type_key=type_key, **address, page=found.page - 1)
        if found.page > 1
        else None,
        older=url_for(".listing", type_key=type_key, **address, page=found.page + 1)
        if found.page < found.pages
        else None,
    )


def _cells(words: sentences.Words, columns: list[Any], record: Record) -> list[str]:
    values = values_of(record)
    return [
        ", ".join(part.text for part in words.shown(column, values.get(column.key))) for column in columns
    ]


def _stage_tabs(
    session: Session, person: Person, schema: RecordSchema, stage: str, address: dict[str, Any]
) -> list[dict[str, Any]]:
    if not schema.stages:
        return []
    counts = queries.stage_counts(session, person, schema.key)
    rest = {name: value for name, value in address.items() if name != "stage"}
    tabs = [
        {"text": _("All"), "href": url_for(".listing", type_key=schema.key, **rest), "current": not stage}
    ]
    for each in schema.stages:
        if counts.get(each.key) or each.key == stage:
            href = url_for(".listing", type_key=schema.key, **rest, stage=each.key)
            tabs.append(
                {"text": each.name, "href": href, "current": stage == each.key, "count": counts.get(each.key)}
            )
    return tabs


@blueprint.get("/<type_key>/new")
def new(type_key: str) -> str:
    """An empty form; values in the address (?company=…) are filled in."""
    session, person = current_session(), acting_person()
    schema = queries.schema(session, type_key)
    given = {name: value for name, value in request.args.items() if name in schema.by_key}
    return _new(
        session, person, schema, {"responsible": person.login if schema.key != "lead" else None, **given}
    )


@blueprint.post("/<type_key>/new")
def create(type_key: str) -> AnyResponse | tuple[str, int]:
    """Make the record."""
    session, person = current_session(), acting_person()
    schema = queries.schema(session, type_key)
    form = editing.form_of(schema)
    kept = _keep_uploads(session, person, form)
    checked, entries = _submitted(session, person, form, {}, kept)
    if checked.errors:
        return _new(session, person, schema, entries, checked.errors), 422
    try:
        record = commands.create(session, now(), person, type_key, checked.values)
    except Invalid as refusal:
        return _new(
            session, person, schema, entries, refusal.details.get("errors") or {"": refusal.text}
        ), 422
    _attach(session, kept, record)
    db.session.commit()
    flash(_("“%(title)s” was created.", title=record.title), "done")
    return redirect(_card_address(record))


def _new(
    session: Session,
    person: Person,
    schema: RecordSchema,
    entries: dict[str, Any],
    errors: dict[str, str] | None = None,
) -> str:
    shown = _shown_form(session, person, editing.form_of(schema), entries, {}, errors)
    return render_template("records/new.html", schema=schema, shown=shown, errors=errors or {})


@blueprint.get("/<type_key>/<public_id>")
def card(type_key: str, public_id: str) -> str:
    """One record: where it stands, what it holds, what happened, and what can be done."""
    session, person = current_session(), acting_person()
    return _card(session, person, queries.record(session, person, public_id, type_key))


def _card(
    session: Session,
    person: Person,
    record: Record,
    *,
    event: str = "",
    event_entries: dict[str, Any] | None = None,
    event_errors: dict[str, str] | None = None,
) -> str:
    schema = schema_of(record)
    values = values_of(record)
    words = sentences.Words(session, schema)
    cases = queries.cases(session, person, record)
    today = now().astimezone(ZoneInfo(time_zone())).date()
    return render_template(
        "records/card.html",
        schema=schema,
        record=record,
        title=sentences.full_title(schema, record),
        stage=schema.stage(record.stage),
        stages=schema.stages_for(values),
        steps=_steps(schema, record, values),
        kinds=KINDS,
        facts=[(f.name, parts) for f in schema.fields if (parts := words.shown(f, values.get(f.key)))],
        happenings=sentences.happenings(session, schema, queries.changes(session, record)),
        running=[case for case in cases if case.ended_at is None],
        past=[case for case in cases if case.ended_at is not None],
        case_title=sentences.case_title,
        starts=starts.offered(session, person, record),
        events=[
            (
                one,
                _shown_form(
                    session, person, editing.form_of_fields(one.fields),
                    (event_entries or {}) if one.key == event else {},
                    {field.key: today for field in one.fields if field.type == "date"},
                    event_errors if one.key == event else None,
                ),
                (event_errors or {}) if one.key == event else {},
            )
            for one in outside.offered(session, record)
        ],
    )  # fmt: skip


def _steps(schema: RecordSchema, record: Record, values: dict[str, Any]) -> list[tuple[str, str]]:
    stages = [s for s in schema.stages_for(values) if not s.closes or s.key == record.stage]
    reached = next((place for place, stage in enumerate(stages) if stage.key == record.stage), -1)
    states = ("past", "now", "next")
    return [
        (stage.name, states[(place > reached) - (place < reached) + 1]) for place, stage in enumerate(stages)
    ]


@blueprint.get("/<type_key>/<public_id>/edit")
def edit(type_key: str, public_id: str) -> str:
    """The form with what the record holds."""
    session, person = current_session(), acting_person()
    record = queries.record(session, person, public_id, type_key)
    return _edit(session, person, record, {}, record.revision)


@blueprint.post("/<type_key>/<public_id>/edit")
def change(type_key: str, public_id: str) -> AnyResponse | tuple[str, int]:
    """Keep what was changed."""
    session, person = current_session(), acting_person()
    record = queries.record(session, person, public_id, type_key)
    form = editing.form_of(schema_of(record))
    revision = request.form.get("record.revision", record.revision, type=int)
    kept = _keep_uploads(session, person, form, record)
    checked, entries = _submitted(session, person, form, _current(record), kept)
    if checked.errors:
        return _edit(session, person, record, entries, revision, checked.errors), 422
    try:
        commands.change(session, now(), person, record, checked.values, revision=revision)
    except Conflict as refusal:
        db.session.rollback()
        return _edit(session, person, record, entries, record.revision, {"": refusal.text}), refusal.status
    except Invalid as refusal:
        errors = refusal.details.get("errors") or {"": refusal.text}
        return _edit(session, person, record, entries, revision, errors), 422
    db.session.commit()
    flash(_("Saved."), "done")
    return redirect(_card_address(record))


def _edit(
    session: Session,
    person: Person,
    record: Record,
    entries: dict[str, Any],
    revision: int | None,
    errors: dict[str, str] | None = None,
) -> str:
    schema = schema_of(record)
    shown = _shown_form(session, person, editing.form_of(schema), entries, _current(record), errors)
    return render_template(
        "records/edit.html", schema=schema, record=record, shown=shown, errors=errors or {}, revision=revision
    )


@blueprint.post("/<type_key>/<public_id>/stage")
def stage(type_key: str, public_id: str) -> AnyResponse:
    """Move the record to another stage."""
    session, person = current_session(), acting_person()
    record = queries.record(session, person, public_id, type_key)
    revision = request.form.get("revision", type=int)
    commands.move_stage(session, now(), person, record, request.form.get("stage", ""), revision=revision)
    db.session.commit()
    return redirect(_card_address(record))


@blueprint.post("/<type_key>/<public_id>/events/<event_key>")
def event(type_key: str, public_id: str, event_key: str) -> AnyResponse | tuple[str, int]:
    """Enter what happened outside: it goes to the running case."""
    session, person = current_session(), acting_person()
    record = queries.record(session, person, public_id, type_key)
    known = next((e for e in outside.EVENTS if e.key == event_key and e.record_type == type_key), None)
    form = editing.form_of_fields(known.fields if known else ())
    kept = _keep_uploads(session, person, form, record)
    checked, entries = _submitted(session, person, form, {}, kept)
    try:
        if checked.errors:
            raise Invalid("", errors=checked.errors)
        outside.enter(session, now(), person, record, event_key, checked.values)
    except Invalid as refusal:
        errors = refusal.details.get("errors") or {"": refusal.text}
        return _card(
            session, person, record, event=event_key, event_entries=entries, event_errors=errors
        ), 422
    db.session.commit()
    flash(_("Entered: %(event)s.", event=known.name if known else event_key), "done")
    return redirect(_card_address(record))


@blueprint.post("/<type_key>/<public_id>/delete")
def delete(type_key: str, public_id: str) -> AnyResponse:
    """Take the record out of every list."""
    session, person = current_session(), acting_person()
    record = queries.record(session, person, public_id, type_key)
    commands.delete(session, now(), person, record, revision=request.form.get("revision", type=int))
    db.session.commit()
    flash(_("“%(title)s” was deleted.", title=record.title), "done")
    return redirect(url_for(".listing", type_key=type_key))


def _card_address(record: Record) -> str:
    return url_for(".card", type_key=record.type.key, public_id=record.public_id)


def _current(record: Record) -> dict[str, Any]:
    return {**values_of(record), "responsible": record.responsible.login if record.responsible else None}


def _submitted(
    session: Session, person: Person, form: Form, current: dict[str, Any], kept: dict[str, list[Any]]
) -> tuple[checking.Checked, dict[str, Any]]:
    entries = submission.read(form, request.form, kept)
    choices = editing.choices_of(session, person, _file_finder(session, person))
    return checking.check(form, entries, current=current, choices=choices, now=now()), entries


def _shown_form(
    session: Session,
    person: Person,
    form: Form,
    entries: dict[str, Any],
    current: dict[str, Any],
    errors: dict[str, str] | None,
) -> list[Any]:
    choices = editing.choices_of(session, person, _file_finder(session, person))
    return render.fields(form, entries, errors or {}, choices, current=current, now=now())


def _file_finder(session: Session, person: Person) -> Any:
    def find(public_id: str) -> FileReference | None:
        stored = stored_files.stored_file(session, public_id)
        if stored is None or not rights.may_read(session, person, stored):
            return None
        return FileReference(stored.public_id, stored.name, stored.size, stored.media_type)

    return find


def _keep_uploads(
    session: Session, person: Person, form: Form, record: Record | None = None
) -> dict[str, list[Any]]:
    """Keep the files of this request that the form asks for."""
    store = FileStore(settings().files_folder)
    kept: dict[str, list[Any]] = {}
    for name in submission.file_names(form, request.files.keys()):
        for upload in request.files.getlist(name):
            if upload.filename:
                stored = files.keep(
                    session, store, now(), person, upload.filename, cast(Any, upload.stream),
                    limit=settings().upload_limit, record_id=record.id if record else None,
                )  # fmt: skip
                reference = FileReference(stored.public_id, stored.name, stored.size, stored.media_type)
                kept.setdefault(name, []).append(reference)
    return kept


def _attach(session: Session, kept: dict[str, list[Any]], record: Record) -> None:
    for references in kept.values():
        for reference in references:
            stored = stored_files.stored_file(session, reference.id)
            if stored is not None:
                files.attach(stored, record_id=record.id)
