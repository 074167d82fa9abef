"""The rows of the inbox as they are drawn: title, a line about it, when it is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request, url_for
from sqlalchemy.orm import Session

from bpm.engine.models import Instance, UserTask
from bpm.history import waiting
from bpm.inbox import queries
from bpm.inbox.queries import Filters
from bpm.language import _, chosen
from bpm.people.models import Person
from bpm.web import moments
from bpm.web.filters import status_kind, status_word


@dataclass(frozen=True)
class Row:
    """One row of a list."""

    public_id: str
    id: str
    href: str
    title: str
    note: str
    due_at: datetime | None = None
    current: bool = False
    may_take: bool = False
    status: str = ""
    status_text: str = ""


def filters_of_request() -> Filters:
    """Read the filters from the address."""
    asked = request.args
    tab = asked.get("tab", queries.TO_DO)
    return Filters(
        tab=tab if tab in (queries.TO_DO, queries.TO_TAKE, queries.STARTED, queries.TEAM) else queries.TO_DO,
        late=asked.get("late") == "1",
        process=asked.get("process", ""),
        text=asked.get("text", "").strip(),
        page=max(1, asked.get("page", 1, type=int)),
    )


def listed(
    session: Session, now: datetime, person: Person, filters: Filters, current: str = ""
) -> dict[str, Any]:
    """Return what the templates of a list need.

    Args:
        current: public id of the task that is open beside the list.
    """
    if filters.tab == queries.STARTED:
        page = queries.started(session, now, person, filters)
        rows, more = _case_rows(session, now, page.cases), page.more
    else:
        found = queries.tasks(session, now, person, filters)
        rows, more = (
            [_task_row(now, task, filters, current) for task in found.tasks],
            found.more,
        )
    address: dict[str, Any] = {
        "tab": filters.tab,
        "late": "1" if filters.late else None,
        "process": filters.process or None,
        "text": filters.text or None,
    }
    turn = filters.page
    return {
        "rows": rows,
        "filters": filters,
        "compact": bool(current),
        "newer": url_for("inbox.page", **address, page=turn - 1) if turn > 1 else None,
        "older": url_for("inbox.page", **address, page=turn + 1) if more else None,
        "address": {**address, "page": turn if turn > 1 else None, "current": current or None},
    }


def tabs(session: Session, person: Person, filters: Filters) -> list[dict[str, Any]]:
    """Return the tabs with their counts."""
    counts = queries.counts(session, person)
    shown = [
        (queries.TO_DO, _("To do")),
        (queries.TO_TAKE, _("To take")),
        (queries.STARTED, _("Started by me")),
    ]
    if queries.TEAM in counts:
        shown.append((queries.TEAM, _("Team")))
    return [
        {
            "text": text,
            "href": url_for("inbox.page", tab=key),
            "current": key == filters.tab,
            "count": counted(counts[key]) if counts.get(key) else None,
        }
        for key, text in shown
    ]


def counted(number: int) -> str:
    """Write a count that was not counted to its end."""
    return f"{queries.MOST_COUNTED - 1}+" if number >= queries.MOST_COUNTED else str(number)


def heading(filters: Filters) -> str:
    """The heading of a list."""
    return {
        queries.TO_DO: _("To do"),
        queries.TO_TAKE: _("To take"),
        queries.STARTED: _("Started by me"),
        queries.TEAM: _("Team"),
    }[filters.tab]


def _task_row(now: datetime, task: UserTask, filters: Filters, current: str) -> Row:
    return Row(
        public_id=task.public_id,
        id=f"task-{task.public_id}",
        href=url_for(
            "inbox.task", public_id=task.public_id, tab=None if filters.tab == queries.TO_DO else filters.tab
        ),
        title=chosen(task.titles),
        note=_note(task, now, filters),
        due_at=task.due_at,
        current=task.public_id == current,
        may_take=filters.tab == queries.TO_TAKE,
    )


def _note(task: UserTask, now: datetime, filters: Filters) -> str:
    parts = [chosen(task.instance.process.names, task.instance.process.key)]
    if filters.tab == queries.TEAM:
        holder = task.assignee.name if task.assignee else waiting.offered_to(task)
        parts.append(f"{holder} {moments.since(task.claimed_at or task.created_at, now)}")
    elif filters.tab == queries.TO_TAKE:
        parts.append(_("offered to: %(people)s", people=waiting.offered_to(task)))
    else:
        starter = task.instance.started_by
        when = moments.ago(task.created_at, now)
        parts.append(_("from %(person)s, %(when)s", person=starter.name, when=when) if starter else when)
    original = task.original_assignee
    if original is not None and original.id != task.assignee_id:
        parts.append(_("in place of %(person)s", person=original.name))
    return " · ".join(parts)


def _case_rows(session: Session, now: datetime, cases: Sequence[Instance]) -> list[Row]:
    waits = waiting.of_cases(session, now, cases)
    rows = []
    for case in cases:
        standing = waits.get(case.id, [])
        late = any(one.kind == "late" for one in standing)
        kind, word = status_kind(case.status), status_word(case.status)
        if case.ended_at is None and case.open_incidents:
            kind, word = "failed", _("Stands still")
        elif late:
            kind, word = "late", _("Late")
        name = chosen(case.process.names, case.process.key)
        ended = _("ended %(when)s", when=moments.ago(case.ended_at, now)) if case.ended_at else ""
        note = (
            waiting.short(standing) or ended or _("started %(when)s", when=moments.ago(case.started_at, now))
        )
        rows.append(
            Row(
                case.public_id,
                f"case-{case.public_id}",
                url_for("history.case", public_id=case.public_id),
                chosen(case.titles) or name,
                f"{name} · {note}",
                None,
                status=kind,
                status_text=word,
            )
        )
    return rows
