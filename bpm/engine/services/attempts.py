"""How often a service step is tried, with which pauses, and how long one attempt may take.

Reads ``bpm:retry``, Camunda's ``failedJobRetryTimeCycle`` and Zeebe's ``retries``; knows no job.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bpm.errors import Refusal
from bpm.worktime import parse_term

USUAL = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))
MOST_TRIES = 100
LONGEST_ATTEMPT = timedelta(minutes=30)
_CYCLE = re.compile(r"R(\d{1,3})/(.+)\Z")


class NotAttempts(ValueError):
    """A text does not say how often and when something is tried; ``text`` is the part that is wrong."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


@dataclass(frozen=True)
class Attempts:
    """The waits after the first, second, … failure; after the last one: an incident.

    ``limit``: how long one attempt may take; None: what the connector finds right.
    """

    pauses: tuple[timedelta, ...] = USUAL
    limit: timedelta | None = None

    @property
    def tries(self) -> int:
        """How often it is tried at most."""
        return len(self.pauses) + 1

    def as_json(self) -> dict[str, Any]:
        """Return what a job keeps; nothing if all is as usual."""
        if self == Attempts():
            return {}
        limit = self.limit.total_seconds() if self.limit is not None else None
        return {"pauses": [pause.total_seconds() for pause in self.pauses], "limit": limit}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Attempts:
        """Return what :meth:`as_json` wrote."""
        if not kept:
            return cls()
        limit = kept.get("limit")
        pauses = tuple(timedelta(seconds=pause) for pause in kept.get("pauses", ()))
        return cls(pauses, timedelta(seconds=limit) if limit is not None else None)


def read(tries: str, wait: str, limit: str) -> Attempts:
    """Read the attributes of ``bpm:retry``; what is empty is as usual.

    With fewer waits than tries the last wait serves for the rest; without ``tries`` there is one try
    more than waits.

    Raises:
        NotAttempts: a number or a term cannot be used.
    """
    pauses = [_length(part) for part in wait.split(",") if part.strip()] if wait else list(USUAL)
    number = _number(tries) if tries else len(pauses) + 1
    pauses = (pauses + pauses[-1:] * number)[: number - 1]
    longest = _length(limit) if limit else None
    if longest is not None and not timedelta() < longest <= LONGEST_ATTEMPT:
        raise NotAttempts(limit)
    return Attempts(tuple(pauses), longest)


def read_cycle(text: str) -> Attempts:
    """Read Camunda's text: ``R5/PT5M`` is five tries, ``PT1M,PT10M`` one more than it has waits.

    Raises:
        NotAttempts: it is neither.
    """
    cycle = _CYCLE.match(text.strip())
    return read(cycle[1], cycle[2], "") if cycle is not None else read("", text, "")


def _number(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_TRIES:
        raise NotAttempts(text)
    return int(text)


def _length(text: str) -> timedelta:
    """Return a term by the clock; a month counts as thirty days."""
    try:
        term = parse_term(text)
    except Refusal:
        raise NotAttempts(text) from None
    if term.working:
        raise NotAttempts(text)
    return timedelta(days=term.months * 30 + term.weeks * 7 + term.days) + term.time
