"""Changes drafts: make, save, publish, throw away, restore, import.

A draft runs nothing; only ``publish`` hands it to the engine, which checks it. Every change names
the revision it was made from, so that two people who draw at once do not overwrite each other.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bpm.designer import comments, diagram, imports, queries, reviews
from bpm.designer.models import Draft
from bpm.designer.svg import sanitised
from bpm.engine.commands import deploy
from bpm.engine.diagram.xml import parse
from bpm.engine.models import Process, ProcessVersion
from bpm.engine.permissions import can_deploy
from bpm.errors import Conflict, Invalid, NotAllowed, NotFound
from bpm.language import _, format_moment
from bpm.people.models import Person


def create_draft(session: Session, now: datetime, actor: Person, name: str) -> Draft:
    """Begin a new process with an empty drawing.

    Raises:
        NotAllowed: the actor is no process owner.
        Invalid: the name is empty or too long.
    """
    _must_draw(actor, None)
    name = name.strip()
    if not name or len(name) > 200:
        raise Invalid(_("Give the process a name of at most 200 letters."), problems=[])
    key = _free_key(session, diagram.key_from(name))
    return _add(session, now, actor, key=key, name=name, xml=diagram.empty(key, name))


def save_draft(
    session: Session,
    now: datetime,
    actor: Person,
    key: str,
    xml: str,
    *,
    svg: str | None,
    revision: int,
    editor: str = "",
) -> Draft:
    """Keep what was drawn.

    Args:
        svg: the drawing as the browser sees it; it is made harmless first.
        revision: that of the draft the drawing was made from; 0 if it was made from a published version.
        editor: names the open page; the page that saved last may save again whatever revision it knows,
            because the answer to its last save may have been lost on the way.

    Raises:
        Conflict: somebody saved, published or threw away the draft meanwhile; names him and the moment.
        Invalid: the text is no diagram of this process.
    """
    process = _process(session, key)
    _must_draw(actor, process)
    root = parse(xml.encode("utf-8"))
    if not diagram.is_of(root, key):
        raise Invalid(_("The diagram is of another process (“%(key)s”).", key=diagram.key_of(root)))
    draft = _locked(session, key)
    if draft is None or not editor or draft.editor != editor:
        _must_be_at(session, draft, key, revision)
    if draft is None:
        draft = _add(
            session,
            now,
            actor,
            key=key,
            name=diagram.name_of(root, key),
            xml=xml,
            svg=sanitised(svg),
            base_version=queries.newest_number(session, key),
        )
    else:
        _replace(draft, now, actor, xml=xml, name=diagram.name_of(root, key), svg=sanitised(svg))
    draft.editor = editor[:40]
    session.flush()
    return draft


def publish(
    session: Session, now: datetime, actor: Person, key: str, *, revision: int, note: str = ""
) -> ProcessVersion:
    """Make the draft the next version of its process; the draft is gone then.

    Raises:
        CannotRun: the engine refuses the diagram; ``problems`` names each fault.
        Conflict: somebody changed the draft meanwhile.
        NotFound: there is no draft.
        NotAllowed: somebody must look at it first; see ``reviews``.
    """
    _must_draw(actor, _process(session, key))
    draft = _required(session, key)
    _must_be_at(session, draft, key, revision)
    approval = reviews.approval_of(session, draft)
    version = deploy(
        session, now, actor, draft.xml, svg=draft.svg, note=note.strip()[:2_000], process_id=key,
        reviewed_by=approval.reviewer if approval is not None else None,
    )  # fmt: skip
    session.delete(draft)
    session.flush()
    reviews.published(session, key, version.number)
    comments.published(session, key, version.number)
    return version


def discard(session: Session, actor: Person, key: str) -> None:
    """Throw the draft away; the published version stays.

    Raises:
        NotFound: there is no draft.
    """
    _must_draw(actor, _process(session, key))
    session.delete(_required(session, key))
    session.flush()


def restore(session: Session, now: datetime, actor: Person, key: str, number: int) -> Draft:
    """Make an older version the draft, to be changed or published anew.

    Raises:
        Conflict: there is a draft that would be lost.
        NotFound: there is no such version.
    """
    version = queries.version(session, actor, key, number)
    _must_draw(actor, version.process)
    draft = _locked(session, key)
    if draft is not None:
        raise Conflict(
            _(
                "There is a draft already, saved by %(who)s on %(when)s. Publish it or throw it away first.",
                **_whose(draft),
            )
        )
    return _add(
        session,
        now,
        actor,
        key=key,
        name=diagram.name_of(parse(version.xml.encode("utf-8"))),
        xml=version.xml,
        svg=version.svg,
        base_version=number,
    )


def import_diagram(
    session: Session,
    now: datetime,
    actor: Person,
    content: bytes,
    *,
    key: str | None = None,
    file_name: str = "",
    as_new: bool = False,
) -> Draft:
    """Make a draft of a ``.bpmn`` file, which is kept as it is; without shapes it gets a drawing.

    Args:
        key: the process whose draft it becomes, whatever the file calls it; None takes the file's own.
        file_name: names a file that has no process.
        as_new: make it a process of its own even if there is one of this key.

    Raises:
        Invalid: the file is no diagram.
        Conflict: the process has a draft that would be lost.
    """
    root = parse(content)
    own = diagram.key_of(root)
    target = key or diagram.usable_key(own or file_name.rpartition(".")[0], diagram.name_of(root))
    if as_new:
        target = _free_key(session, target)
    _must_draw(actor, _process(session, target))
    draft = _locked(session, target)
    if draft is not None:
        raise Conflict(
            _(
                "“%(name)s” has a draft already, saved by %(who)s on %(when)s. "
                "Publish it, throw it away, or import the file as a new process.",
                name=draft.name,
                **_whose(draft),
            )
        )
    xml = diagram.decoded(content)
    if own and own != target:
        xml = diagram.rekeyed(xml, own, target)
    return _add(
        session,
        now,
        actor,
        key=target,
        name=diagram.name_of(root, own) or target,
        xml=imports.with_drawing(xml),
        base_version=queries.newest_number(session, target),
    )


def _must_draw(actor: Person, process: Process | None) -> None:
    if not can_deploy(actor, process):
        raise NotAllowed(
            _(
                "Only process owners draw processes; a process that is published only its own owner. "
                "Ask an administrator."
            )
        )


def _process(session: Session, key: str) -> Process | None:
    return session.scalar(select(Process).where(Process.key == key))


def _locked(session: Session, key: str) -> Draft | None:
    return session.scalar(select(Draft).where(Draft.process_key == key).with_for_update())


def _required(session: Session, key: str) -> Draft:
    draft = _locked(session, key)
    if draft is None:
        raise NotFound(_("There is no draft of the process “%(key)s”.", key=key))
    return draft


def _must_be_at(session: Session, draft: Draft | None, key: str, revision: int) -> None:
    if draft is None and revision:
        raise Conflict(
            _("The draft was published or thrown away meanwhile. Load the page again to go on from there.")
        )
    if draft is not None and draft.revision != revision:
        raise Conflict(
            _(
                "%(who)s saved this process on %(when)s, after you had opened it.",
                **_whose(draft),
            )
        )
    if draft is None and not revision and queries.newest_number(session, key) is None:
        raise NotFound(_("There is no process “%(key)s”.", key=key))


def _whose(draft: Draft) -> dict[str, str]:
    who = draft.saved_by.name if draft.saved_by else _("Somebody")
    return {"who": who, "when": format_moment(draft.saved_at, "short")}


def _add(
    session: Session,
    now: datetime,
    actor: Person,
    *,
    key: str,
    name: str,
    xml: str,
    svg: str | None = None,
    base_version: int | None = None,
) -> Draft:
    draft = Draft(
        process_key=key,
        name=name[:300],
        xml=xml,
        svg=svg,
        base_version=base_version,
        revision=1,
        created_by_id=actor.id,
        saved_by_id=actor.id,
        saved_at=now,
    )
    try:
        with session.begin_nested():
            session.add(draft)
    except IntegrityError as error:
        raise Conflict(
            _("Somebody began a draft of this process at the same moment. Load the page again.")
        ) from error
    return draft


def _replace(draft: Draft, now: datetime, actor: Person, *, xml: str, name: str, svg: str | None) -> None:
    draft.xml, draft.name, draft.svg = xml, name[:300], svg
    draft.saved_by_id, draft.saved_at = actor.id, now
    draft.saved_by = actor
    draft.revision += 1


def _free_key(session: Session, wanted: str) -> str:
    taken = set(session.scalars(select(Process.key).where(Process.key.startswith(wanted, autoescape=True))))
    taken |= set(
        session.scalars(
            select(Draft.process_key).where(Draft.process_key.startswith(wanted, autoescape=True))
        )
    )
    candidates = (wanted if number == 1 else f"{wanted}_{number}" for number in range(1, len(taken) + 2))
    return next(key for key in candidates if key not in taken)
