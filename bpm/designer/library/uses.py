"""Which processes use a form or a decision: their newest versions and their drafts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bpm.designer.models import Draft
from bpm.engine.diagram.xml import Node, parse
from bpm.engine.dialect import URI
from bpm.engine.models import Process, ProcessVersion
from bpm.engine.problems import CannotRun
from bpm.language import chosen

_BPM = f"{{{URI}}}"


@dataclass(frozen=True)
class Use:
    """A process that uses something. ``draft``: only its draft does."""

    key: str
    name: str
    draft: bool = False


@dataclass(frozen=True)
class Used:
    """What one diagram names: forms, decisions, and the buttons under each form as (key, label)."""

    forms: frozenset[str]
    decisions: frozenset[str]
    buttons: tuple[tuple[str, str, str], ...]


def of_forms(session: Session) -> dict[str, list[Use]]:
    """Return, by the key of a form, the processes that show it."""
    return _gathered((key, use) for use, used in _diagrams(session) for key in used.forms)


def of_decisions(session: Session) -> dict[str, list[Use]]:
    """Return, by the key of a decision, the processes that ask it."""
    return _gathered((key, use) for use, used in _diagrams(session) for key in used.decisions)


def buttons_under(session: Session, form: str) -> list[tuple[str, str]]:
    """Return the buttons that tasks show under a form, each once: key and label."""
    found = {
        key: label for _use, used in _diagrams(session) for where, key, label in used.buttons if where == form
    }
    return list(found.items())


def _gathered(pairs: Iterator[tuple[str, Use]]) -> dict[str, list[Use]]:
    found: dict[str, dict[str, Use]] = defaultdict(dict)
    for key, use in pairs:
        found[key].setdefault(use.key, use)
    return {key: sorted(uses.values(), key=lambda one: one.name.casefold()) for key, uses in found.items()}


def _diagrams(session: Session) -> Iterator[tuple[Use, Used]]:
    newest = select(func.max(ProcessVersion.id)).group_by(ProcessVersion.process_id)
    versions = select(Process, ProcessVersion.xml).join(ProcessVersion).where(ProcessVersion.id.in_(newest))
    for process, xml in session.execute(versions):
        yield Use(process.key, chosen(process.names, process.key)), _used(xml)
    for draft in session.scalars(select(Draft)):
        yield Use(draft.process_key, draft.name, draft=True), _used(draft.xml)


@lru_cache(maxsize=500)
def _used(xml: str) -> Used:
    try:
        root = parse(xml.encode("utf-8"))
    except CannotRun:
        return Used(frozenset(), frozenset(), ())
    shown = {one.get("key", "") for one in root.iter(f"{_BPM}formRef")}
    asked_first = {one.get("form", "") for one in root.iter(f"{_BPM}start")}
    decisions = {one.get("key", "") for one in root.iter(f"{_BPM}decision")}
    return Used(frozenset(shown | asked_first - {""}), frozenset(decisions), tuple(_buttons(root)))


def _buttons(root: Node) -> Iterator[tuple[str, str, str]]:
    for form in root.iter(f"{_BPM}formRef"):
        around = form.getparent()
        for outcome in () if around is None else around.iter(f"{_BPM}outcome"):
            yield (
                form.get("key", ""),
                outcome.get("key", ""),
                outcome.get("label", "") or outcome.get("key", ""),
            )
