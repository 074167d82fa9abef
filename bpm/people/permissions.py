"""Who may change whom. Commands ask here; pages ask the same to show or hide a button."""

from __future__ import annotations

from sqlalchemy.orm import Session

from bpm.errors import NotAllowed
from bpm.language import _
from bpm.people.models import Person
from bpm.people.queries import is_administrator, manager_of


def may_administer(actor: Person | None) -> bool:
    """Say whether ``actor`` may add and change people; None is the command line, which may."""
    return actor is None or is_administrator(actor)


def may_plan_absence(session: Session, actor: Person | None, person: Person) -> bool:
    """Say whether ``actor`` may enter an absence: for himself, for his people, or as administrator."""
    if may_administer(actor):
        return True
    manager = manager_of(session, person)
    return actor is not None and actor.id in (person.id, manager.id if manager else None)


def must_administer(actor: Person | None) -> None:
    """Raise NotAllowed unless ``actor`` may add and change people."""
    if not may_administer(actor):
        raise NotAllowed(_("Only an administrator can change people. Ask one to do it for you."))
