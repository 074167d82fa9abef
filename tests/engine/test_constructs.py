"""Each construct of BPMN 2.0 as a story in the store: the state is written and read again at every wait."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from bpm.engine import commands
from tests.engine.diagrams import (
    ERROR,
    ESCALATION,
    MESSAGE,
    REFUSED,
    ROOTS,
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
    node,
    process,
    script,
    start,
    sub,
    throw,
    timer,
)
from tests.engine.office import Office

MINE = '<bpm:assignment to="initiator"/>'
UNDO = "<compensateEventDefinition/>"
CANCEL = "<cancelEventDefinition/>"
DECLARED = ROOTS + '<signalEventDefinition id="thrown" signalRef="root_s1"/>'


def user(key: str, inner: str = "", **attributes: str) -> str:
    return node("userTask", key, inner, MINE, **attributes)


def gate(kind: str, key: str, inner: str = "", **attributes: str) -> str:
    return node(f"{kind}Gateway", key, inner, **attributes)


def tied(key: str) -> str:
    """Return the compensation event of an activity and the person's step that undoes it."""
    event = node("boundaryEvent", f"{key}_back", UNDO, attachedToRef=key)
    tie = f'<association id="{key}_tie" sourceRef="{key}_back" targetRef="undo_{key}"/>'
    return event + user(f"undo_{key}", isForCompensation="true") + tie


def inner(key: str, *content: str, **attributes: Any) -> str:
    return sub(key, start(f"{key}.s"), *content, end(f"{key}.e"), **attributes)


@dataclass
class Story:
    """What is done (``do u``, ``message paid``, ``signal stop``, ``hours 2``) and the steps open after it."""

    name: str
    text: str
    steps: list[tuple[str, str]]
    variables: dict[str, Any] = field(default_factory=dict)
    ends: bool = True


def handled(name: str, definition: str, act: str, *, beside: bool) -> list[Story]:
    """Return the stories of one trigger at an activity and in an event sub-process."""
    kind = "beside" if beside else "interrupting"
    edge = boundary("b", "u", definition, interrupting=not beside)
    at_edge = diagram(start(), user("u"), end(), edge, user("h"), end("e2"), links="s-u u-e b-h h-e2")
    rescue = handler("hs", definition, user("h"), end("he"), flows("hs_s-h h-he"), interrupting=not beside)
    around = diagram(
        start(), inner("sp", user("u"), rescue, flows("sp.s-u u-sp.e")), end(), links="s-sp sp-e"
    )
    steps = [("", "u"), (act, "h u"), ("do u", "h"), ("do h", "")]
    if not beside:
        steps = [("", "u"), (act, "h"), ("do h", "")]
    return [
        Story(f"{name} boundary event, {kind}", at_edge, steps),
        Story(f"{name} event sub-process, {kind}", around, steps),
    ]


