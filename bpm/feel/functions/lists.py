"""List functions (DMN 1.5, 10.3.4.4 and 10.3.4.9). Positions count from 1, or from the end if negative."""

from __future__ import annotations

from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from bpm.feel.functions.registry import builtin
from bpm.feel.limits import Run, check_list
from bpm.feel.operators import compare, same
from bpm.feel.values import Function, whole


def index_of_position(items: list[Any], position: Decimal) -> int | None:
    """Return Python's index of a position, or None if there is no such item."""
    number = whole(position)
    if number == 0 or abs(number) > len(items):
        return None
    return number - 1 if number > 0 else len(items) + number


def _has(run: Run, items: list[Any], element: Any) -> bool:
    run.pay(len(items))
    return any(same(run, run.value(item), element) for item in items)


@builtin("list contains", "list: list, element: any -> boolean")
def list_contains(run: Run, items: list[Any], element: Any) -> bool:
    """Whether an item equals ``element`` (10.3.4.4)."""
    return _has(run, items, element)


@builtin("count", "list: list -> number")
def count(run: Run, items: list[Any]) -> Decimal:
    """Number of items (10.3.4.4)."""
    return Decimal(len(items))


def _extreme(run: Run, items: list[Any], sign: int) -> Any:
    run.pay(len(items))
    best = items[0] if items else None
    if len(items) == 1 and compare(run, best, best) is None:
        return None
    for item in items[1:]:
        order = compare(run, item, best)
        if order is None:
            return None
        if order == sign:
            best = item
    return best


@builtin("min", "list: list<point>... -> item")
def minimum(run: Run, items: list[Any]) -> Any:
    """The smallest of comparable items; null of none (10.3.4.4)."""
    return _extreme(run, items, -1)


@builtin("max", "list: list<point>... -> item")
def maximum(run: Run, items: list[Any]) -> Any:
    """The greatest of comparable items; null of none (10.3.4.4)."""
    return _extreme(run, items, 1)


def _all_are(run: Run, items: list[Any], decisive: bool) -> bool | None:
    run.pay(len(items))
    if any(item is decisive for item in items):
        return decisive
    strange = [item for item in items if type(item) is not bool]
    if any(item is not None for item in strange):
        run.warn("boolean?")
    return None if strange else not decisive


@builtin("all", "list: list... -> boolean", quiet=True)
def every(run: Run, items: list[Any]) -> bool | None:
    """Conjunction of the items (10.3.4.4)."""
    return _all_are(run, items, False)


@builtin("any", "list: list... -> boolean", quiet=True)
def some(run: Run, items: list[Any]) -> bool | None:
    """Disjunction of the items (10.3.4.4)."""
    return _all_are(run, items, True)


@builtin("sublist", "list: list, start position: number, length: number? -> same")
def sublist(run: Run, items: list[Any], start: Decimal, length: Decimal | None = None) -> list[Any] | None:
    """The items from a position on, or ``length`` of them (10.3.4.4)."""
    index = index_of_position(items, start)
    if index is None:
        return None
    if length is None:
        return items[index:]
    number = whole(length)
    return items[index : index + number] if 0 <= number <= len(items) - index else None


@builtin("append", "list: list, item: list* -> joined")
def append(run: Run, items: list[Any], more: list[Any]) -> list[Any]:
    """The list with further items at its end (10.3.4.4)."""
    return check_list([*items, *more])


@builtin("concatenate", "list: list* -> joined")
def concatenate(run: Run, lists: list[Any]) -> list[Any] | None:
    """Join lists (10.3.4.4)."""
    if any(item is None for item in lists):
        return None
    result: list[Any] = []
    for item in lists:
        result.extend(item if type(item) is list else [item])
        check_list(result)
    return result


@builtin("insert before", "list: list, position: number, newItem: any -> joined")
def insert_before(run: Run, items: list[Any], position: Decimal, item: Any) -> list[Any] | None:
    """The list with an item put before a position (10.3.4.4)."""
    index = index_of_position(items, position)
    return None if index is None else check_list([*items[:index], item, *items[index:]])


@builtin("remove", "list: list, position: number -> same")
def remove(run: Run, items: list[Any], position: Decimal) -> list[Any] | None:
    """The list without the item at a position (10.3.4.4)."""
    index = index_of_position(items, position)
    return None if index is None else items[:index] + items[index + 1 :]


