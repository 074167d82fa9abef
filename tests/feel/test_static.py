"""Types and faults that are found while an expression is written."""

from __future__ import annotations

import itertools

import pytest

from bpm.feel import evaluate, explain, parse, tree, variables
from bpm.feel.functions import BUILTINS
from bpm.feel.operators import kind_of
from bpm.feel.static import sample_type, types
from bpm.feel.types import Type
from tests.feel.cases import NOW, identical
from tests.feel.test_builtins_signatures import VALUES

KNOWN = {
    "amount": Type("number"),
    "name": Type("string"),
    "day": Type("date"),
    "deal": sample_type({"amount": 1, "items": [{"price": 2}]}),
}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("amount * 2", "number"),
        ("amount > 5 and name = null", "boolean"),
        ("day + @\"P1D\"", "date"),
        ("day - day", "days and time duration"),
        ("deal.items.price", "list"),
        ("deal.items[price > 1]", "list"),
        ("deal.items[1].price", "number"),
        ("if amount > 1 then \"a\" else \"b\"", "string"),
        ("unknown", "Any"),
        ("string(amount)", "string"),
        ("count(deal.items)", "number"),
        ("sort(deal.items, function(a, b) a.price < b.price)[1].price", "number"),
        ("sublist(deal.items, 1)[1].price", "number"),
        ("reverse([name])[1]", "string"),
        ("min(deal.items.price)", "number"),
        ("max(day, day)", "date"),
        ("max([name, name])", "string"),
        ("sum(for i in deal.items return i.price)", "number"),
        ("append([1], 2)[1]", "number"),
        ("concatenate([name], [name])[1]", "string"),
        ("append([1], name)[1]", "Any"),
        ("index of([name], name)[1]", "number"),
        ("split(name, \",\")[1]", "string"),
        ("get entries(deal)[1].key", "string"),
        ("abs(@\"P1D\")", "days and time duration"),
        ("date(day)", "date"),
        ("number(name)", "number"),
        ("not(amount > 1)", "boolean"),
        ("today() - day", "days and time duration"),
        ("day.year", "number"),
        ("now().timezone", "string"),
        ("[amount..5].start", "number"),
        ("(> amount)", "range"),
        ("amount in (? > 3)", "boolean"),
        ("amount instance of number", "boolean"),
        ("{f: function(x: number) x + 1, r: f(amount)}.r", "number"),
        ("(function(a) name)(1)", "string"),
        ("manager_of(name)", "Any"),
        ("substring([name], [1])", "string"),
    ],
)  # fmt: skip
def test_type(text: str, kind: str) -> None:
    found, faults = types(text, KNOWN)
    assert found.name == kind
    assert faults == []


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("1 + amount > name", "1 + amount > name"),
        ("amount + name", "+ name"),
        ("deal.missing > 1", "deal.missing"),
        ("amount and true", "amount"),
        ('@"tomorrow" > day', '@"tomorrow"'),
        ("some i in deal.items satisfies i.prize > 1", "i.prize"),
        ("substring(amount, 1)", "amount"),
        ("substring(name, name)", "name"),
        ("substring(name)", "substring(name)"),
        ("substring(name, 1, 2, 3)", "substring(name, 1, 2, 3)"),
        ("substring(text: name, start position: 1)", "substring(text: name, start position: 1)"),
        ("substring(string: amount, start position: 1)", "amount"),
        ("sum([name])", "[name]"),
        ("sum(1, name)", "name"),
        ("string join([1, 2])", "[1, 2]"),
        ("today(1)", "today(1)"),
        ("day of week(name)", "name"),
        ("before(1, [1..2], 3)", "before(1, [1..2], 3)"),
        ("count(amount + name)", "+ name"),
        ("day.hours", "day.hours"),
        ("name.length", "name.length"),
        ("[1..name]", "[1..name]"),
        ("amount in (? + name)", "+ name"),
        ("{f: function(x: number) x, r: f(name)}.r", "name"),
        ("{f: function(x: number) x, r: f(1, 2)}.r", "f(1, 2)"),
    ],
)
def test_fault(text: str, part: str) -> None:
    _type, faults = types(text, KNOWN)
    assert [text[fault.start : fault.end] for fault in faults][-1:] == [part]
    assert faults[0].text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("substring(amount, 1)", ["number", "string of substring()", "must be string"]),
        ("day of week(name)", ["string", "date of day of week()", "date / date and time"]),
        ("substring(name)", ["substring(string, start position, length?)"]),
        ("substring(text: name)", ["text", "substring(string, start position, length?)"]),
        ("sum([name])", ["list<string>", "list<number>"]),
        ("list replace([1], name, 2)", ["number / function"]),
    ],
)
def test_a_fault_says_what_is_expected(text: str, words: list[str]) -> None:
    fault = types(text, KNOWN)[1][-1]
    assert all(word in fault.text for word in words), fault.text


