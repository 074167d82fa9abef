"""The parts of a form as plain objects, and which types of parts there are.

Owns no rules: ``schema`` reads these objects, ``check`` and ``render`` use them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from bpm.language import chosen

Texts = Mapping[str, str] | str

# Types of form-js that we take, and our own: money, person, persongroup, record.
COMPUTED = "expression"
TEXT_TYPES = frozenset({"textfield", "textarea"})
NUMBER_TYPES = frozenset({"number", "money"})
OPTION_TYPES = frozenset({"select", "radio", "checklist", "taglist"})
PICKER_TYPES = frozenset({"person", "persongroup", "record"})
SINGLE_TYPES = (
    TEXT_TYPES | NUMBER_TYPES | OPTION_TYPES | PICKER_TYPES | {"datetime", "checkbox", "filepicker", COMPUTED}
)
CONTAINER_TYPES = frozenset({"group", "dynamiclist"})
STILL_TYPES = frozenset({"text", "separator"})
TYPES = SINGLE_TYPES | CONTAINER_TYPES | STILL_TYPES

MAX_COMPONENTS = 300
MAX_DEPTH = 4
MAX_ROWS = 200
# a line of a form has so many columns, as in form-js
COLUMNS = 16
# what a computed value may be; empty: anything
RESULTS = ("number", "money", "text", "date", "boolean", "list")
DEFAULT_LENGTH = {"textfield": 2_000, "textarea": 20_000}
GREATEST_LENGTH = 50_000


@dataclass(frozen=True)
class Option:
    """One answer that can be chosen."""

    value: Any
    label: Texts


@dataclass(frozen=True)
class Required:
    """When a field must be filled: always, with some outcomes only, or when FEEL says true."""

    always: bool = False
    outcomes: frozenset[str] = frozenset()
    expression: str | None = None


@dataclass(frozen=True)
class Component:
    """One part of a form. Attributes that a type does not have keep their defaults."""

    type: str
    key: str | None = None
    label: Texts = ""
    description: Texts = ""
    text: Texts = ""
    hide: str | None = None
    readonly: bool | str = False
    default: Any = None
    required: Required = Required()
    minimum: Any = None
    maximum: Any = None
    min_length: int = 0
    max_length: int = 0
    validation: str | None = None
    decimal_digits: int | None = None
    increment: Decimal | None = None
    currency: str = ""
    prefix: Texts = ""
    suffix: Texts = ""
    subtype: str = "date"
    no_past: bool = False
    options: tuple[Option, ...] = ()
    options_expression: str | None = None
    multiple: bool = False
    accept: str = ""
    versions: bool = False
    new_version: bool = False
    groups: tuple[str, ...] = ()
    choices_expression: str | None = None
    record_type: str = ""
    components: tuple[Component, ...] = ()
    may_add: bool = True
    repetitions: int = 1
    row_label: Texts = ""
    columns: int = COLUMNS
    expression: str | None = None
    result: str = ""

    @property
    def holds_data(self) -> bool:
        """Whether the component gives a value of its own."""
        return self.type in SINGLE_TYPES or self.type == "dynamiclist"

    @property
    def moves(self) -> bool:
        """Whether it, or a part within it, appears, vanishes or changes with the entries of others."""
        return bool(self.hide) or self.type == COMPUTED or any(one.moves for one in self.components)

    @property
    def many(self) -> bool:
        """Whether the value is a list."""
        return self.multiple or self.type in {"checklist", "taglist", "dynamiclist"} or self.result == "list"


@dataclass(frozen=True)
class Form:
    """A form as it was published."""

    key: str
    title: Texts
    components: tuple[Component, ...]
    content: Mapping[str, Any] = field(repr=False, compare=False, default_factory=dict)

    def fields(self) -> Iterator[Component]:
        """Every component with a value of its own, in order; rows of lists are not entered."""
        return _fields(self.components)


def _fields(components: tuple[Component, ...]) -> Iterator[Component]:
    for component in components:
        if component.holds_data:
            yield component
        elif component.type == "group" and not component.key:
            yield from _fields(component.components)


def shown_label(component: Component) -> str:
    """The label in the reader's language, or the key where the author wrote none."""
    return chosen(component.label, component.key or "")
