"""One engine of the language in a process of its own, asked by ``bench_feel`` line by line.

    python bench_feel_worker.py ENGINE [FOLDER OF ITS PACKAGES]

Takes the cases as one line of JSON, then commands: ``check`` gives the results, ``evaluate N`` and
``parse N`` the seconds of N rounds for each case. Answers are lines of JSON.
"""

from __future__ import annotations

import json
import logging
import re
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from importlib import import_module
from typing import Any

Evaluate = Callable[[], Any]
Parse = Callable[[str], Any]
Prepare = Callable[[str, dict[str, Any]], Evaluate]


def plain(value: Any) -> Any:
    """Return a result as JSON; dates and durations as their text."""
    if isinstance(value, bool) or value is None or isinstance(value, str):
        return value
    if isinstance(value, int | float | Decimal):
        return float(value)
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def own() -> tuple[Prepare, Parse | None]:
    """The language of this program: expressions are remembered by their text."""
    from bpm.feel import compile, parse
    from bpm.feel.expression import Expression

    def prepare(text: str, context: dict[str, Any]) -> Evaluate:
        return lambda: compile(text).evaluate(context)

    return prepare, lambda text: Expression(text, parse(text))


def bkflow() -> tuple[Prepare, Parse | None]:
    """bkflow-feel: its tree is kept, as a program that cares for speed would do."""
    engine = import_module("bkflow_feel")

    def parse(text: str) -> Any:
        return engine.transformer.transform(engine.parser.parse(text))

    def prepare(text: str, context: dict[str, Any]) -> Evaluate:
        tree = parse(text)
        return lambda: tree.evaluate(context)

    return prepare, parse


def pysfeel() -> tuple[Prepare, Parse | None]:
    """pySFeel: evaluates while it parses; the variables are given once, outside of the measuring."""
    make_parser = import_module("pySFeel").SFeelParser

    def literal(value: Any) -> str:
        if isinstance(value, dict):
            return "{" + ", ".join(f"{key}: {literal(item)}" for key, item in value.items()) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(map(literal, value)) + "]"
        return json.dumps(value)

    def prepare(text: str, context: dict[str, Any]) -> Evaluate:
        engine = make_parser()
        for name, value in context.items():
            if re.search(rf"\b{name}\b", text):
                engine.sFeelParse(f"{name} <- {literal(value)}")
                for key, inner in value.items() if isinstance(value, dict) else ():
                    engine.sFeelParse(f"{name}.{key} <- {literal(inner)}")  # to it a dot is part of a name

        def evaluate() -> Any:
            problems, value = engine.sFeelParse(text)
            if problems:
                raise ValueError(problems)
            return value

        return evaluate

    return prepare, None


def main(engine: str) -> None:
    logging.disable(logging.CRITICAL)
    prepare, parse = {"bpm.feel": own, "bkflow-feel": bkflow, "pySFeel": pysfeel}[engine]()
    cases = json.loads(sys.stdin.readline())
    prepared = [_prepared(prepare, case) for case in cases]
    for line in sys.stdin:
        command, _space, count = line.strip().partition(" ")
        if command == "check":
            answer: Any = [_result(evaluate) for evaluate in prepared]
        elif command == "parse":
            answer = [_seconds(parse and partial(parse, case["text"]), int(count)) for case in cases]
        else:
            answer = [_seconds(evaluate, int(count)) for evaluate in prepared]
        print(json.dumps(answer), flush=True)


def _prepared(prepare: Prepare, case: dict[str, Any]) -> Evaluate | None:
    try:
        return prepare(case["text"], case["context"])
    except Exception:  # another's parser may raise anything; the case counts as wrong
        return None


def _result(evaluate: Evaluate | None) -> Any:
    try:
        return {"value": plain(evaluate())} if evaluate else {}
    except Exception:
        return {}


def _seconds(evaluate: Evaluate | None, count: int) -> float | None:
    """Return the seconds of one call, measured over ``count``."""
    if evaluate is None:
        return None
    try:
        evaluate()
        begin = time.perf_counter()
        for _round in range(count):
            evaluate()
        return (time.perf_counter() - begin) / count
    except Exception:
        return None


if __name__ == "__main__":
    sys.path += sys.argv[2:]  # behind the standard library, which some packages would hide
    main(sys.argv[1])
