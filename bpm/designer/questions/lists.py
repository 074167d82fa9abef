"""What can be picked in the questions, and how answers are said in words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from sqlalchemy.orm import Session

from bpm.designer import picks
from bpm.designer.questions.answers import Answers
from bpm.language import _, format_number, ngettext
from bpm.records import queries as records
from bpm.records.schema import RecordSchema

Options = list[tuple[str, str]]


@dataclass
class Lists:
    """Everything that can be picked, read when it is asked for."""

    session: Session

    @cached_property
    def people(self) -> list[tuple[str, Options]]:
        """Groups of choices for “who”: heading, and value with words."""
        everything = picks.everything(self.session)

        def options(kind: str, sort: str, words: str = "{}") -> Options:
            return [(f"{sort}:{one['id']}", words.replace("{}", one["name"])) for one in everything[kind]]

        return [
            (_("By their place"), [("manager", _("Manager of who asks"))]),
            (_("Somebody of a group"), options("groups", "group")),
            (_("Head of a department"), options("departments", "head", _("Head of: {}"))),
            (_("A person"), options("people", "person")),
        ]

    @cached_property
    def groups(self) -> Options:
        return [(value.partition(":")[2], text) for value, text in self.people[1][1]]

    @cached_property
    def documents(self) -> Options:
        return [(one["id"], one["name"]) for one in picks.everything(self.session)["documents"]]

    @cached_property
    def record_types(self) -> list[RecordSchema]:
        return records.schemas(self.session)

    def stages(self, record_type: str) -> Options:
        found = [one for one in self.record_types if one.key == record_type]
        return [(stage.key, stage.name) for one in found for stage in one.stages]

    def said(self, who: str) -> str:
        """Return who it is in words."""
        if who == "initiator":
            return _("who asks")
        known = dict(option for _heading, options in self.people for option in options)
        return known.get(who, "…")


def field_types() -> Options:
    """Return what can be written in a field."""
    return [
        ("text", _("A line of text")),
        ("long_text", _("Several lines")),
        ("number", _("A number")),
        ("money", _("A sum of money")),
        ("date", _("A date")),
        ("yes_no", _("Yes or no")),
        ("choice", _("One of a list")),
        ("file", _("A file")),
        ("person", _("A colleague")),
    ]


def sentences(answers: Answers, lists: Lists) -> list[str]:
    """Return what the process will do, one sentence for each step."""
    found = [_beginning(answers, lists)]
    fields = ", ".join(one.label for one in answers.fields if one.label)
    if answers.is_prepared:
        found.append(
            _("%(who)s fills in: %(fields)s.", who=lists.said(answers.prepared_by), fields=fields or "…")
        )
    elif fields:
        found.append(_("Who asks fills in: %(fields)s.", fields=fields))
    if answers.approvers:
        found.append(_approving(answers, lists))
    if answers.large_variable:
        found.append(
            _(
                "If “%(field)s” is more than %(amount)s, %(who)s decides too.",
                field=answers.large_field, amount=format_number(answers.large_above),
                who=lists.said(answers.large_by),
            )
        )  # fmt: skip
    found.append(
        ngettext(
            "Each has %(num)s working day; then %(who)s is told.",
            "Each has %(num)s working days; then %(who)s is told.",
            answers.days,
            who=_("the manager") if answers.escalate_to == "manager" else lists.said(answers.escalate_to),
        )
    )
    if answers.send_back:
        found.append(_("Sent back: who asks changes it and submits it again, or gives it up."))
    found.append(_("Approved: %(what)s.", what=", ".join(_following(answers, lists)) or _("that is the end")))
    found.append(
        _("Rejected: who asks gets a letter, and that is the end.")
        if answers.letter
        else _("Rejected: that is the end.")
    )
    return found


def _beginning(answers: Answers, lists: Lists) -> str:
    if answers.start == "record":
        kinds = {one.key: one.name for one in lists.record_types}
        return _("Somebody presses the button on a card: %(kind)s.", kind=kinds.get(answers.record_type, "…"))
    if answers.start == "message":
        return _("A message comes: %(name)s.", name=answers.message or "…")
    if answers.start == "schedule":
        return _(
            "%(when)s at %(hour)s:00 it begins by itself.",
            when=schedules()[answers.schedule],
            hour=answers.hour,
        )
    return _("Somebody starts “%(name)s”.", name=answers.name or "…")


def schedules() -> dict[str, str]:
    """Return when a process can begin by itself."""
    return {
        "workdays": _("Every working day"),
        "monday": _("Every Monday"),
        "month": _("On the first of each month"),
    }


def _approving(answers: Answers, lists: Lists) -> str:
    who = [lists.said(one) for one in answers.approvers]
    if not answers.asks_several:
        return _("%(who)s approves.", who=who[0])
    rules = {
        "all": _("everybody must agree"),
        "first": _("the first answer decides"),
        "majority": _("the majority decides"),
    }
    words = {"who": ", ".join(who), "rule": rules[answers.rule]}
    if answers.order == "parallel":
        return _("%(who)s approve at once; %(rule)s.", **words)
    return _("%(who)s approve one after the other; %(rule)s.", **words)


def _following(answers: Answers, lists: Lists) -> list[str]:
    stages = dict(lists.stages(answers.record_type))
    return [
        words
        for words, wanted in (
            (
                _("the card goes to “%(stage)s”", stage=stages.get(answers.approved_stage, "")),
                answers.approved_stage,
            ),
            (_("a document is made"), answers.document),
            (_("%(who)s: %(task)s", who=lists.said(answers.task_by), task=answers.task), answers.task),
            (
                _("%(who)s: %(task)s", who=lists.said(answers.next_task_by), task=answers.next_task),
                answers.next_task,
            ),
            (_("who asks gets a letter"), answers.letter),
        )
        if wanted
    ]
