"""``for``, ``some``, ``every`` and filters: whatever visits many items. Each visit costs a step."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from bpm.feel import tree
from bpm.feel.limits import MAX_LIST, Run, check_list
from bpm.feel.operators import kind_of
from bpm.feel.scope import Closure, Scope
from bpm.feel.temporal import date_from_days, days_from_date, is_date
from bpm.feel.values import NUMBERS, Range

Build = Callable[[tree.Node], Closure]
Source = tuple[str, Closure, Closure | None]


class _NoList(Exception):
    """A source of a loop gave nothing that can be visited."""


def _visit(scope: Scope, sources: list[Source], layer: dict[str, Any], price: int) -> Iterator[Scope]:
    """Yield a scope for each combination of items.

    Args:
        layer: its innermost mapping.
        price: the steps that one combination costs.
    """
    name, first, last = sources[0]
    run = scope.run
    inner = Scope(layer, scope, run)
    start = first(inner)
    items = _items(run, start, last(inner)) if last else _items_of(run, start)
    if isinstance(items, _Numbers) and items.make is not Decimal:
        price += 2  # a date takes longer to make than a number
    for item in items:
        run.pay(price)
        layer[name] = run.value(item)
        if len(sources) == 1:
            yield inner
        else:
            yield from _visit(scope, sources[1:], layer, price)
    layer.pop(name, None)


def _items_of(run: Run, value: Any) -> Any:
    if type(value) is list:
        return value
    if type(value) is Range:
        if value.unary or value.low is None or value.high is None:
            raise _NoList
        items = _items(run, value.low, value.high)
        items = items if value.low_included else items[1:]
        return items if value.high_included or not items else items[:-1]
    if value is None:
        raise _NoList
    return [value]


def _items(run: Run, first: Any, last: Any) -> Any:
    """Return the whole numbers, or days, from ``first`` to ``last``, upwards or downwards."""
    if type(first) is Decimal and type(last) is Decimal:
        if any(end != end.to_integral_value() or end.adjusted() >= NUMBERS.prec for end in (first, last)):
            raise _NoList
        low, high = int(first), int(last)
        return _Numbers(range(low, high + 1) if low <= high else range(low, high - 1, -1), Decimal)
    if is_date(first) and is_date(last):
        low, high = days_from_date(first), days_from_date(last)
        return _Numbers(range(low, high + 1) if low <= high else range(low, high - 1, -1), date_from_days)
    run.warn(f"{kind_of(first)}..{kind_of(last)}")
    raise _NoList


class _Partial(dict[str, Any]):
    """The layer of the name ``partial``: a copy of the results so far, made when it is read."""

    def __init__(self, results: list[Any], run: Run) -> None:
        super().__init__()
        self.results = results
        self.run = run

    def get(self, name: str, default: Any = None) -> Any:
        if name != "partial":
            return default
        self.run.pay(len(self.results))
        return list(self.results)


class _Numbers:
    """A range whose items are made one by one."""

    def __init__(self, numbers: range, make: Callable[[int], Decimal | date]) -> None:
        self.numbers = numbers
        self.make = make

    def __bool__(self) -> bool:
        return bool(self.numbers)

    def __iter__(self) -> Iterator[Any]:
        return map(self.make, self.numbers)

    def __getitem__(self, part: slice) -> _Numbers:
        return _Numbers(self.numbers[part], self.make)


def _sources(build: Build, iterators: tuple[tree.Iterator, ...]) -> list[Source]:
    return [
        (iterator.name, build(iterator.source), build(iterator.last) if iterator.last else None)
        for iterator in iterators
    ]


def build_for(build: Build, node: tree.For, opaque: bool = False) -> Closure:
    """``for … return`` (10.3.2.14); ``partial`` is the list of the results so far.

    Args:
        opaque: the body cannot be looked into; it may use ``partial`` and make functions.
    """
    sources = _sources(build, node.iterators)
    body = build(node.body)
    price = tree.price(node)
    wants_partial = opaque or any(
        isinstance(part, tree.Name) and part.name == "partial" for part in tree.walk(node.body)
    )

    captures = opaque or any(isinstance(part, tree.FunctionNode) for part in tree.walk(node.body))

    def run(scope: Scope) -> Any:
        results: list[Any] = []
        try:
            for inner in _visit(scope, sources, {}, price):
                if captures:  # a function made here keeps the items of its own round
                    inner = Scope(dict(inner.names), inner.parent, scope.run)
                inner = Scope(_Partial(results, scope.run), inner, scope.run) if wants_partial else inner
                results.append(body(inner))
                if len(results) > MAX_LIST:
                    check_list(results)
        except _NoList:
            scope.run.warn("for")
            return None
        return results

    return run


def build_quantified(build: Build, node: tree.Quantified) -> Closure:
    """``some`` and ``every`` (10.3.2.15): ``or`` and ``and`` over all combinations."""
    sources = _sources(build, node.iterators)
    condition = build(node.condition)
    price = tree.price(node)
    decisive = node.kind == "some"

    def run(scope: Scope) -> Any:
        answer: bool | None = not decisive
        try:
            for inner in _visit(scope, sources, {}, price):
                value = condition(inner)
                if value is decisive:
                    return decisive
                if type(value) is not bool:
                    scope.run.warn(f"{node.kind} {kind_of(value)}")
                    answer = None
        except _NoList:
            scope.run.warn(node.kind)
            return None
        return answer

    return run


def build_filter(build: Build, node: tree.Filter) -> Closure:
    """``list[position]`` or ``list[condition]`` (10.3.2.5)."""
    source = build(node.source)
    condition = build(node.condition)
    price = 1 + tree.price(node.condition)

    def run(scope: Scope) -> Any:
        items = source(scope)
        if items is None:
            scope.run.warn("null[]")
            return None
        if type(items) is not list:
            items = [items]
        kept = []
        for number, item in enumerate(items):
            scope.run.pay(price)
            answer = condition(_item_scope(scope, scope.run.value(item)))
            if answer is True:
                kept.append(item)
            elif number == 0 and type(answer) is Decimal:
                return _at(scope.run, items, answer)
            elif answer is not False and answer is not None:
                scope.run.warn(f"[{kind_of(answer)}]")
                return None
        if not items and type(condition(_item_scope(scope, None))) is Decimal:
            return _at(scope.run, items, Decimal(1))
        return kept

    return run


def _item_scope(scope: Scope, item: Any) -> Scope:
    inner = Scope({"item": item}, scope, scope.run)
    return Scope(item, inner, scope.run) if isinstance(item, Mapping) else inner


def _at(run: Run, items: list[Any], position: Decimal) -> Any:
    """Return the item at a position that counts from 1, or from the end if negative."""
    if position == position.to_integral_value() and 0 < abs(position) <= len(items):
        index = int(position)
        return run.value(items[index - 1 if index > 0 else index])
    run.warn(f"[{position}]")
    return None
