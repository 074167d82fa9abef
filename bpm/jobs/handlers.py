"""What the kinds of jobs do: the two shapes of a handler, how often it is tried, and their register.

Handlers write through the session they are given and never commit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from sqlalchemy.orm import Session

from bpm.jobs.models import Job

Data = TypeVar("Data")
Result = TypeVar("Result")


class Hopeless(Exception):
    """Raised by a handler when trying again cannot help: the job gives up at once."""


class WorkersDied(Exception):
    """The error of a job whose worker did not survive it, time and again."""


@dataclass(frozen=True)
class Retry:
    """How long to wait after the first, second, … failure. After the last one: give up."""

    pauses: tuple[timedelta, ...] = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30))

    @classmethod
    def doubling(cls, first: timedelta, times: int, longest: timedelta = timedelta(hours=1)) -> Retry:
        """Wait ``first``, then twice as long each time, at most ``longest``; ``times`` in all."""
        return cls(tuple(min(longest, first * 2**number) for number in range(times)))

    def pause(self, failures: int) -> timedelta | None:
        """Return the wait after that many failures (1 is the first); None: give up."""
        return self.pauses[failures - 1] if failures <= len(self.pauses) else None


GiveUp = Callable[[Session, datetime, Job, Exception], None]
_AT_ONCE = Retry.doubling(timedelta(seconds=1), times=8)


@dataclass(frozen=True)
class InTransaction:
    """The effect is a change of the database: it commits together with the deletion of the job.

    ``give_up`` runs in the transaction that marks the job as dead.
    """

    run: Callable[[Session, datetime, Job], None]
    give_up: GiveUp | None = None
    retries: Retry = _AT_ONCE


@dataclass(frozen=True)
class Outside(Generic[Data, Result]):
    """The effect lies outside the database (a letter, a call): no transaction is open meanwhile.

    ``prepare`` reads what is needed; None means that nothing is left to do. ``perform`` acts;
    it may happen again after a crash, so it must carry a key by which the other side knows a
    repetition. ``finish`` writes the result and commits together with the deletion of the job.
    ``perform`` must end within ``patience``, else another worker may start it as well.
    """

    prepare: Callable[[Session, datetime, Job], Data | None]
    perform: Callable[[Data], Result]
    finish: Callable[[Session, datetime, Job, Result], None]
    give_up: GiveUp | None = None
    # a function, where the job itself says how often it is tried
    retries: Retry | Callable[[Job], Retry] = Retry()
    patience: timedelta = timedelta(minutes=2)


Handler = InTransaction | Outside[Any, Any]


def retries_of(handler: Handler | None, job: Job) -> Retry:
    """Return how often a job is tried."""
    if handler is None:
        return Retry()
    return handler.retries if isinstance(handler.retries, Retry) else handler.retries(job)


@dataclass
class Handlers:
    """The register of all kinds."""

    _by_kind: dict[str, Handler] = field(default_factory=dict)

    def register(self, kind: str, handler: Handler) -> None:
        """Let ``handler`` do the jobs of this kind.

        Raises:
            ValueError: the kind has a handler already.
        """
        if kind in self._by_kind:
            raise ValueError(f"The job kind {kind!r} has a handler already.")
        self._by_kind[kind] = handler

    def get(self, kind: str) -> Handler | None:
        """Return the handler of a kind, None if there is none."""
        return self._by_kind.get(kind)

    @property
    def kinds(self) -> Iterable[str]:
        """Every kind that has a handler."""
        return self._by_kind.keys()
