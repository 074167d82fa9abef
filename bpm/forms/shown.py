"""What the macro ``fields`` draws: a form part by part, with label, value, choices, error and attributes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bpm.forms.parts import COLUMNS


@dataclass(frozen=True)
class ShownOption:
    """One answer of a choosing field."""

    key: str
    label: str
    hint: str
    selected: bool


@dataclass(frozen=True)
class ShownFile:
    """One file that a field holds."""

    id: str
    name: str
    size: int


@dataclass(frozen=True)
class ShownField:
    """One part of a form, ready to be drawn. ``kind`` picks the control."""

    kind: str
    name: str = ""
    label: str = ""
    hint: str = ""
    error: str = ""
    required: bool = False
    sometimes_required: bool = False
    readonly: bool = False
    hidden: bool = False
    value: str = ""
    shown: str = ""
    checked: bool = False
    multiple: bool = False
    versions: bool = False
    may_add: bool = True
    prefix: str = ""
    suffix: str = ""
    paragraphs: tuple[tuple[str, str], ...] = ()
    attributes: Mapping[str, str] = field(default_factory=dict)
    options: tuple[ShownOption, ...] = ()
    files: tuple[ShownFile, ...] = ()
    present: tuple[ShownFile, ...] = ()
    fields: tuple[ShownField, ...] = ()
    rows: tuple[tuple[ShownField, ...], ...] = ()
    template: tuple[ShownField, ...] = ()
    row_label: str = ""
    columns: int = COLUMNS

    @property
    def id(self) -> str:
        """The id of the control in the page."""
        return f"field-{self.name}"

    @property
    def described_by(self) -> str:
        """Ids of the hint and the error, for ``aria-describedby``."""
        parts = [f"{self.id}-hint" if self.hint else "", f"{self.id}-error" if self.error else ""]
        return " ".join(part for part in parts if part)
