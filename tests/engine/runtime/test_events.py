"""Errors, escalations, signals, conditions, event sub-processes, compensation and transactions."""

from __future__ import annotations

from tests.engine.diagrams import (
    ANY_ERROR,
    ERROR,
    ESCALATION,
    MESSAGE,
    SIGNAL,
    boundary,
    catch,
    conditional,
    diagram,
    end,
    flow,
    handler,
    node,
    script,
    service,
    start,
    sub,
    throw,
    timer,
    user,
)
from tests.engine.runtime.world import MONDAY, World


def test_an_error_of_a_called_process_is_caught_at_the_call() -> None:
    text = diagram(
        start(),
        node("callActivity", "c", calledElement="other"),
        boundary("b", "c", ERROR),
        user("u"),
        user("f"),
        end(),
        links="s-c c-u u-e b-f f-e",
    )
    case = World(text).start()
    assert case.run.throw_error(case.wait("c").token, "E1", "why", MONDAY)
    case.advance()
    assert case.tasks() == ["f"]
    assert case.variables["error"] == {"code": "E1", "message": "why"}


def test_an_error_nobody_takes_ends_the_run() -> None:
    case = World(
        diagram(start(), service("x"), boundary("b", "x", ERROR), end(), end("e2"), links="s-x x-e b-e2")
    ).start()
    assert not case.run.throw_error(case.wait("x").token, "OTHER", "why", MONDAY)
    assert case.run.completed and case.run.error == ("OTHER", "why")
    assert [event.kind for event in case.run.thrown()] == ["error"]


def test_error_end_is_caught_at_the_sub_process_specific_before_general() -> None:
    inside = sub(
        "sp", start("s2"), script("w", "written := true"), end("x", ERROR), flow("s2", "w"), flow("w", "x")
    )
    text = diagram(
        start(),
        inside,
        boundary("any", "sp", ANY_ERROR),
        boundary("one", "sp", ERROR),
        user("a"),
        user("b"),
        end(),
        links="s-sp sp-e any-a a-e one-b b-e",
    )
    case = World(text).start()
    assert case.tasks() == ["b"] and case.variables["written"] is True


def test_signals_reach_every_listener_of_every_instance() -> None:
    text = diagram(
        start(),
        node("parallelGateway", "g"),
        user("u"),
        boundary("b", "u", SIGNAL),
        catch("c", SIGNAL),
        user("w"),
        throw("t", SIGNAL),
        user("x"),
        user("y"),
        end(),
        links="s-g g-u g-c g-w w-t t-e u-e b-x x-e c-y y-e",
    )
    world = World(text)
    first, second = world.start(), world.start()
    second.complete("w")
    assert first.tasks() == ["w", "x", "y"] and second.tasks() == ["x", "y"]


def test_signal_end_event_throws() -> None:
    text = diagram(
        start(),
        node("parallelGateway", "g"),
        catch("c", SIGNAL),
        user("u"),
        end("e", SIGNAL),
        end("e2"),
        links="s-g g-e g-c c-u u-e2",
    )
    assert World(text).start().tasks() == ["u"]


def test_escalation_is_caught_without_ending_the_sub_process() -> None:
    inside = sub(
        "sp",
        start("s2"),
        throw("x", ESCALATION),
        user("u"),
        end("e2"),
        flow("s2", "x"),
        flow("x", "u"),
        flow("u", "e2"),
    )
    text = diagram(
        start(),
        inside,
        boundary("b", "sp", ESCALATION, interrupting=False),
        user("n"),
        end(),
        links="s-sp sp-e b-n n-e",
    )
    assert World(text).start().tasks() == ["n", "u"]


def test_conditional_event_fires_on_a_write_in_another_branch() -> None:
    text = diagram(
        start(),
        node("parallelGateway", "g"),
        user("u"),
        boundary("b", "u", conditional("amount > 5")),
        user("w"),
        user("n"),
        end(),
        links="s-g g-u g-w u-e w-e b-n n-e",
    )
    case = World(text).start(amount=1)
    case.complete("w", amount=9)
    assert case.tasks() == ["n"]


def test_interrupting_event_sub_process_sees_and_replaces_the_main_flow() -> None:
    rescue = handler("h", MESSAGE, user("hu"), end("he"), flow("h_s", "hu"), flow("hu", "he"))
    text = diagram(start(), script("w", "amount := 5"), user("u"), end(), rescue, links="s-w w-u u-e")
    world = World(text)
    case = world.start()
    case.deliver("paid", sum=1)
    assert case.tasks() == ["hu"] and case.variables == {"amount": 5, "message": {"sum": 1}}
    case.complete("hu")
    assert case.run.completed
    assert world.start().tasks() == ["u"]


