"""The difference of two forms as sentences: “Amount: required now”, “Reason was added”."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from bpm.language import _, chosen, lazy

_NAMES = {
    "label": lazy("question"),
    "description": lazy("help"),
    "text": lazy("text"),
    "required": lazy("required"),
    "hide": lazy("when it is shown"),
    "default": lazy("what stands in it at first"),
    "readonly": lazy("only to be read"),
    "min": lazy("smallest value"),
    "max": lazy("largest value"),
    "minLength": lazy("shortest text"),
    "maxLength": lazy("longest text"),
    "validationType": lazy("kind of text"),
    "decimalDigits": lazy("digits after the point"),
    "increment": lazy("step"),
    "currency": lazy("currency"),
    "subtype": lazy("date or time"),
    "multiple": lazy("several at once"),
    "groups": lazy("of these groups only"),
    "recordType": lazy("kind of record"),
    "accept": lazy("kinds of files"),
    "expression": lazy("how it is computed"),
    "result": lazy("what comes out"),
    "columns": lazy("width"),
    "values": lazy("answers"),
    "valuesExpression": lazy("answers"),
    "choices": lazy("who can be chosen"),
    "versions": lazy("shows the present version"),
    "newVersion": lazy("asks for a new version"),
    "disallowPassedDates": lazy("no days in the past"),
    "defaultRepetitions": lazy("lines at first"),
    "allowAddRemove": lazy("lines can be added"),
    "rowLabel": lazy("name of a line"),
    "key": lazy("key"),
    "path": lazy("key"),
    "type": lazy("kind"),
}
_NESTED = {"validate": ("validate",), "conditional": ("conditional",), "layout": ("layout",)}
# kept for the builder; what they mean stands in conditional.hide and validate.required
_BESIDE = frozenset(
    {"components", "showWhen", "requiredWhen", "hideWhen", "id", "properties", "row", "appearance"}
)
_LONGEST = 120


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Return what has changed from one version of a form to another, a sentence each."""
    found = list(_changed(_("The form"), {"title": old.get("title")}, {"title": new.get("title")}))
    before, after = dict(_parts(old.get("components"))), dict(_parts(new.get("components")))
    for key, (part, _place) in after.items():
        if key not in before:
            found.append(_("“%(name)s” was added.", name=_name(part, key)))
    for key, (part, _place) in before.items():
        if key not in after:
            found.append(_("“%(name)s” was removed.", name=_name(part, key)))
    for key, (part, place) in after.items():
        if key in before:
            found += _changed(f"“{_name(part, key)}”", before[key][0], part)
            if before[key][1] != place:
                found.append(_("“%(name)s” was moved into another section.", name=_name(part, key)))
    common = [key for key in before if key in after], [key for key in after if key in before]
    if common[0] != common[1] and not any(before[key][1] != after[key][1] for key in common[0]):
        found.append(_("The order of the fields has changed."))
    return found


def _parts(components: Any, place: str = "") -> Iterator[tuple[str, tuple[Mapping[str, Any], str]]]:
    still = 0
    for item in components if isinstance(components, list) else ():
        if not isinstance(item, Mapping):
            continue
        key = item.get("key") or item.get("path")
        if not key:
            still += 1
            words = item.get("label") or item.get("text")
            key = f"{item.get('type')}:{chosen(words, '') if words else still}"
        name = f"{place}/{key}"
        yield name, (item, place)
        yield from _parts(item.get("components"), name if item.get("key") or item.get("path") else place)


def _changed(subject: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    before, after = dict(_flat(old)), dict(_flat(new))
    for name in dict.fromkeys([*before, *after]):
        was, now = before.get(name), after.get(name)
        if was == now:
            continue
        what = str(_NAMES.get(name, _("title") if name == "title" else name))
        values = {"subject": subject, "what": what, "old": _shown(name, was), "new": _shown(name, now)}
        if was in (None, "", [], False) and now is True:
            yield _("%(subject)s: %(what)s now.", subject=subject, what=what)
        elif now in (None, "", [], False) and was is True:
            yield _("%(subject)s: no longer %(what)s.", subject=subject, what=what)
        elif was in (None, "", []):
            yield _("%(subject)s: %(what)s is now %(new)s.", **values)
        elif now in (None, "", []):
            yield _("%(subject)s: %(what)s was %(old)s and is not set any more.", **values)
        else:
            yield _("%(subject)s: %(what)s %(old)s → %(new)s.", **values)


def _flat(item: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in item.items():
        if name in _BESIDE:
            continue
        if name in _NESTED and isinstance(value, Mapping):
            yield from _flat(value)
        elif name in ("dateLabel", "timeLabel"):
            yield "label", value
        elif name == "disabled":
            yield "readonly", value
        elif name == "defaultValue":
            yield "default", value
        else:
            yield name, value


def _name(part: Mapping[str, Any], key: str) -> str:
    words = part.get("label") or part.get("dateLabel") or part.get("text")
    text = chosen(words, "") if isinstance(words, str | dict) else ""
    return (text or key.rpartition("/")[2]).splitlines()[0][:_LONGEST]


def _shown(name: str, value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name == "values" and isinstance(value, list):
        labels = [one.get("label") or one.get("value") for one in value if isinstance(one, Mapping)]
        return ", ".join(chosen(one, "") if isinstance(one, str | dict) else str(one) for one in labels)[
            :_LONGEST
        ]
    if isinstance(value, Mapping) and set(value) <= {"en", "ru", "pl"}:
        return f"“{chosen(value, '')}”"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
    return f"“{text}”" if isinstance(value, str) else text
