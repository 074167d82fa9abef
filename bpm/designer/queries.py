"""Reads for the pages of the designer: processes with their drafts, versions, what can be picked.

Changes nothing. Lists only what the person may draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from bpm.connectors import registry
from bpm.designer import diagram
from bpm.designer.models import Draft
from bpm.engine import dialect
from bpm.engine.diagram import vendor
from bpm.engine.diagram.xml import Node, bpmn, parse
from bpm.engine.lint.check import lint
from bpm.engine.lint.rules.catalogue import rule_of
from bpm.engine.models import Instance, Process, ProcessVersion
from bpm.engine.permissions import can_deploy, can_read_version
from bpm.engine.problems import CannotRun, Problem
from bpm.errors import NotAllowed, NotFound
from bpm.language import _, chosen
from bpm.people.models import Person

# what may call a service
_CALLING = ("serviceTask", "sendTask", "intermediateThrowEvent", "endEvent")


@dataclass(frozen=True)
class Overview:
    """One process in the list. ``running``: how many cases of it are open."""

    key: str
    name: str
    number: int | None
    published_at: datetime | None
    running: int
    draft: Draft | None
    may_draw: bool


@dataclass(frozen=True)
class Source:
    """What the editor opens. ``revision``: of the draft, 0 if a published version is opened."""

    key: str
    name: str
    xml: str
    revision: int
    number: int | None
    draft: Draft | None

    @property
    def title(self) -> str:
        """What it is called in the present language; ``name`` is what is edited."""
        return diagram.title_of(parse(self.xml.encode("utf-8")), self.key) or self.name


def processes(session: Session, actor: Person) -> list[Overview]:
    """Return the processes that a person may draw or read as an owner, by name, drafts included."""
    running = dict(
        session.execute(
            select(Instance.process_id, func.count())
            .where(Instance.ended_at.is_(None))
            .group_by(Instance.process_id)
        ).all()
    )
    drafts = {
        draft.process_key: draft
        for draft in session.scalars(select(Draft).options(joinedload(Draft.saved_by)))
    }
    newest = {version.process_key: version for version in session.scalars(_newest_versions())}
    rows = [
        Overview(
            key=process.key,
            name=chosen(process.names, process.key),
            number=newest[process.key].number if process.key in newest else None,
            published_at=newest[process.key].published_at if process.key in newest else None,
            running=running.get(process.id, 0),
            draft=drafts.pop(process.key, None),
            may_draw=can_deploy(actor, process),
        )
        for process in session.scalars(select(Process))
    ]
    rows += [
        Overview(
            key=key,
            name=draft.name,
            number=None,
            published_at=None,
            running=0,
            draft=draft,
            may_draw=can_deploy(actor, None),
        )
        for key, draft in drafts.items()
    ]
    return sorted(rows, key=lambda row: row.name.casefold())


def source(session: Session, actor: Person, key: str) -> Source:
    """Return what the editor opens: the draft, else the newest version.

    Raises:
        NotFound: there is neither.
        NotAllowed: the person may not draw this process.
    """
    process = session.scalar(select(Process).where(Process.key == key))
    if not can_deploy(actor, process):
        raise NotAllowed(_("You may not draw this process. Its owner or an administrator can."))
    number = newest_number(session, key)
    draft = session.scalar(select(Draft).where(Draft.process_key == key).options(joinedload(Draft.saved_by)))
    if draft is not None:
        return Source(key, draft.name, draft.xml, draft.revision, number, draft)
    if number is None:
        raise NotFound(_("There is no process “%(key)s”.", key=key))
    xml = version(session, actor, key, number).xml
    return Source(key, diagram.name_of(parse(xml.encode("utf-8")), key), xml, 0, number, None)


def versions(session: Session, actor: Person, key: str) -> Sequence[ProcessVersion]:
    """Return the versions of a process, newest first.

    Raises:
        NotFound: nothing was published under this key.
        NotAllowed: the person may not read it.
    """
    found = session.scalars(
        select(ProcessVersion)
        .where(ProcessVersion.process_key == key)
        .options(joinedload(ProcessVersion.published_by), joinedload(ProcessVersion.process))
        .order_by(ProcessVersion.number.desc())
    ).all()
    if found and not can_read_version(session, actor, found[0]):
        raise NotAllowed(_("You may not read this process."))
    return found


def version(session: Session, actor: Person, key: str, number: int) -> ProcessVersion:
    """Return one version.

    Raises:
        NotFound: there is no such version.
        NotAllowed: the person may not read it.
    """
    found = session.scalar(
        select(ProcessVersion)
        .where(ProcessVersion.process_key == key, ProcessVersion.number == number)
        .options(joinedload(ProcessVersion.process))
    )
    if found is None:
        raise NotFound(_("There is no version %(number)s of the process “%(key)s”.", number=number, key=key))
    if not can_read_version(session, actor, found):
        raise NotAllowed(_("You may not read this process."))
    return found


def newest_number(session: Session, key: str) -> int | None:
    """Return the number of the newest version; None if nothing was published."""
    return session.scalar(select(func.max(ProcessVersion.number)).where(ProcessVersion.process_key == key))


def running_by_version(session: Session, key: str) -> dict[int, int]:
    """Return how many cases are open in each version, by its number."""
    question = (
        select(ProcessVersion.number, func.count())
        .join(Instance, Instance.version_id == ProcessVersion.id)
        .where(ProcessVersion.process_key == key, Instance.ended_at.is_(None))
        .group_by(ProcessVersion.number)
    )
    return dict(session.execute(question).all())


def problems(xml: str) -> list[dict[str, Any]]:
    """Return what is wrong with a diagram, as the designer shows it: element, severity, message, code."""
    try:
        root = parse(xml.encode("utf-8"))
    except CannotRun as refused:
        return [told(problem) for problem in refused.problems]
    return [told(problem) for problem in lint(root)] + service_problems(root)


def service_problems(root: Node) -> list[dict[str, Any]]:
    """Return what is wrong with the services that steps call: unknown ones, and their inputs.

    Warnings: the engine, which knows no services, publishes such a diagram all the same.
    """
    found = []
    for node in root.iter(*(bpmn(tag) for tag in _CALLING)):
        given = dialect.read(node)
        vendor.read(node, given)
        called = given.get("connector") or {"name": given.get("task_type"), "inputs": ()}
        for code, text in _wrong_with(called["name"], [name for name, _value in called["inputs"]]):
            problem = {"element": node.get("id"), "severity": "warning", "message": text, "code": code}
            rule = rule_of(code)
            found.append(problem | {"rule": code, "advice": str(rule.advice) if rule else "", "fix": None})
    return found


def _wrong_with(service: str | None, inputs: list[str]) -> list[tuple[str, str]]:
    if not service:
        return []  # lint tells of that
    known = registry.get(service)
    if known is None:
        return [("unknown_service", _("There is no service “%(name)s”.", name=service))]
    return [("service_inputs", text) for text in known.problems(inputs)]


def told(problem: Problem) -> dict[str, Any]:
    """Return one problem in the reader's language."""
    return problem.as_json()


def _newest_versions() -> Any:
    newest = select(func.max(ProcessVersion.id)).group_by(ProcessVersion.process_id)
    return select(ProcessVersion).where(ProcessVersion.id.in_(newest))
