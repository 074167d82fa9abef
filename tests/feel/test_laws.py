"""Laws that hold for all expressions: writing and reading, arithmetic, dates, and never an accident."""

from __future__ import annotations

import inspect
import sys
from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bpm.feel import FeelError, compile, evaluate, parse, tree, unary
from bpm.feel.functions import BUILTINS
from bpm.feel.parser import Parser
from bpm.feel.printer import write
from bpm.feel.values import NUMBERS, DaysDuration, YearsDuration
from tests.feel.timing import LIMIT, seconds

NOW = datetime(2026, 3, 3, 8, 0, tzinfo=UTC)
SPECIAL = ["profit-loss", "for each", "date of birth", "it's", "a.b+c"]
names = st.sampled_from(["a", "b", "amount", "monthly payment", "items", "ставка", "_x1", *SPECIAL])
numbers = st.decimals(allow_nan=False, allow_infinity=False, min_value=0, max_value=10**9, places=2)
literals = st.one_of(
    st.builds(tree.Literal, st.one_of(numbers, st.booleans(), st.none(), st.text(max_size=8))),
    st.builds(tree.Name, names),
    st.builds(tree.AtLiteral, st.sampled_from(["2026-03-03", "P1D", "P1Y", "10:00:00"])),
)
simple_types = st.builds(tree.TypeNode, st.sampled_from(["number", "date and time", "Any", "my type", "a.b"]))


def larger_types(inner: st.SearchStrategy[tree.TypeNode]) -> st.SearchStrategy[tree.TypeNode]:
    several = st.lists(inner, max_size=2).map(tuple)
    fields = st.lists(st.tuples(names, inner), min_size=1, max_size=2)
    return st.one_of(
        st.builds(tree.TypeNode, st.sampled_from(["list", "range"]), st.tuples(inner)),
        fields.map(
            lambda pairs: tree.TypeNode(
                "context", tuple(kind for _key, kind in pairs), tuple(key for key, _kind in pairs)
            )
        ),
        st.builds(tree.TypeNode, st.just("function"), several, st.just(()), inner),
    )


types = st.recursive(simple_types, larger_types, max_leaves=4)


def chains(operators: str, children: st.SearchStrategy[tree.Node]) -> st.SearchStrategy[tree.Node]:
    term = st.builds(tree.Term, st.sampled_from(operators.split()), children)
    return st.builds(tree.Chain, children, st.lists(term, min_size=1, max_size=3).map(tuple))


def comparing(children: st.SearchStrategy[tree.Node]) -> st.SearchStrategy[tree.Node]:
    return st.builds(tree.Comparing, st.sampled_from(["<", "<=", ">=", ">", "=", "!="]), children)


