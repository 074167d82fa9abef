"""Which type an expression has, and which of its parts cannot work, found without evaluating it.

Knows only what is certain: where a type is unknown it says Any and finds no fault.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from bpm.feel import tree
from bpm.feel.expression import parse, special_names
from bpm.feel.functions import find_builtin
from bpm.feel.operators import kind_of
from bpm.feel.static_calls import Argument, Misfit, check_builtin, check_function, common
from bpm.feel.temporal_text import parse_any
from bpm.feel.texts import _
from bpm.feel.types import ANY, Type, resolve, simple

_ORDERED = frozenset(
    {
        "number",
        "string",
        "date",
        "time",
        "date and time",
        "days and time duration",
        "years and months duration",
    }
)
_PROPERTIES: dict[str, dict[str, str]] = {
    "date": dict.fromkeys(("year", "month", "day", "weekday"), "number"),
    "time": {
        **dict.fromkeys(("hour", "minute", "second"), "number"),
        "time offset": "days and time duration",
        "timezone": "string",
    },
    "days and time duration": dict.fromkeys(("days", "hours", "minutes", "seconds"), "number"),
    "years and months duration": dict.fromkeys(("years", "months"), "number"),
    "range": {"start": "", "end": "", "start included": "boolean", "end included": "boolean"},
}
_PROPERTIES["date and time"] = _PROPERTIES["date"] | _PROPERTIES["time"]
"""What stands behind the dot of values that are no contexts (10.3.2.6); "" is the range's own type."""
_BOOLEAN, _NUMBER, _STRING = Type("boolean"), Type("number"), Type("string")


@dataclass(frozen=True, slots=True)
class Fault:
    """A part of an expression that always gives null."""

    start: int
    end: int
    text: str


def types(text: str, known: Mapping[str, Type]) -> tuple[Type, list[Fault]]:
    """Return the type of an expression and the faults in it.

    Args:
        known: the types of the variables; a variable that is not in it is of unknown type.

    Raises:
        FeelError: the text is no expression.
    """
    reader = _Reader()
    return reader.type(parse(text, special_names(known)), dict(known)), reader.faults


