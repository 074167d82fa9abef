"""All rules for diagrams in one list: what cannot run is refused by name, what looks wrong is told.

One list for the designer and for deployment. The rules stand by subject in the files of this folder; what
needs the built specs (expressions, references to messages) is told by ``build``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bpm.engine.build.builder import Builder
from bpm.engine.diagram.xml import Node, children, ensure_root
from bpm.engine.lint.activities import loops, performers
from bpm.engine.lint.collaboration import conversations, correlations, message_flows, participants
from bpm.engine.lint.data import associations, collections, places, sets, state_names
from bpm.engine.lint.events import (
    boundary_events,
    compensation,
    conditional_events,
    event_definitions,
    event_sub_processes,
)
from bpm.engine.lint.fixes import apply_fix
from bpm.engine.lint.flow_lists import flow_lists
from bpm.engine.lint.flows import loose_ends, sequence_flows, starts_and_ends
from bpm.engine.lint.gateways import event_gateways, gateways
from bpm.engine.lint.links_timers import links, timers
from bpm.engine.lint.references import (
    executable,
    ids,
    lanes,
    references,
    shared_definitions,
    steps_without_id,
)
from bpm.engine.lint.rules.catalogue import RULES, Rule, rule_of
from bpm.engine.lint.services import call_data, event_data, interfaces, task_data
from bpm.engine.lint.soundness import soundness
from bpm.engine.lint.support import foreign, left_out, not_supported, our_dialect
from bpm.engine.lint.texts import (
    addresses,
    enumerations,
    formal_expressions,
    imports,
    languages,
    media_types,
    scripts,
)
from bpm.engine.lint.walk import Diagram
from bpm.engine.problems import CannotRun, Problem

Check = Callable[[Diagram], Iterator[Problem]]

STRUCTURE: tuple[Check, ...] = (
    executable,
    ids,
    steps_without_id,
    references,
    shared_definitions,
    conversations,
    participants,
    message_flows,
    correlations,
    sequence_flows,
    flow_lists,
    starts_and_ends,
    loose_ends,
    gateways,
    event_gateways,
    event_definitions,
    boundary_events,
    event_sub_processes,
    compensation,
    conditional_events,
    links,
    timers,
    loops,
    performers,
    places,
    collections,
    state_names,
    sets,
    associations,
    task_data,
    event_data,
    call_data,
    interfaces,
    formal_expressions,
    languages,
    scripts,
    media_types,
    addresses,
    imports,
    enumerations,
    lanes,
    not_supported,
    foreign,
    left_out,
    our_dialect,
)
ORDER = {"error": 0, "warning": 1, "advice": 2}


def lint(diagram: bytes | str | Node) -> list[Problem]:
    """Return every problem of a diagram, errors first; never raises for a fault of the diagram.

    Args:
        diagram: the XML, or its parsed root.
    """
    try:
        root = ensure_root(diagram)
    except CannotRun as refused:
        return refused.problems
    return lint_and_build(root)[0]


def lint_and_build(root: Node) -> tuple[list[Problem], dict[Node, Builder]]:
    """Return every problem of a diagram, and its processes as they were built to find them.

    Nothing is built where the structure is at fault.
    """
    checked = Diagram(root)
    problems = [problem for check in STRUCTURE for problem in check(checked)]
    built: dict[Node, Builder] = {}
    # a drawing that is merely not marked as executable is checked to the end: all that is missing is told
    if not any(problem.severity == "error" and problem.code != "not_executable" for problem in problems):
        for process in children(root, "process"):
            built[process] = Builder(root, process)
            problems += built[process].problems
        problems += soundness(checked)
    return sorted(_unique(problems), key=lambda problem: ORDER[problem.severity]), built


def _unique(problems: list[Problem]) -> list[Problem]:
    seen: set[tuple[str | None, str, str]] = set()
    kept = []
    for problem in problems:
        key = (problem.element, problem.code, str(problem.values))
        if key not in seen:
            seen.add(key)
            kept.append(problem)
    return kept


__all__ = ["RULES", "Rule", "apply_fix", "lint", "lint_and_build", "rule_of"]
