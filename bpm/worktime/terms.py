"""Terms such as ``2wd``, ``30m`` or ``P1M``: reading them, and finding when they are over.

Knows no database and no diagram; where a term is written in FEEL, the engine has already
computed its text.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bpm.errors import Invalid
from bpm.language import _
from bpm.worktime.calendar import TooLittleWork, WorkCalendar

_SHORT_PART = re.compile(r"(\d{1,9}(?:[.,]\d{1,6})?)\s*(wm|wh|wd|s|m|h|d|w)(?![a-z])\s*", re.IGNORECASE)
_ISO = re.compile(
    r"P(?=.)(?:(?P<years>\d{1,6})Y)?(?:(?P<months>\d{1,6})M)?(?:(?P<weeks>\d{1,6})W)?(?:(?P<days>\d{1,6})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,9})H)?(?:(?P<minutes>\d{1,9})M)?(?:(?P<seconds>\d{1,12}(?:[.,]\d{1,9})?)S)?)?"
)
_MOST_DAYS = 100 * 366


class TermError(Invalid):
    """A text is not a term, or a term that never ends."""

    code = "term"


@dataclass(frozen=True)
class Term:
    """A length of time as people write it.

    ``months``, ``weeks`` and ``days`` are steps on the calendar, ``time`` is exact.
    ``working``: days are working days and time is working time.
    """

    months: int = 0
    weeks: int = 0
    days: int = 0
    time: timedelta = timedelta()
    working: bool = False


def parse_term(text: str) -> Term:
    """Read a term.

    Short forms: ``30s 15m 2h 3d 1w`` by the clock, ``30wm 4wh 3wd`` in working time; several
    parts of one sort may follow one another, ``1d 12h``. Or an ISO 8601 duration, ``P2D``,
    ``PT4H``, ``P1Y2M``, ``P1W``.

    Raises:
        TermError: the text is neither.
    """
    stripped = text.strip()
    term = _parse_iso(stripped.upper()) if stripped[:1] in ("P", "p") else _parse_short(stripped.lower())
    if term is None:
        raise TermError(
            _(
                "“%(text)s” is not a term. Write for instance 15m, 2h, 3d, in working time 30wm, 4wh, 3wd,"
                " or a duration such as P2D or PT4H.",
                text=text[:60],
            )
        )
    length = timedelta(days=31) * term.months + timedelta(days=7) * term.weeks + timedelta(days=term.days)
    if length + term.time > timedelta(days=_MOST_DAYS):
        raise TermError(_("The term “%(text)s” is longer than a hundred years.", text=text[:60]))
    return term


def due(moment: datetime, text: str, calendar: WorkCalendar, working: bool = False) -> datetime:
    """Return when a term that starts at ``moment`` is over, in UTC.

    Calendar steps keep the local time of the calendar's zone; hours, minutes and seconds are
    exact. In working time ``2wd`` is the same time two working days later, and a term that
    starts outside working hours starts at the next opening. Months and weeks are calendar
    steps in working time too.

    Args:
        working: count a term without a sort of its own (``P2D``, ``4h``) in working time.

    Raises:
        TermError: the text is not a term, or the calendar has too little working time.
    """
    term = parse_term(text)
    try:
        reached = _step(moment, term.months, term.weeks * 7, calendar.zone)
        if not (term.working or working):
            return (_step(reached, 0, term.days, calendar.zone) + term.time).astimezone(UTC)
        if term.days:
            reached = calendar.after_days(reached, term.days)
        if term.time or not term.days:
            reached = calendar.after_work(reached, term.time)
        return reached
    except (TooLittleWork, OverflowError) as error:
        raise TermError(
            _("The company calendar has too little working time for the term “%(text)s”.", text=text)
        ) from error


def _parse_short(text: str) -> Term | None:
    weeks = days = 0
    time = timedelta()
    sorts: set[bool] = set()
    position = 0
    while position < len(text):
        part = _SHORT_PART.match(text, position)
        if part is None:
            return None
        position = part.end()
        amount, unit = part[1].replace(",", "."), part[2]
        working = len(unit) == 2
        sorts.add(working)
        unit = unit[-1]
        if unit in "wd":
            if "." in amount:
                return None
            weeks += int(amount) if unit == "w" else 0
            days += int(amount) if unit == "d" else 0
        else:
            time += float(amount) * {"s": timedelta(seconds=1), "m": timedelta(minutes=1)}.get(
                unit, timedelta(hours=1)
            )
    if len(sorts) != 1:
        return None
    return Term(weeks=weeks, days=days, time=time, working=sorts.pop())


def _parse_iso(text: str) -> Term | None:
    found = _ISO.fullmatch(text)
    if found is None:
        return None
    whole = {name: int(found[name] or 0) for name in ("years", "months", "weeks", "days", "hours", "minutes")}
    seconds = float((found["seconds"] or "0").replace(",", "."))
    return Term(
        months=whole["years"] * 12 + whole["months"],
        weeks=whole["weeks"],
        days=whole["days"],
        time=timedelta(hours=whole["hours"], minutes=whole["minutes"], seconds=seconds),
    )


def _step(moment: datetime, months: int, days: int, zone: ZoneInfo) -> datetime:
    """Go forward on the local calendar, keeping the wall time; the 31st becomes a month's last day."""
    if not months and not days:
        return moment.astimezone(UTC)
    local = moment.astimezone(zone)
    day = _add_months(local.date(), months) + timedelta(days=days)
    return datetime.combine(day, local.time(), zone).replace(fold=local.fold).astimezone(UTC)


def _add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > 9999:
        raise OverflowError
    return day.replace(year=year, month=month + 1, day=min(day.day, monthrange(year, month + 1)[1]))
