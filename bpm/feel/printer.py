"""Syntax tree to text: what is read again gives the same tree.

Used by tests and by whoever writes expressions from parts, such as the rows of a condition editor.
"""

from __future__ import annotations

from decimal import Decimal

from bpm.feel import tree
from bpm.feel.names import KEYWORDS

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_TEXTUAL = (tree.If, tree.For, tree.Quantified, tree.FunctionNode)
_POSTFIX = (tree.Call, tree.Path, tree.Filter)
_CHAIN_RANKS = {"+": 4, "-": 4, "*": 5, "/": 5, "**": 6}


def quote(text: str) -> str:
    """Return ``text`` as a string literal."""
    return '"' + "".join(_ESCAPES.get(sign, sign) for sign in text) + '"'


def write(node: tree.Node) -> str:
    """Return the expression as text."""
    match node:
        case tree.Literal(value):
            return _literal(value)
        case tree.AtLiteral(text):
            return f"@{quote(text)}"
        case tree.Name(name):
            return name
        case tree.ListNode(items):
            return f"[{', '.join(write(item) for item in items)}]"
        case tree.ContextNode(entries):
            return "{" + ", ".join(f"{_key(entry.key)}: {write(entry.value)}" for entry in entries) + "}"
        case tree.RangeNode(low, high, low_included, high_included):
            opening, closing = "[" if low_included else "(", "]" if high_included else ")"
            return f"{opening}{write(low)}..{write(high)}{closing}"
        case tree.Comparing(operator, operand):
            return f"({operator} {_inside(operand, 4)})"
        case tree.Tests(tests, negated):
            text = ", ".join(_test(test) for test in tests) or "-"
            return f"not({text})" if negated else text
    return _compound(node)


def _literal(value: Decimal | str | bool | None) -> str:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, str):
        return quote(value)
    return "null" if value is None else "true" if value else "false"


def _key(key: str) -> str:
    words = key.split(" ")
    return key if all(word.isidentifier() and word not in KEYWORDS for word in words) else quote(key)


def _test(node: tree.Node) -> str:
    return f"{node.operator} {_inside(node.operand, 4)}" if isinstance(node, tree.Comparing) else write(node)


def _inside(node: tree.Node, rank: int) -> str:
    """Write an operand, in brackets if it binds less than ``rank``."""
    own = _rank(node)
    return f"({write(node)})" if own < rank else write(node)


def _rank(node: tree.Node) -> int:
    """Tell how tightly a node holds together, from 0 (``if``) to 9 (a literal)."""
    if isinstance(node, tree.Chain):
        return _CHAIN_RANKS[node.terms[0].operator]
    if isinstance(node, tree.Logic):
        return 1 if node.operator == "or" else 2
    if isinstance(node, tree.Comparison | tree.Between | tree.In):
        return 3
    if isinstance(node, tree.Negate | tree.InstanceOf):
        return 7
    return 0 if isinstance(node, _TEXTUAL) else 8 if isinstance(node, _POSTFIX) else 9


def _compound(node: tree.Node) -> str:
    match node:
        case tree.Logic(operator, operands):
            rank = 2 if operator == "or" else 3
            return f" {operator} ".join(_inside(operand, rank) for operand in operands)
        case tree.Comparison(operator, left, right):
            return f"{_inside(left, 3)} {operator} {_inside(right, 4)}"
        case tree.Between(value, low, high):
            return f"{_inside(value, 3)} between {_inside(low, 4)} and {_inside(high, 4)}"
        case tree.In(value, tests):
            return f"{_inside(value, 3)} in ({', '.join(_test(test) for test in tests)})"
        case tree.Chain(first, terms):
            rank = _rank(node) + 1
            parts = [f" {term.operator} {_inside(term.operand, rank)}" for term in terms]
            return _inside(first, rank) + "".join(parts)
        case tree.Negate(operand):
            return f"-{_inside(operand, 8)}"
        case tree.InstanceOf(value, kind):
            return f"{_inside(value, 7)} instance of {write_type(kind)}"
        case tree.Path(source, name):
            return f"{_inside(source, 8)}.{name}"
        case tree.Filter(source, condition):
            return f"{_inside(source, 8)}[{write(condition)}]"
        case tree.Call(function, arguments):
            return f"{_inside(function, 8)}({', '.join(map(_argument, arguments))})"
    return _textual(node)


def _argument(node: tree.Argument) -> str:
    return f"{_key(node.name)}: {write(node.value)}" if node.name else write(node.value)


def _textual(node: tree.Node) -> str:
    match node:
        case tree.If(condition, then, otherwise):
            return f"if {write(condition)} then {write(then)} else {write(otherwise)}"
        case tree.For(iterators, body):
            return f"for {', '.join(map(_iterator, iterators))} return {write(body)}"
        case tree.Quantified(kind, iterators, condition):
            return f"{kind} {', '.join(map(_iterator, iterators))} satisfies {write(condition)}"
        case tree.FunctionNode(parameters, body, external):
            names = ", ".join(
                _key(one.name) + (f": {write_type(one.type)}" if one.type else "") for one in parameters
            )
            return f"function({names}) {'external ' if external else ''}{write(body)}"
    raise TypeError(type(node).__name__)


def _iterator(node: tree.Iterator) -> str:
    last = f"..{write(node.last)}" if node.last is not None else ""
    return f"{node.name} in {write(node.source)}{last}"


def write_type(node: tree.TypeNode) -> str:
    """Return a type as text."""
    arguments = [write_type(argument) for argument in node.arguments]
    if node.name == "context" and node.keys:
        arguments = [f"{key}: {kind}" for key, kind in zip(node.keys, arguments, strict=True)]
    text = node.name + (f"<{', '.join(arguments)}>" if arguments or node.result else "")
    return f"{text} -> {write_type(node.result)}" if node.result else text
