"""Every trigger at every place that BPMN 2.0 (table 10.93) allows, with its negative control."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.engine.diagrams import (
    ANY_ERROR,
    ERROR,
    ESCALATION,
    MESSAGE,
    REFUSED,
    SIGNAL,
    boundary,
    catch,
    conditional,
    diagram,
    end,
    flow,
    flows,
    handler,
    node,
    script,
    start,
    sub,
    throw,
    timer,
    user,
)
from tests.engine.runtime.world import Case, World

Fire = Callable[[Case], None]


def by_message(case: Case) -> None:
    case.world.message("paid", {})


def by_signal(case: Case) -> None:
    case.run.signal("stop", {}, case.world.now)
    case.advance()


def by_timer(case: Case) -> None:
    case.world.pass_time(hours=1, minutes=1)


def by_condition(case: Case) -> None:
    case.run.set_variables({"amount": 9}, case.world.now)
    case.advance()


def by_error(case: Case) -> None:
    case.run.throw_error(case.wait("u").token, "E1", "why", case.world.now)
    case.advance()


def by_escalation(case: Case) -> None:
    case.run.throw_escalation(case.wait("u").token, "X1", "why", case.world.now)
    case.advance()


TRIGGERS: dict[str, tuple[str, Fire]] = {
    "message": (MESSAGE, by_message),
    "signal": (SIGNAL, by_signal),
    "timer": (timer("PT1H"), by_timer),
    "conditional": (conditional("amount > 5"), by_condition),
    "error": (ERROR, by_error),
    "any error": (ANY_ERROR, by_error),
    "escalation": (ESCALATION, by_escalation),
    "multiple": (MESSAGE + SIGNAL, by_signal),
    "multiple with error": (ERROR + SIGNAL, by_error),
}
INTERRUPTING = list(TRIGGERS)
BESIDE = [name for name in TRIGGERS if "error" not in name]
LEVELS = ("process", "sub-process", "event sub-process", "loop", "transaction")


def container(level: str, content: str) -> str:
    """Return a diagram with ``content`` at a level; the user task ``after`` comes when it has ended."""
    loop = (
        "<multiInstanceLoopCharacteristics><loopCardinality>1</loopCardinality>"
        "</multiInstanceLoopCharacteristics>"
    )
    if level == "process":
        return diagram(content)
    if level == "event sub-process":
        begin = start("o_s", REFUSED, isInterrupting="false")
        inner = sub("o", begin, content.replace(start(), ""), flow("o_s", "u"), triggeredByEvent="true")
        inner = inner.replace(flow("s", "u"), "")
        return diagram(start("s9"), user("idle"), end("e9"), inner, links="s9-idle idle-e9")
    tag = "transaction" if level == "transaction" else "subProcess"
    inner = sub("o", content, inner=loop if level == "loop" else "", tag=tag)
    return diagram(start("s9"), inner, user("after"), end("e9"), links="s9-o o-after after-e9")


def begin(level: str, content: str) -> Case:
    world = World(container(level, content))
    case = world.start(amount=1)
    if level == "event sub-process":
        world.message("refused", {})
    return case


def rest(case: Case) -> list[str]:
    """Return the open tasks but the one that only keeps the outer process open."""
    return [task for task in case.tasks() if task != "idle"]


def finished(case: Case, level: str) -> bool:
    """Whether everything at the level has ended and what follows goes on."""
    if level == "process":
        return case.run.completed
    return case.tasks() == (["idle"] if level == "event sub-process" else ["after"])


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("trigger", INTERRUPTING)
@pytest.mark.parametrize("place", ["boundary", "event sub-process"])
@pytest.mark.parametrize("interrupting", [True, False])
def test_trigger(level: str, trigger: str, place: str, interrupting: bool) -> None:
    """Given u runs, when the event happens, then the handler runs, in place of u or beside it."""
    if not interrupting and trigger not in BESIDE:
        pytest.skip("an error always interrupts")
    definition, fire = TRIGGERS[trigger]
    content = start() + user("u") + end() + flows("s-u u-e")
    if place == "boundary":
        content += boundary("b", "u", definition, interrupting=interrupting)
        content += user("h") + end("eh") + flows("b-h h-eh")
    else:
        inside = user("h") + end("eh") + flows("hs_s-h h-eh")
        content += handler("hs", definition, inside, interrupting=interrupting)

    case = begin(level, content)
    assert rest(case) == ["u"], "nothing happened yet: the handler must not run"
    case.complete("u")
    assert finished(case, level), "and it does not keep anything open"

    case = begin(level, content)
    fire(case)
    assert rest(case) == (["h"] if interrupting else ["h", "u"])
    if not interrupting:
        case.complete("u")
        assert not finished(case, level), "the handler belongs to its container"
    case.complete("h")
    assert finished(case, level)


@pytest.mark.parametrize("place", ["boundary", "event sub-process"])
@pytest.mark.parametrize("trigger", ["message", "signal", "escalation"])
def test_a_non_interrupting_event_can_happen_again(trigger: str, place: str) -> None:
    definition, fire = TRIGGERS[trigger]
    content = start() + user("u") + end() + flows("s-u u-e")
    if place == "boundary":
        content += boundary("b", "u", definition, interrupting=False) + user("h") + end("eh")
        content += flows("b-h h-eh")
    else:
        inside = user("h") + end("eh") + flows("hs_s-h h-eh")
        content += handler("hs", definition, inside, interrupting=False)
    case = begin("sub-process", content)
    for count in (1, 2, 3):
        fire(case)
        assert case.tasks() == ["h"] * count + ["u"]


@pytest.mark.parametrize("place", ["catch", "boundary", "event sub-process"])
def test_parallel_multiple_needs_all_triggers_in_any_order(place: str) -> None:
    definition = MESSAGE + SIGNAL + conditional("amount > 5")
    content = start() + user("u") + end() + flows("s-u u-e")
    if place == "catch":
        content = start() + catch("c", definition, parallelMultiple="true") + user("h") + end()
        content += flows("s-c c-h h-e")
    elif place == "boundary":
        event = boundary("b", "u", definition, interrupting=False)
        content += event.replace("<boundaryEvent", '<boundaryEvent parallelMultiple="true"')
        content += user("h") + end("eh") + flows("b-h h-eh")
    else:
        inside = user("h") + end("eh") + flows("hs_s-h h-eh")
        event = handler("hs", definition, inside, interrupting=False)
        content += event.replace("<startEvent", '<startEvent parallelMultiple="true"')
    case = begin("sub-process", content)
    for fire in (by_signal, by_condition):
        fire(case)
        assert "h" not in case.tasks()
    by_message(case)
    assert case.tasks().count("h") == 1
    if place != "catch":
        for fire in (by_message, by_signal):
            fire(case)
        assert case.tasks().count("h") == 1, "each of them is needed once more"


@pytest.mark.parametrize("kind", ["throw", "end"])
def test_a_multiple_event_throws_everything(kind: str) -> None:
    everything = MESSAGE + SIGNAL + ESCALATION
    last = throw("t", everything) + flow("t", "e") if kind == "throw" else ""
    thrown = last + (end() if kind == "throw" else end("t", everything))
    inner = sub("o", start() + user("u") + flows("s-u u-t") + thrown)
    text = diagram(
        start("s9"), node("parallelGateway", "g"), inner, boundary("b", "o", ESCALATION, interrupting=False),
        user("x"), catch("m", MESSAGE), user("um"), catch("n", SIGNAL), user("un"), end("e9"), end("e8"),
        links="s9-g g-o o-e9 g-m m-um um-e9 g-n n-un un-e9 b-x x-e8",
    )  # fmt: skip
    case = World(text).start()
    assert case.tasks() == ["u"]
    case.complete("u")
    assert case.tasks() == ["um", "un", "x"]


def test_a_multiple_end_event_throws_its_error_last() -> None:
    inner = sub("o", start() + end("t", SIGNAL + ERROR) + flow("s", "t"))
    text = diagram(
        start("s9"), node("parallelGateway", "g"), inner, boundary("b", "o", ERROR), user("x"),
        catch("n", SIGNAL), user("un"), end("e9"), end("e8"), links="s9-g g-o o-e9 g-n n-un un-e9 b-x x-e8",
    )  # fmt: skip
    assert World(text).start().tasks() == ["un", "x"]


def test_an_interrupted_container_takes_no_second_error() -> None:
    """What an interrupting handler throws goes further out, not to its siblings (BPMN 2.0, 13.5.4)."""
    fails = handler("h1", ERROR, end("x1", '<errorEventDefinition errorRef="root_e2"/>'), flow("h1_s", "x1"))
    sibling = handler("h2", ANY_ERROR, user("never"), end("x2"), flows("h2_s-never never-x2"))
    inner = sub("o", start() + user("u") + end("x", ERROR) + flows("s-u u-x") + fails + sibling)
    text = diagram(start("s9"), inner, boundary("b", "o", ANY_ERROR), user("outer"), end("e9"), end("e8"),
                   links="s9-o o-e9 b-outer outer-e8")  # fmt: skip
    case = World(text).start()
    case.complete("u")
    assert case.tasks() == ["outer"] and case.variables["error"]["code"] == "E2"


def test_the_nearest_scope_wins_over_the_better_code() -> None:
    inner = sub("i", start("s1") + user("u") + end("x", ERROR) + flows("s1-u u-x"))
    outer = sub("o", start("s2"), inner, boundary("any", "i", ANY_ERROR), user("near"), end("e2"), end("e3"),
                flows("s2-i i-e2 any-near near-e3"))  # fmt: skip
    text = diagram(start("s9"), outer, boundary("exact", "o", ERROR), user("far"), end("e9"), end("e8"),
                   links="s9-o o-e9 exact-far far-e8")  # fmt: skip
    case = World(text).start()
    case.complete("u")
    assert case.tasks() == ["near"]


def test_an_error_with_another_code_goes_past() -> None:
    other = '<errorEventDefinition errorRef="root_e2"/>'
    inner = sub("i", start("s1") + user("u") + end("x", ERROR) + flows("s1-u u-x"))
    text = diagram(start("s9"), inner, boundary("b", "i", other), user("h"), end("e9"), end("e8"),
                   links="s9-i i-e9 b-h h-e8")  # fmt: skip
    case = World(text).start()
    case.complete("u")
    assert case.run.completed and case.run.error is not None and case.run.error[0] == "E1"


def test_an_uncaught_escalation_changes_nothing() -> None:
    inner = sub("i", start("s1") + throw("x", ESCALATION) + user("u") + end("e1") + flows("s1-x x-u u-e1"))
    case = World(diagram(start(), inner, end(), links="s-i i-e")).start()
    assert case.tasks() == ["u"]


def test_links_inside_a_sub_process_and_several_sources() -> None:
    link = '<linkEventDefinition name="L"/>'
    content = (
        start("s1") + node("parallelGateway", "g") + throw("t1", link) + throw("t2", link)
        + catch("c", link) + user("u") + end("e1") + flows("s1-g g-t1 g-t2 c-u u-e1")
    )  # fmt: skip
    case = World(diagram(start(), sub("o", content), end(), links="s-o o-e")).start()
    assert case.tasks() == ["u", "u"]


def test_terminate_in_an_instance_ends_only_that_instance() -> None:
    loop = (
        "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality>"
        "</multiInstanceLoopCharacteristics>"
    )
    content = (
        start("s1") + node("parallelGateway", "g") + user("a") + user("b")
        + end("t", "<terminateEventDefinition/>") + end("e1") + flows("s1-g g-a g-b a-t b-e1")
    )  # fmt: skip
    case = World(
        diagram(start(), sub("o", content, inner=loop), user("u"), end(), links="s-o o-u u-e")
    ).start()
    case.complete("a")
    assert case.tasks() == ["a", "b"]
    case.complete("a")
    assert case.tasks() == ["u"]


def test_terminate_in_a_handler_ends_the_handler_only() -> None:
    inside = (
        node("parallelGateway", "hg") + user("h1") + user("h2") + end("ht", "<terminateEventDefinition/>")
        + end("he") + flows("h_s-hg hg-h1 hg-h2 h1-ht h2-he")
    )  # fmt: skip
    text = diagram(
        start(), user("u"), end(), handler("h", MESSAGE, inside, interrupting=False), links="s-u u-e"
    )
    case = World(text).start()
    by_message(case)
    case.complete("h1")
    assert case.tasks() == ["u"]


def test_a_condition_fires_again_only_after_it_was_false() -> None:
    inside = script("w", "count := count + 1") + end("eh") + flows("hs_s-w w-eh")
    text = diagram(start(), user("u"), end(), handler("hs", conditional("amount > 5"), inside,
                   interrupting=False), links="s-u u-e")  # fmt: skip
    case = World(text).start(amount=1, count=0)
    for amount, count in ((6, 1), (7, 1), (2, 1), (8, 2)):
        case.run.set_variables({"amount": amount}, case.world.now)
        case.advance()
        assert case.variables["count"] == count
