"""What things of a case are called in the reader's language: steps, people, groups, fields, values.

Reads each name once for one page. Says nothing about what happened; that is ``sentences.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpm.engine import definitions
from bpm.engine.definition import Definition, Element
from bpm.engine.models import Instance
from bpm.engine.values import FileReference, RecordReference
from bpm.errors import Refusal
from bpm.forms import queries as forms
from bpm.forms.parts import Component, shown_label
from bpm.forms.words import plain
from bpm.language import _, chosen
from bpm.people.models import Group, Person
from bpm.records.models import Record, RecordType

_KINDS = {
    "startEvent": "Start",
    "endEvent": "End",
    "exclusiveGateway": "Decision",
    "inclusiveGateway": "Decision",
    "parallelGateway": "Fork",
    "eventBasedGateway": "Waiting",
}


class Names:
    """The names of one case; people and records are looked up when first asked for."""

    def __init__(self, session: Session, instance: Instance) -> None:
        self._session = session
        self.definition = definition_of(session, instance)
        self._people: dict[str, str] | None = None
        self._groups: dict[str, str] | None = None
        self._records: dict[str, str] = {}
        self._fields: dict[str, Component] | None = None

    def element(self, identifier: str | None) -> str:
        """The name of a step; a nameless one is called by its kind."""
        element = self.definition.elements.get(identifier or "") if self.definition else None
        if element is None:
            return identifier or ""
        return chosen(element.names) or self._kind(element)

    @staticmethod
    def _kind(element: Element) -> str:
        words = {
            "Start": _("Start"),
            "End": _("End"),
            "Decision": _("Decision"),
            "Fork": _("Fork"),
            "Waiting": _("Waiting"),
        }
        return words.get(_KINDS.get(element.kind, ""), element.id)

    def is_named(self, identifier: str | None) -> bool:
        """Whether the author gave the step a name."""
        element = self.definition.elements.get(identifier or "") if self.definition else None
        return bool(element and chosen(element.names))

    def kind(self, identifier: str | None) -> str:
        """The BPMN tag of a step, for instance userTask; empty if the diagram does not know it."""
        element = self.definition.elements.get(identifier or "") if self.definition else None
        return element.kind if element else ""

    def attached(self, identifier: str | None) -> bool:
        """Whether an event stands on the edge of a step."""
        element = self.definition.elements.get(identifier or "") if self.definition else None
        return bool(element and element.attached_to)

    def flow(self, identifier: str) -> str:
        """The words on a flow; empty if there are none."""
        flow = self.definition.flows.get(identifier) if self.definition else None
        return chosen(flow.names) if flow else ""

    def target(self, identifier: str) -> str:
        """The name of the step to which a flow leads."""
        flow = self.definition.flows.get(identifier) if self.definition else None
        return self.element(flow.target) if flow else ""

    def outcome(self, element: str | None, key: str | None) -> str:
        """The words on the button that was pressed."""
        found = self.definition.elements.get(element or "") if self.definition else None
        for outcome in found.extensions.get("outcomes") or () if found else ():
            if outcome.get("key") == key:
                return chosen(outcome.get("labels"), key or "")
        return _("Done") if key == "done" else key or ""  # the one button of a task without buttons

    def end(self, outcome: str | None) -> str:
        """The name of the end that a case reached."""
        if not outcome:
            return ""
        names = self.definition.outcomes.get(outcome) if self.definition else None
        return chosen(names, outcome)

    def person(self, login: Any) -> str:
        """The name of a person; of somebody unknown, his login."""
        if self._people is None:
            self._people = dict(self._session.execute(select(Person.login, Person.name)).all())
        return self._people.get(str(login), str(login))

    def people(self, logins: Iterable[Any]) -> str:
        """The names of several people."""
        return ", ".join(self.person(login) for login in logins)

    def group(self, key: Any) -> str:
        """The name of a group."""
        if self._groups is None:
            found = self._session.execute(select(Group.key, Group.names))
            self._groups = {one: chosen(names, one) for one, names in found}
        return self._groups.get(str(key), str(key))

    def variable(self, name: str) -> str:
        """What a variable is called: the label of its field, else a word of ours, else its name."""
        known = {"initiator": _("Started by"), "outcome": _("Decision"), "comment": _("Comment")}
        field = self.fields.get(name)
        if field is not None:
            return shown_label(field)
        return known.get(name) or self._settings.get(name) or self._record_types.get(name) or name

    def is_known(self, name: str) -> bool:
        """Whether a variable is one that people were asked or shown, not one of the program's own."""
        return name in self.fields or name == "initiator"

    def is_bookkeeping(self, name: str) -> bool:
        """Whether a variable repeats what the sentence about a decision says: its outcome, who, when."""
        return name in self._bookkeeping

    @cached_property
    def _bookkeeping(self) -> frozenset[str]:
        found: set[str] = {"votes"}
        for element in self.definition.elements.values() if self.definition else ():
            if element.extensions.get("outcomes"):
                name = element.extensions.get("outcome_variable") or "outcome"
                found |= {name, f"{name}_by", f"{name}_at", f"{name}_comment"}
            if element.extensions.get("vote_variable"):
                found.add(element.extensions["vote_variable"])
        return frozenset(found)

    @cached_property
    def _record_types(self) -> Mapping[str, str]:
        found = self._session.execute(select(RecordType.key, RecordType.definition))
        return {key: chosen(definition.get("names"), key) for key, definition in found}

    @cached_property
    def _settings(self) -> Mapping[str, str]:
        settings = self.definition.extensions.get("settings") or () if self.definition else ()
        return {str(one["name"]): chosen(one.get("label")) for one in settings}

    @cached_property
    def _answers(self) -> Mapping[str, Mapping[str, str]]:
        """Words on the buttons, by the variable that keeps which one was pressed."""
        found: dict[str, dict[str, str]] = {"decision": {}}
        for element in self.definition.elements.values() if self.definition else ():
            name = element.extensions.get("outcome_variable") or "outcome"
            for outcome in element.extensions.get("outcomes") or ():
                words = chosen(outcome.get("labels"), outcome["key"])
                found.setdefault(name, {})[outcome["key"]] = words
                found["decision"].setdefault(outcome["key"], words)
        return found

    @property
    def fields(self) -> Mapping[str, Component]:
        """The fields of all forms of the process, by variable."""
        if self._fields is None:
            self._fields = {}
            for key in _forms_of(self.definition):
                try:
                    form = forms.form(self._session, key)
                except Refusal:
                    continue
                for field in form.fields() if form else ():
                    self._fields.setdefault(field.key or "", field)
                    for inner in field.components:
                        self._fields.setdefault(inner.key or "", inner)
        return self._fields

    def value(self, value: Any, variable: str = "") -> str:
        """A value as people read it: logins become names, records their titles."""
        if isinstance(value, list | tuple):
            mark = "; " if any(isinstance(one, Mapping) for one in value) else ", "
            return mark.join(self.value(one, variable) for one in value)
        if isinstance(value, RecordReference):
            return self._record(str(value.id))
        if isinstance(value, FileReference):
            return value.name
        field = self.fields.get(variable)
        if isinstance(value, str):
            if (
                variable in ("initiator", "who")
                or variable.endswith("_by")
                or (field is not None and field.type == "person")
            ):
                return self.person(value)
            if field is not None and field.type == "persongroup":
                return self.group(value)
        if isinstance(value, str) and variable in self._answers:
            return self._answers[variable].get(value, value)
        if isinstance(value, str) and field is None and "." in value:
            return self.person(value)
        for option in field.options if field is not None else ():
            if option.value == value:
                return chosen(option.label)
        if isinstance(value, Mapping):
            shown = (
                f"{self.variable(key)}: {self.value(one, key)}"
                for key, one in value.items()
                if one is not None
            )
            return ", ".join(shown)
        text = plain(value)
        return f"{text} {field.currency}" if field is not None and field.currency and text else text

    def _record(self, public_id: str) -> str:
        if public_id not in self._records:
            title = self._session.scalar(select(Record.title).where(Record.public_id == public_id))
            self._records[public_id] = title or _("a deleted record")
        return self._records[public_id]


def definition_of(session: Session, instance: Instance) -> Definition | None:
    """The diagram on which a case runs; None if it can no longer be read, which must not hide its history."""
    try:
        return definitions.of_version(session, instance.version)
    except Refusal:
        return None


def _forms_of(definition: Definition | None) -> list[str]:
    if definition is None:
        return []
    keys = [str(start.form) for start in definition.start_events if start.form]
    start = definition.extensions.get("start") or {}
    keys += [str(start["form"])] if start.get("form") else []
    keys += [
        str(one.extensions["form"]) for one in definition.elements.values() if one.extensions.get("form")
    ]
    return list(dict.fromkeys(keys))
