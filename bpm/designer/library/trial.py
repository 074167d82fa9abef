"""Trying a form out: it is drawn and checked exactly as for those who fill it in; nothing is kept."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bpm.engine import form_check
from bpm.engine.functions import World
from bpm.engine.values import FileReference
from bpm.forms import check, render, schema, submission
from bpm.forms.parts import Component, Form
from bpm.forms.shown import ShownField
from bpm.forms.words import plain
from bpm.language import chosen
from bpm.people.models import Person


@dataclass
class Trial:
    """A form on trial: its parts ready to be drawn, and after a press on a button what came of it."""

    title: str
    shown: list[ShownField]
    errors: dict[str, str] = field(default_factory=dict)
    values: list[tuple[str, str, str]] = field(default_factory=list)
    checked: bool = False


def show(
    session: Session, now: datetime, person: Person, content: Mapping[str, Any], sent: submission.MultiValues
) -> Trial:
    """Draw a form that is being made, with what was filled in so far."""
    form, _problems = schema.examine(content)
    entries, change = _entries(form, sent), submission.row_change(sent)
    if change is not None:
        entries = submission.with_change(entries, change)
    return Trial(chosen(form.title, ""), _drawn(session, now, person, form, entries, {}))


def send(
    session: Session,
    now: datetime,
    person: Person,
    content: Mapping[str, Any],
    sent: submission.MultiValues,
    files: Mapping[str, str],
    *,
    outcome: str | None,
) -> Trial:
    """Check what was filled in as a task would.

    Args:
        files: names of the files that were chosen, by the name of their control; they are not kept.
        outcome: the key of the button that was pressed.
    """
    form, _problems = schema.examine(content)
    entries = _entries(form, sent)
    _put_files(form.components, entries, files, "")
    world = World(session, now)
    found = check.check(
        form,
        entries,
        current=_current(person),
        choices=form_check.choices_for(session, now, person, None),
        outcome=outcome,
        functions=world.functions,
        now=now,
    )
    trial = Trial(
        chosen(form.title, ""),
        _drawn(session, now, person, form, entries, found.errors),
        found.errors,
        checked=True,
    )
    if not found.errors:
        trial.values = [(*_named(form, key), plain(value)) for key, value in found.values.items()]
    return trial


def _entries(form: Form, sent: submission.MultiValues) -> dict[str, Any]:
    names = set(sent.keys())
    entries = submission.read(form, sent)
    # before anything was filled in, defaults stand in the fields
    return entries if names else {}


def _drawn(
    session: Session,
    now: datetime,
    person: Person,
    form: Form,
    entries: Mapping[str, Any],
    errors: Mapping[str, str],
) -> list[ShownField]:
    choices = form_check.choices_for(session, now, person, None)
    functions = World(session, now).functions
    shown = render.fields(
        form, entries, errors, choices, current=_current(person), functions=functions, now=now
    )
    return [_without_files(one) for one in shown]


def _without_files(part: ShownField) -> ShownField:
    """Files on trial have no address."""
    return dataclasses.replace(part, fields=tuple(_without_files(one) for one in part.fields), files=())


def _current(person: Person) -> dict[str, Any]:
    return {"initiator": person.login}


def _put_files(
    components: tuple[Component, ...], entries: Any, files: Mapping[str, str], prefix: str
) -> None:
    for component in components:
        key, name = component.key or "", prefix + (component.key or "")
        if component.type == "group":
            inside = entries.get(key) if component.key else entries
            _put_files(component.components, inside, files, f"{name}-" if component.key else prefix)
        elif component.type == "dynamiclist":
            for number, row in enumerate(entries.get(key) or ()):
                _put_files(component.components, row, files, f"{name}-{number}-")
        elif component.type == "filepicker" and files.get(name):
            reference = FileReference("trial", files[name], 0, "application/octet-stream")
            entries[key] = [reference]


def _named(form: Form, key: str) -> tuple[str, str]:
    label = next((chosen(one.label, key) for one in form.components if one.key == key), None)
    fields = {one.key: chosen(one.label, key) for one in form.fields()}
    return label or fields.get(key, key), key
