"""Records of the demo company, so that a newcomer has something to start a case from.

Adds them once, to an installation without records. Knows the demo people by their log-in names.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpm.engine.values import RecordReference
from bpm.people.models import Person
from bpm.people.queries import person
from bpm.records.commands import create
from bpm.records.models import Record

# name, tax number, e-mail, credit limit, open debt, overdue debt, turnover of 12 months
_COMPANIES = (
    ("Delta", "5250001009", "office@delta.example", 600_000, 40_000, 0, 2_400_000),
    ("Baltic Furniture", "5830002111", "zakupy@baltic.example", 200_000, 0, 0, 780_000),
    ("Northern Roofs", "7010003222", "info@roofs.example", 150_000, 20_000, 15_000, 310_000),
    ("Studio Vega", "6760004333", "hello@vega.example", 0, 0, 0, 0),
)
# name, company, position, telephone, e-mail
_CONTACTS = (
    ("Ewa Malinowska", 0, "Purchasing", "+48 22 555 01 01", "e.malinowska@delta.example"),
    ("Tomasz Wilk", 1, "Owner", "+48 58 555 02 02", "t.wilk@baltic.example"),
    ("Ingrid Larsen", 2, "Director", "+48 91 555 03 03", "i.larsen@roofs.example"),
)
# name, company, contact, amount, paid so far, margin, stage, responsible
_DEALS = (
    ("Kitchen doors, 40 pieces", 1, 1, 120_000, 0, 24, "awaiting_payment", "anna.nowak"),
    ("Office fronts, second floor", 0, 0, 450_000, 0, 18, "awaiting_payment", "boris.petrov"),
    ("Roof windows, spring", 2, 2, 80_000, 0, 21, "awaiting_payment", "claire.evans"),
    ("Showroom in Gdańsk", 0, 0, 1_200_000, 0, 16, "agreed", "anna.nowak"),
    ("Reception desk", 3, None, 64_000, 0, 30, "new", "boris.petrov"),
)
# company, deal, amount, standard text, responsible
_CONTRACTS = (
    (0, 3, 1_200_000, False, "anna.nowak"),
    (1, 0, 120_000, True, "anna.nowak"),
    (3, 4, 64_000, True, "boris.petrov"),
)
# name, company, telephone, e-mail, need, source, product line, expected sum, score
_LEADS = (
    ("Marek Zając", "Zając Interiors", "+48 61 555 10 10", "marek@zajac.example",
     "Doors for twelve flats, delivery in May", "site", "standard", 90_000, 40),
    ("Elena Sidorova", "Hotel Amber", "+48 58 555 11 11", "e.sidorova@amber.example",
     "Furniture for sixty rooms", "mail", "project", 750_000, 80),
    ("Paul Brandt", "", "+48 12 555 12 12", "", "Asked for a price list", "call", "standard", None, 10),
)  # fmt: skip


def load_demo_records(session: Session, now: datetime) -> int:
    """Add companies, contacts, deals, contracts and leads; return how many, 0 if some are there."""
    if session.scalar(select(Record.id).limit(1)) is not None:
        return 0
    maker = _Maker(session, now)
    companies = [
        maker.add("company", "olga.ivanova", name=name, tax_number=tax, email=email, credit_limit=limit,
                  open_debt=debt, overdue_debt=overdue, turnover_12m=turnover)
        for name, tax, email, limit, debt, overdue, turnover in _COMPANIES
    ]  # fmt: skip
    contacts = [
        maker.add("contact", "olga.ivanova", name=name, company=companies[company], position=position,
                  phone=phone, email=email)
        for name, company, position, phone, email in _CONTACTS
    ]  # fmt: skip
    deals = [
        maker.add("deal", who, name=name, company=companies[company], amount=amount, prepaid=paid,
                  contact=contacts[contact] if contact is not None else None, margin_pct=margin,
                  made_to_order=True, funnel="sales", stage=stage)
        for name, company, contact, amount, paid, margin, stage, who in _DEALS
    ]  # fmt: skip
    for company, deal, amount, standard, who in _CONTRACTS:
        maker.add("contract", who, company=companies[company], deal=deals[deal], amount=amount,
                  standard_text=standard)  # fmt: skip
    for name, company_name, phone, email, need, source, line, total, score in _LEADS:
        maker.add("lead", None, name=name, company_name=company_name, phone=phone, email=email, need=need,
                  source=source, product_line=line, expected_sum=total, score=score)  # fmt: skip
    return maker.made


class _Maker:
    def __init__(self, session: Session, now: datetime) -> None:
        self._session = session
        self._now = now
        self.made = 0

    def add(self, type_key: str, who: str | None, **values: Any) -> RecordReference:
        actor: Person | None = person(self._session, who or "olga.ivanova")
        present = {key: _typed(value) for key, value in values.items() if value not in (None, "")}
        if who is not None:
            present["responsible"] = who
        record = create(self._session, self._now, actor, type_key, present)
        self.made += 1
        return RecordReference(type_key, record.public_id)


def _typed(value: Any) -> Any:
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value
