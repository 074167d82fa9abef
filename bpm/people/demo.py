"""The demo company: 16 people in 4 departments, so that every process can be tried at once.

Loading it twice changes nothing. Demo people have no password; the log-in page offers them by
name while the company is loaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bpm.people.commands import add_person
from bpm.people.models import Department, Group, Person
from bpm.people.queries import ADMINISTRATOR, MANAGER, PROCESS_OWNER, department, group, person
from bpm.worktime.commands import set_company_calendar
from bpm.worktime.queries import stored_calendar


class _Colleague(NamedTuple):
    login: str
    name: str
    department: str
    groups: tuple[str, ...]
    roles: tuple[str, ...] = ()


# key: English, Russian, Polish, login of the head; the first is the parent of the others
_DEPARTMENTS = {
    "management": ("Management", "Руководство", "Zarząd", "helena.kowalska"),
    "sales": ("Sales", "Отдел продаж", "Sprzedaż", "olga.ivanova"),
    "production": (
        "Production and service",
        "Производство и сервис",
        "Produkcja i serwis",
        "piotr.zielinski",
    ),
    "finance": ("Finance and legal", "Финансы и право", "Finanse i prawo", "maria.wojcik"),
}

_GROUPS = {
    "seller": ("Sales manager", "Менеджер по продажам", "Handlowiec"),
    "senior_seller": ("Senior sales manager", "Старший менеджер", "Starszy handlowiec"),
    "head_sales": ("Head of sales", "Руководитель отдела продаж", "Kierownik sprzedaży"),
    "lawyer": ("Lawyer", "Юрист", "Prawnik"),
    "accountant": ("Accountant", "Бухгалтер", "Księgowy"),
    "finance": ("Finance manager", "Финансовый менеджер", "Kierownik finansowy"),
    "director": ("Director", "Директор", "Dyrektor"),
    "security": ("Security officer", "Служба безопасности", "Bezpieczeństwo"),
    "head_production": ("Head of production", "Начальник производства", "Kierownik produkcji"),
    "buyer": ("Buyer", "Закупщик", "Zaopatrzeniowiec"),
    "logistics": ("Logistics", "Логистика", "Logistyka"),
    "support": ("Support", "Поддержка", "Wsparcie techniczne"),
    "admin": ("Process administrator", "Администратор процессов", "Administrator procesów"),
}

_PEOPLE = (
    _Colleague("helena.kowalska", "Helena Kowalska", "management", ("director",), (MANAGER,)),
    _Colleague("adam.kaminski", "Adam Kamiński", "management", ("admin",), (ADMINISTRATOR, PROCESS_OWNER)),
    _Colleague("viktor.orlov", "Viktor Orlov", "management", ("security",)),
    _Colleague("olga.ivanova", "Olga Ivanova", "sales", ("head_sales",), (MANAGER,)),
    _Colleague("jan.wisniewski", "Jan Wiśniewski", "sales", ("senior_seller",)),
    _Colleague("anna.nowak", "Anna Nowak", "sales", ("seller",)),
    _Colleague("boris.petrov", "Boris Petrov", "sales", ("seller",)),
    _Colleague("claire.evans", "Claire Evans", "sales", ("seller",)),
    _Colleague("piotr.zielinski", "Piotr Zieliński", "production", ("head_production",), (MANAGER,)),
    _Colleague("natalia.morozova", "Natalia Morozova", "production", ("buyer", "logistics")),
    _Colleague("marta.dabrowska", "Marta Dąbrowska", "production", ("support",), (PROCESS_OWNER,)),
    _Colleague("maria.wojcik", "Maria Wójcik", "finance", ("finance",), (MANAGER,)),
    _Colleague("dmitri.sokolov", "Dmitri Sokolov", "finance", ("accountant",)),
    _Colleague("emily.clark", "Emily Clark", "finance", ("lawyer",)),
    _Colleague("katarzyna.lis", "Katarzyna Lis", "finance", ("lawyer",)),
    _Colleague("pavel.smirnov", "Pavel Smirnov", "finance", ("lawyer",)),
)


def load_demo(session: Session, now: datetime) -> None:
    """Add what is missing of the demo company; what is there stays as people have changed it."""
    if not session.scalar(select(Person.id).where(Person.demo).limit(1)):
        _keep_polish_holidays(session)
    units = {key: _department(session, key, texts) for key, texts in _DEPARTMENTS.items()}
    for key, texts in _GROUPS.items():
        if group(session, key) is None:
            session.add(Group(key=key, names=_names(texts)))
    session.flush()
    for colleague in _PEOPLE:
        if person(session, colleague.login) is None:
            _add(session, colleague)
    for key, (*_texts, head) in _DEPARTMENTS.items():
        if units[key].head_id is None:
            units[key].head = person(session, head)
    session.flush()


def demo_people(session: Session) -> Sequence[Person]:
    """Return the demo people who can log in, by department; none if the company is not loaded."""
    query = select(Person).outerjoin(Department, Department.id == Person.department_id)
    return session.scalars(query.where(Person.demo, Person.active).order_by(Department.id, Person.id)).all()


def retire_demo(session: Session) -> None:
    """Let no demo person in any more; what they did stays in the history."""
    session.execute(update(Person).where(Person.demo).values(active=False))


def _keep_polish_holidays(session: Session) -> None:
    """Monday to Friday, 9 to 17, in the zone of the installation; an administrator's country stays."""
    stored = stored_calendar(session)
    if stored is None or stored.country is None:
        zone = stored.time_zone if stored else "Europe/Warsaw"
        hours = {int(day): spans for day, spans in stored.hours.items()} if stored else None
        set_company_calendar(session, time_zone=zone, country="PL", hours=hours)


def _add(session: Session, colleague: _Colleague) -> None:
    add_person(
        session,
        None,
        login=colleague.login,
        name=colleague.name,
        email=f"{colleague.login}@example.com",
        department=colleague.department,
        groups=colleague.groups,
        roles=colleague.roles,
        demo=True,
    )


def _department(session: Session, key: str, texts: tuple[str, str, str, str]) -> Department:
    found = department(session, key)
    if found is None:
        parent = None if key == "management" else department(session, "management")
        found = Department(key=key, names=_names(texts[:3]), parent_id=parent.id if parent else None)
        session.add(found)
        session.flush()
    return found


def _names(texts: tuple[str, str, str]) -> dict[str, str]:
    return dict(zip(("en", "ru", "pl"), texts, strict=True))
