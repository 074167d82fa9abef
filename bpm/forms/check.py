"""Decides whether a submission is valid; the browser's own check is only a courtesy.

Any submission gives values or errors, never an exception. Unknown keys are dropped; what is
hidden or read-only is neither kept nor checked. Stores nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from bpm.forms import entries
from bpm.forms.choices import Choices, NoChoices, match, offered
from bpm.forms.computed import computed, fill
from bpm.forms.entries import EntryFault
from bpm.forms.expressions import Surroundings
from bpm.forms.parts import (
    COMPUTED,
    MAX_ROWS,
    NUMBER_TYPES,
    OPTION_TYPES,
    PICKER_TYPES,
    TEXT_TYPES,
    Component,
    Form,
    Required,
)
from bpm.language import _, format_date, format_number

MOST_FILES = 20


@dataclass(frozen=True)
class Checked:
    """Typed values by key, and errors by the name of their control (``items-0-price``)."""

    values: dict[str, Any] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


def check(
    form: Form,
    submitted: Mapping[str, Any],
    *,
    current: Mapping[str, Any] | None = None,
    files: Callable[[str], Any | None] | Mapping[str, Any] | None = None,
    choices: Choices | None = None,
    outcome: str | None = None,
    functions: Mapping[str, Callable[..., Any]] | None = None,
    now: datetime | None = None,
) -> Checked:
    """Turn a submission into typed values.

    Args:
        form: what was asked.
        submitted: values by key: texts of an HTML form (``submission.read``), JSON of the API, or
            typed values. A key that is missing was not asked: its current value or default stands.
        current: variables of the case, which conditions, defaults and limits see.
        files: public id → file reference that may be used here (function or mapping); references
            themselves may also stand in ``submitted``. Without it ``choices.file`` is asked.
        choices: people, groups and records; nothing can be chosen without it.
        outcome: key of the button that was pressed; conditions see it as ``outcome``.
        functions: further FEEL functions.
        now: the present moment, for ``today()`` and dates that must not be past.

    Returns:
        Text, Decimal, bool, date, time, datetime (UTC), lists of these, logins, group keys, and the
        references given by ``choices`` and ``files``. With errors the values are incomplete.
    """
    found = choices or NoChoices()
    lookup = files.get if isinstance(files, Mapping) else files or found.file
    surroundings = Surroundings(current or {}, functions or {}, now)
    if outcome is not None:
        surroundings = surroundings.over({"outcome": outcome})
    checking = _Checking(found, lookup, outcome, {})
    source = submitted if isinstance(submitted, Mapping) else {}
    values = checking.components(form.components, source, current or {}, surroundings, "")
    return Checked(values, checking.errors)


@dataclass
class _Checking:
    choices: Choices
    file: Callable[[str], Any | None]
    outcome: str | None
    errors: dict[str, str]

    def components(
        self,
        components: tuple[Component, ...],
        sent: Mapping[str, Any],
        current: Mapping[str, Any],
        surroundings: Surroundings,
        prefix: str,
    ) -> dict[str, Any]:
        """Check one level. First every entry is read, so that conditions see the whole form."""
        faults: dict[str, str] = {}
        read = self._read_level(components, sent, current, surroundings, prefix, faults)
        seen = dict(read)
        fill(components, seen, surroundings.over(seen))
        values: dict[str, Any] = {}
        self._keep_level(components, read, seen, values, faults, current, surroundings, prefix, sent)
        return values

    def _read_level(
        self,
        components: tuple[Component, ...],
        sent: Mapping[str, Any],
        current: Mapping[str, Any],
        surroundings: Surroundings,
        prefix: str,
        faults: dict[str, str],
    ) -> dict[str, Any]:
        read: dict[str, Any] = {}
        for component in components:
            if component.type == "group" and not component.key:
                read |= self._read_level(component.components, sent, current, surroundings, prefix, faults)
            elif component.holds_data and component.type not in (COMPUTED, "dynamiclist"):
                key = component.key or ""
                if _locked(component, surroundings):
                    continue
                try:
                    read[key] = self._value(component, sent, current, surroundings)
                except EntryFault as fault:
                    faults[prefix + key] = str(fault)
        return read

    def _keep_level(
        self,
        components: tuple[Component, ...],
        read: dict[str, Any],
        seen: dict[str, Any],
        values: dict[str, Any],
        faults: dict[str, str],
        current: Mapping[str, Any],
        surroundings: Surroundings,
        prefix: str,
        sent: Mapping[str, Any],
    ) -> None:
        for component in components:
            around = surroundings.over(seen)
            if around.holds(component.hide):
                _forget(component, seen)
                continue
            key = component.key or ""
            if component.type == "group" and not component.key:
                self._keep_level(
                    component.components, read, seen, values, faults, current, surroundings, prefix, sent
                )
            elif component.type == "group":
                values[key] = seen[key] = self.components(
                    component.components,
                    _mapping(sent.get(key)),
                    _mapping(current.get(key)),
                    around,
                    f"{prefix}{key}-",
                )
            elif component.type == "dynamiclist":
                if key in sent and not _locked(component, surroundings):
                    values[key] = seen[key] = self._rows(component, sent[key], around, prefix + key)
                self._demand(component, values.get(key, current.get(key)), around, prefix + key)
            elif component.type == COMPUTED:
                values[key] = seen[key] = computed(component, around)
            elif prefix + key in faults:
                self.errors[prefix + key] = faults[prefix + key]
            elif key in read:
                self._keep(component, read[key], sent, values, around, prefix)

    def _keep(
        self,
        component: Component,
        value: Any,
        sent: Mapping[str, Any],
        values: dict[str, Any],
        around: Surroundings,
        prefix: str,
    ) -> None:
        key = component.key or ""
        self._demand(component, value, around, prefix + key)
        if not entries.is_empty(value):
            fault = _out_of_limits(component, value, around)
            if fault:
                self.errors[prefix + key] = fault
                return
        if key in sent or value is not None:
            values[key] = value

    def _demand(self, component: Component, value: Any, around: Surroundings, name: str) -> None:
        empty = entries.is_empty(value) or (component.type == "checkbox" and value is not True)
        if empty and is_required(component.required, self.outcome, around):
            self.errors.setdefault(name, _missing(component))

    def _rows(self, component: Component, sent: Any, around: Surroundings, name: str) -> list[dict[str, Any]]:
        rows = [row for row in sent if isinstance(row, Mapping)] if isinstance(sent, list | tuple) else []
        if len(rows) > MAX_ROWS:
            self.errors[name] = _(
                "At most %(most)s rows fit here; these are %(number)s.", most=MAX_ROWS, number=len(rows)
            )
            return []
        return [
            self.components(component.components, row, {}, around, f"{name}-{number}-")
            for number, row in enumerate(rows)
        ]

    def _value(
        self,
        component: Component,
        sent: Mapping[str, Any],
        current: Mapping[str, Any],
        surroundings: Surroundings,
    ) -> Any:
        """Read one entry; a key that was not sent keeps its current value or gets its default."""
        key = component.key or ""
        if key not in sent:
            return standing(component, current, surroundings)
        entry = sent[key]
        if component.type == "checkbox":
            return entries.truth(entry)
        if component.type == "filepicker":
            return self._files(component, entry, current.get(key))
        if component.type in OPTION_TYPES | PICKER_TYPES:
            return self._chosen(component, entry, surroundings)
        if entries.is_empty(entry):
            return None
        if component.type in TEXT_TYPES:
            return entries.text(component, entry)
        if component.type in NUMBER_TYPES:
            return entries.number(component, entry)
        return entries.moment(component, entry)

    def _chosen(self, component: Component, entry: Any, surroundings: Surroundings) -> Any:
        asked = _asked(entry)
        offers = offered(component, self.choices, surroundings) if asked else ()
        found = [match(component, one, offers, self.choices) for one in asked[: len(offers) + MOST_FILES]]
        if None in found or len(found) < len(asked):
            raise EntryFault(_("Choose one of those shown; what was sent is not among them."))
        values = [choice.value for choice in found if choice is not None]
        if component.many:
            return [value for place, value in enumerate(values) if value not in values[:place]]
        if len(values) > 1:
            raise EntryFault(_("Choose one only."))
        return values[0] if values else None

    def _files(self, component: Component, entry: Any, current: Any) -> Any:
        asked = _asked(entry)
        if len(asked) > MOST_FILES:
            raise EntryFault(_("At most %(most)s files fit here.", most=MOST_FILES))
        references = [self._file(one, current) for one in asked]
        if component.many:
            return references
        if references:
            return references[-1]
        return None if component.new_version else current

    def _file(self, sent: Any, current: Any) -> Any:
        given = as_file(sent)
        if given is not None:
            return given
        identifier = sent.get("id") if isinstance(sent, Mapping) else sent
        reference = next((one for one in files_in(current) if one.id == identifier), None)
        if reference is None and isinstance(identifier, str) and len(identifier) <= 64:
            reference = self.file(identifier)
        if reference is None:
            raise EntryFault(_("This file is no longer here. Choose it again."))
        return reference


def is_required(required: Required, outcome: str | None, around: Surroundings) -> bool:
    """Whether a field must be filled with this outcome and these values."""
    return required.always or outcome in required.outcomes or around.holds(required.expression)


def standing(component: Component, current: Mapping[str, Any], surroundings: Surroundings) -> Any:
    """The value a field has before anybody touches it: the variable's, else its default."""
    if component.type == "filepicker" and component.new_version:
        return None
    key = component.key or ""
    value = current.get(key) if key in current else None
    if value is not None or component.default is None:
        return value
    if isinstance(component.default, str) and component.default.startswith("="):
        return surroundings.evaluate(component.default)
    try:
        if component.type in NUMBER_TYPES:
            return entries.parse_number(component.default)
        if component.type == "datetime":
            return entries.moment(component, component.default)
    except EntryFault:
        return None
    return component.default


