"""Makes a form ready to be drawn: each part with its label, value, choices, error and attributes.

Decides nothing about validity; the macro ``fields`` in ``templates/forms/fields.html`` draws what
stands here. Works for typed values, for texts as they were typed, and for drafts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bpm.forms import entries
from bpm.forms.check import as_file, day_limits, files_in, standing
from bpm.forms.choices import Choice, Choices, NoChoices, match, offered, sent_key
from bpm.forms.computed import fill
from bpm.forms.expressions import Surroundings, filled
from bpm.forms.lines import in_lines
from bpm.forms.parts import (
    COMPUTED,
    NUMBER_TYPES,
    OPTION_TYPES,
    PICKER_TYPES,
    TEXT_TYPES,
    Component,
    Form,
    shown_label,
)
from bpm.forms.shown import ShownField, ShownFile, ShownOption
from bpm.forms.words import paragraphs, plain
from bpm.language import _, chosen


def fields(
    form: Form,
    values: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
    choices: Choices | None = None,
    *,
    current: Mapping[str, Any] | None = None,
    functions: Mapping[str, Callable[..., Any]] | None = None,
    now: datetime | None = None,
    readonly: bool = False,
) -> list[ShownField]:
    """Return the parts of a form in order.

    Args:
        values: what the person entered (texts or typed values); a missing key shows the value of
            ``current``, else the field's default.
        errors: by control name, as ``check`` gives them.
        current: variables of the case, which conditions and defaults see.
        readonly: show values only, without controls.
    """
    surroundings = Surroundings(current or {}, functions or {}, now)
    drawing = _Drawing(choices or NoChoices(), errors or {}, readonly)
    return drawing.level(form.components, _Place(values or {}, current or {}, surroundings, ""))


def typed(component: Component, entry: Any) -> Any:
    """The value of an entry as conditions see it: typed where it can be read, else as it is."""
    try:
        if entries.is_empty(entry):
            return None
        if component.type in NUMBER_TYPES:
            return entries.parse_number(entry)
        if component.type == "datetime":
            return entries.moment(component, entry)
        if component.type == "checkbox":
            return entries.truth(entry)
    except entries.EntryFault:
        return None
    return entry


@dataclass(frozen=True)
class _Place:
    """Where a part stands: what was entered and what holds on its level, and how its names begin."""

    values: Mapping[str, Any]
    current: Mapping[str, Any]
    around: Surroundings
    prefix: str

    def name(self, component: Component) -> str:
        """Return the name of a control here."""
        return self.prefix + (component.key or "")

    def under(self, key: str) -> _Place:
        """Return the place inside a group that has a key."""
        values, current = _mapping(self.values.get(key)), _mapping(self.current.get(key))
        return _Place(values, current, self.around, f"{self.prefix}{key}-")

    def row(self, name: str, number: int | str, values: Mapping[str, Any]) -> _Place:
        """Return the place inside a row of a table of lines."""
        return _Place(values, values, self.around, f"{name}-{number}-")


@dataclass(frozen=True)
class _Drawing:
    choices: Choices
    errors: Mapping[str, str]
    readonly: bool

    def level(self, components: Sequence[Component], place: _Place) -> list[ShownField]:
        seen = dict(_seen(components, place.values, place.current, place.around))
        around = place.around.over(seen)
        fill(components, seen, around)
        here = replace(place, around=around)
        shown: list[ShownField] = []
        for component in components:
            hidden = around.holds(component.hide)
            drawn = self.part(component, here, hidden)
            shown.append(replace(drawn, columns=component.columns))
            if hidden and component.key:
                seen[component.key] = None
        return in_lines(shown)

    def part(self, component: Component, place: _Place, hidden: bool) -> ShownField:
        if component.type == "separator":
            return ShownField("separator", hidden=hidden)
        if component.type == "text":
            text = filled(chosen(component.text), place.around, plain)
            return ShownField("text", paragraphs=paragraphs(text), hidden=hidden)
        if component.type == "group":
            return self.group(component, place, hidden)
        if component.type == "dynamiclist":
            return self.rows(component, place, hidden)
        return self.single(component, place, hidden)

    def group(self, component: Component, place: _Place, hidden: bool) -> ShownField:
        inside = place.under(component.key) if component.key else place
        return ShownField(
            "group",
            name=place.name(component),
            label=chosen(component.label),
            hint=chosen(component.description),
            fields=tuple(self.level(component.components, inside)),
            hidden=hidden,
        )

    def rows(self, component: Component, place: _Place, hidden: bool) -> ShownField:
        key, name = component.key or "", place.name(component)
        stored = place.values[key] if key in place.values else place.current.get(key)
        rows = (
            [_mapping(row) for row in stored]
            if isinstance(stored, list)
            else [{} for _number in range(component.repetitions)]
        )
        drawn = [
            tuple(self.level(component.components, place.row(name, number, row)))
            for number, row in enumerate(rows)
        ]
        empty = self.level(component.components, place.row(name, "__index__", {}))
        return ShownField(
            "rows",
            name=name,
            template=tuple(empty),
            label=shown_label(component),
            hint=chosen(component.description),
            error=self.errors.get(name, ""),
            required=component.required.always,
            rows=tuple(drawn),
            hidden=hidden,
            readonly=self.locked(component, place.around),
            may_add=component.may_add,
            row_label=chosen(component.row_label),
        )

    def locked(self, component: Component, around: Surroundings) -> bool:
        if self.readonly or component.readonly is True:
            return True
        return isinstance(component.readonly, str) and around.holds(component.readonly)

    def single(self, component: Component, place: _Place, hidden: bool) -> ShownField:
        key, name, around = component.key or "", place.name(component), place.around
        if component.type == COMPUTED:
            return self.computed(component, around, name, hidden)
        locked = self.locked(component, around)
        kept = key in place.values and not locked
        value = place.values[key] if kept else standing(component, place.current, around)
        if locked and component.new_version:
            value = place.current.get(key)
        before = place.current.get(key) if component.versions else None
        options = self.options(component, value, around, locked)
        return ShownField(
            kind=_kind(component),
            name=name,
            label=shown_label(component),
            hint=chosen(component.description),
            error=self.errors.get(name, ""),
            required=component.required.always or around.holds(component.required.expression),
            sometimes_required=bool(component.required.outcomes),
            readonly=locked,
            hidden=hidden,
            value=entries.written(value, component),
            shown=self.shown(component, value, options),
            checked=typed(component, value) is True,
            multiple=component.many,
            versions=component.versions,
            prefix=chosen(component.prefix),
            suffix=component.currency or chosen(component.suffix),
            attributes=_attributes(component, around),
            options=options,
            files=self.files(component, value, place.current),
            present=self.files(component, before, place.current),
        )

    def computed(self, component: Component, around: Surroundings, name: str, hidden: bool) -> ShownField:
        text = plain(around.values.get(component.key or ""))
        return ShownField(
            COMPUTED,
            name=name,
            label=shown_label(component),
            hint=chosen(component.description),
            readonly=True,
            hidden=hidden,
            shown=f"{text} {component.currency}".strip() if text else "",
        )

    def options(
        self, component: Component, value: Any, around: Surroundings, locked: bool
    ) -> tuple[ShownOption, ...]:
        if component.type not in OPTION_TYPES | PICKER_TYPES:
            return ()
        offers = offered(component, self.choices, around)
        selected = [match(component, one, offers, self.choices) for one in _as_list(value)]
        chosen_keys = {choice.key for choice in selected if choice is not None}
        beyond = [choice for choice in selected if choice is not None and choice not in offers]
        return tuple(
            ShownOption(choice.key, choice.label, choice.hint, choice.key in chosen_keys)
            for choice in [*offers, *_unique(beyond)]
            if not locked or choice.key in chosen_keys
        )

    def shown(self, component: Component, value: Any, options: Sequence[ShownOption]) -> str:
        labels = [option.label for option in options if option.selected]
        if labels:
            return ", ".join(labels)
        value = typed(component, value)
        if component.type == "checkbox":
            return _("yes") if value is True else _("no")
        text = plain(value)
        return f"{text} {component.currency}".strip() if text else ""

    def files(self, component: Component, value: Any, current: Mapping[str, Any]) -> tuple[ShownFile, ...]:
        if component.type != "filepicker":
            return ()
        found = [self._file(one, current.get(component.key or "")) for one in _as_list(value)]
        return tuple(ShownFile(one.id, one.name, one.size) for one in found if one is not None)

    def _file(self, entry: Any, current: Any) -> Any:
        given = as_file(entry)
        if given is not None:
            return given
        key = sent_key(entry)
        known = next((one for one in files_in(current) if one.id == key), None)
        return known or (self.choices.file(key) if key else None)


def _seen(
    components: Sequence[Component],
    values: Mapping[str, Any],
    current: Mapping[str, Any],
    surroundings: Surroundings,
) -> Mapping[str, Any]:
    """Values of one level as its conditions see them."""
    seen: dict[str, Any] = {}
    for component in components:
        if component.type == "group" and not component.key:
            seen |= _seen(component.components, values, current, surroundings)
        elif component.type == "dynamiclist":
            rows = values.get(component.key or "", current.get(component.key or ""))
            seen[component.key or ""] = _typed_rows(component, rows, surroundings)
        elif component.key and component.holds_data and component.type != COMPUTED:
            key = component.key
            seen[key] = (
                typed(component, values[key]) if key in values else standing(component, current, surroundings)
            )
    return seen


def _typed_rows(component: Component, rows: Any, surroundings: Surroundings) -> list[dict[str, Any]]:
    """Rows of a table of lines as expressions see them, its own computed values included."""
    found = []
    for row in rows if isinstance(rows, list) else ():
        seen = dict(_seen(component.components, _mapping(row), {}, surroundings))
        fill(component.components, seen, surroundings.over(seen))
        found.append(seen)
    return found


def _kind(component: Component) -> str:
    if component.type in NUMBER_TYPES:
        return "number"
    if component.type == "datetime":
        return component.subtype
    if component.type in PICKER_TYPES or component.type == "taglist":
        return "checklist" if component.many and component.type != "record" else "select"
    return component.type


def _attributes(component: Component, around: Surroundings) -> dict[str, str]:
    """Attributes of the control itself. They help in the browser; the server decides."""
    found: dict[str, str] = {}
    if component.type in TEXT_TYPES:
        if component.min_length:
            found["minlength"] = str(component.min_length)
        if component.validation == "email":
            found |= {"type": "email", "autocomplete": "off", "inputmode": "email"}
        elif component.validation == "phone":
            found |= {"type": "tel", "autocomplete": "off", "inputmode": "tel"}
    elif component.type in NUMBER_TYPES:
        found["inputmode"] = "numeric" if component.decimal_digits == 0 else "decimal"
    elif component.type == "datetime" and component.subtype != "time":
        least, most = day_limits(component, around)
        ends = ("T00:00", "T23:59") if component.subtype == "datetime" else ("", "")
        found |= {"min": least.isoformat() + ends[0]} if least else {}
        found |= {"max": most.isoformat() + ends[1]} if most else {}
    elif component.type == "filepicker" and component.accept:
        found["accept"] = component.accept
    return found


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _as_list(value: Any) -> list[Any]:
    if entries.is_empty(value):
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _unique(choices: Sequence[Choice]) -> list[Choice]:
    return [choice for place, choice in enumerate(choices) if choice not in choices[:place]]
