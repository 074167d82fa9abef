"""Loads the library that ships: record types, decisions, forms, letters, documents, processes.

Each file is published once for each of its contents: what people have changed since stays the
newest, and only a file that came with a newer program is published again. Also fills an empty
installation with records to begin from.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from bpm.config import ROOT
from bpm.db import Setting
from bpm.dmn import commands as decisions
from bpm.documents import commands as documents
from bpm.engine import commands as engine
from bpm.errors import Refusal
from bpm.forms import commands as forms
from bpm.language import _
from bpm.notifications import commands as letters
from bpm.people.models import Person
from bpm.records import commands as records
from bpm.records.demo import load_demo_records

__all__ = ["Loaded", "load_demo_records", "load_library"]

_LOADED = "library"
RECORD_TYPES = "bpm/records/types"

Publish = Callable[[Session, datetime, Person | None, str, bytes], object]


@dataclass(frozen=True)
class Loaded:
    """What became of one file. ``state``: published, or refused for a ``reason``."""

    path: str
    state: str
    reason: str = ""

    def __str__(self) -> str:
        if self.state == "refused":
            return _("%(path)s cannot be used: %(reason)s", path=self.path, reason=self.reason)
        return _("%(path)s was published.", path=self.path)


def load_library(
    session: Session, now: datetime, actor: Person | None = None, root: Path = ROOT
) -> list[Loaded]:
    """Publish what is new in the library.

    Args:
        actor: whose publications they are; None: the program's own.
        root: the folder that holds ``processes/``, ``forms/``, ``decisions/``, ``documents/``,
            ``letters/`` and ``bpm/records/types/``.

    Returns:
        One entry for each file that was new. A refused one does not keep the others from being loaded.
    """
    memory = session.get(Setting, _LOADED)
    known = dict(memory.value) if memory is not None else {}
    report = []
    for path, publish in _files(root):
        name = path.relative_to(root).as_posix()
        content = path.read_bytes()
        fingerprint = hashlib.sha256(content).hexdigest()
        if known.get(name) == fingerprint:
            continue
        try:
            with session.begin_nested():
                publish(session, now, actor, path.stem, content)
        except Refusal as refusal:
            report.append(Loaded(name, "refused", refusal.text))
            continue
        known[name] = fingerprint
        report.append(Loaded(name, "published"))
    if memory is None:
        session.add(Setting(key=_LOADED, value=known))
    elif memory.value != known:
        memory.value = known
    session.flush()
    return report


def _files(root: Path) -> Iterator[tuple[Path, Publish]]:
    """Every file of the library, what others need first."""
    steps: list[tuple[str, str, Publish]] = [
        (RECORD_TYPES, "*.json", _record_type),
        ("decisions", "*.dmn", _decision),
        ("forms", "*.json", _form),
        ("letters", "*.json", _letter),
        ("documents", "*.docx", _document),
        ("processes", "*.bpmn", _process),
    ]
    for folder, pattern, publish in steps:
        for path in sorted((root / folder).glob(pattern)):
            yield path, publish


def _record_type(session: Session, now: datetime, actor: Person | None, key: str, content: bytes) -> object:
    return records.define(session, json.loads(content))


def _decision(session: Session, now: datetime, actor: Person | None, key: str, content: bytes) -> object:
    return decisions.publish(session, now, actor, content)


def _form(session: Session, now: datetime, actor: Person | None, key: str, content: bytes) -> object:
    return forms.publish(session, now, actor, key, content)


def _letter(session: Session, now: datetime, actor: Person | None, key: str, content: bytes) -> object:
    return letters.publish_letter(session, now, actor, key, json.loads(content))


def _document(session: Session, now: datetime, actor: Person | None, key: str, content: bytes) -> object:
    names = _NAMES_OF_DOCUMENTS.get(key)
    return documents.publish(session, now, actor, key, content, names)


def _process(session: Session, now: datetime, actor: Person | None, key: str, content: bytes) -> object:
    return engine.deploy(session, now, actor, content)


_NAMES_OF_DOCUMENTS = {
    "approval_sheet": {"en": "Approval sheet", "ru": "Лист согласования", "pl": "Karta uzgodnień"},
}
