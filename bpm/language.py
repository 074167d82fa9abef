"""The words of the program in the reader's language, without Flask.

``_("text")`` translates at once, ``lazy("text")`` when it is shown. The language of the
present work (a request, a letter, a command) is set by ``using(language)``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from decimal import Decimal, localcontext
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from babel import dates, numbers
from babel.support import LazyProxy, NullTranslations, Translations

from bpm.config import LANGUAGES
from bpm.feel.texts import translate_with

_MOST_DIGITS = 100

_FOLDER = Path(__file__).parent / "translations"
_language: ContextVar[str] = ContextVar("language", default="en")
_time_zone: ContextVar[str] = ContextVar("time_zone", default="UTC")


@cache
def _catalogue(language: str) -> NullTranslations:
    return Translations.load(_FOLDER, [language])


def language() -> str:
    """Return the language of the present work: ``en``, ``ru`` or ``pl``."""
    return _language.get()


def time_zone() -> str:
    """Return the name of the time zone in which times are shown."""
    return _time_zone.get()


def locale() -> str:
    """Return the CLDR locale of the language; English dates and times are written as in Europe."""
    return "en_GB" if _language.get() == "en" else _language.get()


@contextmanager
def using(language: str, time_zone: str | None = None) -> Iterator[None]:
    """Speak ``language`` (an unknown one counts as English) within the block."""
    token = _language.set(language if language in LANGUAGES else "en")
    zone_token = _time_zone.set(time_zone) if time_zone else None
    try:
        yield
    finally:
        _language.reset(token)
        if zone_token is not None:
            _time_zone.reset(zone_token)


def speak(language: str, time_zone: str) -> None:
    """Set language and time zone for the rest of this request or job."""
    _language.set(language if language in LANGUAGES else "en")
    _time_zone.set(time_zone)


def gettext(message: str, **values: Any) -> str:
    """Translate ``message``; ``%(name)s`` marks take ``values``."""
    text = _catalogue(_language.get()).ugettext(message)
    return text % values if values else text


def ngettext(one: str, many: str, num: int, **values: Any) -> str:
    """Translate the plural form that fits ``num``, which is also the value ``%(num)s``."""
    text = _catalogue(_language.get()).ungettext(one, many, num)
    return text % {"num": num, **values}


def lazy(message: str, **values: Any) -> LazyProxy:
    """Return a text that is translated each time it is shown."""
    return LazyProxy(gettext, message, enable_cache=False, **values)


_ = gettext
translate_with(lambda message: _catalogue(_language.get()).ugettext(message))


def in_quotes(text: str) -> str:
    """Return a text in the quotation marks of the present language."""
    return gettext("“%(text)s”", text=text)


def chosen(texts: Mapping[str, str] | str | None, default: str = "") -> str:
    """Return the entry of ``{"en": …, "ru": …, "pl": …}`` in the present language.

    Falls back to English, then to any entry, then to ``default``. A plain text is itself.
    """
    if isinstance(texts, str):
        return texts or default
    if not texts:
        return default
    return texts.get(_language.get()) or texts.get("en") or next(iter(texts.values()), "") or default


def format_moment(moment: datetime, form: str = "medium") -> str:
    """Write a point in time in the reader's zone and language."""
    return dates.format_datetime(moment, form, ZoneInfo(_time_zone.get()), locale=locale())


def format_date(day: date, form: str = "medium") -> str:
    """Write a day in the reader's language; a point in time is first taken to the reader's zone."""
    if isinstance(day, datetime):
        day = day.astimezone(ZoneInfo(_time_zone.get())).date()
    return dates.format_date(day, form, locale=locale())


def format_number(number: Decimal | int | float) -> str:
    """Write a number with the reader's separators and no more digits than it has.

    One of more than a hundred digits is written with its power of ten.
    """
    exact = Decimal(str(number)) if isinstance(number, float) else Decimal(number)
    if not exact.is_finite() or len(exact.as_tuple().digits) + abs(exact.adjusted()) > _MOST_DIGITS:
        return str(number)
    with localcontext(prec=2 * _MOST_DIGITS):  # the usual 28 digits are too few for what a case may hold
        return _separated(exact)


def _separated(number: Decimal) -> str:
    return numbers.format_decimal(number, locale=locale(), decimal_quantization=False)
