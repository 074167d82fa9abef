"""Makes the run of the new version fit: begins to listen for what is new, sets changed timers anew.

What a run waits for already stays as it is unless the new version defines it differently. Pure; works
on the run that was loaded from the translated state.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, tzinfo
from typing import Any, cast

from bpm.engine.migration.mapping import ElementMap, kinds, same_trigger
from bpm.engine.migration.plan import Change, InstancePlan
from bpm.engine.migration.state import Translation
from bpm.engine.runtime.environment import Environment
from bpm.engine.runtime.kernel import Kernel
from bpm.engine.runtime.placing import name_of
from bpm.engine.runtime.specs.activities import Activity
from bpm.engine.runtime.specs.base import Container, Node
from bpm.engine.runtime.specs.events import Listener
from bpm.engine.runtime.specs.gateways import EventGateway, ParallelGateway
from bpm.engine.runtime.tokens import READY, STARTED, WAITING, Token
from bpm.engine.runtime.workflow import Run
from bpm.engine.values import RecordReference
from bpm.language import _, format_moment


class Silent:
    """An environment that reads the same world and tells nothing to the history."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    @property
    def functions(self) -> Mapping[str, Callable[..., Any]]:
        return self._environment.functions

    @property
    def zone(self) -> tzinfo:
        return self._environment.zone

    def resolve(self, reference: RecordReference) -> Mapping[str, Any]:
        return self._environment.resolve(reference)

    def decide(self, key: str, context: Mapping[str, Any]) -> tuple[Any, list[Any]]:
        return self._environment.decide(key, context)

    def due(self, now: datetime, text: str, working: bool) -> datetime:
        return self._environment.due(now, text, working)

    def record(self, kind: str, element: str | None, **data: Any) -> None:
        """Say nothing."""


def fitted(
    translation: Translation,
    elements: ElementMap,
    environment: Environment,
    now: datetime,
    plan: InstancePlan,
) -> Run:
    """Load the translated state and make it fit the new version.

    Raises:
        StepFailed: an expression of something that is newly listened for cannot be evaluated.
    """
    run = Run.load(elements.new, translation.state, environment)
    kernel = run._kernel
    kernel.now = now
    fitter = _Fitter(kernel, translation, elements, plan)
    for token_id in list(translation.wrapped):
        fitter.wrap(kernel.tasks[token_id], translation.wrapped[token_id])
    for token in list(kernel.tasks.values()):
        fitter.renew(token)
        fitter.listen(token)
    for token_id in sorted(kernel.joins.values(), key=int):
        fitter.join(kernel.tasks[token_id])
    run.changes()  # the rows are brought into line by comparing waits, not by these
    return run


def goes_on(run: Run, environment: Environment, now: datetime) -> bool:
    """Tell whether a run would move if it were let go: something is ready, or has become true."""
    before = run.dump()
    trial = Run.load(run.definition, before, Silent(environment))
    trial.advance(now, steps=1)
    return trial.dump() != before


