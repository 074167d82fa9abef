"""The pages of the help: the expression language, and the answer of the box to try it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request

from bpm.help.chapters import CHAPTERS
from bpm.help.functions import GROUPS
from bpm.help.lesson import CASE, Group
from bpm.help.topic_pages import blueprint as topics
from bpm.help.tours import blueprint as tours
from bpm.help.trial import MOST_ROWS, Row, Trial, tried
from bpm.language import time_zone
from bpm.web.request import now

blueprint = Blueprint("help", __name__, url_prefix="/help", template_folder="templates")
for part in (tours, topics):
    blueprint.register_blueprint(part)

_EMPTY_ROWS = 3
_FIRST = "amount > 500000 and not(company.regular)"


@blueprint.get("/expressions")
def expressions() -> str:
    """Explain the language; ``expression`` is tried, ``find`` leaves the functions that fit."""
    find = request.args.get("find", "").strip()
    return render_template(
        "help/expressions.html",
        chapters=CHAPTERS,
        groups=[group for group in (_fitting(group, find) for group in GROUPS) if group.functions],
        find=find,
        case=CASE,
        trial=_trial(request.args.get("expression", _FIRST)),
        empty_rows=_EMPTY_ROWS,
        most_rows=MOST_ROWS,
    )


@blueprint.get("/expressions/try")
def trial() -> str:
    """The box to try alone, for pages that stay open."""
    return render_template(
        "help/trial.html",
        trial=_trial(request.args.get("expression", "")),
        empty_rows=_EMPTY_ROWS,
        most_rows=MOST_ROWS,
    )


def _trial(text: str) -> Trial:
    names, values = request.args.getlist("name"), request.args.getlist("value")
    rows = (Row(name, value) for name, value in zip(names, values, strict=False))
    return tried(text, rows, now().astimezone(ZoneInfo(time_zone())))


def _fitting(group: Group, find: str) -> Group:
    wanted = find.casefold()
    if not wanted or wanted in str(group.title).casefold():
        return group
    functions = (one for one in group.functions if wanted in one.name or wanted in str(one.words).casefold())
    return Group(group.key, group.title, tuple(functions), group.words)
