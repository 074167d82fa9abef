"""The five patterns of the BPMN micro-benchmark beside plain SpiffWorkflow with its own serializer.

    python -m benchmarks.bench_patterns [--rounds 15]

Sequence, exclusive choice, explicit termination, parallel, cycle (Skouradaki et al., "Micro-benchmarking
BPMN 2.0 workflow management systems"). Each step waits to be answered, and both sides save the state
after each answer and read it before the next: the same rows of the same SQLite table. One case of each
takes its turn after the other; the ratio is the median.
"""

from __future__ import annotations

import argparse
import io
import sqlite3
import statistics
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.serializer.workflow import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from benchmarks.bench_engine import seconds
from bpm.engine.build.compile import compile_process
from bpm.engine.runtime.workflow import Run
from tests.engine.runtime.world import MONDAY, SmallEnvironment

BUDGET = 5.0
_ROUNDS_OF_CYCLE = 10


def _diagram(*inside: str) -> bytes:
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="x"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f'<process id="p" isExecutable="true">{"".join(inside)}</process></definitions>'
    ).encode()


def _node(tag: str, name: str, inside: str = "") -> str:
    return f'<{tag} id="{name}" name="{name}">{inside}</{tag}>'


def _flows(*pairs: str) -> str:
    found = ""
    for pair in pairs:
        source, target, condition = [*pair.split(" ", 2), ""][:3]
        told = f'<conditionExpression xsi:type="tFormalExpression">{condition}</conditionExpression>'
        found += f'<sequenceFlow id="f_{source}_{target}" sourceRef="{source}" targetRef="{target}">'
        found += (told if condition else "") + "</sequenceFlow>"
    return found


_ENDS = _node("startEvent", "s") + _node("endEvent", "e")
_TWO = _node("userTask", "a") + _node("userTask", "b")
PATTERNS = {
    "sequence": _diagram(_ENDS, _TWO, _flows("s a", "a b", "b e")),
    "exclusive": _diagram(
        _ENDS, _TWO, _node("userTask", "c"),
        '<exclusiveGateway id="x" default="f_x_c"/>',
        _flows("s a", "a x", "x b n &gt; 0", "x c", "b e", "c e"),
    ),
    "termination": _diagram(
        _ENDS, _TWO, _node("parallelGateway", "x"),
        _node("endEvent", "t", '<terminateEventDefinition id="d"/>'),
        _flows("s x", "x a", "x b", "a e", "b t"),
    ),
    "parallel": _diagram(
        _ENDS, _TWO, _node("parallelGateway", "x"), _node("parallelGateway", "y"),
        _flows("s x", "x a", "x b", "a y", "b y", "y e"),
    ),
    "cycle": _diagram(
        _ENDS, _node("userTask", "a"), _node("exclusiveGateway", "m"),
        '<exclusiveGateway id="x" default="f_x_e"/>',
        _flows("s m", "m a", "a x", f"x m n &lt; {_ROUNDS_OF_CYCLE}", "x e"),
    ),
}  # fmt: skip


class Table:
    """Where both sides keep their state, a commit for each save."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute("CREATE TABLE IF NOT EXISTS kept (id INTEGER PRIMARY KEY, state BLOB)")

    def add(self, state: bytes) -> int:
        return int(self._connection.execute("INSERT INTO kept (state) VALUES (?)", (state,)).lastrowid or 0)

    def read(self, number: int) -> bytes:
        state: bytes = self._connection.execute("SELECT state FROM kept WHERE id = ?", (number,)).fetchone()[
            0
        ]
        return state

    def write(self, number: int, state: bytes) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        self._connection.execute("UPDATE kept SET state = ? WHERE id = ?", (state, number))
        self._connection.execute("COMMIT")


def ours(diagram: bytes, table: Table) -> Callable[[], None]:
    """Return one case of a pattern through our runtime."""
    definition = compile_process(diagram)

    def case() -> None:
        environment = SmallEnvironment()
        run = Run.start(definition, {"n": 0}, environment)
        run.advance(MONDAY)
        number = table.add(run.dump())
        while not run.completed:
            run = Run.load(definition, table.read(number), environment)
            answered = int(run.variables()["n"]) + 1
            run.complete(run.waiting()[0].token, {"n": answered}, MONDAY)
            run.advance(MONDAY)
            table.write(number, run.dump())

    return case


def plain(diagram: bytes, table: Table) -> Callable[[], None]:
    """Return one case of a pattern through SpiffWorkflow as it comes."""
    parser = BpmnParser()
    parser.add_bpmn_io(io.BytesIO(diagram))
    spec = parser.get_spec("p")
    serializer = BpmnWorkflowSerializer(BpmnWorkflowSerializer.configure())

    def waiting(workflow: Any) -> list[Any]:
        workflow.do_engine_steps()
        return list(workflow.get_tasks(state=TaskState.READY, manual=True))

    def case() -> None:
        workflow = BpmnWorkflow(spec)
        workflow.set_data(n=0)
        waiting(workflow)
        number = table.add(serializer.serialize_json(workflow).encode())
        answered = 0
        while not workflow.is_completed():
            workflow = serializer.deserialize_json(table.read(number))
            answered += 1
            (task, *_others) = waiting(workflow)
            task.data["n"] = answered
            task.run()
            waiting(workflow)
            table.write(number, serializer.serialize_json(workflow).encode())

    return case


def main(arguments: list[str] | None = None) -> None:
    """Print a line for each pattern."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    options = parser.parse_args(arguments)
    with TemporaryDirectory(prefix="bpm-bench-") as folder:
        table = Table(Path(folder) / "kept.sqlite3")
        for name, diagram in PATTERNS.items():
            lean, stock = ours(diagram, table), plain(diagram, table)
            pairs = [(seconds(lean), seconds(stock)) for _round in range(options.rounds + 3)][3:]
            ratio = statistics.median(other / one for one, other in pairs)
            mine, theirs = (statistics.median(side) * 1000 for side in zip(*pairs, strict=True))
            print(
                f"{name:12} {mine:.2f} ms a case, plain SpiffWorkflow {theirs:.2f} ms:"
                f" {ratio:.1f} × faster   (budget {BUDGET:.0f})"
            )


if __name__ == "__main__":
    main()