def test_non_interrupting_event_sub_process_runs_beside_and_again() -> None:
    beside = handler(
        "h",
        timer("R3/PT1H", "timeCycle"),
        user("hu"),
        end("he"),
        flow("h_s", "hu"),
        flow("hu", "he"),
        interrupting=False,
    )
    case = World(diagram(start(), user("u"), end(), beside, links="s-u u-e")).start()
    case.world.pass_time(hours=2, minutes=1)
    assert case.tasks() == ["hu", "hu", "u"]
    case.complete("u")
    case.complete("hu")
    case.complete("hu")
    assert case.run.completed


def test_an_unfired_event_sub_process_does_not_keep_the_instance_open() -> None:
    waiting = handler("h", timer("PT1H"), user("hu"), end("he"), flow("h_s", "hu"), flow("hu", "he"))
    case = World(diagram(start(), user("u"), end(), waiting, links="s-u u-e")).start()
    case.complete("u")
    assert case.run.completed and not case.waits()


def test_event_sub_process_takes_an_error_of_its_own_container() -> None:
    rescue = handler("h", ERROR, user("hu"), end("he"), flow("h_s", "hu"), flow("hu", "he"))
    inside = sub("sp", start("s2"), user("u"), end("x", ERROR), rescue, flow("s2", "u"), flow("u", "x"))
    case = World(diagram(start(), inside, user("after"), end(), links="s-sp sp-after after-e")).start()
    case.complete("u")
    assert case.tasks() == ["hu"]
    case.complete("hu")
    assert case.tasks() == ["after"]


def test_boundary_path_sees_what_was_written_inside() -> None:
    inside = sub(
        "sp",
        start("s2"),
        script("w", "written := 1"),
        user("u"),
        end("e2"),
        flow("s2", "w"),
        flow("w", "u"),
        flow("u", "e2"),
    )
    case = World(
        diagram(
            start(), inside, boundary("b", "sp", timer("PT1H")), user("n"), end(), links="s-sp sp-e b-n n-e"
        )
    ).start()
    case.world.pass_time(hours=2)
    assert case.tasks() == ["n"] and case.variables["written"] == 1


def test_inputs_of_a_sub_process_are_local_and_outputs_are_written() -> None:
    mapping = (
        '<bpm:mapping><bpm:input name="x" value="=amount"/>'
        '<bpm:output value="=x + 1" target="y"/></bpm:mapping>'
    )
    inside = sub(
        "sp",
        start("s2"),
        script("w", "x := x * 10\nother := 1"),
        end("e2"),
        flow("s2", "w"),
        flow("w", "e2"),
        extensions=mapping,
    )
    case = World(diagram(start(), inside, user("u"), end(), links="s-sp sp-u u-e")).start(amount=2)
    assert case.variables == {"amount": 2, "other": 1, "y": 21}


def test_compensation_undoes_in_reverse_order() -> None:
    def undoable(key: str) -> str:
        event = node("boundaryEvent", f"{key}_back", "<compensateEventDefinition/>", attachedToRef=key)
        undo = node(
            "scriptTask",
            f"{key}_undo",
            f'<script>log := concatenate(log, ["{key}"])</script>',
            isForCompensation="true",
        )
        tie = f'<association id="{key}_tie" sourceRef="{key}_back" targetRef="{key}_undo"/>'
        return script(key, "x := 1") + event + undo + tie

    text = diagram(
        start(),
        undoable("a"),
        undoable("b"),
        throw("t", "<compensateEventDefinition/>"),
        user("u"),
        end(),
        links="s-a a-b b-t t-u u-e",
    )
    case = World(text).start(log=[])
    assert case.variables["log"] == ["b", "a"] and case.tasks() == ["u"]


def test_transaction_cancel_undoes_and_leaves_by_its_event() -> None:
    undo = node("scriptTask", "undo", "<script>undone := true</script>", isForCompensation="true")
    back = node("boundaryEvent", "back", "<compensateEventDefinition/>", attachedToRef="w")
    tie = '<association id="tie" sourceRef="back" targetRef="undo"/>'
    inside = sub(
        "tx", start("s2"), script("w", "done := true"), back, undo, tie, user("u"),
        end("x", "<cancelEventDefinition/>"), flow("s2", "w"), flow("w", "u"), flow("u", "x"),
        tag="transaction",
    )  # fmt: skip
    text = diagram(start(), inside, boundary("b", "tx", "<cancelEventDefinition/>"), user("n"), end(),
                   links="s-tx tx-e b-n n-e")  # fmt: skip
    case = World(text).start()
    case.complete("u")
    assert case.tasks() == ["n"] and case.variables == {"done": True, "undone": True}
