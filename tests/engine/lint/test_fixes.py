"""A fault is mended by the edit that its problem offers; what is gone cannot be mended."""

from __future__ import annotations

import pytest

from bpm.engine.build.compile import compile_process
from bpm.engine.lint.check import apply_fix, lint
from bpm.engine.problems import CannotRun
from tests.engine.diagrams import diagram, end, file, flow, flows, node, process, start, user


def mended(text: str) -> bytes:
    """Apply the first fix there is, again and again, until no error is left."""
    content = text.encode()
    for _round in range(10):
        fixes = [one.fix for one in lint(content) if one.severity == "error" and one.fix]
        if not fixes:
            return content
        content = apply_fix(content, fixes[0])
    raise AssertionError("the fixes come to no end")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(file(process(start(), user("u"), flows("s-u"))), id="no end"),
        pytest.param(file(process(user("u"), end(), flows("u-e"))), id="no start"),
        pytest.param(diagram(start(), node("parallelGateway", "g"), end(), links="s-g g-e"), id="useless gateway"),
        pytest.param(diagram(start(), user("u", "<incoming>gone</incoming>"), end(), links="s-u u-e"), id="lists"),
        pytest.param(
            diagram(
                start(), node("exclusiveGateway", "g"), user("u"), end(), flow("g", "u", "x"), flow("g", "e"),
                links="s-g u-e",
            ),
            id="no default",
        ),
        pytest.param(diagram(start(), user("u"), end(), flow("u", "gone"), links="s-u u-e"), id="a flow to nowhere"),
        pytest.param(
            diagram(start(), user("u"), end(), links="s-u u-e").replace('"true"', '"false"', 1), id="not executable"
        ),
    ],
)  # fmt: skip
def test_fixes_make_it_run(text: str) -> None:
    """Given a faulty diagram, when its fixes are applied, then it can be published."""
    assert any(one.severity == "error" for one in lint(text))
    assert compile_process(mended(text)).elements


def test_what_is_gone_cannot_be_mended() -> None:
    with pytest.raises(CannotRun) as refused:
        apply_fix(diagram(start(), end(), links="s-e"), {"action": "remove_element", "element": "gone"})
    assert [one.code for one in refused.value.problems] == ["no_fix"]
