"""Two connectors that answer, fail and act meanwhile as a test wants it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bpm.db import Setting
from bpm.engine.services.caller import ServiceCall, ServiceFailed


class SmallServices:
    """Two connectors: ``note`` writes inside the transaction, ``call`` acts outside of it."""

    def __init__(self) -> None:
        self.calls: list[ServiceCall] = []
        self.failing: Exception | None = None
        self.meanwhile: Any = None

    def transactional(self, name: str) -> bool:
        if name not in ("note", "call"):
            raise ServiceFailed(f"There is no service {name}.", again=False)
        return name == "note"

    def call(self, session: Session, now: datetime, call: ServiceCall) -> dict[str, Any]:
        session.add(Setting(key=call.key, value={"text": call.inputs.get("text")}))
        session.flush()
        return self._answer(call)

    def prepare(self, session: Session, now: datetime, call: ServiceCall) -> Any:
        return "prepared"

    def perform(self, call: ServiceCall, prepared: Any) -> Any:
        assert prepared == "prepared"
        if self.meanwhile is not None:
            self.meanwhile()
        return self._answer(call)

    def finish(self, session: Session, now: datetime, call: ServiceCall, result: Any) -> dict[str, Any]:
        return dict(result)

    def _answer(self, call: ServiceCall) -> dict[str, Any]:
        self.calls.append(call)
        if self.failing is not None:
            raise self.failing
        return {"id": len(self.calls)}
