"""The values a process variable may hold, and their encoding as JSON.

Owns the typed tags of stored state and the JSON of the API. Knows nothing of tables: a record
is only a reference here, and reading its fields is the environment's business.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from bpm.errors import Invalid
from bpm.feel.values import DaysDuration, YearsDuration
from bpm.language import _

# "$" marks a tagged value; a dictionary of a user that has this key is itself tagged, so that
# no key of a user can ever be taken for a tag.
TAG = "$"
TEXT_LIMIT = 1_000_000
DEPTH_LIMIT = 60
# the range of decimal128 (IEEE 754-2008), which DMN 1.5 names for numbers (10.3.1.4)
EXPONENT_LIMIT = 6_144
SIZE_LIMIT = 200_000
_SAFE_INTEGER = 2**53


@dataclass(frozen=True, slots=True)
class RecordReference:
    """A record of the ``records`` package, named by its type (``deal``) and id."""

    type: str
    id: Any


@dataclass(frozen=True, slots=True)
class FileReference:
    """A stored file; expressions read ``file.name``, ``file.size`` (bytes), ``file.media_type``."""

    id: Any
    name: str
    size: int = 0
    media_type: str = "application/octet-stream"

    def as_mapping(self) -> dict[str, Any]:
        """Return what an expression sees of the file."""
        return {"id": self.id, "name": self.name, "size": Decimal(self.size), "media_type": self.media_type}


class CannotHold(Invalid):
    """A value cannot be a process variable; ``details['path']`` says which part of it."""

    code = "cannot_hold"


def _refuse(path: str, why: str) -> CannotHold:
    return CannotHold(_("The value of “%(path)s” cannot be kept: %(why)s", path=path, why=why), path=path)


class _Holder:
    """Turns what came from outside into values of our own: copies containers, unifies numbers."""

    def __init__(self) -> None:
        self.linked = False
        self.room = SIZE_LIMIT

    def hold(self, value: Any, path: str, depth: int) -> Any:
        kind = type(value)
        if value is None or kind is bool or kind is Decimal:
            return self._finite(value, path) if kind is Decimal else value
        if kind is str:
            return self._text(value, path)
        if kind is int:
            return self._finite(Decimal(value), path)
        if kind is list or kind is dict:
            return self._container(value, path, depth)
        return self._rest(value, path, depth)

    def _finite(self, value: Decimal, path: str) -> Decimal:
        if not value.is_finite():
            raise _refuse(path, _("it is not a finite number"))
        if value and abs(value.adjusted()) > EXPONENT_LIMIT:
            raise _refuse(path, _("the number is too large or too small"))
        return value

    def _text(self, value: str, path: str) -> str:
        if len(value) > TEXT_LIMIT:
            raise _refuse(path, _("the text is longer than %(limit)s characters", limit=TEXT_LIMIT))
        try:
            value.encode("utf-8")
        except UnicodeEncodeError:
            raise _refuse(path, _("the text contains half a character")) from None
        if "\x00" in value:
            raise _refuse(path, _("the text contains a zero character"))
        return value

    def _container(self, value: Any, path: str, depth: int) -> Any:
        if depth >= DEPTH_LIMIT:
            raise _refuse(path, _("it is nested too deeply"))
        self.room -= len(value)
        if self.room < 0:
            raise _refuse(path, _("it has more than %(limit)s parts", limit=SIZE_LIMIT))
        if isinstance(value, Mapping):
            held = {}
            for key, item in value.items():
                if not isinstance(key, str):
                    raise _refuse(path, _("a field name is not a text"))
                held[self._text(key, path)] = self.hold(item, f"{path}.{key[:60]}", depth + 1)
            return held
        return [self.hold(item, f"{path}[{number}]", depth + 1) for number, item in enumerate(value, 1)]

    def _rest(self, value: Any, path: str, depth: int) -> Any:
        reference = getattr(value, "reference", None)
        if isinstance(reference, (RecordReference, FileReference)):
            value = reference
        if isinstance(value, (RecordReference, FileReference)):
            self.linked = True
            return value
        if isinstance(value, (dt.datetime, dt.date, dt.time, DaysDuration, YearsDuration)):
            return value
        if isinstance(value, (str, bool)):
            return self._text(str(value), path) if isinstance(value, str) else bool(value)
        if isinstance(value, int):
            return self._finite(Decimal(int(value)), path)
        if isinstance(value, float):
            return self._finite(Decimal(repr(float(value))), path)
        if isinstance(value, (Mapping, list, tuple)):
            return self._container(value, path, depth)
        raise _refuse(path, _("it is of the kind %(kind)s", kind=type(value).__name__))


def hold(value: Any, name: str = "value") -> Any:
    """Return ``value`` as a process variable: an own copy with Decimal numbers.

    Objects with an attribute ``reference`` (records and files as expressions see them) become
    the reference again.

    Raises:
        CannotHold: it contains something that cannot be stored; the text names the part.
    """
    return _Holder().hold(value, name, 0)


def hold_linked(value: Any, name: str = "value") -> tuple[Any, bool]:
    """Like :func:`hold`; also tells whether a record or file is referred to somewhere inside."""
    holder = _Holder()
    held = holder.hold(value, name, 0)
    return held, holder.linked


def encode(value: Any, name: str = "value") -> Any:
    """Return ``value`` as JSON with type tags; :func:`decode` gives an equal value back.

    Raises:
        CannotHold: the value cannot be stored.
    """
    return _encode(hold(value, name))


def encode_held(value: Any) -> Any:
    """Encode a value that :func:`hold` returned; skips its checks."""
    return _encode(value)


def _encode(value: Any) -> Any:
    kind = type(value)
    if value is None or kind is bool or kind is str:
        return value
    if kind is Decimal:
        whole = int(value) if value.as_tuple().exponent == 0 else None
        negative_zero = value.is_zero() and value.is_signed()
        if whole is not None and abs(whole) < _SAFE_INTEGER and not negative_zero:
            return whole
        return {TAG: "number", "v": str(value)}
    if kind is list:
        return [_encode(item) for item in value]
    if kind is dict:
        fields = {key: _encode(item) for key, item in value.items()}
        return {TAG: "context", "v": fields} if TAG in fields else fields
    return _encode_rest(value)


def _encode_rest(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        zone = getattr(value.tzinfo, "key", None)
        tagged = {TAG: "datetime", "v": value.isoformat()}
        return {**tagged, "zone": zone} if zone else tagged
    if isinstance(value, dt.date):
        return {TAG: "date", "v": value.isoformat()}
    if isinstance(value, dt.time):
        return {TAG: "time", "v": value.isoformat()}
    if isinstance(value, (DaysDuration, YearsDuration)):
        return _encode_duration(value)
    if isinstance(value, RecordReference):
        return {TAG: "record", "type": value.type, "id": value.id}
    if isinstance(value, FileReference):
        return {TAG: "file", "id": value.id, "name": value.name, "size": value.size, "type": value.media_type}
    raise _refuse("value", _("it is of the kind %(kind)s", kind=type(value).__name__))


def _encode_duration(value: DaysDuration | YearsDuration) -> dict[str, Any]:
    if isinstance(value, DaysDuration):
        return {TAG: "days", "v": value.nanoseconds}
    return {TAG: "months", "v": value.months}


def decode(stored: Any) -> Any:
    """Return the value that :func:`encode` stored.

    Raises:
        ValueError: the JSON carries a tag that this program does not know.
    """
    kind = type(stored)
    if kind is int:
        return Decimal(stored)
    if kind is float:
        return Decimal(repr(stored))
    if kind is list:
        return [decode(item) for item in stored]
    if kind is dict:
        if TAG in stored:
            return _decode_tagged(stored)
        return {key: decode(item) for key, item in stored.items()}
    return stored


def _decode_tagged(stored: dict[str, Any]) -> Any:
    tag: str = stored[TAG]
    content: Any = stored.get("v")
    if tag == "number":
        return Decimal(content)
    if tag == "context":
        return {key: decode(item) for key, item in content.items()}
    if tag == "datetime":
        return _zoned(dt.datetime.fromisoformat(content), stored.get("zone"))
    if tag == "date":
        return dt.date.fromisoformat(content)
    if tag == "time":
        return dt.time.fromisoformat(content)
    if tag == "days":
        return DaysDuration(content)
    if tag == "months":
        return YearsDuration(content)
    if tag == "record":
        return RecordReference(stored["type"], stored["id"])
    if tag == "file":
        return FileReference(stored["id"], stored["name"], stored["size"], stored["type"])
    raise ValueError(f"unknown tag {tag!r} in a stored value")


def _zoned(moment: dt.datetime, zone: str | None) -> dt.datetime:
    if zone is None:
        return moment
    return moment.astimezone(ZoneInfo(zone)) if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))


def to_json(value: Any) -> Any:
    """Return ``value`` as the plain JSON of the API: no tags, dates and durations as ISO 8601 text.

    Whole numbers stay numbers; other decimals become numbers too where a double holds them
    exactly enough to be written the same way, else text, so that no digit is lost.
    """
    kind = type(value)
    if value is None or kind is bool or kind is str or kind is int or kind is float:
        return value
    if kind is Decimal:
        return _json_number(value)
    if isinstance(value, (RecordReference, FileReference)):
        return _json_reference(value)
    if isinstance(value, (dt.datetime, dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): to_json(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [to_json(item) for item in value]
    return str(value)


def _json_number(value: Decimal) -> Any:
    if not value.is_finite():
        return str(value)
    if value == value.to_integral_value() and abs(value) < _SAFE_INTEGER:
        return int(value)
    try:
        same = Decimal(repr(float(value))) == value
    except (OverflowError, InvalidOperation):
        same = False
    return float(value) if same else str(value)


def _json_reference(value: RecordReference | FileReference) -> dict[str, Any]:
    if isinstance(value, RecordReference):
        return {"record": value.type, "id": to_json(value.id)}
    return {"file": to_json(value.id), "name": value.name, "size": value.size, "media_type": value.media_type}
