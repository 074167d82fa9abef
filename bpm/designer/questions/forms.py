"""The forms of a process made from questions: what is filled in first, and what who decides sees."""

from __future__ import annotations

from typing import Any

from bpm.designer.questions import words
from bpm.designer.questions.answers import Answers, Asked
from bpm.designer.questions.process import form_keys
from bpm.designer.questions.words import spoken

_TYPES: dict[str, dict[str, Any]] = {
    "text": {"type": "textfield"},
    "long_text": {"type": "textarea"},
    "number": {"type": "number"},
    "money": {"type": "money"},
    "date": {"type": "datetime", "subtype": "date"},
    "yes_no": {"type": "checkbox"},
    "choice": {"type": "select"},
    "file": {"type": "filepicker"},
    "person": {"type": "person"},
}

# the form to start with is called as the process is
_TITLES = {"decision": words.DECIDE, "rework": words.CHANGE}


def forms(answers: Answers, key: str) -> dict[str, dict[str, Any]]:
    """Return the contents of the forms by their keys."""
    remarks = "{remarks}" if answers.asks_several else "{decision_comment}"
    if answers.large_variable:
        remarks += "\n{confirmation_comment}"
    asked: dict[str, Any] = {
        "type": "text",
        "text": {language: f"# {text}\n{remarks}" for language, text in words.REMARKS.items()},
    }
    fields = [_field(one, name) for one, name in zip(answers.fields, answers.variables(), strict=True)]
    contents = {
        "start": fields,
        "decision": [{**one, "readonly": True, "validate": {}} for one in fields],
        "rework": [asked, *fields],
    }
    return {
        form: {
            "type": "default",
            "schemaVersion": 19,
            "id": form,
            "title": f"{answers.name}: {spoken(_TITLES[kind]).lower()}" if kind in _TITLES else answers.name,
            "components": contents[kind],
        }
        for kind, form in form_keys(answers, key).items()
    }


def _field(one: Asked, key: str) -> dict[str, Any]:
    field = {**_TYPES[one.type], "key": key, "label": one.label}
    if one.type == "choice":
        field["values"] = [{"value": option, "label": option} for option in one.options]
    if one.required:
        field["validate"] = {"required": True}
    return field