def as_file(value: Any) -> Any | None:
    """Return the reference to a stored file that a value is or, as expressions see files, carries."""
    value = getattr(value, "reference", value)
    return value if all(hasattr(value, name) for name in ("id", "name", "size")) else None


def files_in(value: Any) -> list[Any]:
    """Return the references to files in the value of a file field."""
    found = map(as_file, value if isinstance(value, list | tuple) else [value])
    return [one for one in found if one is not None]


def _locked(component: Component, surroundings: Surroundings) -> bool:
    return (
        component.readonly if isinstance(component.readonly, bool) else surroundings.holds(component.readonly)
    )


def _asked(entry: Any) -> list[Any]:
    sent = entry if isinstance(entry, list | tuple) else [entry]
    return [one for one in sent if not entries.is_empty(one)]


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _forget(component: Component, seen: dict[str, Any]) -> None:
    """A hidden field counts as empty in the conditions after it."""
    if component.key:
        seen[component.key] = None
    for inner in component.components if component.type == "group" and not component.key else ():
        _forget(inner, seen)


def _missing(component: Component) -> str:
    if component.type == "checkbox":
        return _("Tick this box to go on.")
    if component.type == "filepicker":
        return _("Add a file.")
    if component.type == "dynamiclist":
        return _("Add at least one row.")
    if component.type in OPTION_TYPES | PICKER_TYPES:
        return _("Choose one of the answers.")
    if component.type == "datetime":
        return _("Say when.")
    return _("Fill this in.")


