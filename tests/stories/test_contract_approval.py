"""P01 of the processes that ship: a contract is agreed by all who must see it, sent and signed."""

from __future__ import annotations

import io
from typing import Any

import docx

from tests.stories.office import Office, token_of

PROCESS = "contract_approval"
SELLER, HEAD, DIRECTOR, FINANCE = "anna.nowak", "olga.ivanova", "helena.kowalska", "maria.wojcik"
LAWYERS = ("emily.clark", "katarzyna.lis", "pavel.smirnov")
ACCOUNTANT = "dmitri.sokolov"
APPROVE = "Approve contract"


def a_contract(office: Office, amount: int = 1_200_000, responsible: str = SELLER) -> Any:
    firm = office.new("company", name="Delta", email="office@delta.example")
    return office.new("contract", responsible, responsible, company=firm, amount=amount)


def ask(office: Office, record: Any, by: str = SELLER, **values: Any) -> Any:
    """Start the approval with version 1 of the text."""
    return office.start(PROCESS, by, record, file=office.upload(by, "version1.txt"), **values)


def deciders(office: Office) -> set[str]:
    people = (*LAWYERS, ACCOUNTANT, FINANCE, HEAD, DIRECTOR, SELLER)
    return {login for login in people if any(title.startswith(APPROVE) for title in office.titles(login))}


def test_comments_are_adopted_and_only_who_commented_decides_again(office: Office) -> None:
    contract = a_contract(office)
    case = ask(office, contract)
    assert deciders(office) == {*LAWYERS, FINANCE}
    assert office.titles(FINANCE) == ["Approve contract 1, Delta, 1 200 000"]
    record = office.look(contract)
    assert (record["stage"], record["values"]["approval"]) == ("approval", "pending")

    for login in (LAWYERS[0], LAWYERS[1], FINANCE):
        office.decide(login, APPROVE, "approve")
    assert office.titles(SELLER) == []
    office.decide(LAWYERS[2], APPROVE, "approve_c", "Add the term of delivery")

    assert len(office.letters(SELLER, "Contract 1, Delta: ")) == 4
    assert office.letters(SELLER, "Pavel Smirnov – approved with comments")
    task = office.task(SELLER, "Settle the comments")
    missing = office.decide_known(SELLER, task["id"], "adopt")
    assert missing.status_code == 422 and "new_file" in missing.get_json()["errors"]
    office.decide(SELLER, "Settle the comments", "adopt", new_file=office.upload(SELLER, "version2.txt"))
    assert deciders(office) == {LAWYERS[2]}
    again = office.task(LAWYERS[2], APPROVE)
    assert again["variables"]["file"]["name"] == "version2.txt"
    office.decide(LAWYERS[2], APPROVE, "approve")

    sending = office.task(SELLER, "Send to the client")
    assert sending["variables"]["file"]["name"] == "version2.txt"
    record = office.look(contract)
    assert (record["stage"], record["values"]["approval"]) == ("approved", "approved")
    assert record["values"]["file"]["name"] == "version2.txt"
    assert set(record["values"]["approved_by"]) == {*LAWYERS, FINANCE}
    sheet = the_sheet(office, record)
    assert "Round 1" in sheet and "Round 2" in sheet
    assert sheet.count("Pavel Smirnov") == 2 and sheet.count("Emily Clark") == 1
    assert "Add the term of delivery" in sheet and "Approved with comments" in sheet
    assert office.case(case)["status"] == "active"


def test_sent_signed_and_registered(office: Office) -> None:
    contract = a_contract(office, 64_000)
    case = ask(office, contract, standard_text=True)
    assert deciders(office) == {LAWYERS[0]}
    office.decide(LAWYERS[0], APPROVE, "approve")

    office.decide(SELLER, "Send to the client", "send", send_channel="mail", recipient="office@delta.example")

    record = office.look(contract)
    assert record["stage"] == "sent"
    assert record["values"]["recipient"] == "office@delta.example"
    assert record["values"]["sent_at"]
    assert len(office.letters("office", "Contract 1")) == 1
    office.pass_time(days=28)
    office.decide(SELLER, "Not signed yet", "wait")
    office.enter(SELLER, contract, "client_signed")
    scan = office.upload(DIRECTOR, "both.txt")
    task = office.task(DIRECTOR, "Sign contract 1, Delta")
    assert office.decide_known(DIRECTOR, task["id"], "signed").status_code == 422
    office.decide(DIRECTOR, "Sign contract", "signed", signed_file=scan)
    record = office.look(contract)
    assert record["stage"] == "signed"
    assert record["values"]["register_number"] == "1/2026"
    assert record["values"]["signed_at"] and record["values"]["signed_file"]["name"] == "both.txt"
    assert office.case(case)["outcome"] == "signed"


