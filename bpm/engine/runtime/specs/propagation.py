"""How errors, escalations and signals travel (BPMN 2.0, 10.5.1 and 10.5.7).

An error goes outwards from where it is thrown until a boundary event or an event sub-process
takes it; a signal reaches every listener of the instance.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bpm.engine.runtime.outside import Thrown
from bpm.engine.runtime.tokens import WAITING, Token

if TYPE_CHECKING:
    from bpm.engine.runtime.kernel import Kernel
    from bpm.engine.runtime.specs.events import Listener


def broadcast(
    kernel: Kernel, name: str, payload: Mapping[str, Any], spared: frozenset[str] = frozenset()
) -> int:
    """Let a signal happen at every token that listens for it now, but those ``spared``; return how many."""
    listeners = [
        (token, index)
        for token in list(kernel.tasks.values())
        if token._state == WAITING and token.id not in spared
        for index, entry in enumerate(token.internal_data.get("on", ()))
        if entry is not None and entry["kind"] == "signal" and entry["name"] == name
    ]
    count = 0
    for token, index in listeners:
        if token.id in kernel.tasks and token._state == WAITING:
            told = {"name": name, "payload": dict(payload)}
            token.task_spec.happen(token, index, "signal_received", told)
            count += 1
    return count


def catcher(candidates: list[Any], kind: str, code: str) -> Any:
    """Return the candidate for exactly this code, else one for any."""
    general = None
    for candidate in candidates:
        for trigger in candidate.triggers:
            if trigger.kind == kind and trigger.code == code:
                return candidate
            if trigger.kind == kind and trigger.code is None:
                general = general or candidate
    return general


def find_catcher(token: Token, kind: str, code: str) -> tuple[Token, Listener] | None:
    """Return who takes an error or escalation thrown at ``token``: the token concerned and the event."""
    current: Token | None = token
    while current is not None:
        guard = catcher(list(current.task_spec.wiring.guards), kind, code)
        if guard is not None:
            return current, guard
        container = current.workflow.tasks.get(current._parent)
        # once a container is interrupted its event sub-processes take nothing more (BPMN 2.0, 13.5.4)
        if container is not None and not container.internal_data.get("interrupted"):
            handlers = [
                handler.start
                for handler in getattr(container.task_spec, "event_subprocesses", ())
                if handler is not current.task_spec
            ]
            start = catcher(handlers, kind, code)
            if start is not None:
                return container, start
        current = container
    return None


def _deliver(found: tuple[Token, Listener], kind: str, code: str, message: str) -> None:
    owner, event = found
    told = {"kind": kind, "code": code, "message": message}
    handler: Any = event.parent_node
    if event in getattr(handler, "starts", ()):
        handler.begin(owner, event, told)
        return
    path = event.path_from(owner)
    path.held["event"] = told
    if event.interrupting or kind == "error":
        owner.workflow.withdraw(owner)
    owner.workflow.finish(path)


def raise_error(token: Token, code: str, message: str) -> bool:
    """Throw an error at ``token``; if nobody takes it, the run ends with it. True: taken."""
    taken = _thrown(token, "error", code, message)
    if not taken:
        kernel = token.workflow
        kernel.error = (code, message)
        kernel.close()
        kernel.record("process_ended", None, outcome=None, error=code)
    return taken


def raise_escalation(token: Token, code: str, message: str) -> bool:
    """Throw an escalation at ``token``; what nobody takes goes to the caller. True: taken."""
    return _thrown(token, "escalation", code, message)


def _thrown(token: Token, kind: str, code: str, message: str) -> bool:
    kernel, element = token.workflow, token.task_spec.element.id
    found = find_catcher(token, kind, code)
    caught_by = found[1].element.id if found else None
    kernel.record(f"{kind}_thrown", element, token=token.id, code=code, message=message, caught_by=caught_by)
    if found is None:
        kernel.thrown.append(Thrown(kind, code, element, None, {"message": message}))
        return False
    _deliver(found, kind, code, message)
    return True
