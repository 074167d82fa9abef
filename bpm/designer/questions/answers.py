"""What was answered, as plain data that survives from page to page; says what is missing in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from bpm.designer.diagram import key_from
from bpm.errors import Invalid
from bpm.language import _

STARTS = ("person", "record", "message", "schedule")
FIELD_TYPES = ("text", "long_text", "number", "money", "date", "yes_no", "choice", "file", "person")
RULES = ("all", "first", "majority")
SCHEDULES = {"workdays": "0 {hour} * * 1-5", "monday": "0 {hour} * * 1", "month": "0 {hour} 1 * *"}
MOST_FIELDS, MOST_APPROVERS = 30, 20
# variables that a case made from questions has already
_RESERVED = frozenset({
    "initiator", "decision", "vote", "votes", "given", "remarks", "approver", "outcome", "prepared",
    "message", "document", "case", "item", "some", "every", "for", "in", "return", "if", "then", "else",
    "and", "or", "not", "between", "true", "false", "null", "satisfies", "function", "instance", "of",
    "confirmation", "rework",
})  # fmt: skip


@dataclass
class Asked:
    """One field to be filled in. ``choices``: separated by commas."""

    label: str = ""
    type: str = "text"
    required: bool = False
    choices: str = ""

    @property
    def options(self) -> list[str]:
        return list(dict.fromkeys(part.strip() for part in self.choices.split(",") if part.strip()))


@dataclass
class Answers:
    """All answers. People are written ``person:login``, ``group:key``, ``head:department``, ``manager``,
    ``initiator``; terms are in working days."""

    name: str = ""
    start: str = "person"
    starters: str = ""  # key of a group; nothing: everybody
    record_type: str = ""
    stages: list[str] = field(default_factory=list)
    message: str = ""
    schedule: str = "monday"
    hour: int = 9
    prepared_by: str = ""
    fields: list[Asked] = field(default_factory=list)
    approvers: list[str] = field(default_factory=list)
    order: str = "parallel"
    rule: str = "all"
    large_field: str = ""  # the name of a field with a number: above so much somebody else decides too
    large_above: int = 0
    large_by: str = ""
    send_back: bool = True
    days: int = 2
    remind: int = 1
    escalate_to: str = "manager"
    letter: bool = True
    document: str = ""
    approved_stage: str = ""
    rejected_stage: str = ""
    task: str = ""
    task_by: str = "initiator"
    next_task: str = ""
    next_task_by: str = "initiator"

    @property
    def is_prepared(self) -> bool:
        """Nobody presses a button: somebody fills in what has to be filled in."""
        return self.start in ("message", "schedule")

    @property
    def asks_several(self) -> bool:
        return len(self.approvers) > 1

    @property
    def amounts(self) -> list[str]:
        """The names of the fields that hold a number."""
        return [one.label for one in self.fields if one.label and one.type in ("number", "money")]

    @property
    def large_variable(self) -> str:
        """The variable that tells whether somebody else decides too; nothing: nobody does."""
        if not self.large_by or self.large_field not in self.amounts:
            return ""
        named = zip(self.fields, self.variables(), strict=True)
        return next(key for one, key in named if one.label == self.large_field)

    def variables(self) -> list[str]:
        """Return a name of a variable for each field."""
        taken = set(_RESERVED) | {self.record_type}
        found = []
        for one in self.fields:
            wanted = key_from(one.label, "field")[:50]
            key, number = wanted, 2
            while key in taken:
                key, number = f"{wanted}_{number}", number + 1
            taken.add(key)
            found.append(key)
        return found

    def missing(self, step: str) -> dict[str, str]:
        """Return what a step of the questions still needs, by the name of the control."""
        check = {
            "start": self._start,
            "how": self._how,
            "fields": self._fields,
            "approval": self._approval,
            "late": self._late,
        }
        return {name: text for name, text in check.get(step, dict)().items() if text}

    def _start(self) -> dict[str, str]:
        return {
            "name": "" if 0 < len(self.name) <= 200 else _("Give the process a name of at most 200 letters."),
            "start": "" if self.start in STARTS else _("Say what starts it."),
        }

    def _how(self) -> dict[str, str]:
        return {
            "record_type": ""
            if self.start != "record" or self.record_type
            else _("Say from which card it is started."),
            "message": "" if self.start != "message" or self.message else _("Give the message its name."),
            "prepared_by": ""
            if not self.is_prepared or self.prepared_by
            else _("Say who fills in what is needed: nobody presses a button here."),
        }

    def _fields(self) -> dict[str, str]:
        wrong = {}
        for number, one in enumerate(self.fields):
            if not one.label:
                wrong[f"field-{number}-label"] = _("Give the field a name, or take it away.")
            elif one.type not in FIELD_TYPES:
                wrong[f"field-{number}-type"] = _("Say what is written in “%(field)s”.", field=one.label)
            elif one.type == "choice" and len(one.options) < 2:
                wrong[f"field-{number}-choices"] = _(
                    "Write what can be chosen in “%(field)s”: at least two, with commas between.",
                    field=one.label,
                )
        return wrong

    def _approval(self) -> dict[str, str]:
        return {
            "approver-0": "" if self.approvers else _("Say who approves."),
            "rule": "" if self.rule in RULES else _("Say when it is decided."),
            "large_by": ""
            if self.large_by or not self.large_above or not self.amounts
            else _("Say who decides too when it is about much."),
        }

    def _late(self) -> dict[str, str]:
        return {
            "days": "" if 1 <= self.days <= 250 else _("Give a term of 1 to 250 working days."),
            "remind": ""
            if 0 <= self.remind < max(1, self.days)
            else _("The reminder must come before the term is over."),
        }

    def as_text(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


def from_text(text: str) -> Answers:
    """Read what ``as_text`` wrote; what does not fit is left at its default.

    Raises:
        Invalid: it is no such text.
    """
    try:
        given = json.loads(text or "{}")
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        raise Invalid(_("The browser sent something that cannot be read. Load the page again."), problems=[])
    answers = Answers()
    for one in fields(Answers):
        value, default = given.get(one.name), getattr(answers, one.name)
        if one.name == "fields":
            answers.fields = _asked(value)
        elif isinstance(default, list):
            setattr(answers, one.name, _texts(value)[:MOST_APPROVERS])
        elif type(value) is type(default):
            setattr(answers, one.name, value)
    return answers


def _asked(value: Any) -> list[Asked]:
    rows = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
    return [
        Asked(
            str(row.get("label", "")),
            str(row.get("type", "text")),
            row.get("required") is True,
            str(row.get("choices", "")),
        )
        for row in rows[:MOST_FIELDS]
    ]


def _texts(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
