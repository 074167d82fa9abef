"""The line of stages above a case: the stages of its record, else the steps it passed so far."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from bpm.engine.models import HistoryEvent, Instance
from bpm.history.names import Names
from bpm.records.models import Record
from bpm.records.view import schema_of, values_of

Steps = list[tuple[str, str]]
_SHOWN = frozenset(
    {"userTask", "subProcess", "callActivity", "receiveTask", "eventBasedGateway", "manualTask"}
)
_MOST = 8


def record_of(session: Session, instance: Instance) -> Record | None:
    """Return the record from which a case began, unless it is deleted."""
    if instance.record_id is None:
        return None
    record = session.get(Record, instance.record_id)
    return record if record is not None and record.deleted_at is None else None


def of_record(record: Record) -> Steps:
    """Return the stages of a record with ``past``, ``now`` or ``next``; ends not reached are left out."""
    stages = schema_of(record).stages_for(values_of(record))
    reached = next((place for place, stage in enumerate(stages) if stage.key == record.stage), None)
    if reached is None:
        return []
    first_end = next((place for place, stage in enumerate(stages) if stage.final), len(stages))
    shown: Steps = []
    for place, stage in enumerate(stages):
        if place == reached:
            shown.append((stage.name, "past" if stage.final and not stage.closes else "now"))
        elif place < reached and not stage.final:
            shown.append((stage.name, "past"))
        elif place > reached and place <= first_end:
            shown.append((stage.name, "next"))
    return shown


def of_history(events: Sequence[HistoryEvent], tokens: Mapping[str, Any], names: Names) -> Steps:
    """Return the steps that people know of, in the order in which the case came to them, and where it is."""
    visited: dict[str, None] = {}
    for event in events:
        if event.kind == "element_entered" and event.element and names.is_named(event.element):
            kind = names.kind(event.element)
            if kind in _SHOWN or kind == "endEvent":
                visited.pop(event.element, None)
                visited[event.element] = None
    past = [(names.element(one), "past") for one in visited if one not in tokens]
    present = [(names.element(one), "now") for one in visited if one in tokens]
    return (past + present)[-_MOST:]