def test_sent_for_revision_while_another_is_late(office: Office) -> None:
    contract = a_contract(office, 500_000)
    case = ask(office, contract)
    lawyer = LAWYERS[0]
    assert deciders(office) == {lawyer, ACCOUNTANT}
    office.decide(lawyer, APPROVE, "revise", "The penalty is too high")
    assert office.titles(SELLER) == []

    office.pass_time(days=2)

    assert len(office.letters(FINANCE, "Dmitri Sokolov is late")) == 1
    assert office.letters(FINANCE, "Emily Clark is late") == []
    assert office.titles(SELLER) == []
    office.pass_time(days=4)  # to Monday, four working days after the start
    assert len(office.letters(FINANCE, "still no decision by Dmitri Sokolov")) == 1
    office.decide(ACCOUNTANT, APPROVE, "approve")
    revision = office.task(SELLER, "Revise contract")
    assert revision["variables"]["remarks"][0]["comment"] == "The penalty is too high"
    page = office.client_of(SELLER).get(f"/tasks/{revision['id']}").get_data(as_text=True)
    assert "Emily Clark: The penalty is too high" in page
    file = office.upload(SELLER, "version2.txt")
    office.decide(SELLER, "Revise contract", "resubmit", new_file=file, answers="Lowered")
    assert deciders(office) == {lawyer, ACCOUNTANT}
    office.decide(lawyer, APPROVE, "approve")
    office.decide(ACCOUNTANT, APPROVE, "approve")
    office.task(SELLER, "Send to the client")
    assert office.case(case)["variables"]["round"] == 2


def test_nobody_decides_on_his_own_and_a_refusal_ends_it(office: Office) -> None:
    contract = a_contract(office, responsible=LAWYERS[0])
    case = ask(office, contract, LAWYERS[0])
    # the initiator is a lawyer; his manager is finance, who is listed too and answers once
    assert deciders(office) == {LAWYERS[1], LAWYERS[2], FINANCE}
    late = office.task(LAWYERS[2], APPROVE)

    office.decide(LAWYERS[1], APPROVE, "reject", "Not with this company")

    assert deciders(office) == set()
    answer = office.decide_known(LAWYERS[2], late["id"], "approve")
    assert answer.status_code == 409
    assert "Katarzyna Lis" in answer.get_json()["detail"]
    record = office.look(contract)
    assert (record["stage"], record["values"]["approval"]) == ("refused", "refused")
    assert record["values"]["reason"] == "Not with this company"
    assert office.letters(LAWYERS[1], "Contract 1, Delta: refused")
    assert office.case(case)["outcome"] == "refused"


def test_from_a_deal_the_contract_is_made_first_and_added_people_are_asked_too(office: Office) -> None:
    firm = office.new("company", name="Delta")
    deal = office.new("deal", SELLER, SELLER, name="Doors", company=firm, amount=50_000, stage="agreed")

    case = ask(office, deal, standard_text=False, added_approvers=[HEAD, ACCOUNTANT])

    assert deciders(office) == {LAWYERS[0], ACCOUNTANT, HEAD}
    made = office.api_of(SELLER).get("/records/contract")["items"]
    assert len(made) == 1
    assert made[0]["values"]["amount"] == 50_000
    assert made[0]["values"]["deal"]["id"] == deal["id"]
    assert made[0]["responsible"]["login"] == SELLER
    for record in (deal, made[0]):
        card = office.client_of(SELLER).get(f"/records/{record['type']}/{record['id']}")
        assert f"/cases/{case['id']}" in card.get_data(as_text=True)


def test_the_text_is_kept_and_those_who_commented_are_told(office: Office) -> None:
    contract = a_contract(office, 64_000)
    ask(office, contract)
    office.decide(LAWYERS[0], APPROVE, "approve_c", "A comma")
    office.decide(ACCOUNTANT, APPROVE, "approve")

    office.decide(SELLER, "Settle the comments", "keep", "The comma is right")

    assert len(office.letters(LAWYERS[0], "the text stays as it is")) == 1
    assert office.letters(ACCOUNTANT, "the text stays as it is") == []
    office.task(SELLER, "Send to the client")


