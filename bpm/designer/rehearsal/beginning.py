"""How a rehearsal begins: its database is filled, the drawing is published there, examples are made up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpm.config import Settings
from bpm.designer.rehearsal import image, seed
from bpm.designer.rehearsal.examples import make_record
from bpm.designer.rehearsal.sandbox import Sandbox
from bpm.engine import commands
from bpm.engine.build.compile import compile_process
from bpm.engine.models import ProcessVersion
from bpm.errors import NotFound
from bpm.language import _
from bpm.records.models import RecordType
from bpm.records.schema import read


def begin(session: Session, now: datetime, settings: Settings, process_key: str, xml: str) -> bytes:
    """Return the packed database in which a drawing can be rehearsed.

    Args:
        session: of the real database, of which is only read.

    Raises:
        CannotRun: the drawing has faults that forbid to run it.
    """
    called = compile_process(xml.encode("utf-8"), process_key).called_processes
    with image.opened(image.empty()) as made:
        made.raw.execute("PRAGMA foreign_keys = OFF")  # what is copied may point to what is not
        with made.engine.begin() as connection:
            seed.fill(session, connection, process_key, called)
        made.raw.execute("PRAGMA foreign_keys = ON")
        sandbox = Sandbox(made, settings, now)
        with sandbox.database.writing() as inside:
            version = commands.deploy(inside, now, None, xml, process_id=process_key)
            _make_examples(inside, now, version)
        return made.packed()


def version_of(inside: Session, process_key: str) -> ProcessVersion:
    """Return what is rehearsed.

    Raises:
        NotFound: the database is of another process.
    """
    found = inside.scalar(
        select(ProcessVersion)
        .where(ProcessVersion.process_key == process_key)
        .order_by(ProcessVersion.number.desc())
        .limit(1)
    )
    if found is None:
        raise NotFound(_("There is no process to rehearse."))
    return found


def record_types(properties: Mapping[str, Any]) -> list[str]:
    """Return the types of record from which a process begins."""
    return [str(one) for one in (properties.get("start") or {}).get("record_types") or ()]


def stage_for(inside: Session, type_key: str, properties: Mapping[str, Any]) -> str | None:
    """Return the first stage at which the process may begin and that the type of record knows."""
    stages = (properties.get("start") or {}).get("record_stages") or ()
    definition = inside.scalar(select(RecordType.definition).where(RecordType.key == type_key))
    known = {stage.key for stage in read(definition).stages} if definition else set()
    return next((str(one) for one in stages if one in known), None)


def _make_examples(inside: Session, now: datetime, version: ProcessVersion) -> None:
    for type_key in record_types(version.properties):
        make_record(inside, now, type_key, stage=stage_for(inside, type_key, version.properties))
