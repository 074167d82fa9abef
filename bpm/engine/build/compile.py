"""From XML to a Definition: lint, build, and keep in memory by content."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from threading import Lock

from bpm.engine.build.builder import Builder
from bpm.engine.definition import Definition
from bpm.engine.diagram.xml import Node, children, ensure_root, flag
from bpm.engine.lint.check import lint_and_build
from bpm.engine.problems import CannotRun, Problem

CACHE_SIZE = 500
_cache: OrderedDict[tuple[str, str | None], Definition] = OrderedDict()
_lock = Lock()


def content_hash(xml: bytes) -> str:
    """Return the SHA-256 of a diagram, by which versions are known."""
    return hashlib.sha256(xml).hexdigest()


def compile_process(xml: bytes | str, process_id: str | None = None) -> Definition:
    """Return a process of a diagram, ready to run; cached by content, shared by all instances.

    Args:
        process_id: which one, if the file has several; without it the only executable one.

    Raises:
        CannotRun: the diagram has errors; ``problems`` holds all of them.
    """
    content = xml.encode("utf-8") if isinstance(xml, str) else xml
    key = (content_hash(content), process_id)
    with _lock:
        found = _cache.get(key)
        if found is not None:
            _cache.move_to_end(key)
            return found
    definition = _compile(content, key[0], process_id)
    with _lock:
        _cache[key] = definition
        while len(_cache) > CACHE_SIZE:
            _cache.popitem(last=False)
    return definition


def executable_processes(xml: bytes | str) -> list[str]:
    """Return the ids of the processes of a file that may be started, in order.

    Raises:
        CannotRun: the file is no diagram.
    """
    return [node.get("id", "") for node in _executable(ensure_root(xml))]


def _executable(root: Node) -> list[Node]:
    processes = list(children(root, "process"))
    marked = [node for node in processes if flag(node, "isExecutable")]
    if marked:
        return marked
    return [node for node in processes if node.get("isExecutable") is None and len(node)]


def _compile(content: bytes, digest: str, process_id: str | None) -> Definition:
    root = ensure_root(content)
    problems, built = lint_and_build(root)
    if any(problem.severity == "error" for problem in problems):
        raise CannotRun(problems)
    return definition_of(built[_chosen(root, process_id)], digest, problems)


def _chosen(root: Node, process_id: str | None) -> Node:
    processes = list(children(root, "process"))
    if process_id is not None:
        for node in processes:
            if node.get("id") == process_id:
                return node
        raise CannotRun(
            [Problem(None, "no_such_process", "The file has no process “%(id)s”.", {"id": process_id})]
        )
    executable = _executable(root) or processes
    if not executable:
        raise CannotRun([Problem(None, "no_process", "The file has no process.")])
    return executable[0]


def definition_of(builder: Builder, digest: str, problems: list[Problem]) -> Definition:
    """Return the definition of one process of a checked diagram.

    Raises:
        CannotRun: it could not be built.
    """
    if any(problem.severity == "error" for problem in builder.problems):
        raise CannotRun(builder.problems)
    return Definition(
        builder.process_id,
        builder.root.element.names,
        digest,
        builder.elements,
        builder.flows,
        builder.start_events,
        builder.extensions,
        frozenset(builder.called),
        frozenset(builder.decisions),
        frozenset(builder.connectors),
        [one for one in problems if one.severity == "warning"],
        builder.spec,
    )
