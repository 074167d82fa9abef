"""The one list of rules: complete, documented, each with a diagram that breaks it and the words it shows."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from bpm.config import ROOT
from bpm.engine.diagram.xml import ensure_root
from bpm.engine.lint.check import RULES, apply_fix, lint
from bpm.engine.lint.soundness import soundness
from bpm.engine.lint.walk import Diagram
from bpm.language import using
from tests.engine.diagrams import diagram, end, flow, flows, node, start, user
from tests.engine.lint.broken import BROKEN, ELSEWHERE

PAGE = ROOT / "docs" / "lint-rules.md"
HEAD = """# Rules for diagrams

The designer and the server check a diagram by one list. An error keeps it from being published; a warning does not.
A problem names the rule (`code`), the element, what is wrong there, what to do (`advice`) and, where a program can
mend it, the edit (`fix`). The clause is that of BPMN 2.0; rules without one are about soundness or our own words.

| Rule | Severity | Clause | What it demands | What to do |
|---|---|---|---|---|
"""


def page() -> str:
    with using("en"):
        rows = [
            f"| `{rule.id}` | {rule.severity} | {rule.clause or '–'} | {rule.sentence} | {rule.advice} |"
            for rule in sorted(RULES.values(), key=lambda rule: rule.id)
        ]
    return HEAD + "\n".join(rows) + "\n"


def told_codes() -> Iterator[tuple[str, str]]:
    """The code of every problem that the engine's sources can tell, and the file."""
    for path in sorted((ROOT / "bpm" / "engine").rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(call, ast.Call) or len(call.args) < 3:
                continue
            name = getattr(call.func, "id", getattr(call.func, "attr", ""))
            code = call.args[1]
            if name in ("error", "warning", "Problem", "problem", "warn") and isinstance(code, ast.Constant):
                yield str(code.value), path.name


def test_every_problem_has_a_rule() -> None:
    """A new problem needs a row in ``bpm/engine/lint/rules``."""
    assert not {(code, file) for code, file in told_codes() if code not in RULES}


def test_the_page_tells_every_rule() -> None:
    """``docs/lint-rules.md`` is written from the list: copy what ``page()`` returns."""
    assert PAGE.read_text("utf-8") == page()


def test_every_rule_says_what_it_demands_and_what_to_do() -> None:
    with using("en"):
        for key, rule in RULES.items():
            assert key == rule.id and str(rule.sentence).endswith(".") and str(rule.advice).endswith("."), key


def test_every_rule_is_tested() -> None:
    assert RULES.keys() - BROKEN.keys() == ELSEWHERE.keys()


@pytest.mark.parametrize("rule", BROKEN)
def test_rule(rule: str) -> None:
    """Given a diagram that breaks a rule, then the rule is told, with its words, at its element."""
    text, element, words = BROKEN[rule]
    with using("en"):
        told = [one.as_json() for one in lint(text) if one.code == rule]
        assert told, [(one.code, one.text) for one in lint(text)]
        assert any(words in one["message"] and one["element"] == element for one in told), told
        assert all(one["rule"] == rule and one["advice"] for one in told)
        assert {one["severity"] for one in told} == {RULES[rule].severity}


@pytest.mark.parametrize("rule", BROKEN)
def test_the_fix_mends(rule: str) -> None:
    """Given a problem with a fix, when the fix is applied, then the problem is gone at that element."""
    text, _element, _words = BROKEN[rule]
    for problem in lint(text):
        if problem.code == rule and problem.fix is not None:
            left = lint(apply_fix(text, problem.fix))
            assert (rule, problem.element) not in {(one.code, one.element) for one in left}


def long_diagram(rows: int) -> str:
    """``rows`` times a choice with two tasks and a parallel pair, one after the other."""
    content, before = [start()], "s"
    for row in range(rows):
        names = [f"{letter}{row}" for letter in "gabjhcdk"]
        g, a, b, j, h, c, d, k = names
        content += [
            node("exclusiveGateway", g, default=f"{g}_{b}"),
            user(a),
            user(b),
            node("exclusiveGateway", j),
        ]
        content += [node("parallelGateway", h), user(c), user(d), node("parallelGateway", k)]
        content += [flow(g, a, "x > 1")]
        content += [flows(f"{before}-{g} {g}-{b} {a}-{j} {b}-{j} {j}-{h} {h}-{c} {h}-{d} {c}-{k} {d}-{k}")]
        before = k
    return diagram(*content, end(), links=f"{before}-e")


def test_a_long_drawing_of_loops_and_parallel_ways_is_sound() -> None:
    """How long the check takes is told by ``python -m benchmarks.bench_designer``."""
    checked = Diagram(ensure_root(long_diagram(25)))
    assert not [one for one in soundness(checked) if one.severity == "error"]
