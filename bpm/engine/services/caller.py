"""The door between a service task and the connectors, which live on a higher floor.

``create_app`` hands in one ``ServiceCaller`` that knows all connectors. Owns what a call looks
like and which failures there are; knows no connector.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.orm import Session

from bpm.language import _


def no_error(_answer: Mapping[str, Any]) -> tuple[str, str] | None:
    """See no BPMN error in any answer."""
    return None


@dataclass(frozen=True, slots=True)
class ServiceCall:
    """One call of a connector by one service step.

    ``key`` is the same for every repetition of the same call (an idempotency key);
    ``record``: public id of the record the case is about, if there is one.
    """

    name: str
    inputs: Mapping[str, Any]
    instance_id: int
    instance_public_id: str
    element: str
    key: str
    initiator: str | None = None
    # how long one attempt may take; None: what the connector finds right
    seconds: float | None = None
    # code and message of the BPMN error that the diagram sees in an answer; None: it is none
    error_of: Callable[[Mapping[str, Any]], tuple[str, str] | None] = no_error


class ServiceFailed(Exception):
    """The connector could not do its work; ``text`` is fit for people.

    ``again``: whether trying again later makes sense.
    """

    def __init__(self, text: str, *, again: bool = True) -> None:
        super().__init__(text)
        self.text = text
        self.again = again


class ServiceError(Exception):
    """A BPMN error: the diagram may catch it by ``code`` at the step's edge (BPMN 2.0, 10.5.5)."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.code = code
        self.message = message


class ServiceCaller(Protocol):
    """What the engine needs to know of all connectors together."""

    def transactional(self, name: str) -> bool:
        """Tell whether the connector only touches the database and runs inside the transaction.

        Raises:
            ServiceFailed: there is no such connector.
        """
        ...

    def call(self, session: Session, now: datetime, call: ServiceCall) -> dict[str, Any]:
        """Run a transactional connector; return its results by name.

        Raises:
            ServiceFailed, ServiceError
        """
        ...

    def prepare(self, session: Session, now: datetime, call: ServiceCall) -> Any:
        """Read what ``perform`` needs from the database, in a short transaction of its own."""
        ...

    def perform(self, call: ServiceCall, prepared: Any) -> Any:
        """Do the work outside any transaction, at least once; return data for ``finish``.

        Raises:
            ServiceFailed, ServiceError
        """
        ...

    def finish(self, session: Session, now: datetime, call: ServiceCall, result: Any) -> dict[str, Any]:
        """Keep what ``perform`` brought; return the results by name. Runs in the transaction that
        moves the instance on."""
        ...


class NoServices:
    """An installation without connectors: every call fails and says so."""

    def transactional(self, name: str) -> bool:
        raise _no_service(name)

    def call(self, session: Session, now: datetime, call: ServiceCall) -> dict[str, Any]:
        raise _no_service(call.name)

    def prepare(self, session: Session, now: datetime, call: ServiceCall) -> Any:
        raise _no_service(call.name)

    def perform(self, call: ServiceCall, prepared: Any) -> Any:
        raise _no_service(call.name)

    def finish(self, session: Session, now: datetime, call: ServiceCall, result: Any) -> dict[str, Any]:
        raise _no_service(call.name)


def _no_service(name: str) -> ServiceFailed:
    return ServiceFailed(_("There is no service “%(name)s”.", name=name), again=False)


_caller: ServiceCaller = NoServices()
# another one for what runs in this thread only, for instance in a rehearsal
_caller_here: ContextVar[ServiceCaller | None] = ContextVar("services_caller_here", default=None)


def use(caller: ServiceCaller) -> None:
    """Let every service step of this process go through ``caller``."""
    global _caller
    _caller = caller


def caller() -> ServiceCaller:
    """Return the caller in use."""
    return _caller_here.get() or _caller


@contextmanager
def using(other: ServiceCaller) -> Iterator[None]:
    """Use another caller within the block only."""
    before = _caller
    use(other)
    try:
        yield
    finally:
        use(before)


@contextmanager
def using_here(other: ServiceCaller) -> Iterator[None]:
    """Use another caller within the block and in this thread only."""
    token = _caller_here.set(other)
    try:
        yield
    finally:
        _caller_here.reset(token)
