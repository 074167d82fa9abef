"""P02 of the processes that ship: production starts before the money only if the right people say so."""

from __future__ import annotations

from typing import Any

from tests.stories.office import Office

PROCESS = "production_without_prepayment"
SELLER, HEAD, FINANCE = "anna.nowak", "olga.ivanova", "maria.wojcik"
DIRECTOR, PRODUCTION = "helena.kowalska", "piotr.zielinski"
ALLOW = "Allow production without prepayment"
FINAL = "Final decision"


def a_deal(office: Office, amount: int, **company: Any) -> Any:
    known = {"name": "Delta", "credit_limit": 600_000, "open_debt": 0, "overdue_debt": 0, **company}
    firm = office.new("company", **known)
    return office.new(
        "deal", SELLER, SELLER, name="Kitchen doors", company=firm, amount=amount, stage="awaiting_payment"
    )


def ask(office: Office, deal: Any, **values: Any) -> Any:
    given = {"reason": "An old client", "pay_by": "2026-03-31", **values}
    return office.start(PROCESS, SELLER, deal, **given)


def test_a_small_sum_needs_the_head_of_sales_only(office: Office) -> None:
    deal = a_deal(office, 120_000)
    case = ask(office, deal)
    task = office.task(HEAD, ALLOW)
    assert task["title"].endswith("Kitchen doors, 120\N{NO-BREAK SPACE}000")
    assert office.titles(FINANCE) == [] and office.titles(DIRECTOR) == []

    office.decide(HEAD, ALLOW, "allow")

    office.task(PRODUCTION, "Start production of order Kitchen doors")
    record = office.look(deal)
    assert record["stage"] == "in_production"
    assert record["values"]["production_allowed"] is True
    assert record["values"]["allowed_limit"] == 120_000
    assert record["values"]["pay_by"] == "2026-03-31"
    assert record["values"]["production_approvers"] == [HEAD]
    assert len(office.letters(SELLER, "production without prepayment is allowed")) == 1
    office.decide(PRODUCTION, "Start production", "done", planned_ready_on="2026-04-20")
    record = office.look(deal)
    assert record["values"]["invoice_due_on"] == "2026-03-31"
    assert record["values"]["planned_ready_on"] == "2026-04-20"
    assert office.case(case)["outcome"] == "allowed"


def test_with_a_limit_production_waits_for_the_difference(office: Office) -> None:
    deal = a_deal(office, 450_000)
    case = ask(office, deal)
    office.decide(HEAD, ALLOW, "allow")
    assert office.look(deal)["values"].get("production_allowed") is None
    task = office.task(FINANCE, ALLOW)
    assert office.decide_known(FINANCE, task["id"], "allow_limit").status_code == 422

    office.decide(FINANCE, ALLOW, "allow_limit", offered_limit=300_000, offered_pay_by="2026-03-15")

    record = office.look(deal)
    assert record["values"]["allowed_limit"] == 300_000
    assert record["values"]["pay_by"] == "2026-03-15"
    assert record["values"]["production_approvers"] == [HEAD, FINANCE]
    assert record["stage"] == "awaiting_payment"
    assert office.titles(PRODUCTION) == []
    office.enter(SELLER, deal, "payment", amount="100000", paid_on="2026-03-04")
    assert office.titles(PRODUCTION) == []
    office.enter(SELLER, deal, "payment", amount="50000", paid_on="2026-03-05")
    office.task(PRODUCTION, "Start production of order")
    record = office.look(deal)
    assert (record["stage"], record["values"]["prepaid"]) == ("in_production", 150_000)
    office.decide(PRODUCTION, "Start production", "done", planned_ready_on="2026-04-20")
    assert office.case(case)["outcome"] == "allowed"


