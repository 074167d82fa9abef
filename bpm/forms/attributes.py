"""Which attributes the JSON of a form may have: of each part, of each type, of rules and of the form."""

from __future__ import annotations

# Names that pages use for themselves; names with a dot or a dash cannot be keys at all.
RESERVED_KEYS = frozenset({"csrf_token"})

EVERYWHERE = frozenset(
    {
        "type",
        "id",
        "key",
        "label",
        "description",
        "conditional",
        "properties",
        "layout",
        "hideWhen",
        "showWhen",
        "requiredWhen",
        "readonly",
        "disabled",
        "default",
        "defaultValue",
        "validate",
        "appearance",
    }
)
OF_TYPE: dict[str, frozenset[str]] = {
    "number": frozenset({"decimalDigits", "increment", "serializeToString"}),
    "money": frozenset({"decimalDigits", "increment", "currency"}),
    "datetime": frozenset(
        {
            "subtype",
            "dateLabel",
            "timeLabel",
            "timeSerializingFormat",
            "timeInterval",
            "use24h",
            "disallowPassedDates",
        }
    ),
    "select": frozenset({"values", "valuesExpression", "searchable"}),
    "radio": frozenset({"values", "valuesExpression"}),
    "checklist": frozenset({"values", "valuesExpression"}),
    "taglist": frozenset({"values", "valuesExpression"}),
    "filepicker": frozenset({"multiple", "accept", "versions", "newVersion"}),
    "person": frozenset({"multiple", "groups", "choices"}),
    "persongroup": frozenset({"multiple"}),
    "record": frozenset({"multiple", "recordType"}),
    "group": frozenset({"components", "path", "showOutline", "verticalAlignment"}),
    "dynamiclist": frozenset(
        {
            "components",
            "path",
            "showOutline",
            "isRepeating",
            "allowAddRemove",
            "defaultRepetitions",
            "disableCollapse",
            "nonCollapsedItems",
            "rowLabel",
        }
    ),
    "text": frozenset({"text"}),
    "expression": frozenset({"expression", "computeOn", "result", "decimalDigits", "currency"}),
}
RULES = frozenset({"required", "min", "max", "minLength", "maxLength", "validationType"})
FORM = frozenset(
    {
        "type",
        "id",
        "schemaVersion",
        "components",
        "title",
        "executionPlatform",
        "exporter",
        "executionPlatformVersion",
        "$schema",
        "versionTag",
    }
)
