"""Whether a value passes the tests of a cell or of ``in`` (DMN 1.5, 10.3.2.8 and table 55)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bpm.feel.limits import Run
from bpm.feel.operators import equal, kind_of, same, within
from bpm.feel.values import Range


def matches(run: Run, value: Any, test: Any) -> bool | None:
    """Tell whether ``value`` equals ``test``, lies in it (a range) or is one of its items (a list)."""
    if type(test) is Range:
        if type(value) is Range and not test.unary:
            return equal(run, value, test)
        return within(run, value, test)
    if type(test) is list:
        return _in_list(run, value, test)
    if value is not None and test is not None and kind_of(value) != kind_of(test):
        run.warn(f"{kind_of(value)} in {kind_of(test)}")
        return None
    return equal(run, value, test)


def _in_list(run: Run, value: Any, items: list[Any]) -> bool | None:
    run.pay(len(items))
    if type(value) is list and same(run, value, items):
        return True
    for item in items:
        item = run.value(item)
        if type(item) is Range:
            if (same if type(value) is Range else within)(run, value, item) is True:
                return True
        elif (type(item) is list and _in_list(run, value, item)) or same(run, value, item):
            return True
    return False


def matches_any(run: Run, value: Any, tests: Iterable[Any]) -> bool | None:
    """Tell whether ``value`` passes one of the tests; null if none and one of them cannot be told."""
    answer: bool | None = False
    for test in tests:
        found = matches(run, value, test)
        if found is True:
            return True
        if found is None:
            answer = None
    return answer
