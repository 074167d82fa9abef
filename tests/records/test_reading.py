"""Lists, the search, and records as FEEL expressions see them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from bpm import feel
from bpm.people.models import Person
from bpm.records import commands, queries
from bpm.records.functions import money, owner
from bpm.records.models import Record
from bpm.records.numbers import next_number
from bpm.records.view import RecordView, resolve
from tests.records.conftest import reference

Make = Callable[..., Record]


def test_lists_are_narrowed_by_stage_person_and_words(make: Make, anna: Person, session: Session) -> None:
    make("lead", name="Marek Zając", company_name="Hotel Bursztyn")
    make("lead", name="Paul Brandt", stage="processing", responsible="boris.petrov")

    def titles(**filters: str) -> list[str]:
        return [row.title for row in queries.listing(session, anna, "lead", **filters).rows]  # type: ignore[arg-type]

    assert titles() == ["Paul Brandt", "Marek Zając"]
    assert titles(stage="processing") == ["Paul Brandt"]
    assert titles(responsible="boris.petrov") == ["Paul Brandt"]
    assert titles(text="zajac bursztyn") == ["Marek Zając"]
    assert titles(text="100%") == []
    assert queries.stage_counts(session, anna, "lead") == {"unprocessed": 1, "processing": 1}


def test_pages_count_from_one(make: Make, anna: Person, session: Session) -> None:
    for number in range(5):
        make("contact", name=f"Contact {number}")
    page = queries.listing(session, anna, "contact", page=2, per_page=2)
    assert (page.total, page.pages, [row.title for row in page.rows]) == (5, 3, ["Contact 2", "Contact 1"])


def test_expressions_follow_links_and_see_changes_at_once(
    make: Make, anna: Person, session: Session, now: datetime
) -> None:
    firm = make("company", name="Delta", credit_limit=100)
    deal = make("deal", name="Doors", company=reference(firm), amount=60, responsible="anna.nowak")
    view = resolve(session, reference(deal))
    assert view is not None

    def value(text: str) -> object:
        return feel.evaluate(text, {"deal": view})

    assert value("deal.company.credit_limit - deal.amount") == Decimal(40)
    commands.change(session, now, anna, firm, {"credit_limit": 70})
    assert value("deal.company.credit_limit - deal.amount") == Decimal(10)
    assert value("deal.stage") == "new"
    assert value("deal.responsible") == "anna.nowak"
    assert value("deal.contact.phone") is None
    assert isinstance(view["company"], RecordView) and view["company"].reference == reference(firm)


def test_names_of_choices_can_be_read(make: Make, session: Session) -> None:
    view = resolve(session, reference(make("lead", name="x", source="call")))
    assert feel.evaluate("lead.source_name", {"lead": view}) == "Call"


def test_the_owner_is_who_is_responsible(make: Make, session: Session) -> None:
    deal = make("deal", name="Doors", responsible="boris.petrov")
    assert owner(session, reference(deal)) == "boris.petrov"
    assert owner(session, resolve(session, reference(deal))) == "boris.petrov"
    assert owner(session, None) is None


def test_found_by_number_mail_or_tax_number(make: Make, session: Session) -> None:
    make("company", name="Other", phone="+48 22 555 01 01")
    delta = make("company", name="Delta", phone="+48 (22) 555-01-02", email="Office@delta.example")
    assert queries.find(session, "company", {"tax_number": "", "phone": "+48 22 5550102"}) is delta
    assert queries.find(session, "company", {"phone": "+48 99", "email": "office@DELTA.example"}) is delta
    assert queries.find(session, "company", {"phone": "0102"}) is None


def test_register_numbers_follow_one_another_and_begin_anew_each_year(
    session: Session, now: datetime
) -> None:
    given = [next_number(session, now, "contracts") for _time in range(3)]
    assert given == ["1/2026", "2/2026", "3/2026"]
    assert next_number(session, now.replace(year=2027), "contracts") == "1/2027"
    assert next_number(session, now, "orders") == "1/2026"


def test_sums_in_titles() -> None:
    assert money(Decimal(1200000)) == "1\N{NO-BREAK SPACE}200\N{NO-BREAK SPACE}000"
    assert money(Decimal("10.5")) == "10.50"
    assert money(None) is None
