"""Every built-in function, however it is called: an answer or null, never an accident (DMN 1.5, 10.3.4)."""

from __future__ import annotations

import inspect
import itertools
import re

import pytest

from bpm.feel import FeelError, compile, evaluate
from bpm.feel.functions import BUILTINS
from bpm.feel.functions.registry import Overload
from tests.feel.cases import NOW

VALUES = {
    "any": "1", "number": "1", "string": '"a"', "boolean": "true", "list": "[1, 2]", "context": "{a: 1}",
    "function": "function(x, y) x < y", "range": "[1..5]", "date": '@"2020-01-01"', "time": '@"10:00:00"',
    "moment": '@"2020-01-01T10:00:00Z"', "day": '@"2020-01-01"', "days": '@"PT1H"',
    "number or duration": "1", "point": "1",
}  # fmt: skip
STRANGE = [*VALUES.values(), "null", "[]", "[null]", "[[]]", "{}", '""', "-1", "0", "1.5", "1e6000", "1e-6000",
           '"[1..2]"', '"("', "(< 5)", "(> 5)", '@"P1Y"', '@"-999999999-01-01"', '@"999999999-12-31T23:59:59.9Z"',
           '@"10:00:00.123456789@Europe/Paris"', "function() 1", "count", '"\\U01F40E"']  # fmt: skip
OVERLOADS = [
    pytest.param(name, overload, id=f"{name}-{number}")
    for name, function in sorted(BUILTINS.items())
    for number, overload in enumerate(function.overloads)
]


@pytest.mark.parametrize(("name", "overload"), OVERLOADS)
def test_names_and_positions_mean_the_same(name: str, overload: Overload) -> None:
    values = [VALUES[parameter.kind] for parameter in overload.parameters]
    if any(parameter.spread or parameter.collects for parameter in overload.parameters):
        values[-1] = "[1, 2]" if overload.parameters[-1].spread else values[-1]
    named = ", ".join(f"{one.name}: {value}" for one, value in zip(overload.parameters, values, strict=True))
    by_name = evaluate(f"string({name}({named}))", now=NOW)
    by_place = evaluate(f"string({name}({', '.join(values)}))", now=NOW)
    assert by_name == by_place


@pytest.mark.parametrize("name", sorted(BUILTINS))
def test_unknown_names_and_too_many_arguments_are_null(name: str) -> None:
    most = max(len(overload.parameters) for overload in BUILTINS[name].overloads)
    assert evaluate(f"{name}(no such parameter: 1)", now=NOW) is None
    spreads = any(one.spread or one.collects for over in BUILTINS[name].overloads for one in over.parameters)
    if not spreads:
        assert evaluate(f"{name}({', '.join(['1'] * (most + 1))})", now=NOW) is None


@pytest.mark.parametrize("name", sorted(BUILTINS))
def test_no_kind_of_argument_is_an_accident(name: str) -> None:
    most = max(len(overload.parameters) for overload in BUILTINS[name].overloads)
    strange = [evaluate(text) for text in STRANGE]
    for count in range(min(most, 3) + 1):
        places = [f"v{number}" for number in range(count)]
        expression = compile(f"string([{name}({', '.join(places)})])")
        for values in itertools.product(strange[:: max(1, 4 * count - 7)], repeat=count):
            try:
                expression.evaluate(dict(zip(places, values, strict=True)), NOW)
            except FeelError as refused:
                assert refused.message


@pytest.mark.parametrize(("name", "overload"), OVERLOADS)
def test_every_docstring_names_its_clause(name: str, overload: Overload) -> None:
    text = inspect.getdoc(overload.call) or ""
    assert re.search(r"\(.*(10\.3\.4\.\d+|addition)", text), f"{name}: {text}"
