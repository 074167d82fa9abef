"""What a run waits for: people, connectors, called processes, messages, timers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from bpm.engine.build.compile import compile_process
from bpm.engine.runtime.workflow import NoSuchToken, Run
from bpm.engine.values import RecordReference
from tests.engine.diagrams import (
    MESSAGE,
    OUTCOMES,
    REFUSED,
    boundary,
    catch,
    diagram,
    end,
    flow,
    node,
    script,
    service,
    start,
    timer,
    user,
)
from tests.engine.runtime.world import MONDAY, World


def test_user_task_tells_who_what_and_until_when() -> None:
    extensions = (
        '<bpm:assignment to="expression" value="=manager_of(initiator)"/><bpm:formRef key="contract"/>'
        "<bpm:title>Approve {number}, {deal.company}</bpm:title>"
        '<bpm:translation language="pl" title="Umowa {number}"/>'
        f'{OUTCOMES}<bpm:deadline due="2wd" calendar="working" remindBefore="4wh"/>'
        '<bpm:priority value="=1 + 1"/>'
    )
    world = World(diagram(start(), user("u", extensions=extensions, name="Approve"), end(), links="s-u u-e"))
    world.environment.records[("deal", 7)] = {"company": "Delta"}
    case = world.start(number=118, initiator="ann", deal=RecordReference("deal", 7))
    details = case.wait("u").details
    assert details["titles"] == {"en": "Approve 118, Delta", "pl": "Umowa 118"}
    assert details["assignment"]["value"] == "boss_of_ann"
    assert details["form"] == "contract" and details["priority"] == 2
    assert details["deadline"] == {
        "due": "2wd",
        "calendar": "working",
        "remind_before": "4wh",
        "escalate_after": None,
        "escalate_to": None,
    }
    assert [one["key"] for one in details["outcomes"]] == ["approve", "revise", "reject"]
    assert (details["outcome_variable"], details["vote_variable"]) == ("decision", "vote")


def test_a_wait_can_be_answered_once() -> None:
    case = World(diagram(start(), user("u"), user("v"), end(), links="s-u u-v v-e")).start()
    token = case.wait("u").token
    case.complete("u")
    with pytest.raises(NoSuchToken):
        case.run.complete(token, {}, MONDAY)


def test_changes_tell_what_began_and_ended_to_be_waited_for() -> None:
    case = World(diagram(start(), user("u"), user("v"), end(), links="s-u u-v v-e")).start()
    old = case.wait("u").token
    case.run.complete(old, {}, MONDAY)
    case.run.advance(MONDAY)
    changes = case.run.changes()
    assert [wait.element for wait in changes.opened] == ["v"]
    assert old in changes.closed


def test_service_step_hands_inputs_over_and_maps_the_result() -> None:
    extensions = (
        '<bpm:connector name="letter"><bpm:input name="to" value="=initiator"/>'
        '<bpm:input name="subject" value="Contract {number}"/>'
        '<bpm:output value="=result.id" target="letter_id"/>'
        "</bpm:connector>"
    )
    case = World(diagram(start(), service("x", extensions), user("u"), end(), links="s-x x-u u-e")).start(
        initiator="ann", number=5
    )
    details = case.wait("x").details
    assert details["connector"] == "letter"
    assert details["inputs"] == {"to": "ann", "subject": "Contract 5"}
    case.complete("x", id=12, secret="no")
    assert case.variables["letter_id"] == 12 and "secret" not in case.variables


def test_business_rule_task_asks_the_decision_and_keeps_what_matched() -> None:
    task = node("businessRuleTask", "b", extensions='<bpm:decision key="route"/>')
    named = node("businessRuleTask", "c", extensions='<bpm:decision key="route" result="found"/>')
    world = World(diagram(start(), task, named, user("u"), end(), links="s-b b-c c-u u-e"))
    world.environment.decisions["route"] = lambda context: ({"level": context["amount"] + 1}, ["rule_2"])
    case = world.start(amount=1)
    assert case.variables["level"] == 2 and case.variables["found"] == {"level": 2}
    assert world.environment.data("decision_made", "b")[0]["matched"] == ["rule_2"]


def test_call_activity_hands_over_and_takes_back_only_what_is_mapped() -> None:
    mapping = (
        '<bpm:called binding="version" version="3"/><bpm:mapping><bpm:input name="base" value="=amount * 2"/>'
        '<bpm:output value="=total" target="result"/></bpm:mapping>'
    )
    call = node("callActivity", "c", extensions=mapping, calledElement="other")
    case = World(diagram(start(), call, user("u"), end(), links="s-c c-u u-e")).start(amount=4)
    details = case.wait("c").details
    assert (details["process"], details["binding"], details["version"]) == ("other", "version", "3")
    assert details["variables"] == {"base": 8}
    case.complete("c", total=9, amount=100)
    assert case.variables == {"amount": 4, "result": 9}


def test_message_with_correlation_and_mapping() -> None:
    extensions = (
        '<bpm:correlation value="=contract"/>'
        '<bpm:mapping><bpm:output value="=message.amount" target="paid"/></bpm:mapping>'
    )
    case = World(
        diagram(start(), catch("c", MESSAGE, extensions), user("u"), end(), links="s-c c-u u-e")
    ).start(contract=RecordReference("contract", 12))
    wait = case.wait("c")
    assert (wait.kind, wait.name, wait.correlation) == ("message", "paid", "12")
    case.deliver("paid", amount=5, contract="overwritten?")
    assert case.variables["paid"] == 5
    assert case.variables["contract"] == RecordReference("contract", 12)


def test_payload_without_mapping_becomes_one_variable() -> None:
    receive = node("receiveTask", "c", messageRef="root_m1")
    case = World(diagram(start(), receive, user("u"), end(), links="s-c c-u u-e")).start(amount=1)
    case.deliver("paid", amount=666)
    assert case.variables == {"amount": 1, "message": {"amount": 666}}


def test_message_start_hands_over_its_payload() -> None:
    text = diagram(start("m", MESSAGE), start(), user("u"), user("v"), end(), links="m-u s-v u-e v-e")
    world = World(text)
    assert world.start().tasks() == ["v"]
    case = world.start("p", "m", {"amount": 3})
    assert case.tasks() == ["u"] and case.variables == {"message": {"amount": 3}}


def test_non_interrupting_message_fires_as_often_as_it_comes() -> None:
    text = diagram(
        start(),
        user("u"),
        boundary("b", "u", MESSAGE, interrupting=False),
        user("n"),
        end(),
        links="s-u u-e b-n n-e",
    )
    case = World(text).start()
    case.deliver("paid")
    case.deliver("paid")
    assert case.tasks() == ["n", "n", "u"]


def test_send_task_throws_its_message_with_the_mapped_payload_only() -> None:
    send = node(
        "sendTask",
        "x",
        messageRef="root_m1",
        extensions=(
            '<bpm:correlation value="=key"/>'
            '<bpm:mapping><bpm:input name="sum" value="=amount"/></bpm:mapping>'
        ),
    )
    world = World(diagram(start(), send, user("u"), end(), links="s-x x-u u-e"))
    case = world.start(amount=3, key="K", secret=1)
    told = world.environment.data("message_thrown", "x")[0]
    assert (told["name"], told["correlation"]) == ("paid", "K")
    assert "sum" not in case.variables


def test_timers_use_the_given_moment_and_the_working_calendar() -> None:
    text = diagram(
        start(),
        user("u"),
        boundary("b1", "u", timer("PT2H"), interrupting=False),
        boundary("b2", "u", timer("2wd", working=True)),
        user("n"),
        user("late"),
        end(),
        links="s-u u-e b1-n n-e b2-late late-e",
    )
    case = World(text).start()
    due = {wait.element: wait.due_at for wait in case.waits("timer")}
    assert due == {"b1": MONDAY + timedelta(hours=2), "b2": MONDAY + timedelta(days=2)}
    assert not case.run.fire_timer(case.wait("b1").token, MONDAY)
    case.world.pass_time(hours=3)
    assert case.tasks() == ["n", "u"]
    case.world.pass_time(days=3)
    assert case.tasks() == ["late", "n"]


def test_timer_from_a_variable_a_date_and_a_duration_value() -> None:
    for text, value, due in (
        ("=term", "4wh", MONDAY + timedelta(hours=4)),
        ('duration("PT1H") * n', None, MONDAY + timedelta(hours=2)),
        ("${at}", datetime(2026, 5, 1, 12, tzinfo=UTC), datetime(2026, 5, 1, 12, tzinfo=UTC)),
    ):
        kind = "timeDate" if "at" in text else "timeDuration"
        case = World(diagram(start(), catch("c", timer(text, kind)), end(), links="s-c c-e")).start(
            term=value, at=value, n=2
        )
        assert case.wait("c").due_at == due


def test_a_timer_without_sense_is_a_failure_at_its_step() -> None:
    case = World(
        diagram(
            start(), user("u"), boundary("b", "u", timer("=term")), end(), end("e2"), links="s-u u-e b-e2"
        )
    ).start(term="soon")
    assert case.run.failures()[0].code == "no_term"
    case.run.set_variables({"term": "PT1H"}, MONDAY)
    case.run.retry(case.run.failures()[0].token, MONDAY)
    case.advance()
    assert case.tasks() == ["u"] and len(case.waits("timer")) == 1


def test_a_non_interrupting_cycle_fires_as_often_as_it_says() -> None:
    text = diagram(
        start(),
        user("u"),
        boundary("b", "u", timer("R5/P1D", "timeCycle"), interrupting=False),
        script("n", "count := count + 1"),
        end(),
        links="s-u u-e b-n n-e",
    )
    case = World(text).start(count=0)
    case.world.pass_time(days=3, hours=1)
    assert case.variables["count"] == 3
    case.world.pass_time(days=30)
    assert case.variables["count"] == 5 and not case.waits("timer")


def test_periods_missed_during_downtime_fire_once() -> None:
    text = diagram(
        start(),
        user("u"),
        boundary("b", "u", timer("R/P1D", "timeCycle"), interrupting=False),
        script("n", "count := count + 1"),
        end(),
        links="s-u u-e b-n n-e",
    )
    case = World(text).start(count=0)
    later = MONDAY + timedelta(days=3, hours=1)
    case.run.fire_timer(case.wait("b").token, later)
    case.advance()
    assert case.variables["count"] == 1
    assert case.wait("b").due_at == MONDAY + timedelta(days=4)


EVENT_GATEWAY = diagram(
    start(),
    node("eventBasedGateway", "g"),
    catch("t1", timer("PT1H")),
    catch("t2", timer("PT30M")),
    catch("m", MESSAGE),
    catch("r", REFUSED),
    user("a"),
    user("b"),
    user("c"),
    user("d"),
    end(),
    links="s-g g-t1 g-t2 g-m g-r t1-a t2-b m-c r-d a-e b-e c-e d-e",
)


def test_event_gateway_takes_the_first_event_of_several_timers_and_messages() -> None:
    world = World(EVENT_GATEWAY)
    case = world.start()
    assert sorted(wait.element for wait in case.waits()) == ["m", "r", "t1", "t2"]
    world.pass_time(hours=2)
    assert case.tasks() == ["b"] and len(case.waits()) == 1
    assert world.environment.data("gateway_decided", "g")[0]["taken"] == ["g_t2"]


def test_event_gateway_drops_the_others_when_a_message_comes() -> None:
    case = World(EVENT_GATEWAY).start()
    case.deliver("refused", reason="no")
    assert case.tasks() == ["d"] and case.variables["message"] == {"reason": "no"}
    assert not case.waits("timer")


def test_settings_become_variables_unless_given() -> None:
    settings = (
        '<bpm:settings><bpm:setting name="term" value="15wm"/>'
        '<bpm:setting name="limit" value="=2 * 50"/></bpm:settings>'
    )
    text = diagram(start(), user("u"), end(), links="s-u u-e", extensions=settings)
    assert World(text).start().variables == {"term": "15wm", "limit": Decimal(100)}
    assert World(text).start(term="1h").variables["term"] == "1h"


def test_records_are_read_afresh_at_each_gateway() -> None:
    text = diagram(
        start(),
        user("u"),
        node("exclusiveGateway", "g", default="g_b"),
        user("a"),
        user("b"),
        end(),
        flow("g", "a", "deal.amount > 5"),
        flow("g", "b"),
        links="s-u u-g a-e b-e",
    )
    world = World(text)
    world.environment.records[("deal", 1)] = {"amount": Decimal(1)}
    case = world.start(deal=RecordReference("deal", 1))
    world.environment.records[("deal", 1)] = {"amount": Decimal(9)}
    case.complete("u")
    assert case.tasks() == ["a"]
    assert world.environment.data("gateway_decided")[0]["conditions"][0]["values"] == {"deal.amount": 9}


def test_cancel_ends_everything() -> None:
    world = World(
        diagram(start(), user("u"), boundary("b", "u", timer("PT1H")), end(), end("e2"), links="s-u u-e b-e2")
    )
    case = world.start()
    case.run.cancel()
    assert case.run.completed and case.run.cancelled and not case.waits()
    case.reload()
    assert case.run.cancelled


def test_skip_goes_past_a_failed_service_step() -> None:
    case = World(diagram(start(), service("x"), user("u"), end(), links="s-x x-u u-e")).start()
    token = case.wait("x").token
    case.run.fail(token, "No answer from %(host)s", MONDAY, host="crm")
    assert case.run.failures()[0].text == "No answer from crm" and not case.waits()
    case.run.skip(token, {"found": 1}, MONDAY)
    case.advance()
    assert case.tasks() == ["u"] and case.variables == {"found": 1}


def test_a_timer_follows_the_date_of_its_record() -> None:
    text = diagram(
        start(), catch("c", timer("=contract.ends", "timeDate")), user("u"), end(), links="s-c c-u u-e"
    )
    world = World(text)
    world.environment.records[("contract", 1)] = {"ends": datetime(2026, 3, 3, 12, tzinfo=UTC)}
    case = world.start(contract=RecordReference("contract", 1))
    world.environment.records[("contract", 1)] = {"ends": datetime(2026, 3, 9, 12, tzinfo=UTC)}
    assert not case.run.fire_timer(case.wait("c").token, datetime(2026, 3, 3, 13, tzinfo=UTC))
    assert case.wait("c").due_at == datetime(2026, 3, 9, 12, tzinfo=UTC)
    world.environment.records[("contract", 1)] = {"ends": datetime(2026, 3, 5, 12, tzinfo=UTC)}
    assert case.run.refresh_timers(MONDAY) == 1
    assert case.run.changes().opened[0].due_at == datetime(2026, 3, 5, 12, tzinfo=UTC)


def test_a_receive_task_has_boundary_events_and_quantities_count_tokens() -> None:
    receive = node("receiveTask", "r", messageRef="root_m1")
    twice = node("task", "t", completionQuantity="2")
    text = diagram(
        start(), receive, boundary("b", "r", timer("PT1H")), twice, user("u", startQuantity="2"), end(),
        links="s-r r-e b-t t-u u-e",
    )  # fmt: skip
    case = World(text).start()
    case.world.pass_time(hours=2)
    assert case.tasks() == ["u"] and not case.waits("message")


def test_the_step_budget_stops_and_goes_on() -> None:
    text = diagram(
        start(), script("i", "n := n + 1"), node("exclusiveGateway", "g", default="g_i"), end(),
        flow("g", "e", "n >= 50"), flow("g", "i"), links="s-i i-g",
    )  # fmt: skip
    world = World()
    definition = compile_process(text)
    run = Run.start(definition, {"n": 0}, world.environment)
    rounds = 1
    while not run.advance(MONDAY, steps=7):
        run = Run.load(definition, run.dump(), world.environment)
        rounds += 1
    assert run.completed and rounds == 15