def _out_of_limits(component: Component, value: Any, around: Surroundings) -> str:
    if component.type in NUMBER_TYPES:
        least, most = (_number_limit(one, around) for one in (component.minimum, component.maximum))
        if least is not None and value < least:
            return _("Write a number not below %(least)s.", least=format_number(least))
        if most is not None and value > most:
            return _("Write a number not above %(most)s.", most=format_number(most))
    if component.type == "datetime" and component.subtype != "time":
        least_day, most_day = day_limits(component, around)
        day = value.date() if isinstance(value, datetime) else value
        if least_day is not None and day < least_day:
            return _("Choose a day not before %(day)s.", day=format_date(least_day))
        if most_day is not None and day > most_day:
            return _("Choose a day not after %(day)s.", day=format_date(most_day))
    return ""


def _number_limit(limit: Any, around: Surroundings) -> Decimal | None:
    value = around.evaluate(limit) if isinstance(limit, str) else limit
    return value if isinstance(value, Decimal) else None


def day_limits(component: Component, around: Surroundings) -> tuple[date | None, date | None]:
    """The first and the last day that a date field takes."""
    least, most = (_day_limit(one, around) for one in (component.minimum, component.maximum))
    if component.no_past and around.now is not None:
        today = entries.moment(Component("datetime"), around.now)
        if isinstance(today, date) and (least is None or today > least):
            least = today
    return least, most


def _day_limit(limit: Any, around: Surroundings) -> date | None:
    if limit is None:
        return None
    value = around.evaluate(limit) if isinstance(limit, str) and limit.startswith("=") else limit
    try:
        day = entries.moment(Component("datetime"), value)
    except EntryFault:
        return None
    return day if isinstance(day, date) else None
