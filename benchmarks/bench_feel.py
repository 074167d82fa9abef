"""The expression language beside other engines and beside Python, on thirty everyday expressions.

    python -m benchmarks.bench_feel [--rounds 15] [--offline]

The other engines are installed into a folder that is thrown away: bkflow-feel and pySFeel from PyPI,
feelin from npm. Without a network they are left out. All engines take turns in each round; of each
expression the best round counts, since a busy machine only ever adds to a time.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.bench_feel_cases import CASES, Case
from bpm.feel import compile

HERE = Path(__file__).parent
PYTHON_ENGINES = {"bkflow-feel": "bkflow-feel==1.2.0", "pySFeel": "pySFeel==1.4.2"}
NODE_ENGINE = "feelin@8.2.0"
HOW = {
    "bpm.feel": "closures, remembered by the text",
    "bkflow-feel": "its tree, kept by hand",
    "pySFeel": "parses each time",
    "feelin": "parses each time",
}
CONDITION_BUDGET, PARSE_BUDGET = 2.0, 100.0
"""Microseconds: a cached condition over a lambda; reading an expression."""


class Missing(Exception):
    """An engine cannot be had; the text says why."""


@dataclass
class Engine:
    """A running engine, and the seconds it took for each case in each round."""

    name: str
    process: subprocess.Popen[str]
    batch: int
    correct: list[bool] = field(default_factory=list)
    evaluating: list[list[float | None]] = field(default_factory=list)
    parsing: list[list[float | None]] = field(default_factory=list)

    def ask(self, line: str) -> list[Any]:
        """Send one line and return the answer."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise Missing(f"{self.name} ended")
        found: list[Any] = json.loads(answer)
        return found

    def close(self) -> None:
        if self.process.stdin is not None:
            self.process.stdin.close()
        self.process.wait(timeout=10)


def start(name: str, command: list[str], cwd: Path, batch: int, stack: ExitStack) -> Engine:
    """Start the process of an engine, give it the cases and see what it gets right."""
    environment = {**os.environ, "PYTHONPATH": str(HERE.parent)}
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=cwd, env=environment
    )
    engine = Engine(name, process, batch)
    stack.callback(engine.close)
    assert process.stdin is not None
    process.stdin.write(json.dumps([{"text": case.text, "context": case.context} for case in CASES]) + "\n")
    engine.correct = [
        agrees(found.get("value"), case.expected)
        for found, case in zip(engine.ask("check"), CASES, strict=True)
    ]
    return engine


def agrees(found: Any, expected: Any) -> bool:
    """Compare a result in JSON; numbers within 1e-9."""
    if isinstance(expected, bool) or isinstance(found, bool):
        return found is expected
    if isinstance(expected, int | float) and isinstance(found, int | float):
        return abs(found - expected) < 1e-9
    if isinstance(expected, list) and isinstance(found, list):
        return len(found) == len(expected) and all(map(agrees, found, expected))
    return type(found) is type(expected) and found == expected


def installed(command: list[str], folder: Path) -> None:
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True, timeout=180)
    except (OSError, subprocess.SubprocessError) as error:
        said = (getattr(error, "stderr", "") or str(error)).strip().splitlines()
        raise Missing(f"cannot be installed: {said[-1][:120] if said else error}") from error


def python_engine(name: str, folder: Path, stack: ExitStack) -> Engine:
    target = folder / name
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target"]
    installed([*pip, str(target), PYTHON_ENGINES[name]], folder)
    command = [sys.executable, str(HERE / "bench_feel_worker.py"), name, str(target)]
    return start(name, command, folder, 5, stack)


def node_engine(folder: Path, stack: ExitStack) -> Engine:
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        raise Missing("there is no node or npm")
    installed([npm, "install", "--no-audit", "--no-fund", "--silent", NODE_ENGINE], folder)
    shutil.copy(HERE / "bench_feel_worker.mjs", folder)  # it finds its packages beside itself
    return start("feelin", [node, str(folder / "bench_feel_worker.mjs")], folder, 10, stack)