THREE = "<loopCardinality>3</loopCardinality>"
STORIES = [
    *handled("message", MESSAGE, "message paid", beside=False),
    *handled("message", MESSAGE, "message paid", beside=True),
    *handled("signal", SIGNAL, "signal stop", beside=False),
    *handled("signal", SIGNAL, "signal stop", beside=True),
    *handled("timer", timer("PT1H"), "hours 2", beside=False),
    *handled("timer", timer("PT1H"), "hours 2", beside=True),
    *handled("multiple", MESSAGE + SIGNAL, "signal stop", beside=False),
    Story(
        "parallel multiple catch event",
        diagram(start(), catch("c", MESSAGE + SIGNAL, parallelMultiple="true"), user("u"), end(),
                links="s-c c-u u-e"),
        [("", ""), ("message paid", ""), ("signal stop", "u"), ("do u", "")],
    ),
    Story(
        "conditional event",
        diagram(start(), gate("parallel", "g"), user("u"), catch("c", conditional("amount > 5")), user("n"), end(),
                links="s-g g-u g-c u-e c-n n-e"),
        [("", "u"), ("do u amount=9", "n"), ("do n", "")],
        {"amount": 1},
    ),
    Story(
        "error caught at a sub-process",
        diagram(start(), sub("sp", start("s2"), user("u"), end("x", ERROR), flows("s2-u u-x")),
                boundary("b", "sp", ERROR), user("h"), end(), end("e2"), links="s-sp sp-e b-h h-e2"),
        [("", "u"), ("do u", "h"), ("do h", "")],
    ),
    Story(
        "escalation caught beside a sub-process",
        diagram(start(), inner("sp", user("u"), throw("x", ESCALATION), user("v"), flows("sp.s-u u-x x-v v-sp.e")),
                boundary("b", "sp", ESCALATION, interrupting=False), user("h"), end(), end("e2"),
                links="s-sp sp-e b-h h-e2"),
        [("", "u"), ("do u", "h v"), ("do v", "h"), ("do h", "")],
    ),
    Story(
        "link and terminate",
        diagram(start(), gate("parallel", "g"), user("u"), user("v"), throw("t", '<linkEventDefinition name="L"/>'),
                catch("c", '<linkEventDefinition name="L"/>'), user("n"), end("x", TERMINATE), end(),
                links="s-g g-u g-v u-t c-n n-x v-e"),
        [("", "u v"), ("do u", "n v"), ("do n", "")],
    ),
    Story(
        "compensation in reverse order",
        diagram(start(), user("a"), user("b"), throw("t", UNDO), user("n"), end(), tied("a"), tied("b"),
                links="s-a a-b b-t t-n n-e"),
        [("", "a"), ("do a", "b"), ("do b", "undo_b"), ("do undo_b", "undo_a"), ("do undo_a", "n"), ("do n", "")],
    ),
    Story(
        "compensation of each instance",
        diagram(start(), user("a", f"<multiInstanceLoopCharacteristics>{THREE.replace('3', '2')}"
                              "</multiInstanceLoopCharacteristics>"),
                throw("t", UNDO), end(), tied("a"), links="s-a a-t t-e"),
        [("", "a a"), ("do a", "a"), ("do a", "undo_a"), ("do undo_a", "undo_a"), ("do undo_a", "")],
    ),
    Story(
        "transaction and cancel",
        diagram(start(), sub("tx", start("s2"), user("a"), tied("a"), user("u"), end("x", CANCEL),
                             flows("s2-a a-u u-x"), tag="transaction"),
                boundary("c", "tx", CANCEL), user("h"), end(), end("e2"), links="s-tx tx-e c-h h-e2"),
        [("", "a"), ("do a", "u"), ("do u", "undo_a"), ("do undo_a", "h"), ("do h", "")],
    ),
    Story(
        "complex gateway",
        diagram(start(), gate("parallel", "g"), user("a"), user("b"), user("c"), user("n"), end(),
                gate("complex", "j", "<activationCondition>activationCount >= 2</activationCondition>"),
                links="s-g g-a g-b g-c a-j b-j c-j j-n n-e").replace(" >= 2<", " &gt;= 2<"),
        [("", "a b c"), ("do a", "b c"), ("do c", "b n"), ("do b", "n"), ("do n", "")],
    ),
    Story(
        "inclusive gateways",
        diagram(start(), gate("inclusive", "g", default="g_c"), user("a"), user("b"), user("c"), user("n"), end(),
                gate("inclusive", "j"), flow("g", "a", "x > 1"), flow("g", "b", "x > 2"), flow("g", "c"),
                links="s-g a-j b-j c-j j-n n-e"),
        [("", "a b"), ("do a", "b"), ("do b", "n"), ("do n", "")],
        {"x": 3},
    ),
    Story(
        "event gateway",
        diagram(start(), gate("eventBased", "g"), catch("c1", MESSAGE), catch("c2", timer("PT1H")), user("a"),
                user("b"), end(), links="s-g g-c1 g-c2 c1-a c2-b a-e b-e"),
        [("", ""), ("hours 2", "b"), ("do b", "")],
    ),
    Story(
        "start and completion quantity",
        diagram(start(), user("a", completionQuantity="2"), user("b", startQuantity="2"), end(), links="s-a a-b b-e"),
        [("", "a"), ("do a", "b"), ("do b", "")],
    ),
    Story(
        "ad-hoc sub-process",
        diagram(start(), sub("h", user("a"), user("b"), tag="adHocSubProcess", ordering="Sequential"), user("n"),
                end(), links="s-h h-n n-e"),
        [("", "a"), ("do a", "b"), ("do b", "n"), ("do n", "")],
    ),
    Story(
        "multi-instance throwing an event for each instance",
        file(process(start(), user("a", '<multiInstanceLoopCharacteristics behavior="None" '
                                   f'noneBehaviorEventRef="thrown">{THREE}</multiInstanceLoopCharacteristics>'),
                     boundary("b", "a", SIGNAL), user("n"), end(), end("e2"), flows("s-a a-e b-n n-e2")),
             roots=DECLARED),
        [("", "a a a"), ("do a", "a a n"), ("do a", "a n n"), ("do a", "n n n"), ("do n", "n n"), ("do n", "n"),
         ("do n", "")],
    ),
    Story(
        "standard loop",
        diagram(start(), user("a", "<standardLoopCharacteristics><loopCondition>loopCounter &lt; 2"
                              "</loopCondition></standardLoopCharacteristics>"), end(), links="s-a a-e"),
        [("", "a"), ("do a", "a"), ("do a", "")],
    ),
    Story(
        "data objects and associations",
        diagram(start(), script("t", "doubled := amount * 2", '<ioSpecification><dataInput id="di" name="amount"/>'
                                '<dataOutput id="do" name="doubled"/><inputSet><dataInputRefs>di</dataInputRefs>'
                                '</inputSet><outputSet><dataOutputRefs>do</dataOutputRefs></outputSet>'
                                '</ioSpecification><dataInputAssociation id="i"><sourceRef>r1</sourceRef>'
                                '<targetRef>di</targetRef></dataInputAssociation><dataOutputAssociation id="o">'
                                '<sourceRef>do</sourceRef><targetRef>r2</targetRef></dataOutputAssociation>'),
                gate("exclusive", "x", default="x_m"), user("n"), user("m"), end(),
                '<dataObject id="o1" name="order"/><dataObjectReference id="r1" dataObjectRef="o1"/>'
                '<dataObject id="o2" name="total"/><dataObjectReference id="r2" dataObjectRef="o2"/>',
                flow("x", "n", "total = 42 and doubled = null"), flow("x", "m"), links="s-t t-x n-e m-e"),
        [("", "n"), ("do n", "")],
        {"order": 21},
    ),
]  # fmt: skip


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.name)
def test_story(office: Office, story: Story) -> None:
    """Given a process, when each step is done in a transaction of its own, then the next steps are open."""
    office.deploy(story.text)
    case = office.start("p", variables=story.variables)
    for act, expected in story.steps:
        _act(office, case, act)
        assert office.open_elements(case) == expected.split(), act
        assert not office.incidents()
    assert office.case(case).status == "completed"