class _Fitter:
    def __init__(
        self, kernel: Kernel, translation: Translation, elements: ElementMap, plan: InstancePlan
    ) -> None:
        self.kernel = kernel
        self.translation = translation
        self.elements = elements
        self.plan = plan

    # ------------------------------------------------------------------------- new scopes

    def wrap(self, token: Token, chain: list[Node]) -> None:
        """Put a token, with what listens beside it, into sub-processes that are begun for it."""
        around = token.container
        for node in chain:
            around = self._scope(node, around)
        self._put_into(token, around)
        for guard in token.internal_data.get("guards", ()):
            self._put_into(self.kernel.tasks[guard], around)
        self._parents_first()

    def _scope(self, node: Node, around: Token) -> Token:
        for token in around.inside:
            if token.task_spec is node and token._state == STARTED:
                return token
        self._tell(node, "scope_added", _("“%(step)s” begins around it.", step=name_of(node)))
        token = self.kernel.create(node, around)
        node.enter(token)
        token._state = STARTED
        if "next" not in token.internal_data and hasattr(node, "sequential"):
            token.internal_data.update(open=1, next=len(cast(Container, node).starts))
        for handler in cast(Container, node).event_subprocesses:
            handler.arm(token)
        return token

    def _put_into(self, token: Token, around: Token) -> None:
        kernel, key = self.kernel, (token._parent or "", token.task_spec.name)
        token.container._children.remove(token.id)
        token._parent = around.id
        around._children.append(token.id)
        if kernel.joins.get(key) == token.id:
            del kernel.joins[key]
            kernel.joins[(around.id, token.task_spec.name)] = token.id

    def _parents_first(self) -> None:
        """The state lists each token after the one in which it stands."""
        tasks, ordered = self.kernel.tasks, {}
        stack = [token.id for token in reversed(list(tasks.values())) if not token._parent]
        while stack:
            token = tasks[stack.pop()]
            ordered[token.id] = token
            stack += reversed(token._children)
        tasks.clear()
        tasks.update(ordered)

    # --------------------------------------------------------------------------- listening

    def renew(self, token: Token) -> None:
        """Prepare anew what the new version defines differently; the rest keeps its due date."""
        old, new = self.translation.old_nodes.get(token.id), token.task_spec
        if not isinstance(old, Listener) or not isinstance(new, Listener) or token._state != WAITING:
            return
        entries = token.internal_data.get("on", [])
        for index, entry in enumerate(entries):
            if entry is None or same_trigger(old.triggers[index], new.triggers[index]):
                continue
            entries[index] = new.triggers[index].prepare(self.kernel, token.scope)
            self._tell_renewed(new, entry, entries[index])

    def _tell_renewed(self, node: Node, before: Any, after: Any) -> None:
        kind = before["kind"]
        if kind == "timer":
            text = _(
                "“%(event)s” is set anew, counted from now: %(when)s.",
                event=name_of(node), when=_when(after) or _("never"),
            )  # fmt: skip
            self._tell(node, kind, text, before["due"], after["due"] if after else None)
        else:
            text = _(
                "“%(event)s” waits for “%(name)s” now.", event=name_of(node), name=(after or {}).get("name")
            )
            self._tell(node, kind, text, before.get("name"), (after or {}).get("name"))

    def listen(self, token: Token) -> None:
        """Begin to listen for what the old version did not have at this token."""
        node = token.task_spec
        old = self.translation.old_nodes.get(token.id)
        if old is None or token.passive or token.leaving or token._state not in (STARTED, WAITING):
            return
        if isinstance(node, Activity) and node.waits and token.internal_data.get("entered"):
            self._guards(token, node, self._images(old.wiring.guards))
        if isinstance(node, Container) and token._state == STARTED:
            handlers = cast(Container, old).event_subprocesses
            self._triggers(token, node, self._images(handler.start for handler in handlers))
        if isinstance(node, EventGateway) and "branches" in token.internal_data:
            self._branches(token, node, self._images(flow.target for flow in old.wiring.flows_out))

    def _images(self, listeners: Iterable[Any]) -> set[Node]:
        """Return what events of the old version are in the new one: they are, or were, waited for already."""
        found: set[Node] = set()
        for listener in listeners:
            new = self.elements.node(listener)
            if isinstance(listener, Listener) and isinstance(new, Listener) and kinds(listener) == kinds(new):
                found.add(new)
        return found

    def _guards(self, token: Token, node: Node, known: set[Node]) -> None:
        for guard in node.wiring.guards:
            if guard.listens and guard not in known:
                new = guard.guard(token, guard.prepare(token.container.scope, token))
                token.internal_data.setdefault("guards", []).append(new.id)
                self._tell_new(guard, new)

    def _triggers(self, token: Token, node: Container, known: set[Node]) -> None:
        if token.internal_data.get("interrupted"):
            return  # an event sub-process has ended everything else here
        for handler in node.event_subprocesses:
            if handler.start.listens and handler.start not in known:
                handler.arm(token)
                self._tell_new(handler.start, self.kernel.tasks[str(self.kernel.last_id)])

    def _branches(self, token: Token, node: EventGateway, known: set[Node]) -> None:
        for flow in node.wiring.flows_out:
            event = flow.target
            if isinstance(event, Listener) and event not in known:
                new = event.branch(token, flow, event.prepare(token.scope, token))
                self._tell_new(event, new)

    def _tell_new(self, listener: Listener, token: Token) -> None:
        due = next((_when(entry) for entry in token.internal_data["on"] if entry and _when(entry)), None)
        if due:
            text = _("“%(event)s” is newly waited for: %(when)s.", event=name_of(listener), when=due)
        else:
            text = _("“%(event)s” is newly waited for.", event=name_of(listener))
        self._tell(listener, "watch_added", text)

    # -------------------------------------------------------------------------------- joins

    def join(self, token: Token) -> None:
        """A join that now waits for nobody goes on."""
        node, notes = token.task_spec, token.internal_data
        if isinstance(node, ParallelGateway):
            node.consider(token)
        elif isinstance(node, Activity) and notes.get("arrived", {}).get("", 0) >= node.start_quantity:
            del self.kernel.joins[(token._parent or "", node.name)], notes["arrived"]
            self.kernel.make_ready(token)
        if token._state == READY:
            self._tell(
                node, "join", _("“%(step)s” goes on: it waits for nobody any more.", step=name_of(node))
            )

    def _tell(self, node: Node, kind: str, text: str, before: Any = None, after: Any = None) -> None:
        self.plan.changes.append(Change(node.element.id, kind, text, before, after))


def _when(entry: Any) -> str | None:
    if not entry or "due" not in entry:
        return None
    return format_moment(datetime.fromisoformat(entry["due"]), "d MMM y HH:mm")
