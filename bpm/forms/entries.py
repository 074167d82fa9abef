"""One entry of a form: from what was sent to a typed value, and back to the text of its control.

Owns the notations people may use for numbers, dates and times. Every fault is an ``EntryFault``
whose text says what to write instead; no other exception leaves this module.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from bpm.forms.parts import Component
from bpm.language import _, format_number, language, time_zone

MOST_DIGITS = 28
_EMAIL = re.compile(r"[^\s@]+@[^\s@.]+(\.[^\s@.]+)+")
_PHONE = re.compile(r"\+?\d{6,15}")
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009'’]")
_ENGLISH_THOUSANDS = re.compile(r"[-+]?\d{1,3}(,\d{3})+(\.\d*)?")
# Neither JSON in PostgreSQL nor UTF-8 can hold these.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_YES = frozenset({"true", "on", "1", "yes"})
_NO = frozenset({"false", "off", "0", "no", ""})


class EntryFault(Exception):
    """The entry breaks a rule; the text tells the person which and what to do."""


def is_empty(sent: Any) -> bool:
    """Whether nothing was entered: nothing, blank text, or an empty list."""
    return sent is None or (isinstance(sent, str) and not sent.strip()) or sent in ([], ())


def text(component: Component, sent: Any) -> str:
    """Read a text; line ends become ``\\n``, everything else stays as typed."""
    if isinstance(sent, bool) or not isinstance(sent, str | int | Decimal):
        raise EntryFault(_("Write a text here."))
    value = str(sent).replace("\r\n", "\n") if isinstance(sent, str) else format(Decimal(sent), "f")
    if _UNSTORABLE.search(value):
        raise EntryFault(_("This text has a character that cannot be stored. Remove it and try again."))
    length = len(value)
    if component.max_length and length > component.max_length:
        raise EntryFault(
            _(
                "At most %(most)s characters fit here; these are %(number)s. Shorten the text.",
                most=format_number(component.max_length),
                number=format_number(length),
            )
        )
    if length < component.min_length:
        raise EntryFault(_("Write at least %(least)s characters.", least=component.min_length))
    if component.validation == "email" and not _EMAIL.fullmatch(value.strip()):
        raise EntryFault(_("Write an e-mail address, for instance ann@example.com."))
    if component.validation == "phone" and not _PHONE.fullmatch(re.sub(r"[\s().-]", "", value)):
        raise EntryFault(_("Write a telephone number, for instance +48 601 234 567."))
    return value


def number(component: Component, sent: Any) -> Decimal:
    """Read a number in the notation of the reader's language or of programs."""
    value = parse_number(sent)
    digits = component.decimal_digits
    if digits is not None and _decimals(value) > digits:
        raise EntryFault(
            _("Write a whole number.")
            if digits == 0
            else _("Write at most %(digits)s digits after the decimal point.", digits=digits)
        )
    if component.increment and not _is_multiple(value, component.increment):
        raise EntryFault(_("Write a multiple of %(step)s.", step=format_number(component.increment)))
    return value


