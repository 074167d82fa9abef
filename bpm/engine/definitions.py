"""Finds the compiled definition of a published version; compiled once per process and content.

Owns the cache in front of ``build/compile.py`` and a few facts that are worked out once for each
definition. Knows nothing of instances.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from functools import lru_cache
from threading import Lock

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpm.config import LANGUAGES
from bpm.engine.build.compile import compile_process
from bpm.engine.definition import Definition
from bpm.engine.diagram import expressions
from bpm.engine.models import Process, ProcessVersion
from bpm.engine.runtime.specs.activities import EXTERNAL
from bpm.errors import NotFound
from bpm.language import _

_MOST = 500
_cache: OrderedDict[tuple[str, str], Definition] = OrderedDict()
_lock = Lock()


def definition(session: Session, version_id: int, process_key: str, fingerprint: str) -> Definition:
    """Return the definition of a version; reads the diagram only if it is not in the cache."""
    key = (process_key, fingerprint)
    with _lock:
        found = _cache.get(key)
        if found is not None:
            _cache.move_to_end(key)
            return found
    xml = session.scalar(select(ProcessVersion.xml).where(ProcessVersion.id == version_id))
    if xml is None:
        raise NotFound(_("There is no process “%(key)s”.", key=process_key))
    found = compile_process(xml.encode("utf-8"), process_key)
    with _lock:
        _cache[key] = found
        while len(_cache) > _MOST:
            _cache.popitem(last=False)
    return found


def of_version(session: Session, version: ProcessVersion) -> Definition:
    """Return the definition of a version that was read already."""
    return definition(session, version.id, version.process_key, version.hash)


def version_of(session: Session, process_key: str, number: int | None = None) -> ProcessVersion:
    """Return a version of a process: the newest, or that ``number``.

    Raises:
        NotFound: there is none.
    """
    question = select(ProcessVersion).join(Process).where(Process.key == process_key)
    if number is not None:
        question = question.where(ProcessVersion.number == number)
    found = session.scalar(question.order_by(ProcessVersion.number.desc()).limit(1))
    if found is None:
        raise NotFound(_("There is no process “%(key)s”.", key=process_key))
    return found


@lru_cache(maxsize=_MOST)
def kinds_of_waits(of: Definition) -> frozenset[str]:
    """Return which kinds of waits instances of a definition can have, besides user tasks."""
    kinds = {"call" for element in of.elements.values() if element.kind == "callActivity"}
    for node in of.spec.task_specs.values():
        for trigger in getattr(node, "triggers", ()):
            kinds.add(trigger.kind)
            if trigger.kind == "timer" and trigger.timer == "date":
                kinds.add("record")
        connector = getattr(node, "connector", None)
        if connector is not None:
            kinds |= {"service", "external"} if connector == EXTERNAL else {"service"}
    return frozenset(kinds)


@lru_cache(maxsize=_MOST)
def most_triggers(of: Definition) -> int:
    """Return how many triggers the event with the most of them has."""
    return max((len(getattr(node, "triggers", ())) for node in of.spec.task_specs.values()), default=1)


@lru_cache(maxsize=_MOST)
def title_templates(of: Definition) -> Mapping[str, expressions.Template]:
    """Return the template of an instance's title in each language of the program."""
    texts = of.extensions.get("titles") or of.names or {}
    fallback = texts.get("en") or next(iter(texts.values()), of.process_id)
    return {language: expressions.template(texts.get(language) or fallback) for language in LANGUAGES}


@lru_cache(maxsize=_MOST)
def title_variables(of: Definition) -> frozenset[str]:
    """Return the variables on which the title depends."""
    parts = [part for one in title_templates(of).values() for part in one.parts]
    formulas = [part for part in parts if isinstance(part, expressions.Formula)]
    return frozenset(name for formula in formulas for name in formula.compiled.variables)
