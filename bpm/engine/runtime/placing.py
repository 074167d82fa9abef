"""Takes tokens away and sets tokens down by hand, against the flow: what a person decides.

Works on a run in memory; rights, history and rows are ``operations/moving.py``'s. Scopes around a step (its
sub-processes) are used if they are alive, and begun if they are not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from bpm.engine.problems import StepFailed
from bpm.engine.runtime.kernel import Kernel
from bpm.engine.runtime.specs.activities import AdHocSubProcess
from bpm.engine.runtime.specs.base import Container, Node, still_active
from bpm.engine.runtime.specs.loops import MultiInstance
from bpm.engine.runtime.specs.process import ROOT
from bpm.engine.runtime.tokens import STARTED, Token
from bpm.engine.runtime.workflow import Run
from bpm.errors import Conflict, Invalid
from bpm.language import _, chosen


@dataclass(frozen=True)
class Start:
    """Where a token is set down.

    ``variables`` are written as the process itself would write them there. ``within``: the token of
    the sub-process that is meant, where several of them are open.
    """

    element: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    within: str | None = None


@dataclass(frozen=True)
class Moved:
    """What was done: ``(element, token)`` of each token taken away and of each set down."""

    cancelled: Sequence[tuple[str, str]]
    started: Sequence[tuple[str, str]]


def move(run: Run, cancel: Sequence[str], start: Sequence[Start], now: datetime) -> Moved:
    """Take tokens away with everything inside them, and set others down.

    Args:
        cancel: tokens, or ids of elements (every token there).

    Raises:
        Conflict: nobody stands there (any more).
        Invalid: an element is unknown, or no token can be set down there; nothing would be left.
    """
    kernel = run._kernel
    kernel.now = now
    leaving = _topmost(kernel, [token for name in cancel for token in _tokens_at(kernel, name)])
    gone = {one.id for token in leaving for one in _with_inside(token)}
    started = _place_all(kernel, start, gone)
    told = [(token.task_spec.element.id, token.id) for token in leaving]
    for token in leaving:
        _take_away(kernel, token)
    return Moved(told, [(token.task_spec.element.id, token.id) for token in started])


def begin_at(run: Run, start: Sequence[Start], now: datetime) -> Moved:
    """Begin a run that has just been made at these elements instead of where the process begins.

    Raises:
        Invalid: an element is unknown, or no token can be set down there.
        StepFailed: a setting or the trigger of an event sub-process cannot be evaluated.
    """
    kernel = run._kernel
    kernel.now = now
    _open(root_of(kernel))
    return Moved([], [(token.task_spec.element.id, token.id) for token in _place_all(kernel, start, set())])


def standing(run: Run) -> list[tuple[str, str, int, object]]:
    """Return token, element, depth and number of each token that can be taken away, outermost first."""
    found = []
    stack = [(child, 0) for child in reversed(root_of(run._kernel).inside)]
    while stack:
        token, depth = stack.pop()
        if token.passive:
            continue
        found.append((token.id, token.task_spec.element.id, depth, token.internal_data.get("counter")))
        stack += [(child, depth + 1) for child in reversed(token.inside)]
    return found


def root_of(kernel: Kernel) -> Token:
    """Return the token in which everything else stands."""
    return next(token for token in kernel.tasks.values() if token.task_spec.name == ROOT)


def holder_of(node: Node) -> Node | None:
    """Return the node of the sub-process or process in which a node stands; None for the process."""
    return node.loop.parent_node if node.loop is not None else node.parent_node


def name_of(node: Node) -> str:
    """Return what an element is called in the reader's language."""
    return chosen(node.element.names, node.element.id)


# --- taking away ----------------------------------------------------------------------------------


def _tokens_at(kernel: Kernel, name: str) -> list[Token]:
    token = kernel.tasks.get(name)
    if token is not None and token._parent and not token.passive:
        return [token]
    found = [
        one
        for one in kernel.tasks.values()
        if one._parent and not one.passive and one.task_spec.element.id == name
    ]
    if found:
        return found
    node = kernel.spec.task_specs.get(name)
    if node is not None:
        raise Conflict(_("The case does not stand at “%(step)s” (any more).", step=name_of(node)))
    if name.isdigit():
        raise Conflict(_("The case has moved on: the token %(token)s is gone.", token=name))
    raise _unknown(name)


def _unknown(element: str) -> Invalid:
    return Invalid(_("The diagram of the case has no element “%(element)s”.", element=element))


def _topmost(kernel: Kernel, tokens: Iterable[Token]) -> list[Token]:
    """Return the tokens without those that stand inside of others of them."""
    wanted = {token.id: token for token in tokens}
    return [token for token in wanted.values() if not any(a in wanted for a in _around(kernel, token))]


def _around(kernel: Kernel, token: Token) -> Iterable[str]:
    parent = token._parent
    while parent:
        yield parent
        parent = kernel.tasks[parent]._parent


