"""The lists of the inbox, and the parts of them that open pages ask for again."""

from __future__ import annotations

from datetime import datetime

from flask import render_template, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from bpm.history.pages import fresh
from bpm.inbox import lists, queries
from bpm.inbox.blueprint import blueprint, current_session
from bpm.inbox.queries import Filters
from bpm.language import _, ngettext
from bpm.people.models import Person
from bpm.web.request import acting_person, now


@blueprint.get("/inbox")
def page() -> str:
    """What waits for the person, in lists."""
    session, person, moment = current_session(), acting_person(), now()
    filters = lists.filters_of_request()
    return render_template(
        "inbox/inbox.html",
        heading=lists.heading(filters),
        lead=_lead(session, moment, person, filters),
        tabs=lists.tabs(session, person, filters),
        processes=queries.processes(session),
        **lists.listed(session, moment, person, filters),
    )


@blueprint.get("/inbox/list")
def listing() -> AnyResponse:
    """The rows alone, for pages that stay open."""
    session, person, moment = current_session(), acting_person(), now()
    current = request.args.get("current", "")
    rows = lists.listed(session, moment, person, lists.filters_of_request(), current)
    return fresh(render_template("inbox/list.html", **rows))


def _lead(session: Session, moment: datetime, person: Person, filters: Filters) -> str:
    if filters.tab != queries.TO_DO or filters.narrowed:
        leads = {
            queries.TO_TAKE: _("Work for your groups. Whoever takes it first has it."),
            queries.STARTED: _("What you asked for, and whom it waits for."),
            queries.TEAM: _("What waits for the people you lead."),
        }
        return leads.get(filters.tab, "")
    number = queries.to_do_count(session, person)
    if not number:
        return ""
    if number >= queries.MOST_COUNTED:
        return _("Very much waits for you; the most urgent stands on top.")
    late = queries.late_count(session, moment, person)
    text = ngettext("%(num)s task waits for you", "%(num)s tasks wait for you", number)
    if not late:
        return f"{text}."
    # not inside of the f-string: words in there are not found by the extraction
    part = ngettext("%(num)s of them late", "%(num)s of them late", late)
    return f"{text}, {part}."
