"""Compensation and transactions: who is undone, in which order, with which data (BPMN 2.0, 10.7, 13.5.5)."""

from __future__ import annotations

import pytest

from tests.engine.diagrams import (
    ERROR,
    MESSAGE,
    boundary,
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
    user,
)
from tests.engine.runtime.world import World

UNDO = "<compensateEventDefinition/>"


def undo_one(key: str, **more: str) -> str:
    attributes = "".join(f' {name}="{value}"' for name, value in more.items())
    return f'<compensateEventDefinition activityRef="{key}"{attributes}/>'


def tied(key: str, undo: str = "") -> str:
    """Return the compensation event of an activity and the step that undoes it."""
    event = node("boundaryEvent", f"{key}_back", UNDO, attachedToRef=key)
    text = undo or f'log := concatenate(log, ["{key}"])'
    step = node("scriptTask", f"{key}_undo", f"<script>{text}</script>", isForCompensation="true")
    tie = f'<association id="{key}_tie" sourceRef="{key}_back" targetRef="{key}_undo"/>'
    return event + step + tie


def undoable(key: str, text: str = "x := 1", undo: str = "") -> str:
    return script(key, text) + tied(key, undo)


@pytest.mark.parametrize("kind", ["throw", "end"])
def test_what_is_done_is_undone_in_reverse_and_what_is_not_done_is_not(kind: str) -> None:
    thrown = throw("t", UNDO) + end() if kind == "throw" else end("t", UNDO)
    text = diagram(
        start(), undoable("a"), undoable("b"), node("exclusiveGateway", "g", default="g_t"), undoable("c"),
        thrown, flow("g", "c", "false"), flow("g", "t"), flow("c", "t"), flow("t", "e") if kind == "throw" else "",
        links="s-a a-b b-g",
    )  # fmt: skip
    case = World(text).start(log=[])
    assert case.variables["log"] == ["b", "a"] and case.run.completed


def test_without_a_throw_event_nothing_is_undone() -> None:
    text = diagram(start(), undoable("a"), node("task", "t"), end(), links="s-a a-t t-e")
    assert World(text).start(log=[]).variables["log"] == []


def test_one_activity_is_undone_by_name_and_only_once() -> None:
    text = diagram(
        start(), undoable("a"), undoable("b"), throw("t1", undo_one("a")), throw("t2", UNDO), end(),
        links="s-a a-b b-t1 t1-t2 t2-e",
    )  # fmt: skip
    assert World(text).start(log=[]).variables["log"] == ["a", "b"]


def test_the_throw_event_waits_until_all_is_undone() -> None:
    undo = node("userTask", "undo", isForCompensation="true")
    back = node("boundaryEvent", "back", UNDO, attachedToRef="a")
    tie = '<association id="tie" sourceRef="back" targetRef="undo"/>'
    content = [start(), script("a", "x := 1"), back, undo, tie, user("u"), end()]
    case = World(diagram(*content, throw("t", UNDO), links="s-a a-t t-u u-e")).start()
    assert case.tasks() == ["undo"]
    case.complete("undo")
    assert case.tasks() == ["u"]
    at_once = throw("t", undo_one("a", waitForCompletion="false"))
    case = World(diagram(*content, at_once, links="s-a a-t t-u u-e")).start()
    assert case.tasks() == ["u", "undo"]
    case.complete("u")
    assert not case.run.completed
    case.complete("undo")
    assert case.run.completed


@pytest.mark.parametrize("sequential", ["true", "false"])
def test_each_instance_of_a_repeated_activity_is_undone_with_its_own_variables(sequential: str) -> None:
    loop = (
        f'<multiInstanceLoopCharacteristics isSequential="{sequential}"><extensionElements>'
        '<zeebe:loopCharacteristics inputCollection="=names" inputElement="item"/></extensionElements>'
        "</multiInstanceLoopCharacteristics>"
    )
    repeated = node("scriptTask", "a", loop + "<script>x := item</script>")
    text = diagram(
        start(), repeated, tied("a", "log := concatenate(log, [item])"), throw("t", UNDO), end(),
        links="s-a a-t t-e",
    )  # fmt: skip
    assert World(text).start(log=[], names=["x", "y", "z"]).variables["log"] == ["z", "y", "x"]
    assert World(text).start(log=[], names=[]).variables["log"] == []


def test_each_round_of_a_loop_is_undone() -> None:
    loop = (
        "<standardLoopCharacteristics><loopCondition>n &lt; 3</loopCondition></standardLoopCharacteristics>"
    )
    repeated = node("scriptTask", "a", loop + "<script>n := n + 1</script>")
    text = diagram(start(), repeated, tied("a", "log := concatenate(log, [loopCounter])"), throw("t", UNDO),
                   end(), links="s-a a-t t-e")  # fmt: skip
    assert World(text).start(log=[], n=0).variables["log"] == [3, 2, 1]


def inner(*content: str, **attributes: str) -> str:
    body = [start("s2"), undoable("a"), undoable("b"), end("e2"), flows("s2-a a-b b-e2")]
    return sub("sp", *body, *content, **attributes)


