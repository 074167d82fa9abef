"""Makes the draft and the forms of a process that was described by answers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bpm.designer import commands, diagram
from bpm.designer.layout import laid_out
from bpm.designer.models import Draft
from bpm.designer.questions.answers import Answers
from bpm.designer.questions.forms import forms
from bpm.designer.questions.process import process
from bpm.errors import Invalid
from bpm.forms import commands as form_commands
from bpm.forms import queries as form_queries
from bpm.language import _
from bpm.people.models import Person

STEPS = ("start", "how", "fields", "approval", "late", "end")


def create(session: Session, now: datetime, actor: Person, answers: Answers) -> Draft:
    """Make the draft. Its forms are published under keys that nobody else uses, so they disturb nobody.

    Raises:
        NotAllowed: the actor is no process owner.
        Invalid: something is missing; ``problems`` says what.
    """
    problems = [text for step in STEPS for text in answers.missing(step).values()]
    if problems:
        raise Invalid(_("Some questions are not answered yet."), problems=problems)
    draft = commands.create_draft(session, now, actor, answers.name)
    contents = forms(answers, draft.process_key)
    names = {wanted: _free(session, wanted) for wanted in contents}
    xml = process(answers, draft.process_key).xml()
    for wanted, content in contents.items():
        form_commands.publish(session, now, actor, names[wanted], {**content, "id": names[wanted]})
        xml = xml.replace(f'"{wanted}"', f'"{names[wanted]}"')
    return commands.save_draft(
        session, now, actor, draft.process_key, laid_out(xml), svg=None, revision=draft.revision
    )


def preview(answers: Answers) -> str:
    """Return the laid-out diagram of complete answers; nothing is kept."""
    return laid_out(process(answers, diagram.key_from(answers.name)).xml())


def _free(session: Session, wanted: str) -> str:
    key, number = wanted, 2
    while form_queries.published(session, key):
        key, number = f"{wanted}_{number}", number + 1
    return key