def _act(office: Office, case: str, act: str) -> None:
    kind, _space, rest = act.partition(" ")
    if kind == "do":
        element, *given = rest.split()
        values = {name: int(value) for name, _equals, value in (one.partition("=") for one in given)}
        office.complete("anna.nowak", element, case=case, values=values)
    elif kind == "message":
        assert office.do(commands.deliver, None, rest, None, {}) == 1
    elif kind == "signal":
        office.do(commands.signal, None, rest, {})
    elif kind == "hours":
        office.pass_time(hours=int(rest))
    office.work()


RECEIVE = diagram(
    node("receiveTask", "r", messageRef="root_m1", instantiate="true"), node("userTask", "u"), end(),
    links="r-u u-e",
)  # fmt: skip
GATE = diagram(
    gate("eventBased", "g", instantiate="true", eventGatewayType="KIND"), catch("c1", MESSAGE),
    catch("c2", REFUSED), node("userTask", "a"), node("userTask", "b"), end(), end("e2"),
    links="g-c1 g-c2 c1-a c2-b a-e b-e2",
)  # fmt: skip
BEGINNINGS = [
    ("receive task", RECEIVE, [("paid", ["u"])]),
    ("exclusive event gateway", GATE.replace("KIND", "Exclusive"), [("refused", ["b"])]),
    ("parallel event gateway", GATE.replace("KIND", "Parallel"), [("refused", ["b"]), ("paid", ["a", "b"])]),
    (
        "multiple start event",
        diagram(start("s", MESSAGE + REFUSED), node("userTask", "u"), end(), links="s-u u-e"),
        [("refused", ["u"]), ("paid", ["u", "u"])],
    ),
    (
        "parallel multiple start event",
        diagram(start("s", MESSAGE + REFUSED, parallelMultiple="true"), node("userTask", "u"), end(),
                links="s-u u-e"),
        [("refused", []), ("paid", ["u"])],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "text", "messages"), BEGINNINGS, ids=[one[0] for one in BEGINNINGS])
def test_beginning(office: Office, name: str, text: str, messages: list[tuple[str, list[str]]]) -> None:
    """Given a process that messages begin, when they come, then its steps are open."""
    office.deploy(text)
    for message, expected in messages:
        assert office.do(commands.deliver, None, message, "A", {}) == 1
        office.work()
        assert office.open_elements() == expected, name
