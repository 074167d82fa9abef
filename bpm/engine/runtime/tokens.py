"""Token: SpiffWorkflow's task without copied variables, without logging and without the past.

A token's parent is the token of the sub-process, multi-instance body or process it stands in, so
the tree of tokens is the tree of what is open; a token that is done is removed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from bpm.engine.runtime.scopes import Scope

if TYPE_CHECKING:
    from bpm.engine.runtime.kernel import Kernel
    from bpm.engine.runtime.specs.base import Node

FUTURE: int = TaskState.FUTURE
WAITING: int = TaskState.WAITING
READY: int = TaskState.READY
STARTED: int = TaskState.STARTED
COMPLETED: int = TaskState.COMPLETED
ERROR: int = TaskState.ERROR
CANCELLED: int = TaskState.CANCELLED


class Token(Task):
    """One token at one element.

    ``notes`` (SpiffWorkflow's ``internal_data``) holds plain JSON; ``held`` typed values that are
    no variables (items of a loop, a payload not yet mapped). ``fresh`` lives only in memory.
    """

    id: str  # type: ignore[assignment]
    workflow: Kernel
    task_spec: Node
    internal_data: dict[str, Any]
    _children: list[str]
    _parent: str | None  # type: ignore[assignment]
    _state: int

    def __init__(
        self,
        workflow: Kernel,
        spec: Node,
        parent: Token | None,
        scope: Scope,
        token_id: str,
        state: int = FUTURE,
    ) -> None:
        self.scope = scope
        self.held: dict[str, Any] = {}
        self.fresh: dict[str, Any] = {}
        super().__init__(workflow, spec, parent, state=state, id=token_id)  # type: ignore[arg-type]

    @property
    def data(self) -> dict[str, Any]:
        """SpiffWorkflow's copied variables: there are none."""
        return {}

    @data.setter
    def data(self, value: dict[str, Any]) -> None:
        if value:
            raise TypeError("a token has no variables of its own; write into the scope")

    def _set_state(self, value: int) -> None:
        self._state = value

    def _inherit_data(self) -> None:
        """Nothing to copy: variables belong to scopes."""

    @property
    def notes(self) -> dict[str, Any]:
        """What the token has to remember, as plain JSON."""
        return self.internal_data

    @property
    def container(self) -> Token:
        """The token this one stands in; only the process itself has none."""
        parent = self.workflow.tasks.get(self._parent)
        if parent is None:
            raise LookupError(f"token {self.id} at {self.task_spec.name} stands in nothing")
        return parent

    @property
    def inside(self) -> list[Token]:
        """The tokens that stand in this one."""
        return [self.workflow.tasks[child] for child in self._children]

    @property
    def passive(self) -> bool:
        """Whether it only listens: such tokens do not keep a sub-process open."""
        return "for" in self.internal_data

    @property
    def leaving(self) -> bool:
        """Whether its element has done its work and only the way out remains."""
        return "leaving" in self.internal_data

    def run(self) -> bool | None:
        """Do the next part of the element's work: enter, or leave when it is done."""
        if self.leaving:
            self.complete()
            return True
        done: bool | None = self.task_spec._run(self)  # type: ignore[no-untyped-call]
        if done:
            self.complete()
        elif self._state == READY:
            # SpiffWorkflow would overwrite the state of a token that began to listen
            self._state = STARTED
        return done

    def complete(self) -> None:
        """The work is done; if leaving fails, only leaving is tried again."""
        self.internal_data["leaving"] = 1
        super().complete()


def split_token(token: str) -> tuple[str, int]:
    """Return what a text names, and the number of its trigger: ``12:1`` is the second one of ``12``.

    Used for waiting tokens and for start events alike; no id of XML holds a colon.
    """
    token_id, _colon, index = token.partition(":")
    return token_id, int(index) if index else 0
