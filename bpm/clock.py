"""Time as a parameter: whoever needs the present moment is given a Clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the present moment."""

    def now(self) -> datetime:
        """Return the present moment, timezone-aware, in UTC."""
        ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class MovableClock:
    """A clock of tests and sandbox installations: runs with the machine's time or stands still,
    and can be moved forward."""

    def __init__(self, start: datetime | None = None, offset: timedelta = timedelta()) -> None:
        """``start``: the moment at which the clock stands; None lets it run with the machine."""
        self._standing = start
        self.offset = offset

    def now(self) -> datetime:
        return (self._standing or datetime.now(UTC)) + self.offset

    def advance(self, by: timedelta) -> None:
        """Move the clock forward.

        Raises:
            ValueError: ``by`` is negative.
        """
        if by < timedelta():
            raise ValueError("A clock can only be moved forward.")
        self.offset += by