def test_a_sub_process_is_undone_through_what_was_done_inside() -> None:
    text = diagram(start(), inner(), undoable("c"), throw("t", UNDO), end(), links="s-sp sp-c c-t t-e")
    assert World(text).start(log=[]).variables["log"] == ["c", "b", "a"]


def test_the_handler_at_its_edge_comes_before_what_is_inside() -> None:
    text = diagram(start(), inner(), tied("sp"), throw("t", undo_one("sp")), end(), links="s-sp sp-t t-e")
    assert World(text).start(log=[]).variables["log"] == ["sp"]


def test_a_compensation_event_sub_process_decides_what_is_undone_inside() -> None:
    own = handler(
        "h", UNDO, script("w", 'log := concatenate(log, ["own"])'), throw("again", UNDO), end("he"),
        flows("h_s-w w-again again-he"),
    )  # fmt: skip
    text = diagram(start(), inner(own), throw("t", UNDO), end(), links="s-sp sp-t t-e")
    assert World(text).start(log=[]).variables["log"] == ["own", "b", "a"]
    quiet = diagram(start(), inner(own), node("task", "t"), end(), links="s-sp sp-t t-e")
    assert World(quiet).start(log=[]).variables["log"] == []


def test_the_handler_sees_the_data_as_they_were_when_the_activity_ended() -> None:
    mapping = '<bpm:mapping><bpm:input name="price" value="=amount"/></bpm:mapping>'
    body = [start("s2"), script("a", "price := price + 1"), end("e2"), flows("s2-a a-e2")]
    own = handler("h", UNDO, script("w", "seen := price"), end("he"), flows("h_s-w w-he"))
    inside = sub("sp", *body, own, extensions=mapping)
    text = diagram(start(), inside, script("later", "amount := 100"), throw("t", UNDO), user("u"), end(),
                   links="s-sp sp-later later-t t-u u-e")  # fmt: skip
    assert World(text).start(amount=1, seen=0).variables["seen"] == 2


def test_an_activity_that_was_interrupted_is_not_undone() -> None:
    text = diagram(
        start(), user("a"), tied("a"), boundary("b", "a", MESSAGE), throw("t", UNDO), end(), end("e2"),
        links="s-a a-e b-t t-e2",
    )  # fmt: skip
    world = World(text)
    case = world.start(log=[])
    world.message("paid", {})
    assert case.run.completed and case.variables["log"] == []


def test_an_error_handler_undoes_what_was_done_around_it() -> None:
    rescue = handler("h", ERROR, throw("t", UNDO), end("he"), flows("h_s-t t-he"))
    text = diagram(start(), undoable("a"), undoable("b"), end("x", ERROR), rescue, links="s-a a-b b-x")
    case = World(text).start(log=[])
    assert case.run.completed and case.run.error is None and case.variables["log"] == ["b", "a"]


def test_a_throw_inside_a_sub_process_undoes_only_what_is_inside() -> None:
    inside = sub("sp", start("s2"), undoable("b"), throw("t", UNDO), end("e2"), flows("s2-b b-t t-e2"))
    text = diagram(start(), undoable("a"), inside, user("u"), end(), links="s-a a-sp sp-u u-e")
    assert World(text).start(log=[]).variables["log"] == ["b"]


CANCEL = "<cancelEventDefinition/>"


def transaction(*content: str) -> str:
    body = [
        start("s2"), undoable("a"), undoable("b"), node("parallelGateway", "g"), user("u"), user("v"),
        end("x", CANCEL), end("e2"), flows("s2-a a-b b-g g-u g-v u-x v-e2"),
    ]  # fmt: skip
    return sub("tx", *body, *content, tag="transaction")


def test_a_cancelled_transaction_is_stopped_undone_and_left_by_its_cancel_event() -> None:
    text = diagram(start(), transaction(), boundary("c", "tx", CANCEL), user("n"), user("after"), end(), end("e3"),
                   links="s-tx tx-after after-e c-n n-e3")  # fmt: skip
    case = World(text).start(log=[])
    case.complete("u")
    assert case.tasks() == ["n"] and case.variables["log"] == ["b", "a"]


def test_a_cancelled_transaction_without_a_cancel_event_is_not_taken_for_done() -> None:
    text = diagram(start(), transaction(), user("after"), end(), links="s-tx tx-after after-e")
    case = World(text).start(log=[])
    case.complete("u")
    assert case.tasks() == [] and case.variables["log"] == ["b", "a"]


def test_a_transaction_that_ends_well_is_undone_only_when_asked() -> None:
    text = diagram(start(), transaction(), boundary("c", "tx", CANCEL), user("n"), throw("t", UNDO), user("w"),
                   end(), end("e3"), links="s-tx tx-w w-t t-e c-n n-e3")  # fmt: skip
    case = World(text.replace(f"{CANCEL}</endEvent>", "</endEvent>")).start(log=[])
    case.complete("u")
    case.complete("v")
    assert case.tasks() == ["w"] and case.variables["log"] == []
    case.complete("w")
    assert case.variables["log"] == ["b", "a"]