def test_an_overdue_debt_and_finance_requires_prepayment(office: Office) -> None:
    deal = a_deal(office, 80_000, overdue_debt=15_000)
    case = ask(office, deal)
    heads_task = office.task(HEAD, ALLOW)

    office.decide(FINANCE, ALLOW, "prepay", "They already owe us")

    assert office.titles(HEAD) == []
    late = office.decide_known(HEAD, heads_task["id"], "allow")
    assert late.status_code == 409
    assert not any(FINAL in title for title in office.titles(DIRECTOR))
    record = office.look(deal)
    assert record["values"]["production_allowed"] is False
    assert record["stage"] == "awaiting_payment"
    assert len(office.letters(SELLER, "prepayment is required")) == 1
    office.decide(SELLER, "Obtain prepayment", "done")
    assert office.case(case)["outcome"] == "refused"


def test_a_very_large_sum_goes_to_the_director_who_sees_both_opinions(office: Office) -> None:
    deal = a_deal(office, 1_200_000)
    ask(office, deal)
    office.decide(HEAD, ALLOW, "allow")
    office.decide(FINANCE, ALLOW, "allow_limit", offered_limit=500_000, offered_pay_by="2026-03-20")
    task = office.task(DIRECTOR, FINAL)
    assert [vote["decision"] for vote in task["variables"]["votes"]] == ["allow", "allow_limit"]
    page = office.client_of(DIRECTOR).get(f"/tasks/{task['id']}").get_data(as_text=True)
    assert "Olga Ivanova: allow" in page and "Maria Wójcik: allow up to 500000" in page

    office.decide(DIRECTOR, FINAL, "allow")

    record = office.look(deal)
    assert record["values"]["allowed_limit"] == 1_200_000
    assert record["values"]["production_approvers"] == [HEAD, FINANCE, DIRECTOR]
    assert record["stage"] == "in_production"


def test_information_is_asked_for_and_the_request_weighed_anew(office: Office) -> None:
    deal = a_deal(office, 120_000)
    case = ask(office, deal)
    office.decide(HEAD, ALLOW, "ask", "Who guarantees it?")
    task = office.task(SELLER, "Add information")
    assert task["variables"]["decision_comment"] == "Who guarantees it?"
    office.api_of(HEAD).patch(f"/records/deal/{deal['id']}", {"values": {"amount": 350_000}})

    office.decide(SELLER, "Add information", "resubmit", information_text="Their bank does")

    assert len(office.titles(HEAD)) == len(office.titles(FINANCE)) == 1
    office.decide(HEAD, ALLOW, "ask", "For how long?")
    office.decide(FINANCE, ALLOW, "allow")
    office.decide(SELLER, "Add information", "withdraw")
    assert office.case(case)["outcome"] == "withdrawn"


def test_information_that_never_comes_means_prepayment(office: Office) -> None:
    deal = a_deal(office, 120_000)
    ask(office, deal)
    office.decide(HEAD, ALLOW, "ask", "Who guarantees it?")

    office.pass_time(days=7)

    assert [title for title in office.titles(SELLER) if "Add information" in title] == []
    office.task(SELLER, "Obtain prepayment")


def test_no_payment_of_the_difference_means_prepayment(office: Office) -> None:
    deal = a_deal(office, 450_000)
    ask(office, deal)
    office.decide(HEAD, ALLOW, "allow_limit", offered_limit=400_000, offered_pay_by="2026-03-25")
    office.decide(FINANCE, ALLOW, "allow_limit", offered_limit=300_000, offered_pay_by="2026-03-28")
    values = office.look(deal)["values"]
    assert (values["allowed_limit"], values["pay_by"]) == (300_000, "2026-03-25")

    office.pass_time(days=14)

    office.task(SELLER, "Obtain prepayment")


def test_a_joint_decision_that_is_late_is_told_to_the_manager(office: Office) -> None:
    ask(office, a_deal(office, 450_000))
    office.decide(HEAD, ALLOW, "allow")

    office.pass_time(days=1)

    assert len(office.letters(DIRECTOR, "Maria Wójcik is late")) == 1
    office.task(FINANCE, ALLOW)


def test_the_promise_is_a_day_within_sixty(office: Office) -> None:
    deal = a_deal(office, 120_000)
    for day in ("2026-03-02", "2026-05-30"):
        body = {"record": deal["id"], "variables": {"reason": "x", "pay_by": day}}
        office.api_of(SELLER).post(f"/processes/{PROCESS}/instances", body, status=422)
