"""Outside events that people enter on a record's card: an answer of the client, a payment.

Each becomes a message to the running case of that record. Owns which events there are for which
type, what is asked for each, and what it changes on the record itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from bpm.engine import commands as engine
from bpm.errors import Conflict, Invalid, NotFound
from bpm.language import _, chosen
from bpm.people.models import Person
from bpm.records import commands, queries
from bpm.records.checks import check
from bpm.records.models import Record
from bpm.records.schema import Field, RecordSchema


@dataclass(frozen=True)
class OutsideEvent:
    """One button of the card. ``stages``: where it is offered; ``message``: what the case receives."""

    key: str
    record_type: str
    message: str
    names: Mapping[str, str]
    fields: tuple[Field, ...]
    stages: frozenset[str]
    tone: str = "neutral"

    @property
    def name(self) -> str:
        return chosen(self.names, self.key)


_SIGNED_COPY = {"en": "Signed copy", "ru": "Подписанный экземпляр", "pl": "Podpisany egzemplarz"}
_PAID_ON = {"en": "Paid on", "ru": "Дата оплаты", "pl": "Data zapłaty"}
_BEFORE_THE_END = frozenset(
    {
        "agreed",
        "documents_sent",
        "contract_received",
        "awaiting_payment",
        "in_production",
        "ready",
        "delivery",
    }
)
_REASON = Field("reason", "long_text", {"en": "Reason", "ru": "Причина", "pl": "Powód"}, required=True)
_AT_THE_CLIENT = frozenset({"approved", "sent", "received"})

EVENTS = (
    OutsideEvent(
        "client_signed",
        "contract",
        "contract.client_signed",
        {"en": "Client signed", "ru": "Клиент подписал", "pl": "Klient podpisał"},
        (Field("file", "file", _SIGNED_COPY),),
        _AT_THE_CLIENT,
        "positive",
    ),
    OutsideEvent(
        "terms_wanted",
        "contract",
        "contract.terms_wanted",
        {"en": "Other terms wanted", "ru": "Нужны другие условия", "pl": "Inne warunki"},
        (_REASON,),
        _AT_THE_CLIENT,
    ),
    OutsideEvent(
        "declined",
        "contract",
        "contract.declined",
        {"en": "Client declined", "ru": "Клиент отказался", "pl": "Klient odmówił"},
        (_REASON,),
        _AT_THE_CLIENT,
        "negative",
    ),
    OutsideEvent(
        "payment",
        "deal",
        "payment.recorded",
        {"en": "Record a payment", "ru": "Внести оплату", "pl": "Zapisz płatność"},
        (
            Field("amount", "money", {"en": "Sum", "ru": "Сумма", "pl": "Kwota"}, required=True),
            Field("paid_on", "date", _PAID_ON, required=True),
        ),
        _BEFORE_THE_END,
    ),
    OutsideEvent(
        "awake",
        "lead",
        "lead.awake",
        {"en": "Back in processing", "ru": "Снова в обработку", "pl": "Ponownie w przetwarzaniu"},
        (),
        frozenset({"pending"}),
    ),
)  # fmt: skip


def offered(session: Session, record: Record) -> list[OutsideEvent]:
    """Return the events that can be entered on this record now.

    Answers of the client need a case that waits for them; a payment can always be entered.
    """
    fitting = [e for e in EVENTS if e.record_type == record.type.key and record.stage in e.stages]
    if not fitting or queries.has_running_case(session, record):
        return fitting
    return [event for event in fitting if event.key == "payment"]


def enter(
    session: Session,
    now: datetime,
    actor: Person | None,
    record: Record,
    key: str,
    submitted: Mapping[str, Any],
    *,
    revision: int | None = None,
) -> int:
    """Enter an outside event: change the record and send the message to its running case.

    Returns:
        How many cases received it; 0 means that it is kept until one waits for it.

    Raises:
        NotFound: this type knows no such event.
        Conflict: the record stands at a stage where the event cannot happen, or was changed meanwhile.
        Invalid: a value is missing or wrong; ``details["errors"]`` names each.
        NotAllowed: nobody is logged in.
    """
    event = next((e for e in EVENTS if e.key == key and e.record_type == record.type.key), None)
    if event is None:
        raise NotFound(_("There is no such event on this record."))
    if event not in offered(session, record):
        text = _("“%(event)s” cannot be entered now: “%(title)s” is not at a stage that waits for it.",
                 event=event.name, title=record.title)  # fmt: skip
        raise Conflict(text)
    payload = _payload(session, event, submitted)
    queries.lock_cases(session, record)  # cases before records, the order in which engine steps take them
    running = queries.has_running_case(session, record)
    if event.key == "payment":
        _book_payment(session, now, actor, record, payload["amount"], payload["paid_on"], revision)
        if not running:
            return 0
    elif revision is not None and revision != record.revision:
        raise Conflict(_("“%(title)s” has changed since you opened it. Look again.", title=record.title))
    return engine.deliver(session, now, actor, event.message, record.public_id, payload)


def _payload(session: Session, event: OutsideEvent, submitted: Mapping[str, Any]) -> dict[str, Any]:
    schema = RecordSchema(event.key, event.names, event.names, "", event.fields)
    known = {field.key: submitted.get(field.key) for field in event.fields}
    checked = check(session, schema, known, by_process=True, whole=True)
    errors = dict(checked.errors)
    if event.key == "payment" and not errors and checked.values["amount"] <= 0:
        errors["amount"] = _("A payment is more than zero.")
    if errors:
        raise Invalid(" ".join(errors.values()), errors=errors)
    return checked.values


def _book_payment(
    session: Session,
    now: datetime,
    actor: Person | None,
    record: Record,
    amount: Decimal,
    paid_on: date,
    revision: int | None,
) -> None:
    session.refresh(record, with_for_update=True)
    paid = queries.values_of(record).get("prepaid") or Decimal(0)
    values = {"prepaid": paid + amount, "last_paid_on": paid_on}
    commands.change(session, now, actor, record, values, revision=revision)