def test_too_many_rounds_bring_the_manager(office: Office) -> None:
    contract = a_contract(office, 64_000)
    case = ask(office, contract, standard_text=True, max_rounds=2)
    for turn in (1, 2):
        office.decide(LAWYERS[0], APPROVE, "revise", f"No, {turn}")
        file = office.upload(SELLER, f"version{turn + 1}.txt")
        office.decide(SELLER, "Revise contract", "resubmit", new_file=file, answers="Done")
    assert deciders(office) == set()

    office.decide(HEAD, "Decide how to go on", "another_round")

    office.decide(LAWYERS[0], APPROVE, "revise", "No, 3")
    office.decide(
        SELLER, "Revise contract", "resubmit", new_file=office.upload(SELLER, "version4.txt"), answers="Done"
    )  # fmt: skip
    office.decide(HEAD, "Decide how to go on", "reject", "Enough of it")
    assert office.look(contract)["values"]["reason"] == "Enough of it"
    assert office.case(case)["outcome"] == "refused"


def test_withdrawn_or_not_revised_it_is_a_draft_again(office: Office) -> None:
    first, second = a_contract(office, 64_000), a_contract(office, 64_000)
    for contract in (first, second):
        ask(office, contract, standard_text=True)
    for _turn in range(2):
        login = next(login for login in LAWYERS if office.titles(login))
        task = office.tasks(login)[0]
        assert office.decide_known(login, task["id"], "revise", "No").status_code == 200
    office.run_due()

    office.decide(SELLER, "Revise contract 1,", "withdraw")
    assert office.look(first)["stage"] == "draft"
    office.pass_time(days=14)

    assert office.look(second)["stage"] == "draft"
    assert len(office.letters(HEAD, "revision lapsed")) == 1


def test_the_client_wants_other_terms_then_declines(office: Office) -> None:
    contract = a_contract(office, 64_000)
    case = ask(office, contract, standard_text=True)
    office.decide(LAWYERS[0], APPROVE, "approve")
    office.decide(SELLER, "Send to the client", "send", send_channel="courier", recipient="Delta, Warsaw")
    assert office.letters("office", "Contract") == []

    office.enter(SELLER, contract, "terms_wanted", reason="Pay in 30 days")

    revision = office.task(SELLER, "Revise contract")
    assert revision["variables"]["terms_wanted"] == "Pay in 30 days"
    office.decide(
        SELLER, "Revise contract", "resubmit", new_file=office.upload(SELLER, "version2.txt"), answers="Yes"
    )  # fmt: skip
    office.decide(LAWYERS[0], APPROVE, "approve")
    office.decide(SELLER, "Send to the client", "send", send_channel="courier", recipient="Delta, Warsaw")
    office.enter(SELLER, contract, "declined", reason="Too dear")
    record = office.look(contract)
    assert (record["stage"], record["values"]["reason"]) == ("refused", "Too dear")
    assert office.case(case)["outcome"] == "refused"


def test_the_requester_withdraws_and_the_record_goes_back(office: Office) -> None:
    contract = a_contract(office)
    case = ask(office, contract)

    office.api_of(SELLER).post(f"/instances/{case['id']}/cancel", {"reason": "A mistake"})
    office.run_due()

    assert deciders(office) == set()
    record = office.look(contract)
    assert (record["stage"], record["values"]["approval"]) == ("draft", "none")


def test_deleting_the_record_ends_its_case(office: Office) -> None:
    contract = a_contract(office)
    case = ask(office, contract)
    page = f"/records/contract/{contract['id']}"
    client = office.client_of(HEAD)

    answer = client.post(f"{page}/delete", data={"csrf_token": token_of(client, page)})
    office.run_due()

    assert answer.status_code == 302
    assert office.case(case)["status"] == "cancelled"
    assert deciders(office) == set()


def the_sheet(office: Office, record: Any) -> str:
    """The words of the approval sheet of a contract."""
    reference = record["values"]["approval_sheet"]
    if reference["name"].endswith(".pdf"):  # LibreOffice is installed: its Word file lies in the case
        case = office.api_of(SELLER).get("/instances", record=record["id"])["items"][0]
        reference = office.case(case)["variables"]["approval_sheet_word"]
    with office.client_of(SELLER).get(f"/files/{reference['file']}") as answer:
        document = docx.Document(io.BytesIO(answer.get_data()))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
