"""Decision models as their makers see them: what there is, what the editor opens, publishing, restoring.

A file may hold several decisions; it goes by its main one, which no other of the file asks. The rules
of decisions stand in ``bpm.dmn``; drafts in ``drafts``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpm.designer import diagram
from bpm.designer.library import decision_file, drafts, publications, uses
from bpm.designer.library.models import DECISION, LibraryDraft
from bpm.designer.library.publications import Overview, Source, by_name
from bpm.dmn import commands, document, queries
from bpm.dmn.errors import DmnError
from bpm.dmn.models import Decision
from bpm.errors import Invalid, NotFound
from bpm.language import _, chosen
from bpm.people.models import Person


def overviews(session: Session) -> list[Overview]:
    """Return all decision models by name, drafts included."""
    begun, used = drafts.drafts(session, DECISION), uses.of_decisions(session)
    rows = {row.key: row for row in queries.decisions(session)}
    found = []
    for row in rows.values():
        if main_of(row.xml) != row.key and main_of(row.xml) in rows:
            continue
        inside = [key for key in keys_of(row.xml) if key != row.key and key in rows]
        users = {use.key: use for key in [row.key, *inside] for use in used.get(key, ())}
        found.append(
            Overview(
                row.key,
                chosen(row.names, row.key),
                row.number,
                row.published_at,
                begun.pop(row.key, None),
                tuple(users.values()),
                tuple(chosen(rows[key].names, key) for key in inside),
            )
        )
    found += [Overview(key, one.name, None, None, one, used.get(key, ())) for key, one in begun.items()]
    return by_name(found)


def source(session: Session, key: str) -> Source[str]:
    """Return what the editor opens for a decision: the draft of its file, else the newest publication.

    Raises:
        NotFound: there is neither.
    """
    row = queries.decision(session, key)
    main = key
    if row is not None and not row.library and queries.decision(session, main_of(row.xml)) is not None:
        main = main_of(row.xml)
        row = queries.decision(session, main)
    begun = drafts.draft(session, DECISION, main)
    number = row.number if row is not None else None
    if begun is not None:
        return Source(main, begun.name, begun.content, number, begun)
    if row is None or row.library:
        raise NotFound(_("There is no decision “%(key)s”.", key=key))
    return Source(main, chosen(row.names, main), row.xml, number, None)


def create(
    session: Session,
    now: datetime,
    actor: Person,
    name: str,
    inputs: Sequence[decision_file.Column],
    outputs: Sequence[decision_file.Column],
) -> LibraryDraft:
    """Begin a decision table with its columns and one empty rule.

    Raises:
        NotAllowed: the actor is no process owner.
        Invalid: the name or a column is missing.
    """
    name = name.strip()
    if not name or len(name) > 200:
        raise Invalid(_("Give the decision a name of at most 200 letters."), field="name")
    if not inputs:
        raise Invalid(_("Say at least one thing that the decision depends on."), field="inputs")
    if not outputs:
        raise Invalid(_("Say at least one thing that is decided."), field="outputs")
    taken = {*session.scalars(select(Decision.key)), *drafts.drafts(session, DECISION)}
    key = drafts.free_key(diagram.key_from(name, "decision"), taken)
    xml = decision_file.new(key, name, inputs, outputs)
    return drafts.begin(session, now, actor, DECISION, key, drafts.Written(name, xml))


def written(session: Session, key: str, xml: str) -> drafts.Written:
    """Return a decision model as it stands in the editor, to be kept; it need not be finished.

    Raises:
        Invalid: it is no decision model, or its main decision is gone.
    """
    try:
        names = _names(xml)
    except DmnError as error:
        raise Invalid(error.message, problems=[]) from None
    if key not in names:
        raise Invalid(
            _("The decision “%(key)s”, by which this model is known, must stay in it.", key=key), problems=[]
        )
    row = queries.decision(session, key)
    return drafts.Written(names[key] or key, xml, row.number if row is not None else None)


def publish(
    session: Session, now: datetime, actor: Person, key: str, *, revision: int, note: str = ""
) -> int:
    """Make the draft the next version of its decisions; the draft is gone then.

    Returns:
        The number of the version of the main decision.

    Raises:
        Invalid: the model has faults; ``problems`` names each as {"element", "text"}.
        Conflict: somebody changed the draft meanwhile.
    """
    begun = drafts.ready(session, actor, DECISION, key, revision)
    for other in keys_of(begun.content):
        row = queries.decision(session, other)
        if other != key and row is not None and key not in keys_of(row.xml):
            text = _("There is another decision with the key “%(key)s”. Give this one another.", key=other)
            raise Invalid(text, problems=[{"element": other, "text": text}])
    rows = commands.publish(session, now, actor, begun.content, note=note)
    session.delete(begun)
    session.flush()
    return next(row.number for row in rows if row.key == key)


def restore(session: Session, now: datetime, actor: Person, key: str, number: int) -> LibraryDraft:
    """Make an older version the draft.

    Raises:
        Conflict: there is a draft that would be lost.
        NotFound: there is no such version.
    """
    row = version(session, key, number)
    old = drafts.Written(chosen(row.names, key), row.xml, number)
    return drafts.begin(session, now, actor, DECISION, key, old)


def versions(session: Session, key: str) -> Sequence[Decision]:
    """Return the versions of a decision, newest first."""
    return publications.versions(session, Decision, key)


def version(session: Session, key: str, number: int) -> Decision:
    """Return one version.

    Raises:
        NotFound: there is no such version.
    """
    row = publications.version(session, Decision, key, number)
    if row is None:
        raise NotFound(_("There is no version %(number)s of the decision “%(key)s”.", number=number, key=key))
    return row


def users(session: Session, key: str) -> Sequence[uses.Use]:
    """Return the processes that ask a decision model: its main decision or another of its file."""
    row = next((one for one in overviews(session) if one.key == key), None)
    return row.uses if row is not None else ()


def keys_of(xml: str) -> list[str]:
    """Return the keys of the decisions in a file, in its order."""
    return list(_names(xml))


@lru_cache(maxsize=500)
def main_of(xml: str) -> str:
    """Return the key of the decision that no other of the file asks; of several, the last."""
    root = document.parse(xml.encode())
    asked = {
        document.href(one)[1]
        for requirement in root.iter(f"{{{root.nsmap[root.prefix]}}}informationRequirement")
        for one in document.children(requirement, "requiredDecision")
    }
    names = list(_names(xml))
    free = [key for key in names if key not in asked]
    return (free or names or [""])[-1]


@lru_cache(maxsize=500)
def _names(xml: str) -> dict[str, str]:
    root = document.parse(xml.encode())
    return {document.identity(one): document.name_of(one) for one in document.children(root, "decision")}
