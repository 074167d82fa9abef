"""An installation tells process-wide registers who listens; a test takes that back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bpm.engine import events
from bpm.engine.services import caller as services


@contextmanager
def forgetting() -> Iterator[None]:
    """What an installation made within the block told the engine ends with the block."""
    heard = {kind: list(listeners) for kind, listeners in events.LISTENERS._by_kind.items()}
    with services.using(services.caller()):
        yield
    events.LISTENERS._by_kind.clear()
    events.LISTENERS._by_kind.update(heard)
