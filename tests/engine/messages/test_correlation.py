"""Messages: to exactly one, by business key or BPMN correlation, kept for a while, known when they come twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bpm.engine import commands
from bpm.engine.messages import subscriptions
from bpm.engine.models import EventSubscription, Instance, Message, MessageReceipt
from bpm.errors import Invalid
from tests.engine.office import Office
from tests.engine.processes import (
    boundary,
    catch,
    chain,
    end,
    message,
    process,
    script,
    start,
    throw,
    user,
)


def waiting_for(name: str, key: str = "waits", correlation: str = "") -> str:
    return process(
        key,
        start(),
        catch("paid", message(name, correlation)),
        user("after", "initiator"),
        end(),
        chain("begin", "paid", "after", "done"),
        messages=(name,),
    )


def count(office: Office, table: type) -> int:
    with office.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def deliver(
    office: Office, name: str, correlation: str | None = None, payload: Any = None, **more: Any
) -> int:
    return int(office.do(commands.deliver, None, name, correlation, payload or {}, **more))


def cases(office: Office, key: str) -> list[Instance]:
    with office.reading() as session:
        question = select(Instance).join(Instance.process).where(Instance.process.has(key=key))
        return list(session.scalars(question.order_by(Instance.id)))


# --- exactly one ----------------------------------------------------------------------------------


def test_two_senders_at_once_reach_two_different_cases(office: Office) -> None:
    office.deploy(waiting_for("payment"))
    waiting = [office.start("waits", business_key="A") for _number in range(6)]

    def send(number: int) -> int:
        return deliver(office, "payment", "A", {"number": number})

    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(send, range(6))) == [1] * 6
    assert [office.open_elements(case) for case in waiting] == [["after"]] * 6
    numbers = {office.variables(case)["message"]["number"] for case in waiting}
    assert numbers == set(range(6)) and count(office, Message) == 0


def test_more_senders_than_cases_leave_the_rest_kept(office: Office) -> None:
    office.deploy(waiting_for("payment"))
    waiting = [office.start("waits", business_key="A") for _number in range(2)]
    with ThreadPoolExecutor(4) as pool:
        reached = list(pool.map(lambda number: deliver(office, "payment", "A", {"n": number}), range(4)))
    assert sorted(reached) == [0, 0, 1, 1] and count(office, Message) == 2
    assert [office.open_elements(case) for case in waiting] == [["after"]] * 2


def test_those_who_begin_to_wait_while_it_is_sent_do_not_miss_it(office: Office) -> None:
    office.deploy(waiting_for("payment"))

    def act(number: int) -> Any:
        if number % 2:
            return office.start("waits", business_key="A")
        return deliver(office, "payment", "A", {"n": number})

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(act, range(12)))
    office.work()
    assert len(office.tasks()) == 6 and count(office, Message) == 0 and count(office, EventSubscription) == 0


def test_within_one_case_one_of_two_waits_gets_it(office: Office) -> None:
    office.deploy(
        process(
            "waits",
            start(),
            user("ask", "initiator"),
            boundary("told", "ask", message("note"), interrupting=False),
            catch("paid", message("note")),
            user("after", "initiator"),
            end(),
            end("told_end"),
            chain("begin", "ask", "done"),
            chain("told", "paid", "after", "told_end"),
            messages=("note",),
        )
    )
    case = office.start("waits", business_key="A")
    assert [deliver(office, "note", "A") for _number in range(2)] == [1, 1]
    # the boundary event has waited longest both times, so two tokens wait behind it
    assert count(office, EventSubscription) == 3 and office.open_elements(case) == ["ask"]


def test_a_waiting_case_comes_before_a_new_one(office: Office) -> None:
    office.deploy(
        process(
            "orders",
            start("begin", message("order")),
            catch("again", message("order")),
            end(),
            chain("begin", "again", "done"),
            messages=("order",),
        )
    )
    assert [deliver(office, "order", key) for key in ("A", "A", "B")] == [1, 1, 1]
    assert [(one.business_key, one.status) for one in cases(office, "orders")] == [
        ("A", "completed"),
        ("B", "active"),
    ]


def test_a_message_starts_one_process_only(office: Office) -> None:
    for key in ("first", "second"):
        office.deploy(
            process(
                key,
                start("begin", message("order")),
                user("look", "person", "boris.petrov"),
                end(),
                chain("begin", "look", "done"),
                messages=("order",),
            )
        )
    assert deliver(office, "order", "A") == 1
    assert (len(cases(office, "first")), len(cases(office, "second"))) == (0, 1)


def test_a_payload_changes_no_variable_unasked(office: Office) -> None:
    office.deploy(waiting_for("payment"))
    case = office.start("waits", variables={"amount": 100}, business_key="A")
    deliver(office, "payment", "A", {"amount": 1, "initiator": "somebody.else"})
    found = office.variables(case)
    assert (found["amount"], found["initiator"]) == (100, "anna.nowak")


# --- kept, and known again ------------------------------------------------------------------------


def test_a_message_is_kept_as_long_as_its_sender_says(office: Office) -> None:
    office.deploy(waiting_for("payment"))
    deliver(office, "payment", "A", kept_for=timedelta(hours=1))
    deliver(office, "payment", "B", kept_for=timedelta(hours=3))
    assert deliver(office, "payment", "C", kept_for=timedelta()) == 0
    assert count(office, Message) == 2
    office.clock.advance(timedelta(hours=2))
    assert [office.open_elements(office.start("waits", business_key=key)) for key in "ABC"] == [
        [],
        ["after"],
        [],
    ]
    with office.database.writing() as session:
        assert subscriptions.forget_expired(session, office.now) == 1
        assert subscriptions.number_expired(session) == 1
    assert count(office, Message) == 0


def test_kept_messages_are_taken_in_their_order(office: Office) -> None:
    office.deploy(waiting_for("payment"))
    for number in range(3):
        deliver(office, "payment", "A", {"n": number})
    found = [office.start("waits", business_key="A") for _number in range(3)]
    assert [office.variables(case)["message"]["n"] for case in found] == [0, 1, 2]


def test_a_message_with_the_same_id_has_one_effect(office: Office) -> None:
    office.deploy(waiting_for("payment"))
    case, other = (office.start("waits", business_key="A") for _number in range(2))
    with ThreadPoolExecutor(4) as pool:
        sent = list(pool.map(lambda _n: deliver(office, "payment", "A", message_id="bank-7"), range(4)))
    assert sent == [1] * 4
    assert (office.open_elements(case), office.open_elements(other)) == (["after"], [])
    assert deliver(office, "payment", "A", message_id="bank-8") == 1
    office.clock.advance(timedelta(days=31))
    with office.database.writing() as session:
        subscriptions.forget_expired(session, office.now)
    assert count(office, MessageReceipt) == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"message_id": ""},
        {"message_id": "x" * 201},
        {"kept_for": timedelta(days=-1)},
        {"kept_for": timedelta(days=9999)},
    ],
)
def test_what_cannot_be_said_of_a_message(office: Office, wrong: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        deliver(office, "payment", "A", **wrong)


# --- BPMN correlation -----------------------------------------------------------------------------


def correlated(diagram: str, *properties: tuple[str, dict[str, str]], more: str = "") -> str:
    """Add a correlation key over properties: name and path in the payload of each message."""
    declared = "".join(
        f'<bpmn:correlationProperty id="{name}">'
        + "".join(
            f'<bpmn:correlationPropertyRetrievalExpression messageRef="m_{ref}"><bpmn:messagePath>{path}'
            "</bpmn:messagePath></bpmn:correlationPropertyRetrievalExpression>"
            for ref, path in paths.items()
        )
        + "</bpmn:correlationProperty>"
        for name, paths in properties
    )
    refs = "".join(
        f"<bpmn:correlationPropertyRef>{name}</bpmn:correlationPropertyRef>" for name, _paths in properties
    )
    pool = (
        '<bpmn:collaboration id="together"><bpmn:participant id="pool" processRef="waits"/>'
        f'<bpmn:correlationKey id="key">{refs}</bpmn:correlationKey></bpmn:collaboration>'
    )
    diagram = diagram.replace("<bpmn:process ", f"{declared}{pool}<bpmn:process ", 1)
    return diagram.replace("</bpmn:process>", f"{more}</bpmn:process>", 1)


CONVERSATION = correlated(
    process(
        "waits",
        start("begin", message("order")),
        catch("paid", message("payment")),
        user("after", "person", "boris.petrov"),
        end(),
        chain("begin", "paid", "after", "done"),
        messages=("order", "payment"),
    ),
    ("customer", {"order": "customer.id", "payment": "payer"}),
    ("number", {"order": "number", "payment": "message.order"}),
)


def test_the_first_message_fills_the_key_and_later_ones_are_compared(office: Office) -> None:
    office.deploy(CONVERSATION)
    for number in (1, 2):
        deliver(office, "order", None, {"customer": {"id": "C"}, "number": number})
    assert deliver(office, "payment", None, {"payer": "C", "order": 3}) == 0
    assert deliver(office, "payment", None, {"payer": "D", "order": 2}) == 0
    assert deliver(office, "payment", None, {"payer": "C"}) == 0
    assert office.tasks() == []
    assert deliver(office, "payment", None, {"payer": "C", "order": 2, "sum": 5}) == 1
    first, second = cases(office, "waits")
    assert office.open_elements(first.public_id) == [] and office.open_elements(second.public_id) == ["after"]


def test_a_kept_message_finds_its_key_when_somebody_waits(office: Office) -> None:
    office.deploy(CONVERSATION)
    deliver(office, "payment", None, {"payer": "C", "order": 1})
    deliver(office, "payment", None, {"payer": "C", "order": 2})
    deliver(office, "order", None, {"customer": {"id": "C"}, "number": 2})
    assert office.open_elements() == ["after"] and count(office, Message) == 1


def test_a_wait_without_a_key_takes_the_first_message_that_has_one(office: Office) -> None:
    diagram = process(
        "waits",
        start(),
        catch("one", message("order")),
        catch("two", message("payment")),
        end(),
        chain("begin", "one", "two", "done"),
        messages=("order", "payment"),
    )
    office.deploy(correlated(diagram, ("number", {"order": "number", "payment": "number"})))
    first, second = office.start("waits"), office.start("waits")
    assert deliver(office, "order", None, {"other": 1}) == 0
    assert [deliver(office, "order", None, {"number": number}) for number in (7, 8)] == [1, 1]
    assert deliver(office, "payment", None, {"number": 8}) == 1
    assert (office.case(first).status, office.case(second).status) == ("active", "completed")


def test_a_message_that_was_sent_fills_the_key_too(office: Office) -> None:
    asks = throw("ask", message("question")).replace(
        "<bpmn:message",
        '<bpmn:extensionElements><bpm:mapping><bpm:input name="number" value="=number"/></bpm:mapping>'
        "</bpmn:extensionElements><bpmn:message",
        1,
    )
    diagram = process(
        "waits",
        start(),
        asks,
        catch("told", message("answer")),
        end(),
        chain("begin", "ask", "told", "done"),
        messages=("question", "answer"),
    )
    office.deploy(correlated(diagram, ("number", {"question": "number", "answer": "number"})))
    first, second = (office.start("waits", variables={"number": number}) for number in (1, 2))
    assert deliver(office, "answer", None, {"number": 2}) == 1
    assert (office.case(first).status, office.case(second).status) == ("active", "completed")


CONTEXT = (
    '<bpmn:correlationSubscription id="cs" correlationKeyRef="key"><bpmn:correlationPropertyBinding'
    ' correlationPropertyRef="number"><bpmn:dataPath>order.number</bpmn:dataPath>'
    "</bpmn:correlationPropertyBinding></bpmn:correlationSubscription>"
)


def test_a_context_based_key_follows_the_variables(office: Office) -> None:
    diagram = process(
        "waits",
        start(),
        '<bpmn:parallelGateway id="fork"/>',
        catch("paid", message("payment")),
        user("renumber", "initiator"),
        script("other", "order := {number: 9}"),
        user("rest", "initiator"),
        end(),
        end("end2"),
        chain("begin", "fork", "paid", "done"),
        chain("fork", "renumber", "other", "rest", "end2"),
        messages=("payment",),
    )
    office.deploy(correlated(diagram, ("number", {"payment": "number"}), more=CONTEXT))
    case = office.start("waits", variables={"order": {"number": 1}})
    assert deliver(office, "payment", None, {"number": 9}) == 0
    office.complete("anna.nowak", "renumber", case=case)
    assert count(office, Message) == 0 and count(office, EventSubscription) == 0
    assert deliver(office, "payment", None, {"number": 1}) == 0


# --- between cases --------------------------------------------------------------------------------


def test_an_answer_finds_the_case_that_asked_though_nobody_named_a_key(office: Office) -> None:
    office.deploy(
        process(
            "asks",
            start(),
            throw("ask", message("question")),
            catch("told", message("answer")),
            end(),
            chain("begin", "ask", "told", "done"),
            messages=("question", "answer"),
        ),
        process(
            "answers",
            start("begin", message("question")),
            user("think", "person", "boris.petrov"),
            throw("tell", message("answer")),
            end(),
            chain("begin", "think", "tell", "done"),
            messages=("question", "answer"),
        ),
    )
    first, second = office.start("asks"), office.start("asks")
    office.work()
    for answering in reversed(cases(office, "answers")):
        office.complete("boris.petrov", "think", case=answering.public_id)
        office.work()
        asked = second if office.case(first).status == "active" else first
        assert office.case(asked).status == "completed"
    assert office.case(first).status == "completed" and count(office, Message) == 0
