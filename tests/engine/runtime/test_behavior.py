"""Events that a multi-instance activity throws for its instances (behavior None, One, All, Complex)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.engine.diagrams import (
    ROOTS,
    boundary,
    end,
    file,
    flow,
    flows,
    handler,
    node,
    process,
    start,
    sub,
    user,
)
from tests.engine.runtime.world import World

SIGNAL = '<signalEventDefinition signalRef="root_s1"/>'
DECLARED = ROOTS + '<signalEventDefinition id="thrown" signalRef="root_s1"/>'


def repeated(behavior: str = "", inner: str = "", *, sequential: bool = False, extra: str = "") -> str:
    loop = (
        f'<multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}" {behavior}>'
        f"<loopCardinality>3</loopCardinality>{inner}</multiInstanceLoopCharacteristics>"
    )
    content = [
        start(),
        user("u", loop),
        boundary("b", "u", SIGNAL),
        user("n"),
        user("after"),
        end(),
        end("e2"),
    ]
    return file(process(*content, extra, flows("s-u u-after after-e b-n n-e2")), roots=DECLARED)


NONE = 'behavior="None" noneBehaviorEventRef="thrown"'
ONE = 'behavior="One" oneBehaviorEventRef="thrown"'
COMPLEX = (
    "<complexBehaviorDefinition><condition>{condition}</condition>"
    f'<event id="{{key}}">{SIGNAL}</event></complexBehaviorDefinition>'
)


@pytest.mark.parametrize("sequential", [False, True])
def test_none_throws_for_each_instance_and_interrupts_nothing(sequential: bool) -> None:
    case = World(repeated(NONE, sequential=sequential)).start()
    for done in range(1, 3):
        case.complete("u")
        assert case.tasks().count("n") == done and "u" in case.tasks()
    case.complete("u")
    assert case.tasks() == ["after", "n", "n", "n"]


@pytest.mark.parametrize("sequential", [False, True])
def test_one_throws_for_the_first_instance_only(sequential: bool) -> None:
    case = World(repeated(ONE, sequential=sequential)).start()
    for _time in range(3):
        case.complete("u")
    assert case.tasks() == ["after", "n"]


@pytest.mark.parametrize("behavior", ["", 'behavior="All"'])
def test_all_throws_nothing(behavior: str) -> None:
    case = World(repeated(behavior)).start()
    for _time in range(3):
        case.complete("u")
    assert case.tasks() == ["after"]


@pytest.mark.parametrize("sequential", [False, True])
def test_complex_throws_and_ends_when_its_condition_holds(sequential: bool) -> None:
    rule = COMPLEX.format(condition="numberOfCompletedInstances = 2", key="ev")
    case = World(repeated('behavior="Complex"', rule, sequential=sequential)).start()
    case.complete("u")
    assert "n" not in case.tasks() and "u" in case.tasks()
    case.complete("u")
    assert case.tasks() == ["after", "n"]


def test_complex_without_a_true_condition_runs_to_its_end() -> None:
    rule = COMPLEX.format(condition="false", key="ev")
    case = World(repeated('behavior="Complex"', rule)).start()
    for _time in range(3):
        case.complete("u")
    assert case.tasks() == ["after"]


def test_the_event_carries_the_attributes_of_the_activity() -> None:
    world = World(repeated(NONE))
    case = world.start()
    case.complete("u")
    payload = case.variables["signal"]
    assert payload["numberOfInstances"] == Decimal(3) and payload["numberOfCompletedInstances"] == Decimal(1)
    assert payload["numberOfActiveInstances"] == Decimal(2)


def test_the_event_reaches_others_who_listen() -> None:
    beside = handler("h", SIGNAL, user("hu"), end("he"), flow("h_s", "hu"), flow("hu", "he"),
                     interrupting=False)  # fmt: skip
    world = World(repeated(ONE, extra=beside))
    case, other = world.start(), world.start()
    case.complete("u")
    assert case.tasks() == ["hu", "n", "u", "u"]
    assert other.tasks() == ["hu", "n"], "a signal from outside interrupts"


def test_a_signal_from_outside_interrupts_the_activity() -> None:
    case = World(repeated(NONE)).start()
    case.run.signal("stop", {}, case.world.now)
    case.advance()
    assert case.tasks() == ["n"]


@pytest.mark.parametrize(
    ("definition", "boundary_definition"),
    [
        ('<messageEventDefinition id="thrown" messageRef="root_m1"/>',
         '<messageEventDefinition messageRef="root_m1"/>'),
        ('<escalationEventDefinition id="thrown" escalationRef="root_x1"/>',
         '<escalationEventDefinition escalationRef="root_x1"/>'),
    ],
)  # fmt: skip
def test_messages_and_escalations_are_thrown_too(definition: str, boundary_definition: str) -> None:
    text = repeated(NONE).replace('<signalEventDefinition id="thrown" signalRef="root_s1"/>', definition)
    text = text.replace(SIGNAL, boundary_definition)
    case = World(text).start()
    for _time in range(3):
        case.complete("u")
    assert case.tasks() == ["after", "n", "n", "n"]


def test_an_error_that_an_instance_throws_ends_the_activity() -> None:
    text = repeated(ONE).replace(
        '<signalEventDefinition id="thrown" signalRef="root_s1"/>',
        '<errorEventDefinition id="thrown" errorRef="root_e1"/>',
    )
    case = World(text.replace(SIGNAL, '<errorEventDefinition errorRef="root_e1"/>')).start()
    case.complete("u")
    assert case.tasks() == ["n"]


def test_a_multi_instance_sub_process_throws_as_well() -> None:
    loop = (
        f"<multiInstanceLoopCharacteristics {NONE}><loopCardinality>2</loopCardinality>"
        "</multiInstanceLoopCharacteristics>"
    )
    inside = sub("sp", loop, start("s2"), user("u"), end("e2"), flows("s2-u u-e2"))
    text = file(
        process(start(), inside, boundary("b", "sp", SIGNAL), user("n"), node("task", "t"), end(), end("e3"),
                flows("s-sp sp-t t-e b-n n-e3")),
        roots=DECLARED,
    )  # fmt: skip
    case = World(text).start()
    case.complete("u")
    assert case.tasks() == ["n", "u"]
    case.complete("u")
    assert case.tasks() == ["n", "n"]