def _with_inside(token: Token) -> list[Token]:
    found, stack = [], [token]
    while stack:
        one = stack.pop()
        found.append(one)
        stack += one.inside
    return found


def _take_away(kernel: Kernel, token: Token) -> None:
    """Withdraw a token; what held only this token ends too, without going on."""
    if token.id not in kernel.tasks:
        return
    holder = token.container
    if "counter" in token.internal_data:
        _take_out(kernel, holder, token)
        return
    kernel.withdraw(token)
    _close_if_empty(kernel, holder)


def _close_if_empty(kernel: Kernel, holder: Token) -> None:
    if still_active(holder):
        return
    if not holder._parent:
        raise Invalid(_("Nothing would be left in the case. Say where it goes on, or stop the case."))
    _take_away(kernel, holder)


def _take_out(kernel: Kernel, body: Token, child: Token) -> None:
    """Take one instance out of a repeated activity: the others count as if it had never been asked."""
    kernel.withdraw(child)
    loop, notes = body.task_spec, body.internal_data
    if not isinstance(loop, MultiInstance):
        _take_away(kernel, body)
        return
    if loop.sequential:
        notes["done"] += 1
        if notes["done"] < notes["size"]:
            loop._start(body, notes["created"], body.held.get("items"))
            return
    else:
        notes["size"] -= 1
        notes["created"] -= 1
    if loop.voting is not None and notes["done"] > 0:
        # of fewer voters the votes so far may be enough
        try:
            decided = loop.voting.ended(body, body.held["results"], notes["done"])
        except StepFailed as failed:
            raise Invalid(str(failed)) from failed
        if decided:
            loop.close(body)
            return
    if still_active(body):
        return
    if notes["done"] > 0 and any(result is not None for result in body.held.get("results", ())):
        loop.close(body)
    else:
        _take_away(kernel, body)


# --- setting down ---------------------------------------------------------------------------------


def _place_all(kernel: Kernel, start: Sequence[Start], gone: set[str]) -> list[Token]:
    try:
        return [_place(kernel, one, gone) for one in start]
    except StepFailed as failed:
        raise Invalid(str(failed)) from failed


def _place(kernel: Kernel, start: Start, gone: set[str]) -> Token:
    node = kernel.spec.task_specs.get(start.element)
    if node is None or not isinstance(node, Node) or node.name == ROOT:
        raise _unknown(start.element)
    if why := refusal(node):
        raise Invalid(why, element=start.element)
    holder = holder_of(node)
    assert holder is not None
    around = _within(kernel, holder, start.within) if start.within else _scope(kernel, holder, gone)
    for name, value in start.variables.items():
        around.scope.assign(name, value)
    token = kernel.create(node, around)
    kernel.make_ready(token)
    return token


def refusal(node: Node) -> str | None:
    """Return why no token can be set down at an element, in words; None if one can."""
    if node.element.kind == "boundaryEvent":
        return _(
            "“%(step)s” stands at the edge of another step. Choose that step, or the one that follows.",
            step=name_of(node),
        )
    if getattr(node, "for_compensation", False):
        return _("“%(step)s” only undoes another step; nothing can begin there.", step=name_of(node))
    return None


def _within(kernel: Kernel, holder: Node, token_id: str) -> Token:
    token = kernel.tasks.get(token_id)
    if token is None or token.task_spec is not holder or token._state != STARTED:
        raise Conflict(_("The case has moved on: the token %(token)s is gone.", token=token_id))
    return token


def _scope(kernel: Kernel, holder: Node, gone: set[str]) -> Token:
    """Return the open token of a sub-process, beginning it (and those around it) if there is none."""
    alive = [
        token
        for token in kernel.tasks.values()
        if token.task_spec is holder
        and token._state == STARTED
        and not token.leaving
        and token.id not in gone
    ]
    if len(alive) == 1:
        return alive[0]
    if alive:
        raise Invalid(
            _("“%(step)s” is open several times (%(tokens)s); say within which.",
              step=name_of(holder), tokens=", ".join(token.id for token in alive)),
            tokens=[token.id for token in alive],
        )  # fmt: skip
    around = holder_of(holder)
    if holder.loop is not None or around is None:
        raise Invalid(
            _("“%(step)s” runs once for each of several; no single run of it can be begun. Choose "
              "“%(step)s” itself.", step=name_of(holder))
        )  # fmt: skip
    token = kernel.create(holder, _scope(kernel, around, gone))
    _open(token)
    return token


def _open(token: Token) -> None:
    """Let a sub-process or the process itself be open without anything beginning in it."""
    holder = cast(Container, token.task_spec)
    holder.enter(token)
    token._state = STARTED
    if isinstance(holder, AdHocSubProcess):
        token.internal_data.update(open=1, next=len(holder.starts))
    for handler in holder.event_subprocesses:
        handler.arm(token)
