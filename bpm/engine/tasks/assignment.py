"""Decides who gets a user task.

Owns three rules: what the diagram says (person, group, initiator, his manager, a head, an
expression; else the lane); nobody decides on his own request; an absent person's task goes to his
substitute. Writes nothing: ``tasks/rows.py`` does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bpm.engine.operations.incidents import Cause
from bpm.engine.tasks.directory import Directory, Known, KnownGroup

GROUP = "group:"
PERSON = "person:"
_MOST_STEPS = 8


@dataclass(slots=True)
class Assigned:
    """Who gets a task. With a ``problem`` nobody does, and an administrator has to choose.

    ``original``: who would hold it were it not for an absence or his own request; ``why``:
    ``absence`` or ``own_request``.
    """

    assignee: Known | None = None
    original: Known | None = None
    why: str | None = None
    persons: list[Known] = field(default_factory=list)
    groups: list[KnownGroup] = field(default_factory=list)
    problem: Cause | None = None


class _Nobody(Exception):
    def __init__(self, text: str, /, **values: str) -> None:
        super().__init__(text)
        self.cause = Cause(text, **values)


def assign(
    directory: Directory, details: Mapping[str, Any], initiator: str | None, *, approval: bool
) -> Assigned:
    """Resolve the assignment of a user task.

    Args:
        details: those of the wait: ``assignment`` (its value already evaluated) and ``lane``.
        initiator: login of whoever started the case.
        approval: the task decides on the initiator's request, so he may not hold it.
    """
    starter = directory.person(initiator) if initiator else None
    try:
        return _Assigning(directory, starter, approval).assign(details)
    except _Nobody as nobody:
        return Assigned(problem=nobody.cause)


def logins_in(details: Mapping[str, Any]) -> list[str]:
    """Return the logins an assignment names, so that many tasks' people are read together."""
    assignment = details.get("assignment") or {}
    found = [*_texts(assignment.get("candidate_users"))]
    if assignment.get("to") in ("person", "expression"):
        found += [_bare(text) for text in _texts(assignment.get("value")) if not text.startswith(GROUP)]
    return found


class _Assigning:
    def __init__(self, directory: Directory, starter: Known | None, approval: bool) -> None:
        self._directory = directory
        self._starter = starter
        self._approval = approval

    def assign(self, details: Mapping[str, Any]) -> Assigned:
        assignment = details.get("assignment") or {}
        to, value = assignment.get("to"), assignment.get("value")
        users, groups = _texts(assignment.get("candidate_users")), _texts(assignment.get("candidate_groups"))
        if not to:
            if users or groups:
                return self._offered(users, groups)
            return self._by_lane(details.get("lane"))
        if to == "group":
            return self._offered(users, [_bare(text) for text in _texts(value)] + groups)
        if to in ("person", "expression"):
            return self._named(_texts(value), users, groups)
        return self._to(self._role(to, value))

    def _role(self, to: str, value: Any) -> Known:
        if to == "head_of_department" and value:
            head = self._directory.head_of(_texts(value)[0])
            if head is None:
                raise _Nobody("The department “%(department)s” has no head.", department=str(value))
            return head
        if self._starter is None:
            raise _Nobody("The case was not started by a person, so nobody can be found from its initiator.")
        if to == "initiator":
            return self._starter
        if to == "manager_of_initiator":
            return self._manager(self._starter)
        if to == "head_of_department":
            over = self._directory.head_over(self._starter)
            if over is None:
                raise _Nobody("The department of %(person)s has no head.", person=self._starter.name)
            return over
        raise _Nobody("Nobody can be found by “%(rule)s”.", rule=to)

    def _manager(self, person: Known) -> Known:
        manager = self._directory.manager_of(person)
        if manager is None:
            raise _Nobody("%(person)s has no manager who could take this task.", person=person.name)
        return manager

    def _by_lane(self, lane: Mapping[str, str] | None) -> Assigned:
        name = (lane or {}).get("name") or ""
        if not name:
            raise _Nobody("The diagram does not say who does this step.")
        key = self._directory.group_named(name)
        if key is None:
            raise _Nobody("There is no group for the lane “%(lane)s”.", lane=name)
        return self._offered([], [key])

    def _named(self, texts: list[str], users: list[str], groups: list[str]) -> Assigned:
        """One login is an assignee; several, or groups, are candidates."""
        groups = [text.removeprefix(GROUP) for text in texts if text.startswith(GROUP)] + groups
        users = [_bare(text) for text in texts if not text.startswith(GROUP)] + users
        if not users and not groups:
            raise _Nobody("The rule that chooses the person gave nobody.")
        if len(users) == 1 and not groups:
            return self._to(self._known(users[0]))
        return self._offered(users, groups)

    def _known(self, login: str) -> Known:
        person = self._directory.person(login)
        if person is None:
            raise _Nobody("There is no person with the log-in name “%(login)s”.", login=login)
        return person

    def _to(self, person: Known) -> Assigned:
        """Hand over until somebody is present and not the requester."""
        original, why, seen = person, None, {person.id}
        for _step in range(_MOST_STEPS):
            if not person.active:
                raise _Nobody("%(person)s is no longer active.", person=person.name)
            if self._approval and self._starter is not None and person.id == self._starter.id:
                person, reason = self._manager(person), "own_request"
            elif person.substitute_id is not None:
                person, reason = self._directory.by_id(person.substitute_id), "absence"
            else:
                return Assigned(person, original if why else None, why)
            why = why or reason
            if person.id in seen:
                raise _Nobody("%(person)s is away, and so is everybody who stands in.", person=original.name)
            seen.add(person.id)
        raise _Nobody("%(person)s is away, and so is everybody who stands in.", person=original.name)

    def _offered(self, logins: list[str], group_keys: list[str]) -> Assigned:
        """Candidates; the requester is none in an approval."""
        starter_id = self._starter.id if self._starter is not None and self._approval else None
        self._directory.learn(logins)
        known = [self._known(login) for login in dict.fromkeys(logins)]
        persons = [person for person in known if person.active and person.id != starter_id]
        groups = self._directory.groups(group_keys, starter_id)
        missing = set(group_keys) - {group.key for group in groups}
        if missing and not groups and not persons:
            raise _Nobody("There is no group “%(group)s”.", group=min(missing))
        staffed = [group for group in groups if group.members > int(group.has_initiator)]
        if persons or staffed:
            return Assigned(persons=persons, groups=staffed)
        if (
            starter_id is not None
            and self._starter is not None
            and (known or any(g.has_initiator for g in groups))
        ):
            return self._to(self._starter)  # nobody but the requester: his manager takes his place
        if groups:
            raise _Nobody("Nobody belongs to the group “%(group)s”.", group=groups[0].key)
        raise _Nobody("None of the chosen people is active any more.")


def _texts(value: Any) -> list[str]:
    """Return the texts in a value: one text, a list of them, or nothing."""
    if isinstance(value, str):
        return [value] if value.strip() else []
    if isinstance(value, (list, tuple)):
        return [text for item in value for text in _texts(item)]
    return []


def _bare(text: str) -> str:
    return text.removeprefix(GROUP).removeprefix(PERSON).strip()
