"""The blueprint of the inbox, on which the modules of its pages put their routes.

Tells the floors below what only pages know: the count in the rail and what forms offer.
"""

from __future__ import annotations

from datetime import datetime
from typing import cast

from flask import Blueprint, Flask
from flask.blueprints import BlueprintSetupState
from sqlalchemy.orm import Session

from bpm.engine import form_check
from bpm.inbox import queries
from bpm.inbox.choices import make_choices
from bpm.people.models import Person
from bpm.web import frame
from bpm.web.extensions import db

blueprint = Blueprint("inbox", __name__, template_folder="templates")
# only its templates: forms stand below the pages and know nothing of Flask
_form_templates = Blueprint("form_templates", "bpm.forms", template_folder="templates")


def current_session() -> Session:
    """Return the session of this request."""
    return cast(Session, db.session())


def bind(app: Flask) -> None:
    """Connect the inbox with the frame, the forms and the files."""
    app.register_blueprint(_form_templates)
    frame.count(app, "inbox", _count)
    form_check.choose_from(make_choices)


@blueprint.record_once
def _bind(state: BlueprintSetupState) -> None:
    bind(cast(Flask, state.app))


def _count(session: Session, person: Person, _moment: datetime) -> int:
    return queries.to_do_count(session, person)