def engines(offline: bool, folder: Path, stack: ExitStack) -> list[Engine]:
    """Start all engines that can be had; say why the others are left out."""
    command = [sys.executable, str(HERE / "bench_feel_worker.py"), "bpm.feel"]
    found = [start("bpm.feel", command, HERE.parent, 200, stack)]
    if offline:
        print("  other engines are left out: --offline")
        return found
    for name in (*PYTHON_ENGINES, "feelin"):
        try:
            found.append(
                node_engine(folder, stack) if name == "feelin" else python_engine(name, folder, stack)
            )
        except (Missing, OSError) as reason:
            print(f"  {name} is left out: {reason}")
    return found


def side_by_side(running: list[Engine], rounds: int) -> None:
    """Let the engines take turns, and tell what each got right and how long it took."""
    for number in range(rounds):
        for engine in running[number % len(running) :] + running[: number % len(running)]:
            engine.evaluating.append(engine.ask(f"evaluate {engine.batch}"))
            engine.parsing.append(engine.ask(f"parse {max(5, engine.batch // 10)}"))
    common = {index for index in range(len(CASES)) if all(engine.correct[index] for engine in running)}
    print(f"  {len(common)} expressions are got right by all; “common” is the median of these")
    print(f"  {'engine':<12} {'correct':>8} {'common':>10} {'median':>10} {'slowest':>10} {'parsing':>10}")
    for engine in running:
        times, parsing = microseconds(engine, engine.evaluating), microseconds(engine, engine.parsing)
        columns = [
            statistics.median(time for index, time in times.items() if index in common),
            statistics.median(times.values()),
            max(times.values()),
            statistics.median(parsing.values()) if parsing else None,
        ]
        told = " ".join(f"{'–' if time is None else f'{time:.1f} µs':>10}" for time in columns)
        print(f"  {engine.name:<12} {sum(engine.correct):>5}/{len(CASES)} {told}  {HOW[engine.name]}")
        for case, right in zip(CASES, engine.correct, strict=True):
            if not right:
                print(f"    wrong: {case.text}")


def microseconds(engine: Engine, rounds: list[list[float | None]]) -> dict[int, float]:
    """Return the best round of each case that the engine gets right, by the case's number."""
    found = {}
    for index, right in enumerate(engine.correct):
        times = [one[index] for one in rounds]
        if right and all(time is not None for time in times):
            found[index] = min(time for time in times if time is not None) * 1e6
    return found


def beside_python(case: Case, rounds: int, batch: int = 500) -> tuple[float, float]:
    """Return the microseconds of the compiled expression, as processes keep it, and of the lambda."""
    evaluate, context, same = compile(case.text).evaluate, case.context, case.same
    ours, floor = [], []
    for _round in range(rounds):
        begin = time.perf_counter()
        for _turn in range(batch):
            evaluate(context)
        middle = time.perf_counter()
        for _turn in range(batch):
            same(context)
        end = time.perf_counter()
        ours.append(middle - begin)
        floor.append(end - middle)
    return min(ours) / batch * 1e6, min(floor) / batch * 1e6


def over_python(rounds: int) -> None:
    """Tell what an expression costs over a Python lambda doing the same."""
    pairs = [(case, *beside_python(case, rounds)) for case in CASES]
    for title, chosen in (
        ("conditions", [pair for pair in pairs if pair[0].condition]),
        ("all", pairs),
    ):
        extra = [ours - floor for _case, ours, floor in chosen]
        ratio = statistics.median(ours / floor for _case, ours, floor in chosen)
        within = sum(one <= CONDITION_BUDGET for one in extra)
        print(
            f"  over a lambda, {title}: median {statistics.median(extra):.2f} µs ({ratio:.1f} ×), "
            f"{within} of {len(chosen)} within {CONDITION_BUDGET:g} µs"
        )
    for title, chosen in (("first", pairs[:3]), ("dearest", sorted(pairs, key=lambda pair: -pair[1])[:3])):
        for case, ours, floor in chosen:
            print(f"    {title}: {case.text}: {ours:.2f} µs, lambda {floor:.2f} µs")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--offline", action="store_true", help="only this program's engine")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        running = engines(options.offline, Path(folder), stack)
        side_by_side(running, options.rounds)
        parsing = microseconds(running[0], running[0].parsing).values()
        within = sum(one <= PARSE_BUDGET for one in parsing)
        print(
            f"  parsing into closures: median {statistics.median(parsing):.0f} µs, "
            f"slowest {max(parsing):.0f} µs, {within} of {len(parsing)} within {PARSE_BUDGET:g} µs"
        )
    over_python(options.rounds)


if __name__ == "__main__":
    main()
