"""Reads one step of the questions as it was sent by the page."""

from __future__ import annotations

from collections.abc import Callable

from werkzeug.datastructures import MultiDict

from bpm.designer.questions.answers import (
    FIELD_TYPES,
    MOST_APPROVERS,
    MOST_FIELDS,
    RULES,
    SCHEDULES,
    STARTS,
    Answers,
    Asked,
)

Sent = MultiDict[str, str]


def take(answers: Answers, step: str, sent: Sent) -> None:
    """Put what a step sent into the answers; what cannot be right keeps its former value."""
    _READERS[step](answers, sent)


def _start(answers: Answers, sent: Sent) -> None:
    answers.name = _text(sent, "name")
    answers.start = _one_of(sent, "start", STARTS, answers.start)


def _how(answers: Answers, sent: Sent) -> None:
    answers.starters = _text(sent, "starters")
    answers.record_type = _text(sent, "record_type") if answers.start == "record" else ""
    stages = [one.partition(":") for one in sent.getlist("stages")]
    answers.stages = [stage for kind, _colon, stage in stages if kind == answers.record_type]
    answers.message = _text(sent, "message")
    answers.schedule = _one_of(sent, "schedule", tuple(SCHEDULES), answers.schedule)
    answers.hour = min(23, _number(sent, "hour", answers.hour))
    answers.prepared_by = _text(sent, "prepared_by")


def _fields(answers: Answers, sent: Sent) -> None:
    rows = [
        _asked(sent, f"field-{number}") for number in range(MOST_FIELDS) if f"field-{number}-type" in sent
    ]
    answers.fields = [one for one in rows if one.label or one.choices or one.required]


def _asked(sent: Sent, row: str) -> Asked:
    kind = _one_of(sent, f"{row}-type", FIELD_TYPES, "text")
    return Asked(
        _text(sent, f"{row}-label"), kind, f"{row}-required" in sent, _text(sent, f"{row}-choices", 2000)
    )


def _approval(answers: Answers, sent: Sent) -> None:
    found = [_text(sent, f"approver-{number}") for number in range(MOST_APPROVERS)]
    answers.approvers = list(dict.fromkeys(one for one in found if one))
    answers.order = _one_of(sent, "order", ("parallel", "sequential"), answers.order)
    answers.rule = _one_of(sent, "rule", RULES, answers.rule)
    answers.large_field = _one_of(sent, "large_field", tuple(answers.amounts), "")
    answers.large_above = _number(sent, "large_above", 0)
    answers.large_by = _text(sent, "large_by")


def _late(answers: Answers, sent: Sent) -> None:
    answers.send_back = _text(sent, "send_back") == "yes"
    answers.days = _number(sent, "days", 0)
    answers.remind = _number(sent, "remind", 0)
    answers.escalate_to = _text(sent, "escalate_to") or "manager"


def _end(answers: Answers, sent: Sent) -> None:
    answers.letter = "letter" in sent
    answers.document = _text(sent, "document")
    answers.approved_stage = _text(sent, "approved_stage")
    answers.rejected_stage = _text(sent, "rejected_stage")
    answers.task = _text(sent, "task")
    answers.task_by = _text(sent, "task_by") or "initiator"
    answers.next_task = _text(sent, "next_task")
    answers.next_task_by = _text(sent, "next_task_by") or "initiator"


_READERS: dict[str, Callable[[Answers, Sent], None]] = {
    "start": _start,
    "how": _how,
    "fields": _fields,
    "approval": _approval,
    "late": _late,
    "end": _end,
}


def _text(sent: Sent, name: str, longest: int = 300) -> str:
    return "".join(c for c in sent.get(name, "") if c.isprintable()).strip()[:longest]


def _one_of(sent: Sent, name: str, known: tuple[str, ...], otherwise: str) -> str:
    return sent.get(name, "") if sent.get(name, "") in known else otherwise


def _number(sent: Sent, name: str, otherwise: int) -> int:
    text = sent.get(name, "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 13 else otherwise
