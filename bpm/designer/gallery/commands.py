"""Copies a shipped process as a draft under a key of its own."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bpm.designer import commands, diagram
from bpm.designer.gallery import queries
from bpm.designer.models import Draft
from bpm.engine import dialect
from bpm.engine.diagram.xml import Node, local_name, parse
from bpm.language import _, language
from bpm.people.models import Person


def take(session: Session, now: datetime, actor: Person, shipped: str, name: str = "") -> Draft:
    """Make a draft of a shipped process, with its translations. Forms, tables and letters stay shared.

    Args:
        shipped: its key.
        name: of the copy, in the language of the actor; nothing: "… (copy)".

    Raises:
        NotFound: there is no such process.
        NotAllowed: the actor is no process owner.
        Invalid: the name is too long.
    """
    root = parse(queries.content(shipped))
    name = name or _("%(name)s (copy)", name=queries.name_of(shipped))
    draft = commands.create_draft(session, now, actor, name)
    _rename(diagram.process_of(root), name)
    xml = diagram.with_key(root, draft.process_key)
    return commands.save_draft(session, now, actor, draft.process_key, xml, svg=None, revision=draft.revision)


def _rename(process: Node, name: str) -> None:
    """Give the copy its name in the language in which it was typed; others keep theirs."""
    spoken = language()
    translation = next(
        (
            one
            for one in dialect.ours(process)
            if local_name(one) == "translation" and one.get("language") == spoken
        ),
        None,
    )
    if translation is None:
        process.set("name", name)
    else:
        translation.set("name", name)
