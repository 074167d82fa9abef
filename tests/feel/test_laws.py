"""Laws that hold for all expressions: writing and reading, arithmetic, dates, and never an accident."""

from __future__ import annotations

import gc
import time
from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bpm.feel import FeelError, evaluate, parse, tree, unary
from bpm.feel.functions import BUILTINS
from bpm.feel.printer import write
from bpm.feel.values import NUMBERS, DaysDuration

NOW = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
names = st.sampled_from(["a", "b", "amount", "monthly payment", "items", "ставка", "_x1"])
numbers = st.decimals(allow_nan=False, allow_infinity=False, min_value=0, max_value=10**9, places=2)
literals = st.one_of(
    st.builds(tree.Literal, st.one_of(numbers, st.booleans(), st.none(), st.text(max_size=8))),
    st.builds(tree.Name, names),
    st.builds(tree.AtLiteral, st.sampled_from(["2026-03-03", "P1D", "P1Y", "10:00:00"])),
)
types = st.sampled_from([tree.TypeNode("number"), tree.TypeNode("list", (tree.TypeNode("date and time"),))])


def chains(operators: str, children: st.SearchStrategy[tree.Node]) -> st.SearchStrategy[tree.Node]:
    term = st.builds(tree.Term, st.sampled_from(operators.split()), children)
    return st.builds(tree.Chain, children, st.lists(term, min_size=1, max_size=3).map(tuple))


def larger(children: st.SearchStrategy[tree.Node]) -> st.SearchStrategy[tree.Node]:
    several = st.lists(children, max_size=3).map(tuple)
    iterators = st.lists(st.builds(tree.Iterator, names, children), min_size=1, max_size=2).map(tuple)
    tests = st.one_of(children, st.builds(tree.Comparing, st.sampled_from(["<", ">=", "="]), children))
    return st.one_of(
        st.builds(tree.ListNode, several),
        st.builds(tree.ContextNode, st.lists(st.builds(tree.Entry, names, children), max_size=2).map(tuple)),
        st.builds(tree.RangeNode, children, children, st.booleans(), st.booleans()),
        st.builds(tree.If, children, children, children),
        st.builds(tree.For, iterators, children),
        st.builds(tree.Quantified, st.sampled_from(["some", "every"]), iterators, children),
        st.builds(
            tree.FunctionNode,
            st.lists(st.builds(tree.Parameter, names, st.none() | types), max_size=2).map(tuple),
            children,
        ),
        st.builds(
            tree.Call,
            children,
            st.lists(st.builds(tree.Argument, st.just(""), children), max_size=2).map(tuple),
        ),
        st.builds(tree.Path, children, names),
        st.builds(tree.Filter, children, children),
        chains("+ -", children),
        chains("* /", children),
        chains("**", children),
        st.builds(tree.Negate, children),
        st.builds(tree.Logic, st.just("and"), st.lists(children, min_size=2, max_size=3).map(tuple)),
        st.builds(tree.Logic, st.just("or"), st.lists(children, min_size=2, max_size=3).map(tuple)),
        st.builds(tree.Comparison, st.sampled_from(["=", "!=", "<", "<=", ">", ">="]), children, children),
        st.builds(tree.Between, children, children, children),
        st.builds(tree.In, children, st.lists(tests, min_size=1, max_size=2).map(tuple)),
        st.builds(tree.InstanceOf, children, types),
    )


trees = st.recursive(literals, larger, max_leaves=12)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(trees)
def test_what_is_written_is_read_again(node: tree.Node) -> None:
    assert parse(write(node)) == node


WORDS = [
    "+", "-", "*", "/", "**", "(", ")", "[", "]", "{", "}", ",", ".", "..", ":", "=", "!=", "<",
    "<=", ">", ">=",
    "==", "@", "?", "'", "if", "then", "else", "for", "in", "return", "some", "every", "satisfies",
    "and", "or",
    "not", "between", "instance", "of", "function", "null", "true", "a", "b", "items", "item",
    "number", "list",
    "date", "0", "1", "2.5", "99999999", "1e400",
    '"text"', '"2026-03-03"', '"(a+)+$"', '"aaaaaaaaaaaaaaaaaaaaaaaa!"', "partial", "->", "external",
    "//", "/*",
    *(f"{name}(" for name in BUILTINS),
]  # fmt: skip
CONTEXT = {"a": Decimal(5), "b": "text", "items": [{"p": 1}, {"p": 2}], "?": 3, "item": None}


@settings(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(WORDS), max_size=200), st.booleans())
def test_no_text_does_anything_but_answer_or_refuse(words: list[str], as_cell: bool) -> None:
    text = " ".join(words)
    gc.disable()  # its pauses are not the expression's
    started = time.process_time()
    try:
        if as_cell:
            unary(text).matches(Decimal(1), CONTEXT, NOW)
        else:
            evaluate(text, CONTEXT, now=NOW)
    except FeelError as error:
        assert str(error)
    finally:
        gc.enable()
    assert time.process_time() - started < 0.5


@settings(max_examples=800, deadline=None)
@given(st.sampled_from(sorted(BUILTINS)), st.lists(trees, max_size=4))
def test_no_function_stumbles_over_its_arguments(name: str, arguments: list[tree.Node]) -> None:
    try:
        evaluate(f"{name}({', '.join(map(write, arguments))})", CONTEXT, now=NOW)
    except FeelError as error:
        assert str(error)


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(trees)
def test_no_tree_does_anything_but_answer_or_refuse(node: tree.Node) -> None:
    try:
        evaluate(write(node), CONTEXT, now=NOW)
    except FeelError as error:
        assert str(error)


wide_numbers = st.decimals(
    allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=4
)


@given(wide_numbers, wide_numbers)
def test_arithmetic_is_that_of_decimal(one: Decimal, other: Decimal) -> None:
    context = {"x": one, "y": other}
    assert evaluate("x + y", context) == NUMBERS.add(one, other)
    assert evaluate("x - y", context) == NUMBERS.subtract(one, other)
    assert evaluate("x * y", context) == NUMBERS.multiply(one, other)
    assert evaluate("x / y", context) == (NUMBERS.divide(one, other) if other else None)
    assert evaluate("x < y", context) is (one < other)


days = st.dates(date(1, 1, 10), date(9999, 12, 1))


@given(days, st.integers(-(10**6), 10**6))
def test_days_are_counted_forth_and_back(day: date, number: int) -> None:
    context = {"d": day, "n": DaysDuration(number * 86_400 * 10**9)}
    assert evaluate("(d + n) - n = d", context) is True
    assert evaluate("(d + n) - d = n", context) is True


@given(days, days)
def test_dates_are_ordered_as_python_orders_them(one: date, other: date) -> None:
    context = {"x": one, "y": other}
    assert evaluate("x < y", context) is (one < other)
    assert evaluate("day of year(x)", context) == one.timetuple().tm_yday
    assert evaluate("week of year(x)", context) == one.isocalendar().week
    assert evaluate("x.weekday", context) == one.isoweekday()
    assert evaluate("string(x)", context) == one.isoformat()


@given(st.datetimes(datetime(1, 2, 1), datetime(9998, 1, 1)))
def test_what_string_writes_of_a_moment_is_read_again(moment: datetime) -> None:
    assert evaluate("date and time(string(m)) = m", {"m": moment}) is True


@given(st.integers(-(10**18), 10**18))
def test_what_string_writes_of_a_duration_is_read_again(nanoseconds: int) -> None:
    assert evaluate("duration(string(d)) = d", {"d": DaysDuration(nanoseconds)}) is True