@pytest.mark.parametrize("name", sorted(BUILTINS))
def test_what_is_said_of_a_call_is_true(name: str) -> None:
    """A call found faulty gives null; a result has the type that was foretold."""
    samples = [*VALUES.values(), "[]", '["a"]', '@"P1Y"', "[{a: 1}]", "[function(x) x]", "[[1]]"]
    most = max(len(overload.parameters) for overload in BUILTINS[name].overloads)
    for count in range(most + 2):
        for values in itertools.product(samples[:: max(1, 3 * count - 5)], repeat=count):
            text = f"{name}({', '.join(values)})"
            kind, faults = types(text, {})
            found = evaluate(text, now=NOW)
            assert not faults or found is None, text
            assert found is None or kind.name in ("Any", kind_of(found)), text
            if found and kind.name == "list" and kind.element is not None:
                assert all(kind.element.name in ("Any", kind_of(item)) for item in found), text


EVERY_KIND = [
    # expression, variables
    ("5 + a", {"a"}), ('@"P1D"', set()), ("[a, b]", {"a", "b"}), ("{k: a, l: k}", {"a"}), ("[a..b]", {"a", "b"}),
    ("(< a)", {"a"}), ("if a > 1 then b else c", {"a", "b", "c"}), ("for i in a return i + b", {"a", "b"}),
    ("for i in a..b return partial", {"a", "b"}), ("some i in l satisfies i = a", {"l", "a"}),
    ("every i in l, k in m satisfies i = k", {"l", "m"}), ("(function(x) x + a)(b)", {"a", "b"}),
    ("function(x: number) external {java: x}", set()), ("abs(n: a)", {"a"}), ("count(l)", {"l"}), ("r.s.t", {"r"}),
    ("l[1]", {"l"}), ("l[item > a]", {"l"}), ("a - b", {"a", "b"}), ("a ** b / c", {"a", "b", "c"}), ("-a", {"a"}),
    ("a and b or c", {"a", "b", "c"}), ("a != b", {"a", "b"}), ("a between b and c", {"a", "b", "c"}),
    ("a in (b, > c, ? < d)", {"a", "b", "c", "d"}), ("a instance of list<number>", {"a"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "names"), EVERY_KIND)
def test_variables_and_explanation_of_every_kind_of_node(text: str, names: set[str]) -> None:
    assert variables(text) == names
    context = {"a": 1, "b": 2, "c": 3, "d": 4, "l": [1, 2], "m": [2], "r": {"s": {"t": 5}}}
    found = explain(text, context, now=NOW)
    said = {part: value for part, value in found if isinstance(part, str)}
    if not text.startswith(("@", "function")):
        assert found[-1][0] in (text, text.strip("()"))
        assert identical(found[-1][1], evaluate(text, context, now=NOW))
    read = {name for name in names if name in said}
    assert read == names or text.startswith(("if", "a and", "a between", "a in", "l[item", "every", "some"))


def test_every_kind_of_node_is_among_them() -> None:
    inner = {"Node", "Term", "Entry", "Argument", "Iterator", "TypeNode", "Parameter", "Tests"}
    seen = {type(part).__name__ for text, _names in EVERY_KIND for part in tree.walk(parse(text))}
    kinds = {
        name for name, kind in vars(tree).items() if isinstance(kind, type) and issubclass(kind, tree.Node)
    }
    assert kinds - inner - seen == set()
