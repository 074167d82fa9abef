"""What a type of record looks like: its fields, stages and title, read from a definition.

Owns the shape of ``types/*.json`` and of ``RecordType.definition``. Reads no table and changes none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from bpm.errors import Invalid
from bpm.language import _, chosen, lazy

FIELD_TYPES = (
    "text", "long_text", "number", "money", "date", "datetime", "yes_no",
    "choice", "person", "record", "file", "list",
)  # fmt: skip
TONES = ("neutral", "waiting", "running", "done", "failed")
SHIPPED = Path(__file__).parent / "types"

# Names that every record has beside its fields; a field may not take them.
COMMON_FIELDS = {
    "stage": lazy("Stage"),
    "responsible": lazy("Responsible"),
}
RESERVED = frozenset(COMMON_FIELDS) | {"id", "type", "title", "created_at", "changed_at", "created_by"}
_KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")


@dataclass(frozen=True)
class Choice:
    """One value that a choice field may have."""

    key: str
    names: Mapping[str, str]

    @property
    def name(self) -> str:
        return chosen(self.names, self.key)


@dataclass(frozen=True)
class Field:
    """One field. ``set_by_process``: only a running case writes it, people read it."""

    key: str
    type: str
    names: Mapping[str, str]
    required: bool = False
    choices: tuple[Choice, ...] = ()
    record_type: str | None = None
    item: str | None = None
    set_by_process: bool = False

    @property
    def name(self) -> str:
        """The field's name in the reader's language."""
        return chosen(self.names, self.key)

    def choice_name(self, key: str) -> str:
        """The name of one choice in the reader's language; an unknown key is shown as it is."""
        return next((choice.name for choice in self.choices if choice.key == key), key)


@dataclass(frozen=True)
class Stage:
    """One stage. ``final``: the record's way ends here. ``closes``: reached by hand, running cases end.

    ``funnel``: only records whose field ``funnel`` has this value pass through it.
    """

    key: str
    names: Mapping[str, str]
    tone: str = "neutral"
    final: bool = False
    closes: bool = False
    funnel: str | None = None

    @property
    def name(self) -> str:
        return chosen(self.names, self.key)


@dataclass(frozen=True)
class RecordSchema:
    """A type of record. ``title``: text with {FEEL} parts over the record's own fields."""

    key: str
    names: Mapping[str, str]
    plural: Mapping[str, str]
    title: str
    fields: tuple[Field, ...]
    stages: tuple[Stage, ...] = ()
    columns: tuple[str, ...] = ()
    position: int = 0
    source: Mapping[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def by_key(self) -> Mapping[str, Field]:
        return {each.key: each for each in self.fields}

    @property
    def name(self) -> str:
        return chosen(self.names, self.key)

    @property
    def plural_name(self) -> str:
        return chosen(self.plural, self.name)

    def stage(self, key: str | None) -> Stage | None:
        return next((stage for stage in self.stages if stage.key == key), None)

    def stages_for(self, values: Mapping[str, Any]) -> tuple[Stage, ...]:
        """Return the stages that a record with these values passes through."""
        return tuple(s for s in self.stages if s.funnel is None or s.funnel == values.get("funnel"))

    def field_name(self, key: str) -> str:
        """Return what people call a field, also one of those every record has."""
        if key in COMMON_FIELDS:
            return str(COMMON_FIELDS[key])
        return self.by_key[key].name if key in self.by_key else key


def read(definition: Mapping[str, Any]) -> RecordSchema:
    """Read the definition of a record type.

    Raises:
        Invalid: something is missing or wrong; ``details["problems"]`` names each fault.
    """
    problems: list[str] = []
    key = str(definition.get("key", ""))
    if not _KEY.fullmatch(key):
        problems.append(_("The key “%(key)s” is not usable: write small letters, digits and _.", key=key))
    fields = tuple(_field(each, problems) for each in definition.get("fields", ()))
    stages = tuple(_stage(each, problems) for each in definition.get("stages", ()))
    for keys in ([f.key for f in fields], [s.key for s in stages]):
        for twice in sorted({k for k in keys if keys.count(k) > 1}):
            problems.append(_("“%(key)s” stands there twice.", key=twice))
    columns = tuple(definition.get("columns", ()))
    known = {f.key for f in fields}
    for column in columns:
        if column not in known:
            problems.append(_("The list shows “%(key)s”, which is not a field.", key=column))
    if problems:
        text = _("The record type “%(key)s” cannot be used: %(why)s", key=key, why=" ".join(problems))
        raise Invalid(text, problems=problems)
    return RecordSchema(
        key=key,
        names=definition["names"],
        plural=definition.get("plural", definition["names"]),
        title=str(definition.get("title", "{name}")),
        fields=fields,
        stages=stages,
        columns=columns,
        position=int(definition.get("position", 0)),
        source=dict(definition),
    )


def shipped(folder: Path = SHIPPED) -> list[RecordSchema]:
    """Read the record types that come with the program, in the order in which they are listed."""
    schemas = [read(json.loads(path.read_text("utf-8"))) for path in sorted(folder.glob("*.json"))]
    return sorted(schemas, key=lambda schema: schema.position)


def _field(source: Mapping[str, Any], problems: list[str]) -> Field:
    key, kind = str(source.get("key", "")), str(source.get("type", ""))
    if not _KEY.fullmatch(key) or key in RESERVED:
        problems.append(_("A field cannot be called “%(key)s”.", key=key))
    if kind not in FIELD_TYPES:
        problems.append(_("The field “%(key)s” has the unknown type “%(type)s”.", key=key, type=kind))
    if kind == "choice" and not source.get("choices"):
        problems.append(_("The field “%(key)s” offers nothing to choose from.", key=key))
    item = source.get("item")
    if item is not None and (kind != "list" or item not in FIELD_TYPES or item == "list"):
        problems.append(_("The field “%(key)s” cannot be a list of “%(type)s”.", key=key, type=item))
    return Field(
        key=key,
        type=kind,
        names=source.get("names", {}),
        required=bool(source.get("required", False)),
        choices=tuple(Choice(str(c["key"]), c.get("names", {})) for c in source.get("choices", ())),
        record_type=source.get("record_type"),
        item=item,
        set_by_process=bool(source.get("set_by_process", False)),
    )


def _stage(source: Mapping[str, Any], problems: list[str]) -> Stage:
    key, tone = str(source.get("key", "")), str(source.get("tone", "neutral"))
    if not _KEY.fullmatch(key):
        problems.append(_("A stage cannot be called “%(key)s”.", key=key))
    if tone not in TONES:
        problems.append(_("The stage “%(key)s” has the unknown tone “%(tone)s”.", key=key, tone=tone))
    return Stage(
        key=key,
        names=source.get("names", {}),
        tone=tone,
        final=bool(source.get("final", False)),
        closes=bool(source.get("closes", False)),
        funnel=source.get("funnel"),
    )
