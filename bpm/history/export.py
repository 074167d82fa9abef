"""The history of a case as JSON and as CSV, for other programs and for the file.

Writes what happened with its sentence in the reader's language and its data unchanged.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import UTC
from typing import Any

from bpm.engine import values
from bpm.engine.models import HistoryEvent, Instance
from bpm.history.names import Names
from bpm.history.sentences import lines

COLUMNS = (
    "number",
    "at",
    "kind",
    "element",
    "step",
    "person",
    "on_behalf_of",
    "sentence",
    "comment",
    "data",
    "hash",
)
# a spreadsheet would run a cell that begins like this as a formula
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_json(instance: Instance, events: Sequence[HistoryEvent], names: Names) -> dict[str, Any]:
    """Return the history as JSON; the data are those of the API, without type tags."""
    return {
        "id": instance.public_id,
        "process": instance.process.key,
        "version": instance.version.number,
        "status": instance.status,
        "outcome": instance.outcome,
        "events": [{**row, "data": data} for row, data in _rows(events, names)],
    }


def as_csv(events: Sequence[HistoryEvent], names: Names) -> str:
    """Return the history as CSV (RFC 4180) with a byte order mark, which Excel needs to see UTF-8."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(COLUMNS)
    for row, data in _rows(events, names):
        writer.writerow([_cell(row.get(name, "") if name != "data" else _compact(data)) for name in COLUMNS])
    return "\ufeff" + written.getvalue()


def _rows(events: Sequence[HistoryEvent], names: Names) -> Iterable[tuple[dict[str, Any], Any]]:
    for event, line in zip(events, lines(events, names, technical=True), strict=True):
        row = {
            "number": event.seq,
            "at": event.at.astimezone(UTC).isoformat(),
            "kind": event.kind,
            "element": event.element,
            "step": names.element(event.element) if event.element else None,
            "person": event.actor.login if event.actor else None,
            "on_behalf_of": event.on_behalf_of.login if event.on_behalf_of else None,
            "sentence": line.text,
            "comment": line.comment or None,
            "hash": event.hash,
        }
        yield row, _plain(event.data)


def _plain(data: Any) -> Any:
    try:
        return values.to_json(values.decode(data))
    except (ValueError, KeyError):
        return data


def _compact(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
