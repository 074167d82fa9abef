"""Working hours, holidays, and terms: "two working days from now"."""

from bpm.worktime.calendar import WorkCalendar
from bpm.worktime.queries import company_calendar
from bpm.worktime.terms import Term, TermError, due, parse_term

__all__ = ["Term", "TermError", "WorkCalendar", "company_calendar", "due", "parse_term"]