def _decimals(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def _is_multiple(value: Decimal, step: Decimal) -> bool:
    try:
        return value % step == 0
    except InvalidOperation:  # the quotient has more digits than Decimal computes with
        return False


def parse_number(sent: Any) -> Decimal:
    """Read ``1 200 000,50``, ``1,200,000.50`` (in English), ``1200000.5`` or a number itself.

    Raises:
        EntryFault: it is no number, not finite, or has more than 28 digits.
    """
    fault = EntryFault(
        _("Write a number, for instance %(example)s.", example=format_number(Decimal("1200.5")))
    )
    if isinstance(sent, bool) or not isinstance(sent, str | int | float | Decimal):
        raise fault
    too_long = EntryFault(_("A number has at most %(most)s digits.", most=MOST_DIGITS))
    if isinstance(sent, int) and sent.bit_length() > 4 * MOST_DIGITS:
        raise too_long
    if isinstance(sent, str) and len(sent) > 4 * MOST_DIGITS:
        raise too_long
    try:
        value = Decimal(_plain_number(sent) if isinstance(sent, str) else str(sent))
    except InvalidOperation:
        raise fault from None
    if not value.is_finite():
        raise fault
    exponent = value.as_tuple().exponent
    assert isinstance(exponent, int)
    if (
        len(value.as_tuple().digits) > MOST_DIGITS
        or value.adjusted() >= MOST_DIGITS
        or exponent < -MOST_DIGITS
    ):
        raise too_long
    return value + 0 if value else Decimal(0)


def _plain_number(written: str) -> str:
    compact = _SPACES.sub("", written).replace("\u2212", "-")
    if "_" in compact:
        return "?"
    if language() == "en" and _ENGLISH_THOUSANDS.fullmatch(compact):
        return compact.replace(",", "")
    if "," in compact and "." in compact:
        decimal_mark = max(compact.rfind(","), compact.rfind("."))
        whole = compact[:decimal_mark].replace(",", "").replace(".", "")
        return f"{whole}.{compact[decimal_mark + 1 :]}"
    return compact.replace(",", ".")


def moment(component: Component, sent: Any) -> date | time | datetime:
    """Read a date, a time of day, or a point in time (as its subtype says; ISO 8601)."""
    readers: dict[str, Callable[[Any], date | time | datetime]] = {
        "date": _date,
        "time": _time,
        "datetime": _datetime,
    }
    try:
        return readers[component.subtype](sent)
    except (ValueError, OverflowError, TypeError):
        examples = {"date": "2026-03-31", "time": "14:30", "datetime": "2026-03-31 14:30"}
        kinds = {
            "date": _("Write a date, for instance %(example)s.", example=examples["date"]),
            "time": _("Write a time, for instance %(example)s.", example=examples["time"]),
            "datetime": _("Write a date and a time, for instance %(example)s.", example=examples["datetime"]),
        }
        raise EntryFault(kinds[component.subtype]) from None


def _date(sent: Any) -> date:
    if isinstance(sent, datetime):
        return sent.astimezone(ZoneInfo(time_zone())).date()
    if isinstance(sent, date):
        return sent
    written = _written(sent)
    if "T" in written:
        return _date(_datetime(written))
    for pattern in ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y"):
        try:
            day = datetime.strptime(written, pattern).date()  # noqa: DTZ007 a day has no zone
        except ValueError:
            continue
        return _sensible(day)
    raise ValueError(written)


def _time(sent: Any) -> time:
    return sent if isinstance(sent, time) else time.fromisoformat(_written(sent))


def _datetime(sent: Any) -> datetime:
    value = sent if isinstance(sent, datetime) else datetime.fromisoformat(_written(sent))
    _sensible(value.date())
    if value.tzinfo is None:
        value = value.replace(tzinfo=ZoneInfo(time_zone()))
    return value.astimezone(UTC)


def _written(sent: Any) -> str:
    if not isinstance(sent, str) or len(sent) > 40:
        raise ValueError
    return sent.strip()


def _sensible(day: date) -> date:
    if not 1000 <= day.year <= 9998:
        raise ValueError(day)
    return day


def truth(sent: Any) -> bool:
    """Read a checkbox."""
    if isinstance(sent, bool):
        return sent
    if sent is None:
        return False
    written = str(sent).strip().lower() if isinstance(sent, str | int) else "?"
    if written in _YES | _NO:
        return written in _YES
    raise EntryFault(_("Tick the box or leave it empty."))


def written(value: Any, component: Component | None = None) -> str:
    """Write a value as the text of its control; what was typed stays as it was typed."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return value
    if isinstance(value, Decimal | int | float):
        return format_number(value)
    if isinstance(value, datetime):
        local = value.astimezone(ZoneInfo(time_zone()))
        if component is not None and component.subtype == "date":
            return local.date().isoformat()
        return local.replace(tzinfo=None).isoformat(timespec="minutes")
    if isinstance(value, time):
        return value.isoformat(timespec="minutes")
    if isinstance(value, date):
        return value.isoformat()
    return ""