class _Reader:
    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def fault(self, node: tree.Node, text: str) -> None:
        self.faults.append(Fault(node.start, node.end, text))

    def type(self, node: tree.Node, known: dict[str, Type]) -> Type:
        """Return the type of ``node`` where the names ``known`` are visible."""
        match node:
            case tree.Literal(value):
                return Type("Null") if value is None else Type(kind_of(value))
            case tree.AtLiteral(text):
                value = parse_any(text)
                if value is None:
                    self.fault(node, _("%(text)s is no date, time or duration.", text=text))
                return Type(kind_of(value)) if value is not None else ANY
            case tree.Name(name):
                if name in known or find_builtin(name) is None:
                    return known.get(name, ANY)
                return Type("function")
            case tree.ListNode(items):
                return Type("list", element=common([self.type(item, known) for item in items]))
            case tree.ContextNode(entries):
                return self._context(entries, known)
            case tree.Path(source, name):
                return self._member(node, self.type(source, known), name)
            case tree.If(condition, then, otherwise):
                self._expect(condition, known, "boolean")
                return common([self.type(then, known), self.type(otherwise, known)])
            case tree.For(iterators, body):
                inner = self._iterate(iterators, known)
                return Type("list", element=self.type(body, {**inner, "partial": Type("list")}))
            case tree.Filter(source, condition):
                return self._filter(source, condition, known)
            case tree.Call():
                return self._call(node, known)
            case tree.Chain(first, terms):
                return self._chain(first, terms, known)
            case tree.Negate(operand):
                return self.type(operand, known)
            case tree.RangeNode(low, high):
                return self._range(node, low, high, known)
            case tree.Comparing(_, operand):
                return Type("range", element=self.type(operand, known))
        return self._boolean(node, known)

    def _boolean(self, node: tree.Node, known: dict[str, Type]) -> Type:
        match node:
            case tree.Logic(_, operands):
                for operand in operands:
                    self._expect(operand, known, "boolean")
                return _BOOLEAN
            case tree.Comparison(operator, left, right):
                self._compare(node, operator, self.type(left, known), self.type(right, known))
                return _BOOLEAN
            case tree.Between(value, low, high):
                kind = self.type(value, known)
                self._compare(node, "<", kind, self.type(low, known))
                self._compare(node, "<", kind, self.type(high, known))
                return _BOOLEAN
            case tree.Quantified(_, iterators, condition):
                self._expect(condition, self._iterate(iterators, known), "boolean")
                return _BOOLEAN
            case tree.FunctionNode(parameters, body):
                kinds = [resolve(one.type, {}) if one.type else ANY for one in parameters]
                inner = dict(zip((one.name for one in parameters), kinds, strict=True))
                return Type("function", parameters=tuple(kinds), result=self.type(body, {**known, **inner}))
            case tree.In(value, tests):
                inner = {**known, "?": self.type(value, known)}
                for test in tests:
                    self.type(test, inner)
                return _BOOLEAN
            case tree.InstanceOf(value):
                self.type(value, known)
                return _BOOLEAN
        return ANY

    def _call(self, node: tree.Call, known: dict[str, Type]) -> Type:
        given = [Argument(one.name, self.type(one.value, known), one.value) for one in node.arguments]
        function = node.function
        name = function.name if isinstance(function, tree.Name) else ""
        built_in = find_builtin(name) if name and known.get(name, ANY).name != "function" else None
        if built_in is not None:
            answer = check_builtin(name, built_in.overloads, given)
        elif name and name not in known:
            return ANY  # a function that the program adds
        else:
            kind = self.type(function, known)
            answer = check_function(name, kind, given) if kind.name == "function" else ANY
        if isinstance(answer, Misfit):
            self.fault(answer.node or node, answer.text)
            return ANY
        return answer

    def _range(self, node: tree.Node, low: tree.Node, high: tree.Node, known: dict[str, Type]) -> Type:
        first, last = self.type(low, known), self.type(high, known)
        self._compare(node, "<", first, last)
        return Type("range", element=common([first, last]))

    def _expect(self, node: tree.Node, known: dict[str, Type], name: str) -> None:
        kind = self.type(node, known)
        if kind.name not in (name, "Any", "Null"):
            self.fault(
                node, _("This is %(found)s, but %(expected)s is needed.", found=kind.name, expected=name)
            )

    def _compare(self, node: tree.Node, operator: str, left: Type, right: Type) -> None:
        if "Any" in (left.name, right.name) or "Null" in (left.name, right.name):
            return
        if left.name != right.name:
            self.fault(
                node, _("%(left)s and %(right)s cannot be compared.", left=left.name, right=right.name)
            )
        elif operator not in ("=", "!=") and left.name not in _ORDERED:
            self.fault(node, _("Values of type %(name)s have no order.", name=left.name))

    def _context(self, entries: tuple[tree.Entry, ...], known: dict[str, Type]) -> Type:
        inner = dict(known)
        fields = []
        for entry in entries:
            kind = self.type(entry.value, inner)
            inner[entry.key] = kind
            fields.append((entry.key, kind))
        return Type("context", fields=tuple(fields))

    def _member(self, node: tree.Node, owner: Type, name: str) -> Type:
        if owner.name == "list":
            return Type("list", element=self._member(node, owner.element or ANY, name))
        if owner.name in _PROPERTIES:
            kind = _PROPERTIES[owner.name].get(name)
            if kind is not None:
                return Type(kind) if kind else owner.element or ANY
        elif owner.name not in ("context", "number", "string", "boolean", "function") or (
            owner.name == "context" and owner.fields is None
        ):
            return ANY
        fields = dict(owner.fields or ())
        if name not in fields:
            self.fault(node, _("There is no field %(name)s here.", name=name))
        return fields.get(name, ANY)

    def _iterate(self, iterators: tuple[tree.Iterator, ...], known: dict[str, Type]) -> dict[str, Type]:
        inner = dict(known)
        for iterator in iterators:
            source = self.type(iterator.source, inner)
            of_range = iterator.last is not None or source.name not in ("list", "range")
            inner[iterator.name] = source if of_range else source.element or ANY
        return inner

    def _filter(self, source: tree.Node, condition: tree.Node, known: dict[str, Type]) -> Type:
        kind = self.type(source, known)
        element = kind.element or ANY if kind.name == "list" else kind
        inner = {**known, "item": element, **dict(element.fields or ())}
        answer = self.type(condition, inner)
        if answer.name == "number":
            return element
        return Type("list", element=element) if answer.name == "boolean" else ANY

    def _chain(self, first: tree.Node, terms: tuple[tree.Term, ...], known: dict[str, Type]) -> Type:
        kind = self.type(first, known)
        for term in terms:
            other = self.type(term.operand, known)
            kind = self._arithmetic(term, kind, term.operator, other)
        return kind

    def _arithmetic(self, node: tree.Node, left: Type, operator: str, right: Type) -> Type:
        names = (left.name, right.name)
        if "Any" in names or "Null" in names:
            return ANY
        if names == ("number", "number"):
            return _NUMBER
        if names == ("string", "string") and operator == "+":
            return _STRING
        temporal = {"date", "time", "date and time", "days and time duration", "years and months duration"}
        if not temporal & set(names) or set(names) - temporal - {"number"}:
            self.fault(
                node,
                _(
                    "%(left)s %(sign)s %(right)s has no result.",
                    left=left.name,
                    sign=operator,
                    right=right.name,
                ),
            )
            return ANY
        if operator == "-" and not names[1].endswith("duration"):
            return Type("days and time duration")
        if operator == "/" and names[0] == names[1]:
            return _NUMBER
        return right if names[0] == "number" or (names[0].endswith("duration") and operator == "+") else left


def known_type(name: str) -> Type:
    """Return the type of a name such as ``number`` or ``dateTime``; Any if there is none."""
    return simple(name) or ANY


def sample_type(value: object) -> Type:
    """Return the type of a value, contexts and lists with those of their parts."""
    if isinstance(value, Mapping):
        return Type("context", fields=tuple((key, sample_type(value[key])) for key in value))
    if isinstance(value, list):
        return Type("list", element=common([sample_type(item) for item in value]))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Type(kind_of(Decimal(0)))
    return Type(kind_of(value)) if value is not None and kind_of(value) else ANY
