"""What the engine calls when a service step is reached: finds the connector and runs it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bpm.config import Settings
from bpm.connectors import registry
from bpm.connectors.call import Call
from bpm.connectors.registry import Connector, OutsideWork
from bpm.engine.services.caller import ServiceCall, ServiceFailed
from bpm.errors import Refusal
from bpm.files.store import FileStore
from bpm.jobs.handlers import Hopeless
from bpm.language import _, chosen, using


class Caller:
    """The ``ServiceCaller`` of one installation; see ``bpm/engine/services/caller.py``."""

    def __init__(self, settings: Settings, files: FileStore) -> None:
        self._settings = settings
        self._files = files

    def transactional(self, name: str) -> bool:
        """Tell whether a connector runs inside the transaction of the step."""
        return registry.required(name).transactional

    def call(self, session: Session, now: datetime, call: ServiceCall) -> dict[str, Any]:
        """Run a connector inside the transaction."""
        with self._speaking():
            connector = _checked(call)
            assert connector.inside is not None
            return dict(connector.inside(self._call(session, now, call)) or {})

    def prepare(self, session: Session, now: datetime, call: ServiceCall) -> Any:
        """Read what a connector needs for its work outside."""
        with _in_a_job(), self._speaking():
            _checked(call)
            return _outside(call).prepare(self._call(session, now, call))

    def perform(self, call: ServiceCall, prepared: Any) -> Any:
        """Let a connector act outside of any transaction."""
        with self._speaking():
            return _outside(call).perform(call, prepared)

    def finish(self, session: Session, now: datetime, call: ServiceCall, result: Any) -> dict[str, Any]:
        """Let a connector keep what it brought."""
        with _in_a_job(), self._speaking():
            return dict(_outside(call).finish(self._call(session, now, call), result) or {})

    def _call(self, session: Session, now: datetime, call: ServiceCall) -> Call:
        return Call(session, now, call, self._settings, self._files)

    @contextmanager
    def _speaking(self) -> Iterator[None]:
        """Speak the language of the installation, whoever's request this runs in; refusals are failures."""
        with using(self._settings.language, self._settings.time_zone):
            try:
                yield
            except Refusal as refusal:
                raise ServiceFailed(refusal.text, again=False) from refusal


@contextmanager
def _in_a_job() -> Iterator[None]:
    """Let the job give up at once where trying again makes no sense."""
    try:
        yield
    except ServiceFailed as failure:
        if failure.again:
            raise
        raise Hopeless(failure.text) from failure


def _outside(call: ServiceCall) -> OutsideWork:
    connector = registry.required(call.name)
    assert connector.outside is not None
    return connector.outside


def _checked(call: ServiceCall) -> Connector:
    """Return the connector of a call whose required inputs are all there."""
    connector = registry.required(call.name)
    for field in connector.inputs:
        if field.required and call.inputs.get(field.name) in (None, "", []):
            raise ServiceFailed(
                _("“%(input)s” is empty.", input=chosen(field.labels, field.name)), again=False
            )
    return connector
