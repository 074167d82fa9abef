"""All rules for diagrams in one list: what cannot run is refused by name, what looks wrong is told.

One list for the designer and for deployment. The rules stand by subject in ``lint_*``; what
needs the built specs (expressions, references to messages) is told by ``build``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bpm.engine.build import Builder
from bpm.engine.lint_events import boundary_events, event_definitions, event_sub_processes, links, timers
from bpm.engine.lint_flows import event_gateways, gateways, loose_ends, sequence_flows, starts_and_ends
from bpm.engine.lint_references import dangling_references, duplicate_ids, executable, message_flows
from bpm.engine.lint_soundness import soundness
from bpm.engine.lint_support import compensation, foreign, languages, not_supported, our_dialect
from bpm.engine.problems import CannotRun, Problem
from bpm.engine.xml import Node, children, ensure_root

Rule = Callable[[Node], Iterator[Problem]]

STRUCTURE: tuple[Rule, ...] = (
    executable,
    duplicate_ids,
    dangling_references,
    message_flows,
    sequence_flows,
    starts_and_ends,
    loose_ends,
    gateways,
    event_gateways,
    event_definitions,
    boundary_events,
    event_sub_processes,
    links,
    timers,
    not_supported,
    compensation,
    languages,
    foreign,
    our_dialect,
)
ORDER = {"error": 0, "warning": 1}


def lint(diagram: bytes | str | Node) -> list[Problem]:
    """Return every problem of a diagram, errors first; never raises for a fault of the diagram.

    Args:
        diagram: the XML, or its parsed root.
    """
    try:
        root = ensure_root(diagram)
    except CannotRun as refused:
        return refused.problems
    problems = problems_of_structure(root)
    if not any(problem.severity == "error" for problem in problems):
        for process in children(root, "process"):
            problems += Builder(root, process).problems
        for problem in soundness(root):
            problems.append(problem)
    return sorted(_unique(problems), key=lambda problem: ORDER[problem.severity])


def problems_of_structure(root: Node) -> list[Problem]:
    """Return the problems that can be seen without building the specs."""
    return [problem for rule in STRUCTURE for problem in rule(root)]


def _unique(problems: list[Problem]) -> list[Problem]:
    seen: set[tuple[str | None, str, str]] = set()
    kept = []
    for problem in problems:
        key = (problem.element, problem.code, str(problem.values))
        if key not in seen:
            seen.add(key)
            kept.append(problem)
    return kept
