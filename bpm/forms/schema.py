"""What a form may ask: a strict subset of the JSON schema of form-js, read into plain objects.

Owns the list of component types and attributes (see ``docs/forms.md``). Refuses what it does not
know instead of ignoring it. Draws nothing and checks no submission.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from bpm.config import LANGUAGES
from bpm.errors import Invalid
from bpm.forms import expressions
from bpm.forms.attributes import EVERYWHERE, FORM, OF_TYPE, RESERVED_KEYS, RULES
from bpm.forms.parts import (
    COLUMNS,
    COMPUTED,
    CONTAINER_TYPES,
    DEFAULT_LENGTH,
    GREATEST_LENGTH,
    MAX_COMPONENTS,
    MAX_DEPTH,
    MAX_ROWS,
    OPTION_TYPES,
    RESULTS,
    SINGLE_TYPES,
    STILL_TYPES,
    TYPES,
    Component,
    Form,
    Option,
    Required,
    Texts,
)
from bpm.language import _

__all__ = ["Component", "Form", "Option", "Required", "examine", "read"]


_KEY = re.compile(r"[^\W\d]\w{0,63}")


def read(content: Mapping[str, Any] | str | bytes) -> Form:
    """Read a form.

    Args:
        content: the JSON of form-js, parsed or as text.

    Raises:
        Invalid: it is no form of ours; ``details["problems"]`` lists them as ``examine`` does.
    """
    form, problems = examine(content)
    if problems:
        first = problems[0]
        raise Invalid(
            _("The form cannot be used. %(where)s: %(problem)s", where=first["path"], problem=first["text"]),
            problems=problems,
        )
    return form


def examine(content: Mapping[str, Any] | str | bytes) -> tuple[Form, list[dict[str, Any]]]:
    """Read what can be read of a form that may not be finished.

    Returns:
        The form without its faulty parts, and what is wrong with it: ``{"path", "text", "at"}``; ``path``
        names the part for people, ``at`` leads to it: ``[2, 0]`` is the first part within the third.

    Raises:
        Invalid: it is no JSON.
    """
    reader = _Reader()
    return reader.form(_parsed(content)), reader.problems


def _parsed(content: Mapping[str, Any] | str | bytes) -> Any:
    if not isinstance(content, str | bytes):
        return content
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as error:
        raise Invalid(
            _("The form is not readable JSON: %(reason)s", reason=str(error)), problems=[]
        ) from error


class _Reader:
    """Collects every problem instead of stopping at the first."""

    def __init__(self) -> None:
        self.problems: list[dict[str, Any]] = []
        self._count = 0
        self._at: list[int] = []

    def problem(self, path: str, text: str) -> None:
        self.problems.append({"path": path or _("Form"), "text": text, "at": list(self._at)})

    def form(self, content: Any) -> Form:
        if not isinstance(content, Mapping) or not isinstance(content.get("components"), list):
            self.problem("", _("A form needs a list named “components”."))
            return Form("", "", ())
        for name in sorted(set(content) - FORM):
            self.problem("", _("“%(name)s” is not known here.", name=name))
        if content.get("type", "default") != "default":
            self.problem("", _("The type of a form is “default”."))
        return Form(
            key=str(content.get("id") or ""),
            title=self.texts(content.get("title"), "title"),
            components=self.components(content["components"], "", 0),
            content=content,
        )

    def components(self, items: Any, path: str, depth: int) -> tuple[Component, ...]:
        if not isinstance(items, list):
            self.problem(path, _("“components” must be a list."))
            return ()
        if depth > MAX_DEPTH:
            self.problem(path, _("Groups stand inside one another too deeply."))
            return ()
        found: list[Component] = []
        taken: set[str] = set()
        for number, item in enumerate(items):
            self._count += 1
            if self._count > MAX_COMPONENTS:
                self.problem(path, _("A form has at most %(number)s parts.", number=MAX_COMPONENTS))
                break
            self._at.append(number)
            component = self.component(item, path, number, depth)
            for key in _keys(component) if component is not None else ():
                if key in taken:
                    self.problem(key, _("Two fields have the same key."))
                taken.add(key)
            self._at.pop()
            if component is not None:
                found.append(component)
        return tuple(found)

    def component(self, item: Any, parent: str, number: int, depth: int) -> Component | None:
        where = f"{parent}/{number + 1}"
        if not isinstance(item, Mapping):
            self.problem(where, _("Each part of a form is an object."))
            return None
        kind = item.get("type")
        where = str(item.get("key") or item.get("path") or where)
        if not isinstance(kind, str) or kind not in TYPES:
            self.problem(where, _("There is no field type “%(type)s”.", type=str(kind)))
            return None
        for name in sorted(set(item) - EVERYWHERE - OF_TYPE.get(kind, frozenset())):
            self.problem(where, _("“%(name)s” is not known for the type %(type)s.", name=name, type=kind))
        if kind == "group" and "components" not in item:
            self.problem(
                where,
                _(
                    "A group holds other fields (“components”). To choose a group of people, "
                    "use the type “persongroup”."
                ),
            )
            return None
        return self._component(item, kind, where, depth)

    def _component(self, item: Mapping[str, Any], kind: str, where: str, depth: int) -> Component:
        rules = self.mapping(item, "validate", where)
        for name in sorted(set(rules) - RULES):
            self.problem(where, _("The rule “%(name)s” is not known.", name=name))
        appearance = self.mapping(item, "appearance", where)
        inner: tuple[Component, ...] = ()
        if kind in CONTAINER_TYPES:
            inner = self.components(item.get("components"), where, depth + 1)
        return Component(
            type=kind,
            key=self.key(item, kind, where),
            label=self.texts(item.get("label") or item.get("dateLabel") or item.get("timeLabel"), where),
            description=self.texts(item.get("description"), where),
            text=self.texts(item.get("text"), where),
            hide=self.expression(self.mapping(item, "conditional", where).get("hide"), where),
            readonly=self.truth(item.get("readonly", item.get("disabled", False)), where),
            default=self.default(item.get("default", item.get("defaultValue")), where),
            required=self.required(rules.get("required", False), where),
            minimum=self.limit(rules.get("min"), kind, where),
            maximum=self.limit(rules.get("max"), kind, where),
            min_length=self.length(rules.get("minLength"), 0, where),
            max_length=self.length(rules.get("maxLength"), DEFAULT_LENGTH.get(kind, 0), where),
            validation=self.one_of(rules.get("validationType"), ("email", "phone", "custom"), None, where),
            decimal_digits=self.whole(item.get("decimalDigits"), where, 2 if kind == "money" else None),
            increment=self.number(item.get("increment"), where),
            currency=str(item.get("currency") or ""),
            prefix=self.texts(appearance.get("prefixAdorner"), where),
            suffix=self.texts(appearance.get("suffixAdorner"), where),
            subtype=self.one_of(item.get("subtype"), ("date", "time", "datetime"), "date", where) or "date",
            no_past=item.get("disallowPassedDates") is True,
            options=self.options(item, kind, where),
            options_expression=self.expression(item.get("valuesExpression"), where),
            multiple=item.get("multiple") is True,
            accept=str(item.get("accept") or ""),
            versions=item.get("versions") is True,
            new_version=item.get("newVersion") is True,
            groups=self.names(item.get("groups"), where),
            choices_expression=self.expression(item.get("choices"), where),
            record_type=self.record_type(item, kind, where),
            components=inner,
            may_add=item.get("allowAddRemove", True) is not False,
            repetitions=min(self.whole(item.get("defaultRepetitions"), where, 1) or 0, MAX_ROWS),
            row_label=self.texts(item.get("rowLabel"), where),
            columns=self.columns(self.mapping(item, "layout", where).get("columns"), where),
            expression=self.formula(item, kind, where),
            result=self.one_of(item.get("result"), RESULTS, "", where) or "",
        )

    def columns(self, value: Any, where: str) -> int:
        if value is None:
            return COLUMNS
        if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= COLUMNS:
            return value
        self.problem(where, _("A field is 1 to %(most)s columns wide.", most=COLUMNS))
        return COLUMNS

    def formula(self, item: Mapping[str, Any], kind: str, where: str) -> str | None:
        found = self.expression(item.get("expression"), where)
        if kind == COMPUTED and not found:
            self.problem(where, _("Say how this value is computed."))
        return found

    def key(self, item: Mapping[str, Any], kind: str, where: str) -> str | None:
        key = item.get("key") if kind in SINGLE_TYPES else item.get("path") or item.get("key")
        if kind in STILL_TYPES or (kind == "group" and not key):
            return None
        if not isinstance(key, str) or not _KEY.fullmatch(key) or key in RESERVED_KEYS:
            self.problem(
                where,
                _(
                    "A key consists of letters, digits and _, begins with a letter "
                    "and has at most 64 characters."
                ),
            )
            return "field"
        return key

    def mapping(self, item: Mapping[str, Any], name: str, where: str) -> Mapping[str, Any]:
        value = item.get(name) or {}
        if isinstance(value, Mapping):
            return value
        self.problem(where, _("“%(name)s” must be an object.", name=name))
        return {}

    def texts(self, value: Any, where: str) -> Texts:
        if value is None:
            return ""
        if isinstance(value, str):
            return value
        if isinstance(value, Mapping) and all(isinstance(text, str) for text in value.values()):
            for name in sorted(set(value) - set(LANGUAGES)):
                self.problem(where, _("There is no language “%(name)s”; use en, ru, pl.", name=str(name)))
            return dict(value)
        self.problem(where, _("A text is written as text or as {“en”: …, “ru”: …, “pl”: …}."))
        return ""

    def expression(self, value: Any, where: str) -> str | None:
        if value in (None, ""):
            return None
        fault = expressions.fault(value) if isinstance(value, str) else _("not a text")
        if fault:
            self.problem(
                where,
                _("The expression “%(text)s” cannot be read: %(reason)s", text=str(value), reason=fault),
            )
        return expressions.bare(value) if isinstance(value, str) else None

    def truth(self, value: Any, where: str) -> bool | str:
        if isinstance(value, bool):
            return value
        return self.expression(value, where) or False

    def default(self, value: Any, where: str) -> Any:
        if isinstance(value, str) and value.startswith("="):
            self.expression(value, where)
        return value

    def required(self, value: Any, where: str) -> Required:
        if isinstance(value, bool) or value is None:
            return Required(always=bool(value))
        if isinstance(value, str) and value.startswith("="):
            return Required(expression=self.expression(value, where))
        outcomes = (
            value.get("outcomes") if isinstance(value, Mapping) and set(value) == {"outcomes"} else value
        )
        if isinstance(outcomes, list) and all(isinstance(key, str) for key in outcomes):
            return Required(outcomes=frozenset(outcomes))
        self.problem(where, _("“required” is true, false, {“outcomes”: […]} or a text that begins with =."))
        return Required()

    def limit(self, value: Any, kind: str, where: str) -> Any:
        if value is None:
            return None
        if isinstance(value, str) and value.startswith("="):
            self.expression(value, where)
            return value
        return str(value) if kind == "datetime" else self.number(value, where)

    def number(self, value: Any, where: str) -> Decimal | None:
        if value in (None, ""):
            return None
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            number = Decimal("NaN")
        if isinstance(value, bool) or not number.is_finite():
            self.problem(where, _("“%(value)s” is not a number.", value=str(value)))
            return None
        return number

    def whole(self, value: Any, where: str, default: int | None) -> int | None:
        if value is None:
            return default
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= GREATEST_LENGTH:
            return value
        self.problem(
            where,
            _(
                "“%(value)s” is not a whole number from 0 to %(most)s.",
                value=str(value),
                most=GREATEST_LENGTH,
            ),
        )
        return default

    def length(self, value: Any, default: int, where: str) -> int:
        return self.whole(value, where, default) or default

    def one_of(self, value: Any, allowed: tuple[str, ...], default: str | None, where: str) -> str | None:
        if value in (None, ""):
            return default
        if value not in allowed:
            self.problem(
                where,
                _("“%(value)s” is not one of: %(allowed)s.", value=str(value), allowed=", ".join(allowed)),
            )
            return default
        return str(value)

    def names(self, value: Any, where: str) -> tuple[str, ...]:
        if isinstance(value, str):
            value = [name.strip() for name in value.split(",") if name.strip()]
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
            self.problem(where, _("“groups” is a list of keys."))
            return ()
        return tuple(value)

    def options(self, item: Mapping[str, Any], kind: str, where: str) -> tuple[Option, ...]:
        if kind not in OPTION_TYPES:
            return ()
        values = item.get("values") or []
        if not isinstance(values, list) or not all(isinstance(one, Mapping) for one in values):
            self.problem(where, _("“values” is a list of {“value”, “label”}."))
            return ()
        if not values and not item.get("valuesExpression"):
            self.problem(where, _("There is nothing to choose from: give “values” or “valuesExpression”."))
        for one in values:
            if isinstance(one.get("value"), dict | list) or one.get("value") is None:
                self.problem(where, _("The value of a choice is a text, a number or true and false."))
        return tuple(
            Option(one.get("value"), self.texts(one.get("label"), where) or str(one.get("value")))
            for one in values
        )

    def record_type(self, item: Mapping[str, Any], kind: str, where: str) -> str:
        value = item.get("recordType") or ""
        if kind == "record" and not (isinstance(value, str) and value):
            self.problem(where, _("A record field needs “recordType”, for instance deal."))
        return str(value)


def _keys(component: Component) -> list[str]:
    """Keys that the component takes in the place where it stands."""
    if component.key:
        return [component.key]
    return [key for inner in component.components for key in _keys(inner)]
