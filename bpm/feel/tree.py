"""The syntax tree: one small class for each construct of the grammar (DMN 1.5, 10.3.1.2).

``start`` and ``end`` are places in the text; they do not count when trees are compared.
"""

from __future__ import annotations

from collections.abc import Iterator as Iterating
from dataclasses import dataclass, field, fields
from decimal import Decimal


@dataclass(slots=True)
class Node:
    """Base of all nodes."""

    start: int = field(default=0, compare=False, kw_only=True, repr=False)
    end: int = field(default=0, compare=False, kw_only=True, repr=False)


@dataclass(slots=True)
class Literal(Node):
    """A number, a string, true, false or null."""

    value: Decimal | str | bool | None


@dataclass(slots=True)
class AtLiteral(Node):
    """``@"2026-03-03"``."""

    text: str


@dataclass(slots=True)
class Name(Node):
    name: str


@dataclass(slots=True)
class ListNode(Node):
    items: tuple[Node, ...]


@dataclass(slots=True)
class Entry(Node):
    key: str
    value: Node


@dataclass(slots=True)
class ContextNode(Node):
    entries: tuple[Entry, ...]


@dataclass(slots=True)
class RangeNode(Node):
    low: Node
    high: Node
    low_included: bool
    high_included: bool


@dataclass(slots=True)
class Comparing(Node):
    """``< 5`` without a left side: a test in a cell, or a range in brackets."""

    operator: str
    operand: Node


@dataclass(slots=True)
class If(Node):
    condition: Node
    then: Node
    otherwise: Node


@dataclass(slots=True)
class Iterator(Node):
    """``name in source`` or, in ``for`` only, ``name in source .. last``."""

    name: str
    source: Node
    last: Node | None = None


@dataclass(slots=True)
class For(Node):
    iterators: tuple[Iterator, ...]
    body: Node


@dataclass(slots=True)
class Quantified(Node):
    """``some`` or ``every``."""

    kind: str
    iterators: tuple[Iterator, ...]
    condition: Node


@dataclass(slots=True)
class TypeNode(Node):
    """A type's name with what stands in its angle brackets."""

    name: str
    arguments: tuple[TypeNode, ...] = ()
    keys: tuple[str, ...] = ()
    result: TypeNode | None = None


@dataclass(slots=True)
class Parameter(Node):
    name: str
    type: TypeNode | None = None


@dataclass(slots=True)
class FunctionNode(Node):
    parameters: tuple[Parameter, ...]
    body: Node
    external: bool = False


@dataclass(slots=True)
class Argument(Node):
    """One argument of a call; ``name`` is "" for a positional one."""

    name: str
    value: Node


@dataclass(slots=True)
class Call(Node):
    function: Node
    arguments: tuple[Argument, ...]


@dataclass(slots=True)
class Path(Node):
    source: Node
    name: str


@dataclass(slots=True)
class Filter(Node):
    source: Node
    condition: Node


@dataclass(slots=True)
class Term(Node):
    """``+ operand`` and the like, one link of a chain."""

    operator: str
    operand: Node


@dataclass(slots=True)
class Chain(Node):
    """Operators of one rank, applied from the left: ``a + b - c``."""

    first: Node
    terms: tuple[Term, ...]


@dataclass(slots=True)
class Negate(Node):
    operand: Node


@dataclass(slots=True)
class Logic(Node):
    """``and`` or ``or`` over two or more operands."""

    operator: str
    operands: tuple[Node, ...]


@dataclass(slots=True)
class Comparison(Node):
    operator: str
    left: Node
    right: Node


@dataclass(slots=True)
class Between(Node):
    value: Node
    low: Node
    high: Node


@dataclass(slots=True)
class In(Node):
    """``value in test`` or ``value in (test, test)``."""

    value: Node
    tests: tuple[Node, ...]


@dataclass(slots=True)
class InstanceOf(Node):
    value: Node
    type: TypeNode


@dataclass(slots=True)
class Tests(Node):
    """The content of a cell (DMN 1.5, rules 14-18); no tests at all is ``-``."""

    tests: tuple[Node, ...]
    negated: bool = False


def children(node: Node) -> Iterating[Node]:
    """Yield the nodes directly below ``node``, in the order of the text."""
    for part in fields(node):
        value = getattr(node, part.name)
        if isinstance(value, Node):
            yield value
        elif isinstance(value, tuple):
            yield from (item for item in value if isinstance(item, Node))


def price(node: Node) -> int:
    """Return the steps that one evaluation of ``node`` costs: more for a long text than for a short one."""
    return 1 + sum(1 for _part in walk(node)) // 8


def reads_subject(node: Node) -> bool:
    """Tell whether ``?``, the value under test, occurs in ``node``."""
    return any(isinstance(part, Name) and part.name == "?" for part in walk(node))


def walk(node: Node) -> Iterating[Node]:
    """Yield ``node`` and everything below it."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(children(current))


CONSTRUCTORS = frozenset({"date", "time", "date and time", "duration", "years and months duration"})
"""Functions that give the same value of the same text at any time."""


def is_constant(node: Node) -> bool:
    """Tell whether a node always has the same value: a literal, or one made by a constructor."""
    match node:
        case Literal() | AtLiteral():
            return True
        case Negate(operand):
            return is_constant(operand)
        case RangeNode(low, high):
            return isinstance(low, Literal) and isinstance(high, Literal)
        case Call(Name(name), arguments):
            return name in CONSTRUCTORS and all(is_constant(argument.value) for argument in arguments)
    return False
