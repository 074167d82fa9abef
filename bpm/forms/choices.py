"""What can be chosen in a form: options of the author, people, groups of people, records, files.

Owns the interface ``Choices`` through which a form asks. Records and files belong to higher
floors or to the page, so their sources are given by the caller.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from bpm.forms.expressions import Surroundings
from bpm.forms.parts import OPTION_TYPES, Component
from bpm.language import chosen
from bpm.people.models import Group, Membership, Person

_MOST_DIGITS = 28


@dataclass(frozen=True)
class Choice:
    """One thing that can be chosen. ``key`` travels through HTML, ``value`` is what is stored."""

    key: str
    value: Any
    label: str
    hint: str = ""


class Choices(Protocol):
    """Answers which people, groups and records a field offers."""

    def people(self, groups: Sequence[str]) -> Sequence[Choice]:
        """Active people, of the named groups if any are named, by name."""
        ...

    def groups(self) -> Sequence[Choice]:
        """All groups, by name."""
        ...

    def records(self, record_type: str) -> Sequence[Choice]:
        """The records of a type that the person may choose; the most recent first."""
        ...

    def record(self, record_type: str, key: str) -> Choice | None:
        """One record by its public id, also one that ``records`` is too short to list."""
        ...

    def file(self, public_id: str) -> Any | None:
        """The reference of a stored file that the person may put into this form, or None."""
        ...


class NoChoices:
    """Nothing to choose: for forms without people, records and files, and for previews."""

    def people(self, groups: Sequence[str]) -> Sequence[Choice]:
        return ()

    def groups(self) -> Sequence[Choice]:
        return ()

    def records(self, record_type: str) -> Sequence[Choice]:
        return ()

    def record(self, record_type: str, key: str) -> Choice | None:
        return None

    def file(self, public_id: str) -> Any | None:
        return None


class CompanyChoices(NoChoices):
    """People and groups from the database; records and files from functions of the caller."""

    def __init__(
        self,
        session: Session,
        *,
        records: Callable[[str], Iterable[Choice]] | None = None,
        record: Callable[[str, str], Choice | None] | None = None,
        file: Callable[[str], Any | None] | None = None,
    ) -> None:
        """
        Args:
            records: record type → the records to offer.
            record: record type and public id → that record if the person may choose it.
            file: public id → reference of a file the person may use here.
        """
        self._session = session
        self._records = records
        self._record = record
        self._file = file
        self._people: dict[tuple[str, ...], list[Choice]] = {}

    def people(self, groups: Sequence[str]) -> Sequence[Choice]:
        wanted = tuple(sorted(groups))
        if wanted not in self._people:
            query = select(Person).where(Person.active).options(selectinload(Person.department))
            if wanted:
                members = (
                    select(Membership.person_id)
                    .join(Group, Group.id == Membership.group_id)
                    .where(Group.key.in_(wanted))
                )
                query = query.where(Person.id.in_(members))
            found = self._session.scalars(query.order_by(Person.name)).all()
            self._people[wanted] = [Choice(one.login, one.login, one.name, _place(one)) for one in found]
        return self._people[wanted]

    def groups(self) -> Sequence[Choice]:
        found = [
            Choice(one.key, one.key, chosen(one.names, one.key))
            for one in self._session.scalars(select(Group))
        ]
        return sorted(found, key=lambda choice: choice.label)

    def records(self, record_type: str) -> Sequence[Choice]:
        return list(self._records(record_type)) if self._records else ()

    def record(self, record_type: str, key: str) -> Choice | None:
        return self._record(record_type, key) if self._record else None

    def file(self, public_id: str) -> Any | None:
        return self._file(public_id) if self._file else None


def _place(person: Person) -> str:
    return person.job_title or (chosen(person.department.names) if person.department else "")


def offered(component: Component, choices: Choices, surroundings: Surroundings) -> Sequence[Choice]:
    """Everything that a choosing field offers, in the order in which it is shown."""
    if component.type in OPTION_TYPES:
        return _options(component, surroundings)
    if component.type == "persongroup":
        return choices.groups()
    if component.type == "record":
        return choices.records(component.record_type)
    people = choices.people(component.groups)
    if component.choices_expression is None:
        return people
    wanted = surroundings.evaluate(component.choices_expression)
    logins = (
        set(wanted) if isinstance(wanted, list) and all(isinstance(one, str) for one in wanted) else set()
    )
    return [choice for choice in people if choice.value in logins]


def _options(component: Component, surroundings: Surroundings) -> Sequence[Choice]:
    if component.options_expression is None:
        return [
            Choice(as_key(option.value), option.value, chosen(option.label)) for option in component.options
        ]
    found = surroundings.evaluate(component.options_expression)
    if not isinstance(found, list):
        return ()
    return [choice for choice in map(_computed, found) if choice is not None]


def _computed(item: Any) -> Choice | None:
    """An item of a computed list: a plain value, or a context with ``value`` and ``label``."""
    label: Any = None
    if isinstance(item, Mapping):
        item, label = item.get("value"), item.get("label")
    if not isinstance(item, str | int | Decimal | bool):
        return None
    return Choice(as_key(item), item, label if isinstance(label, str) else as_key(item))


def as_key(value: Any) -> str:
    """Write a plain value as the text that stands for it in HTML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        sensible = value.is_finite() and abs(value.adjusted()) < _MOST_DIGITS
        return format(value.normalize(), "f") if sensible else ""
    return str(value)


def match(component: Component, sent: Any, offers: Sequence[Choice], choices: Choices) -> Choice | None:
    """Return the offered choice that ``sent`` (a key, a value or a reference) means, or None."""
    key = sent_key(sent)
    if not key:
        return None
    for choice in offers:
        if choice.key == key or choice.value == sent:
            return choice
    return choices.record(component.record_type, key) if component.type == "record" else None


def sent_key(sent: Any) -> str:
    """The text by which something sent names its choice; empty if it cannot be one."""
    if isinstance(sent, Mapping):  # an API client may send {"id": …}
        sent = sent.get("id")
    if isinstance(sent, str | bool | int | Decimal):
        return as_key(sent)
    if isinstance(sent, float):
        return as_key(Decimal(str(sent)))
    identifier = getattr(sent, "id", None)
    return identifier if isinstance(identifier, str) else ""
