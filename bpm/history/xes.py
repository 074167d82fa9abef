"""The history of cases as an event log for process mining: XES 2.0 (IEEE 1849-2016)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lxml import etree
from sqlalchemy import select
from sqlalchemy.orm import Session

from bpm.engine.models import HistoryEvent, Instance, Process
from bpm.errors import NotFound
from bpm.history import queries
from bpm.history.names import Names
from bpm.language import _

# what process mining means by the life of an activity; other rows of the history are not events
_TRANSITIONS = {
    "task_created": "schedule",
    "task_claimed": "assign",
    "task_delegated": "reassign",
    "task_completed": "complete",
    "task_withdrawn": "withdraw",
    "element_entered": "start",
    "element_left": "complete",
    "element_cancelled": "ate_abort",
}


def process_log(session: Session, key: str) -> bytes:
    """Return every case of a process as one log.

    Raises:
        NotFound: there is no such process.
    """
    if session.scalar(select(Process.id).where(Process.key == key)) is None:
        raise NotFound(_("There is no process “%(key)s”.", key=key))
    cases = session.scalars(
        select(Instance).where(Instance.process.has(Process.key == key)).order_by(Instance.id)
    ).all()
    return as_xes(session, key, cases)


def as_xes(session: Session, key: str, cases: Sequence[Instance]) -> bytes:
    """Return some cases of one process as a log."""
    log = etree.Element(
        "log", {"xes.version": "2.0", "xes.features": ""}, nsmap={None: "http://www.xes-standard.org/"}
    )
    for name, prefix in (
        ("Concept", "concept"),
        ("Time", "time"),
        ("Lifecycle", "lifecycle"),
        ("Organizational", "org"),
    ):
        uri = f"http://www.xes-standard.org/{prefix}.xesext"
        etree.SubElement(log, "extension", name=name, prefix=prefix, uri=uri)
    _text(log, "concept:name", key)
    for case in cases:
        _add_case(session, log, case)
    return etree.tostring(log, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _add_case(session: Session, log: etree._Element, case: Instance) -> None:
    trace = etree.SubElement(log, "trace")
    names = Names(session, case)
    _text(trace, "concept:name", case.public_id)
    _text(trace, "bpm:status", case.status)
    with_tasks = {"userTask", "manualTask"}
    for event in queries.events(session, case):
        transition = _TRANSITIONS.get(event.kind)
        # a user task's own rows say more than those of its element
        if transition is None or (
            event.kind.startswith("element_") and names.kind(event.element) in with_tasks
        ):
            continue
        _add_event(trace, event, transition, names)


def _add_event(trace: etree._Element, event: HistoryEvent, transition: str, names: Names) -> None:
    entry = etree.SubElement(trace, "event")
    _text(entry, "concept:name", names.element(event.element) or event.kind)
    _text(entry, "concept:instance", str(event.seq))
    _text(entry, "lifecycle:transition", transition)
    _moment(entry, "time:timestamp", event.at)
    if event.actor is not None:
        _text(entry, "org:resource", event.actor.login)
    outcome = event.data.get("outcome") if isinstance(event.data, dict) else None
    if isinstance(outcome, str):
        _text(entry, "bpm:outcome", outcome)


def _text(parent: etree._Element, key: str, value: str) -> None:
    # XML 1.0 has no place for control characters
    harmless = "".join(letter for letter in value if letter >= " " or letter in "\t\n")
    etree.SubElement(parent, "string", key=key, value=harmless)


def _moment(parent: etree._Element, key: str, value: datetime) -> None:
    etree.SubElement(parent, "date", key=key, value=value.isoformat(timespec="milliseconds"))
