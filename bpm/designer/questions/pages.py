"""The pages of the questions: one question a page, Back and Next, everything typed is kept."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from bpm.designer.questions import commands, lists
from bpm.designer.questions.answers import Answers, from_text
from bpm.designer.questions.commands import STEPS
from bpm.designer.questions.sent import take
from bpm.designer.sketch import sketch
from bpm.language import _
from bpm.people.queries import PROCESS_OWNER
from bpm.web.extensions import current_session, db
from bpm.web.request import acting_person, needs_role, now

blueprint = Blueprint("questions", __name__)
for_owners = needs_role(PROCESS_OWNER)


@blueprint.get("/new/questions")
@for_owners
def page() -> str:
    """The first question."""
    return _page(Answers(letter=True, send_back=True), STEPS[0], {})


@blueprint.post("/new/questions")
@for_owners
def answer() -> AnyResponse:
    """Take one answer and go on, back, or make the process."""
    answers = from_text(request.form.get("answers", ""))
    step = request.form.get("step", "")
    step = step if step in STEPS else STEPS[0]
    take(answers, step, request.form)
    wanted = request.form.get("go", "next")
    if wanted == "back":
        return Response(_page(answers, STEPS[max(0, STEPS.index(step) - 1)], {}))
    if wanted in ("add", "show") or wanted.startswith("remove-"):
        _remove(answers, step, wanted)
        return Response(_page(answers, step, {}, more=3 if wanted == "add" else 0))
    errors = answers.missing(step)
    if errors:
        return Response(_page(answers, step, errors), 422)
    if step != STEPS[-1]:
        return Response(_page(answers, STEPS[STEPS.index(step) + 1], {}))
    draft = commands.create(current_session(), now(), acting_person(), answers)
    db.session.commit()
    flash(_("This is your process. Look at it, change what you like, and publish it."), "done")
    return redirect(url_for("designer.draw", key=draft.process_key))


def _remove(answers: Answers, step: str, wanted: str) -> None:
    number = wanted.removeprefix("remove-")
    rows = answers.fields if step == "fields" else answers.approvers
    if number.isascii() and number.isdigit() and int(number) < len(rows):
        del rows[int(number)]


def _page(answers: Answers, step: str, errors: dict[str, str], more: int = 0) -> str:
    choices = lists.Lists(current_session())
    names = {
        "start": _("Beginning"),
        "how": _("Who begins"),
        "fields": _("What is filled in"),
        "approval": _("Who approves"),
        "late": _("If it takes long"),
        "end": _("The end"),
    }
    position = STEPS.index(step)
    states = ["past" if n < position else "now" if n == position else "next" for n in range(len(STEPS))]
    return render_template(
        "designer/questions.html",
        answers=answers,
        step=step,
        errors=errors,
        more=more,
        lists=choices,
        field_types=lists.field_types(),
        numbers=[(label, label) for label in answers.amounts],
        schedules=lists.schedules(),
        sentences=lists.sentences(answers, choices),
        progress=list(zip(names.values(), states, strict=True)),
        picture=_picture(answers) if position >= STEPS.index("late") else "",
    )


def _picture(answers: Answers) -> Markup:
    # made by us of escaped text, and holds nothing but shapes
    return Markup(sketch(commands.preview(answers), title=_("Diagram of %(name)s", name=answers.name)))
