"""One small diagram for each construct of BPMN, and what is done to it; ``test_constructs`` plays them.

A line of a story is ``do u`` (complete the oldest task ``u``), ``message m``, ``signal s``, ``pass 2h``,
``set x=1``, ``work`` (let the jobs run); ``> u v`` says which tasks are open then, ``x is 2`` what a
variable holds, ``ends`` and ``ends at e`` that the case has ended (there). Where a way leads nowhere, an end
is drawn by ``test_constructs``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.engine.runtime.diagrams import (
    ANY_ERROR,
    ERROR,
    ESCALATION,
    MESSAGE,
    REFUSED,
    SIGNAL,
    TERMINATE,
    boundary,
    catch,
    conditional,
    diagram,
    end,
    file,
    flow,
    flows,
    handler,
    loop,
    node,
    process,
    script,
    start,
    sub,
    throw,
    timer,
)
from tests.engine.runtime.diagrams import user as bare_user

CARDINALITY = '<multiInstanceLoopCharacteristics isSequential="%s"><loopCardinality>%d</loopCardinality>%s</multiInstanceLoopCharacteristics>'
COMPENSATE = "<compensateEventDefinition/>"
CANCEL = "<cancelEventDefinition/>"


def user(key: str, inner: str = "") -> str:
    return bare_user(key, inner, '<bpm:assignment to="initiator"/>')


def undo(event: str, step: str) -> str:
    """A compensation handler beside its step."""
    return node("association", f"{event}_{step}", sourceRef=event, targetRef=step, associationDirection="One")


def undoing(key: str) -> str:
    return node("userTask", key, "", '<bpm:assignment to="initiator"/>', isForCompensation="true")


@dataclass
class Story:
    """A diagram, what is done to it, and what is seen."""

    text: str
    lines: str
    variables: dict[str, Any] = field(default_factory=dict)


def gateway(kind: str, key: str, **attributes: str) -> str:
    return node(f"{kind}Gateway", key, **attributes)


STORIES: dict[str, Story] = {
    # ------------------------------------------------------------------------ starts and ends
    "none start and end": Story(diagram(start(), user("u"), end(), links="s-u u-e"), "> u; do u; ends at e"),
    "no start event": Story(diagram(user("u"), user("v"), flow("u", "v")), "> u; do u; > v; do v; ends"),
    "several ends": Story(
        diagram(
            start(), gateway("parallel", "g"), user("u"), user("v"), end("a"), end("b"),
            links="s-g g-u g-v u-a v-b",
        ),
        "> u v; do u; > v; do v; ends at b",
    ),
    "terminate end": Story(
        diagram(
            start(), gateway("parallel", "g"), user("u"), user("v"), end("a", TERMINATE), end("b"),
            links="s-g g-u g-v u-a v-b",
        ),
        "> u v; do u; ends at a",
    ),
    "terminate ends its sub-process only": Story(
        diagram(
            start(), user("w"), end(),
            sub("p1", start("s1"), gateway("parallel", "g"), user("u"), user("v"), end("a", TERMINATE),
                flows("s1-g g-u g-v u-a")),
            links="s-p1 p1-w w-e",
        ),
        "> u v; do u; > w; do w; ends at e",
    ),
    "error end nobody takes": Story(diagram(start(), user("u"), end("e", ERROR), links="s-u u-e"), "do u; fails"),
    # ------------------------------------------------------------------------------- gateways
    "exclusive, default": Story(
        diagram(
            start(), gateway("exclusive", "g", default="g_v"), user("u"), user("v"),
            flow("g", "u", "amount > 5"), flow("g", "v"), links="s-g",
        ),
        "> v; do v; ends", {"amount": 3},
    ),
    "exclusive without a way is an incident": Story(
        diagram(
            start(), user("w"), gateway("exclusive", "g"), user("u"), user("v"),
            flow("g", "u", "amount > 5"), flow("g", "v", "amount < 1"), links="s-w w-g",
        ),
        "do w; incident g", {"amount": 3},
    ),
    "parallel split and join": Story(
        diagram(
            start(), gateway("parallel", "g"), user("u"), user("v"), gateway("parallel", "j"), user("w"),
            links="s-g g-u g-v u-j v-j j-w",
        ),
        "> u v; do v; > u; do u; > w; do w; ends",
    ),
    "inclusive split and join": Story(
        diagram(
            start(), gateway("inclusive", "g", default="g_c"), user("a"), user("b"), user("c"),
            gateway("inclusive", "j"), user("w"),
            flow("g", "a", "n > 1"), flow("g", "b", "n > 2"), flow("g", "c"), links="s-g a-j b-j c-j j-w",
        ),
        "> a b; do a; > b; do b; > w; do w; ends", {"n": 3},
    ),
    "inclusive default": Story(
        diagram(
            start(), gateway("inclusive", "g", default="g_c"), user("a"), user("c"),
            flow("g", "a", "n > 1"), flow("g", "c"), links="s-g",
        ),
        "> c", {"n": 0},
    ),
    "complex gateway: two of three": Story(
        diagram(
            start(), gateway("parallel", "g"), user("a"), user("b"), user("c"),
            node("complexGateway", "j", "<activationCondition>activationCount >= 2</activationCondition>"),
            user("w"), links="s-g g-a g-b g-c a-j b-j c-j j-w",
        ),
        "> a b c; do a; > b c; do c; > b w; do b; > w; do w; ends",
    ),
    "event gateway: the message": Story(
        diagram(
            start(), gateway("eventBased", "g"), catch("m", MESSAGE), catch("t", timer("PT1H")), user("u"),
            user("v"), links="s-g g-m g-t m-u t-v",
        ),
        ">; message paid; > u; pass 2h; > u; do u; ends",
    ),
    "event gateway: the earlier of two timers": Story(
        diagram(
            start(), gateway("eventBased", "g"), catch("m", timer("PT3H")), catch("t", timer("PT1H")),
            user("u"), user("v"), links="s-g g-m g-t m-u t-v",
        ),
        ">; pass 2h; > v; pass 4h; > v",
    ),
    "conditional flows out of a task": Story(
        diagram(
            start(), node("userTask", "u", "", '<bpm:assignment to="initiator"/>', default="u_c"), user("a"),
            user("b"), user("c"), flow("u", "a", "n > 1"), flow("u", "b", "n > 2"), flow("u", "c"), links="s-u",
        ),
        "do u; > a b", {"n": 3},
    ),
    "several flows into a task make several tokens": Story(
        diagram(
            start(), gateway("parallel", "g"), user("a"), user("b"), user("w"), links="s-g g-a g-b a-w b-w",
        ),
        "do a; do b; > w w; do w; > w; do w; ends",
    ),
    # --------------------------------------------------------------------------------- events
    "message catch": Story(diagram(start(), catch("m", MESSAGE), user("u"), links="s-m m-u"), ">; message paid; > u"),
    "signal catch": Story(diagram(start(), catch("m", SIGNAL), user("u"), links="s-m m-u"), ">; signal stop; > u"),
    "timer catch": Story(
        diagram(start(), catch("t", timer("PT1H")), user("u"), links="s-t t-u"), ">; pass 59m; >; pass 2m; > u"
    ),
    "conditional catch": Story(
        diagram(start(), catch("c", conditional("x > 1")), user("u"), links="s-c c-u"), ">; set x=1; >; set x=2; > u"
    ),
    "link": Story(
        diagram(
            start(), user("u"), throw("l1", '<linkEventDefinition name="on"/>'),
            catch("l2", '<linkEventDefinition name="on"/>'), user("v"), links="s-u u-l1 l2-v",
        ),
        "do u; > v; do v; ends",
    ),
    "parallel multiple catch": Story(
        diagram(
            start(), catch("m", MESSAGE + REFUSED, parallelMultiple="true"), user("u"), links="s-m m-u"
        ),
        ">; message refused; >; message paid; > u",
    ),
    "multiple catch": Story(
        diagram(start(), catch("m", MESSAGE + timer("PT1H")), user("u"), links="s-m m-u"), ">; pass 2h; > u"
    ),
    "signal throw reaches the same case": Story(
        diagram(
            start(), gateway("parallel", "g"), catch("c", SIGNAL), user("v"), user("u"), throw("t", SIGNAL),
            links="s-g g-c g-u c-v u-t",
        ),
        "> u; do u; > v",
    ),
    "message throw and catch in one case": Story(
        diagram(
            start(), gateway("parallel", "g"), catch("c", MESSAGE), user("v"), user("u"), throw("t", MESSAGE),
            links="s-g g-c g-u c-v u-t",
        ),
        "> u; do u; work; > v",
    ),
    # ------------------------------------------------------------------------ boundary events
    "boundary timer, interrupting": Story(
        diagram(
            start(), user("u"), boundary("b", "u", timer("PT1H")), user("v"), end(), links="s-u u-e b-v",
        ),
        "> u; pass 2h; > v; do v; ends",
    ),
    "boundary timer, not interrupting": Story(
        diagram(
            start(), user("u"), boundary("b", "u", timer("PT1H"), interrupting=False), user("v"), end(),
            links="s-u u-e b-v",
        ),
        "> u; pass 2h; > u v; do u; > v; do v; ends",
    ),
    "boundary timer in time": Story(
        diagram(start(), user("u"), boundary("b", "u", timer("PT1H")), user("v"), end(), links="s-u u-e b-v"),
        "> u; do u; ends at e; pass 2h; >",
    ),
    "boundary cycle": Story(
        diagram(
            start(), user("u"), boundary("b", "u", timer("R2/PT1H", "timeCycle"), interrupting=False), user("v"),
            links="s-u b-v",
        ),
        "pass 61m; > u v; pass 61m; > u v v; pass 61m; > u v v",
    ),
    "boundary message on a sub-process": Story(
        diagram(
            start(), sub("p1", start("s1"), user("u"), flow("s1", "u")), boundary("b", "p1", MESSAGE), user("v"),
            end(), links="s-p1 p1-e b-v",
        ),
        "> u; message paid; > v; do v; ends",
    ),
    "boundary signal, again and again": Story(
        diagram(start(), user("u"), boundary("b", "u", SIGNAL, interrupting=False), user("v"), links="s-u b-v"),
        "signal stop; > u v; signal stop; > u v v",
    ),
    "boundary condition": Story(
        diagram(start(), user("u"), boundary("b", "u", conditional("x > 1")), user("v"), links="s-u b-v"),
        "set x=1; > u; set x=2; > v",
    ),
    "boundary error": Story(
        diagram(
            start(), sub("p1", start("s1"), user("u"), end("e1", ERROR), flows("s1-u u-e1")),
            boundary("b", "p1", ERROR), user("v"), user("w"), links="s-p1 p1-w b-v",
        ),
        "do u; > v; do v; ends",
    ),
    "boundary error: any": Story(
        diagram(
            start(), sub("p1", start("s1"), user("u"), end("e1", ERROR), flows("s1-u u-e1")),
            boundary("b", "p1", ANY_ERROR), user("v"), links="s-p1 b-v",
        ),
        "do u; > v",
    ),
    "boundary escalation, not interrupting": Story(
        diagram(
            start(), sub("p1", start("s1"), user("u"), throw("t", ESCALATION), user("x"), flows("s1-u u-t t-x")),
            boundary("b", "p1", ESCALATION, interrupting=False), user("v"), user("w"), links="s-p1 p1-w b-v",
        ),
        "do u; > v x; do x; > v w",
    ),
    # --------------------------------------------------------------------- event sub-processes
    "event sub-process, message, interrupting": Story(
        diagram(start(), user("u"), handler("h", MESSAGE, user("v"), flow("h_s", "v")), links="s-u"),
        "> u; message paid; > v; do v; ends",
    ),
    "event sub-process, signal, not interrupting": Story(
        diagram(
            start(), user("u"), handler("h", SIGNAL, user("v"), flow("h_s", "v"), interrupting=False), links="s-u"
        ),
        "signal stop; > u v; signal stop; > u v v; do v; do v; do u; ends",
    ),
    "event sub-process, timer, inside a sub-process": Story(
        diagram(
            start(),
            sub("p1", start("s1"), user("u"), handler("h", timer("PT1H"), user("v"), flow("h_s", "v")), flow("s1", "u")),
            user("w"), links="s-p1 p1-w",
        ),
        "> u; pass 2h; > v; do v; > w",
    ),
    "event sub-process, error": Story(
        diagram(
            start(), user("u"), end("e", ERROR), handler("h", ERROR, user("v"), flow("h_s", "v")), links="s-u u-e"
        ),
        "do u; > v; do v; ends",
    ),
    "event sub-process, escalation": Story(
        diagram(
            start(), user("u"), throw("t", ESCALATION), user("w"),
            handler("h", ESCALATION, user("v"), flow("h_s", "v"), interrupting=False), links="s-u u-t t-w",
        ),
        "do u; > v w",
    ),
    "event sub-process, condition": Story(
        diagram(start(), user("u"), handler("h", conditional("x > 1"), user("v"), flow("h_s", "v")), links="s-u"),
        "set x=2; > v",
    ),
    # ---------------------------------------------------------------------------------- loops
    "standard loop": Story(
        diagram(
            start(),
            user("u", '<standardLoopCharacteristics><loopCondition>not(ready = true)</loopCondition></standardLoopCharacteristics>'),
            user("v"), links="s-u u-v",
        ),
        "do u; > u; set ready=true; do u; > v",
    ),
    "multi-instance in parallel by number": Story(
        diagram(start(), user("u", CARDINALITY % ("false", 3, "")), user("v"), links="s-u u-v"),
        "> u u u; do u; do u; > u; do u; > v",
    ),
    "multi-instance in sequence by number": Story(
        diagram(start(), user("u", CARDINALITY % ("true", 2, "")), user("v"), links="s-u u-v"),
        "> u; do u; > u; do u; > v",
    ),
    "multi-instance over a list": Story(
        diagram(start(), user("u", loop("=list")), user("v"), links="s-u u-v"),
        "> u u; do u; do u; > v", {"list": ["a", "b"]},
    ),
    "multi-instance over an empty list": Story(
        diagram(start(), user("u", loop("=list")), user("v"), links="s-u u-v"), "> v", {"list": []}
    ),
    "multi-instance with a completion condition": Story(
        diagram(
            start(),
            user("u", CARDINALITY % ("false", 3, "<completionCondition>nrOfCompletedInstances >= 2</completionCondition>")),
            user("v"), links="s-u u-v",
        ),
        "> u u u; do u; > u u; do u; > v",
    ),
    "multi-instance sub-process": Story(
        diagram(
            start(), sub("p1", start("s1"), user("u"), user("v"), flows("s1-u u-v"), inner=CARDINALITY % ("false", 2, "")),
            user("w"), links="s-p1 p1-w",
        ),
        "> u u; do u; > u v; do v; > u; do u; > v; do v; > w",
    ),
    # ---------------------------------------------------------- sub-processes and compensation
    "sub-process in a sub-process": Story(
        diagram(
            start(), sub("p1", start("s1"), sub("p2", start("s2"), user("u"), flow("s2", "u")), flow("s1", "p2")),
            user("v"), links="s-p1 p1-v",
        ),
        "do u; > v",
    ),
    "ad-hoc sub-process": Story(
        diagram(start(), sub("p1", user("a"), user("b"), tag="adHocSubProcess"), user("v"), links="s-p1 p1-v"),
        "> a b; do b; > a; do a; > v",
    ),
    "ad-hoc sub-process with a condition": Story(
        diagram(
            start(),
            sub("p1", user("a"), user("b"), "<completionCondition>enough = true</completionCondition>",
                tag="adHocSubProcess"),
            user("v"), links="s-p1 p1-v",
        ),
        "> a b; set enough=true; do b; > v",
    ),
    "ad-hoc sub-process, one after the other": Story(
        diagram(
            start(), sub("p1", user("a"), user("b"), tag="adHocSubProcess", ordering="Sequential"), user("v"),
            links="s-p1 p1-v",
        ),
        "> a; do a; > b; do b; > v",
    ),
    "compensation of everything, backwards": Story(
        diagram(
            start(), user("a"), boundary("ab", "a", COMPENSATE), undoing("ua"), undo("ab", "ua"),
            user("b"), boundary("bb", "b", COMPENSATE), undoing("ub"), undo("bb", "ub"),
            user("c"), throw("t", COMPENSATE), user("w"), links="s-a a-b b-c c-t t-w",
        ),
        "do a; do b; do c; > ub; do ub; > ua; do ua; > w; do w; ends",
    ),
    "compensation of one step": Story(
        diagram(
            start(), user("a"), boundary("ab", "a", COMPENSATE), undoing("ua"), undo("ab", "ua"),
            user("b"), boundary("bb", "b", COMPENSATE), undoing("ub"), undo("bb", "ub"),
            throw("t", '<compensateEventDefinition activityRef="a"/>'), user("w"), links="s-a a-b b-t t-w",
        ),
        "do a; do b; > ua; do ua; > w",
    ),
    "transaction that is cancelled": Story(
        diagram(
            start(),
            sub("p1", start("s1"), user("a"), boundary("ab", "a", COMPENSATE), undoing("ua"), undo("ab", "ua"),
                user("b"), end("x", CANCEL), flows("s1-a a-b b-x"), tag="transaction"),
            boundary("c", "p1", CANCEL), user("v"), user("w"), links="s-p1 p1-w c-v",
        ),
        "do a; do b; > ua; do ua; > v",
    ),
    "nothing is undone when nothing is thrown": Story(
        diagram(
            start(), user("a"), boundary("ab", "a", COMPENSATE), undoing("ua"), undo("ab", "ua"), user("w"),
            links="s-a a-w",
        ),
        "do a; > w; do w; ends",
    ),
    # ---------------------------------------------------------------------------------- calls
    "call activity": Story(
        file(
            process(start(), node("callActivity", "c", calledElement="q"), user("v"), flows("s-c c-v")),
            process(start("s2"), user("u"), flow("s2", "u"), key="q"),
        ),
        "> u; do u; > v; do v; ends",
    ),
    "call activity with a boundary error": Story(
        file(
            process(
                start(), node("callActivity", "c", calledElement="q"), boundary("b", "c", ERROR), user("v"),
                user("w"), flows("s-c c-w b-v"),
            ),
            process(start("s2"), user("u"), end("e2", ERROR), flows("s2-u u-e2"), key="q"),
        ),
        "> u; do u; > v",
    ),
    "call activity interrupted": Story(
        file(
            process(
                start(), node("callActivity", "c", calledElement="q"), boundary("b", "c", timer("PT1H")), user("v"),
                flows("s-c b-v"),
            ),
            process(start("s2"), user("u"), flow("s2", "u"), key="q"),
        ),
        "> u; pass 2h; > v; do v; ends",
    ),
    "multi-instance call activity": Story(
        file(
            process(
                start(), node("callActivity", "c", CARDINALITY % ("false", 2, ""), calledElement="q"), user("v"),
                flows("s-c c-v"),
            ),
            process(start("s2"), user("u"), flow("s2", "u"), key="q"),
        ),
        "> u u; do u; > u; do u; > v",
    ),
    # ---------------------------------------------------------------------------------- tasks
    "script task": Story(
        diagram(start(), user("u"), script("k", "x := 1\ny := x + 1"), user("v"), links="s-u u-k k-v"),
        "do u; > v; y is 2",
    ),
    "manual and plain tasks": Story(
        diagram(start(), node("task", "t"), user("u"), links="s-t t-u"), "> u; do u; ends"
    ),
    "receive task": Story(
        diagram(start(), node("receiveTask", "r", messageRef="root_m1"), user("u"), links="s-r r-u"),
        ">; message paid; > u",
    ),
    "send task": Story(
        diagram(
            start(), gateway("parallel", "g"), catch("c", MESSAGE), user("v"), user("u"),
            node("sendTask", "t", messageRef="root_m1"), links="s-g g-c g-u c-v u-t",
        ),
        "do u; work; > v",
    ),
}  # fmt: skip