def larger(children: st.SearchStrategy[tree.Node]) -> st.SearchStrategy[tree.Node]:
    several = st.lists(children, max_size=3).map(tuple)
    iterators = st.lists(st.builds(tree.Iterator, names, children), min_size=1, max_size=2).map(tuple)
    counting = st.lists(
        st.builds(tree.Iterator, names, children, st.none() | children), min_size=1, max_size=2
    ).map(tuple)
    tests = st.one_of(children, comparing(children))
    named = st.lists(st.builds(tree.Argument, names, children), max_size=2).map(tuple)
    return st.one_of(
        st.builds(tree.ListNode, several),
        st.builds(tree.ContextNode, st.lists(st.builds(tree.Entry, names, children), max_size=2).map(tuple)),
        st.builds(tree.RangeNode, children, children, st.booleans(), st.booleans()),
        comparing(children),
        st.builds(tree.If, children, children, children),
        st.builds(tree.For, counting, children),
        st.builds(tree.Quantified, st.sampled_from(["some", "every"]), iterators, children),
        st.builds(
            tree.FunctionNode,
            st.lists(st.builds(tree.Parameter, names, st.none() | types), max_size=2).map(tuple),
            children,
            st.booleans(),
        ),
        st.builds(
            tree.Call,
            children,
            st.lists(st.builds(tree.Argument, st.just(""), children), max_size=2).map(tuple) | named,
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


cells = st.one_of(
    st.just(tree.Tests(())),
    st.builds(
        tree.Tests,
        st.lists(st.one_of(trees, comparing(trees)), min_size=1, max_size=3).map(tuple),
        st.booleans(),
    ),
)


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(trees)
def test_what_is_written_is_read_again(node: tree.Node) -> None:
    assert parse(write(node), SPECIAL) == node


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cells)
def test_a_cell_that_is_written_is_read_again(node: tree.Tests) -> None:
    assert Parser(write(node), SPECIAL).cell() == node


def test_the_law_of_writing_covers_every_kind_of_node() -> None:
    source = inspect.getsource(sys.modules[__name__])
    kinds = {
        name for name, kind in vars(tree).items() if isinstance(kind, type) and issubclass(kind, tree.Node)
    }
    assert {name for name in kinds - {"Node"} if f"tree.{name}" not in source} == set()


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

    def action() -> None:
        try:
            if as_cell:
                unary(text).matches(Decimal(1), CONTEXT, NOW)
            else:
                evaluate(text, CONTEXT, now=NOW)
        except FeelError as error:
            assert str(error)

    assert seconds(action) < LIMIT


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
    text = write(node)
    expression = compile(text, SPECIAL)

    def action() -> None:
        try:
            expression.evaluate(CONTEXT, NOW)
        except FeelError as error:
            assert str(error)

    assert seconds(action) < LIMIT


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


durations = st.integers(-(10**15), 10**15).map(DaysDuration)
months = st.integers(-5000, 5000).map(YearsDuration)
factors = st.integers(-1000, 1000).filter(bool)


@given(durations, durations, factors)
def test_durations_of_days_are_numbers_of_nanoseconds(one: DaysDuration, other: DaysDuration, n: int) -> None:
    context = {"x": one, "y": other, "n": n}
    assert evaluate("x + y = y + x and (x + y) - y = x", context) is True
    assert evaluate("(x * n) / n = x and x * n = n * x", context) is True
    assert evaluate("-(-x) = x and x - y = -(y - x)", context) is True
    assert evaluate("(x < y) = (y > x)", context) is True
    assert evaluate("x / y", context) == (
        NUMBERS.divide(Decimal(one.nanoseconds), Decimal(other.nanoseconds)) if other.nanoseconds else None
    )
    whole = (
        'x.days * @"P1D" + x.hours * @"PT1H" + x.minutes * @"PT1M" + decimal(x.seconds * 1e9, 0)'
        ' * @"PT0.000000001S"'
    )
    assert evaluate(f"{whole} = x", context) is True


@given(months, months, factors)
def test_durations_of_months_are_numbers_of_months(one: YearsDuration, other: YearsDuration, n: int) -> None:
    context = {"x": one, "y": other, "n": n}
    assert evaluate("x + y = y + x and (x + y) - y = x", context) is True
    assert evaluate("(x * n) / n = x", context) is True
    assert evaluate('x.years * @"P1Y" + x.months * @"P1M" = x', context) is True
    assert evaluate("duration(string(x)) = x", context) is True


@given(days, st.integers(0, 2000))
def test_months_between_two_days(day: date, number: int) -> None:
    context = {"d": day, "m": YearsDuration(number)}
    assert evaluate("if d.day <= 28 then years and months duration(d, d + m) = m else true", context) is True
    assert evaluate("d + m - m <= d", context) is True


@given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)), durations)
def test_an_instant_is_the_same_in_every_zone(moment: datetime, length: DaysDuration) -> None:
    text = moment.isoformat()
    context = {"u": f"{text}Z", "d": length}
    for zone in ("+05:30", "-11:00", "@Europe/Warsaw", "@America/New_York"):
        context["z"] = f"{text}{zone}"
        law = '{m: date and time(z), a: m + d, r: a - m = d and (a > m) = (d > @"PT0S")}.r'
        assert evaluate(law, context) is True
    assert evaluate("date and time(u) + d - d = date and time(u)", context) is True


@given(wide_numbers, st.integers(-6, 6))
def test_rounding_brackets_the_number(number: Decimal, scale: int) -> None:
    context = {"x": number, "s": scale}
    assert evaluate("floor(x, s) <= x and x <= ceiling(x, s)", context) is True
    assert evaluate("abs(round down(x, s)) <= abs(x) and abs(x) <= abs(round up(x, s))", context) is True
    for name in ("decimal", "round half up", "round half down"):
        assert evaluate(f"abs({name}(x, s) - x) <= 0.5 * 10 ** -s", context) is True


@given(wide_numbers, wide_numbers.filter(bool))
def test_modulo_has_the_sign_of_its_divisor(one: Decimal, other: Decimal) -> None:
    context = {"x": one, "y": other}
    assert evaluate("abs(modulo(x, y)) < abs(y) and modulo(x, y) * y >= 0", context) is True
