"""Forms of processes: what a person submits is checked here, the same for pages and the API.

Where a form is published under the key, its rules decide and whatever it does not ask for is
dropped. Where there is none, any values that a variable can hold are taken, except ``initiator``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bpm.engine import values
from bpm.engine.functions import World
from bpm.engine.models import Attachment, Instance
from bpm.engine.runtime.scopes import readable
from bpm.engine.values import FileReference, RecordReference
from bpm.errors import Invalid
from bpm.files.commands import attach
from bpm.files.models import StoredFile
from bpm.forms import queries as forms
from bpm.forms.check import check
from bpm.forms.choices import Choices, CompanyChoices
from bpm.language import _, ngettext
from bpm.people.models import Person

# variables that only the program sets
_RESERVED = frozenset({"initiator"})
_LONGEST_NAME = 120
_MOST_VALUES = 500

ChoicesFactory = Callable[[Session, datetime, Person | None, int | None], Choices]


def _company_choices(
    session: Session, _now: datetime, actor: Person | None, instance_id: int | None
) -> Choices:
    return CompanyChoices(session, file=lambda public_id: file_for(session, actor, instance_id, public_id))


_choices: ChoicesFactory = _company_choices


def choose_from(factory: ChoicesFactory) -> None:
    """Let ``factory(session, now, actor, instance_id)`` say what forms offer (records are a higher floor)."""
    global _choices
    _choices = factory


def choices_for(session: Session, now: datetime, actor: Person | None, instance_id: int | None) -> Choices:
    """Return what a form offers to a person; pages draw from the same as the check reads."""
    return _choices(session, now, actor, instance_id)


def file_for(
    session: Session, actor: Person | None, instance_id: int | None, public_id: str
) -> FileReference | None:
    """Return a file that may be used in a form of this case: his own upload, or one of the case."""
    allowed = []
    if actor is not None:
        allowed.append(StoredFile.created_by_id == actor.id)
    if instance_id is not None:
        allowed.append(StoredFile.instance_id == instance_id)
        root = select(Instance.root_id).where(Instance.id == instance_id).scalar_subquery()
        allowed.append(StoredFile.instance_id.in_(select(Instance.id).where(Instance.root_id == root)))
    if not allowed:
        return None
    found = session.scalar(select(StoredFile).where(StoredFile.public_id == public_id, or_(*allowed)))
    return FileReference(found.public_id, found.name, found.size, found.media_type) if found else None


def checked_start(
    session: Session,
    now: datetime,
    actor: Person,
    properties: Mapping[str, Any],
    given: Mapping[str, Any],
    record: RecordReference | None,
) -> dict[str, Any]:
    """Return the variables with which a person may start a process.

    Raises:
        Invalid: ``details["errors"]`` names each field.
    """
    form_key = (properties.get("start") or {}).get("form")
    form = forms.form(session, form_key) if form_key else None
    if form is None:
        return _any_values(given)
    world = World(session, now)
    current = {record.type: readable(record, world)} if record is not None else {}
    checked = check(
        form,
        given,
        current=current,
        choices=choices_for(session, now, actor, None),
        functions=world.functions,
        now=now,
    )
    _refuse(checked.errors)
    settings = {setting["name"] for setting in properties.get("settings") or ()}
    extra = {name: value for name, value in given.items() if name in settings}
    return {**_any_values(extra), **checked.values}


def checked_values(
    session: Session,
    world: World,
    actor: Person | None,
    form_key: str | None,
    given: Mapping[str, Any],
    *,
    current: Callable[[], Mapping[str, Any]],
    outcome: str | None,
    instance_id: int,
) -> dict[str, Any]:
    """Return the variables that completing a task sets.

    Args:
        current: gives the variables visible at the task; only asked if there is a form.

    Raises:
        Invalid: ``details["errors"]`` names each field.
    """
    form = forms.form(session, form_key) if form_key else None
    if form is None:
        return _any_values(given)
    checked = check(
        form,
        given,
        current=current(),
        choices=choices_for(session, world.now, actor, instance_id),
        outcome=outcome,
        functions=world.functions,
        now=world.now,
    )
    _refuse(checked.errors)
    return {name: value for name, value in checked.values.items() if name not in _RESERVED}


def keep_files(
    session: Session, now: datetime, instance_id: int, task_id: int | None, variables: Mapping[str, Any]
) -> None:
    """Let the files among the values belong to the case, and list them there."""
    found = {one.id: name for name, value in variables.items() for one in _files_in(value)}
    if not found:
        return
    for file in session.scalars(select(StoredFile).where(StoredFile.public_id.in_(list(found)))):
        attach(file, instance_id=instance_id)
        session.add(
            Attachment(
                instance_id=instance_id,
                task_id=task_id,
                file_id=file.id,
                variable=found[file.public_id],
                at=now,
            )
        )
    session.flush()


def first_file(variables: Mapping[str, Any]) -> FileReference | None:
    """Return the first file among values, for the vote that a task casts."""
    return next((one for value in variables.values() for one in _files_in(value)), None)


def _files_in(value: Any) -> Iterator[FileReference]:
    if isinstance(value, FileReference):
        yield value
    elif isinstance(value, Mapping):
        for item in value.values():
            yield from _files_in(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from _files_in(item)


def _any_values(given: Mapping[str, Any]) -> dict[str, Any]:
    if len(given) > _MOST_VALUES:
        raise Invalid(_("More than %(limit)s values were given.", limit=_MOST_VALUES))
    kept = {}
    for name, value in given.items():
        if not isinstance(name, str) or not name or len(name) > _LONGEST_NAME:
            raise Invalid(_("A name of a value is missing or too long."))
        if name in _RESERVED:
            text = _("“%(name)s” cannot be set: the program sets it.", name=name)
            raise Invalid(text, errors={name: text})
        kept[name] = values.hold(value, name)
    return kept


def _refuse(errors: Mapping[str, str]) -> None:
    if errors:
        text = ngettext("%(num)s field needs attention.", "%(num)s fields need attention.", len(errors))
        raise Invalid(text, errors=dict(errors))