@builtin("list replace", "list: list, position: number, newItem: any -> joined")
def replace_at(run: Run, items: list[Any], position: Decimal, item: Any) -> list[Any] | None:
    """The list with another item at a position (10.3.4.4)."""
    index = index_of_position(items, position)
    return None if index is None else [*items[:index], item, *items[index + 1 :]]


@builtin("list replace", "list: list, match: function, newItem: any -> joined")
def replace_matching(run: Run, items: list[Any], match: Function, item: Any) -> list[Any] | None:
    """The list with another item wherever ``match(old item, new item)`` is true (10.3.4.4)."""
    from bpm.feel.calls import invoke

    result = []
    for old in items:
        answer = invoke(run, match, [run.value(old), item])
        if type(answer) is not bool:
            return None
        result.append(item if answer else old)
    return result


@builtin("reverse", "list: list -> same")
def reverse(run: Run, items: list[Any]) -> list[Any]:
    """The items from last to first (10.3.4.4)."""
    return items[::-1]


@builtin("index of", "list: list, match: any -> list<number>")
def index_of(run: Run, items: list[Any], match: Any) -> list[Any]:
    """All positions at which an item equals ``match`` (10.3.4.4)."""
    run.pay(len(items))
    return [Decimal(number) for number, item in enumerate(items, 1) if same(run, run.value(item), match)]


def _distinct(run: Run, items: list[Any]) -> list[Any]:
    result: list[Any] = []
    plain: set[Any] = set()
    for item in items:
        item = run.value(item)
        kind = type(item)
        if kind is str or kind is Decimal or kind is bool or item is None:
            if (kind, item) not in plain:
                plain.add((kind, item))
                result.append(item)
        elif not _has(run, result, item):
            result.append(item)
    return check_list(result)


@builtin("union", "list: list* -> joined")
def union(run: Run, lists: list[Any]) -> list[Any] | None:
    """Join lists, each value once (10.3.4.4)."""
    joined = concatenate(run, lists)
    return None if joined is None else distinct_values(run, joined)


@builtin("distinct values", "list: list -> same")
def distinct_values(run: Run, items: list[Any]) -> list[Any]:
    """Each value once, where it first appears (10.3.4.4)."""
    run.pay(len(items))
    return _distinct(run, items)


@builtin("duplicate values", "list: list -> same")
def duplicate_values(run: Run, items: list[Any]) -> list[Any]:
    """The values that appear more than once (an addition of other tools, not of the standard)."""
    run.pay(len(items))
    return [item for item in _distinct(run, items) if len(index_of(run, items, item)) > 1]


@builtin("flatten", "list: list -> list")
def flatten(run: Run, items: list[Any]) -> list[Any]:
    """The list with the items of its inner lists in their place (10.3.4.4)."""
    result: list[Any] = []
    stack = [iter(items)]
    while stack:
        for item in stack[-1]:
            run.pay()
            if type(item) is list:
                stack.append(iter(item))
                break
            result.append(run.value(item))
        else:
            stack.pop()
    return check_list(result)


@builtin("sort", "list: list, precedes: function -> same")
def sort(run: Run, items: list[Any], precedes: Function) -> list[Any] | None:
    """The list in the order of ``precedes(a, b)``, equals keeping their places (10.3.4.9)."""
    from bpm.feel.calls import invoke

    if precedes.overloads is None and len(precedes.parameters) != 2:
        return None
    answers: list[Any] = []

    def order(left: Any, right: Any) -> int:
        if invoke(run, precedes, [run.value(left), run.value(right)]) is True:
            return -1
        answer = invoke(run, precedes, [run.value(right), run.value(left)])
        if type(answer) is not bool:
            answers.append(answer)
        return 1 if answer is True else 0

    result = sorted(items, key=cmp_to_key(order))
    return None if answers else result


@builtin("sort", "list: list -> same")
def sort_ascending(run: Run, items: list[Any]) -> list[Any] | None:
    """Comparable items in ascending order (an addition of other tools, not of the standard)."""
    run.pay(len(items) * 4)
    if any(compare(run, items[0], item) is None for item in items):
        return None
    return sorted(items, key=cmp_to_key(lambda left, right: compare(run, left, right) or 0))
