"""Whatever becomes of a file — parts removed, doubled, renamed, moved — it is refused by name or it runs.

A thousand random edits of the shipped processes, and of the models of ``BPM_CONFORMANCE`` where
that folder is there: the checks never fail themselves, and what they let pass ends, waits for
somebody, or has an incident.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from bpm.config import ROOT
from bpm.engine.build.compile import compile_process, executable_processes
from bpm.engine.lint.check import lint
from bpm.engine.problems import CannotRun, StepFailed
from bpm.engine.runtime.workflow import NoSuchToken, Run
from tests.engine.runtime.world import MONDAY, SmallEnvironment

EDITS = 1000
BATCHES = 10
ROUNDS = 8
OUTCOMES = ["approve", "revise", "reject", "allow", None]
# a check of one file that takes longer than this hangs for whoever waits for it
SLOWEST_CHECK = 5.0
VARIABLES = {"items": [1, 2], "approvers": ["a"], "test": "ab", "integerVariable": 1, "testCaseNumber": 1}


@cache
def files() -> list[bytes]:
    """The shipped processes, and as many models of the conformance folder where it is there."""
    shipped = [path.read_bytes() for path in sorted((ROOT / "processes").rglob("*.bpmn"))]
    folder = Path(os.environ.get("BPM_CONFORMANCE", "/nowhere"))
    models = [path.read_bytes() for path in sorted(folder.rglob("*.bpmn"))] if folder.is_dir() else []
    readable = [content for content in models if _is_xml(content)]
    return shipped * max(len(readable) // len(shipped), 1) + readable


def _is_xml(content: bytes) -> bool:
    try:
        etree.fromstring(content)
    except etree.XMLSyntaxError:
        return False
    return True


def elements(root: etree._Element) -> list[etree._Element]:
    """Everything but the drawing, which does not run."""
    return [
        node
        for node in root.iter(etree.Element)
        if node is not root and "/DI" not in str(node.tag).partition("}")[0]
    ]


def mutated(chance: random.Random, content: bytes) -> bytes:
    """Return a file after one to three edits, mostly one."""
    root = etree.fromstring(content)
    for _edit in range(chance.choice([1, 1, 1, 2, 3])):
        nodes = elements(root)
        if not nodes:
            break
        EDITORS[chance.choice(list(EDITORS))](chance, chance.choice(nodes), nodes)
    return etree.tostring(root)


def _remove(_chance: random.Random, node: etree._Element, _nodes: list[etree._Element]) -> None:
    parent = node.getparent()
    if parent is not None:
        parent.remove(node)


def _double(_chance: random.Random, node: etree._Element, _nodes: list[etree._Element]) -> None:
    parent = node.getparent()
    if parent is not None:
        parent.append(etree.fromstring(etree.tostring(node)))


def _rename(chance: random.Random, node: etree._Element, nodes: list[etree._Element]) -> None:
    node.tag = chance.choice(nodes).tag


def _move(chance: random.Random, node: etree._Element, nodes: list[etree._Element]) -> None:
    target = chance.choice(nodes)
    if node not in list(target.iterancestors()) and target is not node:
        target.append(node)


def _empty(_chance: random.Random, node: etree._Element, _nodes: list[etree._Element]) -> None:
    node.text = ""


def _text(chance: random.Random, node: etree._Element, _nodes: list[etree._Element]) -> None:
    node.text = chance.choice(
        ["(", "import os", "=1+", "R/", "R/PT0S", "null", "x := x", "PT0S", "=", "${", "true"]
    )


def _drop_attribute(chance: random.Random, node: etree._Element, _nodes: list[etree._Element]) -> None:
    if node.attrib:
        del node.attrib[chance.choice(list(node.attrib))]


def _rename_attribute(chance: random.Random, node: etree._Element, _nodes: list[etree._Element]) -> None:
    if node.attrib:
        name = chance.choice(list(node.attrib))
        node.set("renamed", node.attrib.pop(name))


def _set_attribute(chance: random.Random, node: etree._Element, nodes: list[etree._Element]) -> None:
    if node.attrib:
        other = chance.choice(nodes)
        values = ["", "-1", "true", "false", "nothing", "${", "=", "999999999999", other.get("id", "x")]
        node.set(chance.choice(list(node.attrib)), chance.choice(values))


def _swap_ids(chance: random.Random, node: etree._Element, nodes: list[etree._Element]) -> None:
    other = chance.choice(nodes)
    if node.get("id") and other.get("id"):
        mine, theirs = node.get("id", ""), other.get("id", "")
        node.set("id", theirs)
        other.set("id", mine)


class Deciding(SmallEnvironment):
    """Every decision there may be has an answer."""

    def decide(self, key: str, context: object) -> tuple[object, list[object]]:
        return {"key": key}, []


EDITORS = {
    "remove": _remove,
    "double": _double,
    "rename": _rename,
    "move": _move,
    "empty": _empty,
    "text": _text,
    "drop attribute": _drop_attribute,
    "rename attribute": _rename_attribute,
    "set attribute": _set_attribute,
    "swap ids": _swap_ids,
}


def attempts(batch: int) -> Iterator[tuple[int, bytes]]:
    for seed in range(batch * EDITS // BATCHES, (batch + 1) * EDITS // BATCHES):
        chance = random.Random(seed)
        yield seed, mutated(chance, chance.choice(files()))


@pytest.mark.parametrize("batch", range(BATCHES))
def test_every_edit_is_refused_by_name_or_runs(batch: int) -> None:
    """Given edited files, when they are checked and run, then nothing crashes, hangs or does nothing."""
    for seed, content in attempts(batch):
        begun = time.monotonic()
        problems = lint(content)
        assert time.monotonic() - begun < SLOWEST_CHECK, seed
        assert all(problem.as_json()["message"] for problem in problems), seed
        for process_id in _compiled(content, seed):
            _run(content, process_id, seed)


def _compiled(content: bytes, seed: int) -> list[str]:
    try:
        found = executable_processes(content)
        for process_id in found:
            compile_process(content, process_id)
    except CannotRun as refused:
        assert refused.problems and all(problem.text for problem in refused.problems), seed
        return []
    return found


def _run(content: bytes, process_id: str, seed: int) -> None:
    definition = compile_process(content, process_id)
    environment, chance = Deciding(), random.Random(seed)
    now = MONDAY
    try:
        run = Run.start(definition, VARIABLES, environment)
    except StepFailed:
        return
    for _round in range(ROUNDS):
        for _budget in range(2):
            if run.advance(now, steps=150):
                break
        run.thrown()
        run = Run.load(definition, run.dump(), environment)
        if not run.waiting():
            break
        now += timedelta(days=30)
        _answer(run, chance, now)
    goes_on = not run.advance(now, steps=200)
    # what stands still at a join becomes an incident by itself: run.stalled() finds it
    assert run.completed or run.waiting() or run.failures() or goes_on or run.stalled(), (seed, process_id)


def _answer(run: Run, chance: random.Random, now: datetime) -> None:
    """Complete the waits there are, in any order: tasks, services, messages, timers."""
    waits = list(run.waiting())
    for wait in chance.sample(waits, len(waits)):
        try:
            if wait.kind in ("user_task", "service", "call"):
                run.complete(wait.token, {"res": 1, "decision": chance.choice(OUTCOMES)}, now)
            elif wait.kind == "timer":
                run.fire_timer(wait.token, now)
            elif wait.kind in ("message", "signal"):
                run.deliver(wait.token, {"paid": True}, now)
        except NoSuchToken:
            continue  # another answer took it away
