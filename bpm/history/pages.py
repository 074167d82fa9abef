"""Pages of cases: the list, one case with its story, data and files, and what may be done with it."""

from __future__ import annotations

import json
from typing import Any, Literal, cast

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from bpm.engine import commands, permissions
from bpm.engine.diagram.expressions import Surroundings
from bpm.engine.functions import World
from bpm.engine.models import Instance
from bpm.engine.operations.bulk import may_order
from bpm.engine.operations.incidents import cause_text
from bpm.errors import Refusal
from bpm.history import diagram, export, queries, waiting
from bpm.history.entered import entered
from bpm.history.names import Names
from bpm.history.sentences import lines
from bpm.history.steps import of_history, of_record, record_of
from bpm.history.variables import known_values
from bpm.language import _, chosen, language, time_zone
from bpm.web.extensions import db
from bpm.web.filters import status_kind, status_word
from bpm.web.request import acting_person, now

# rows of the history that one page tells; the whole of it is in the downloads
_MOST_TOLD = 2_000

blueprint = Blueprint("history", __name__, template_folder="templates")


def _session() -> Session:
    return cast(Session, db.session())


@blueprint.get("/cases")
def cases() -> str:
    """All cases the person may see, with filters."""
    states = [(one, status_word(one)) for one in queries.STATES]
    return render_template(
        "history/cases.html",
        processes=queries.processes(_session()),
        starters=queries.starters(_session()),
        states=[*states, ("late", _("Late")), ("still", _("Standing still"))],
        **_list(),
    )


@blueprint.get("/cases/list")
def listing() -> AnyResponse:
    """The rows alone, for pages that stay open."""
    return fresh(render_template("history/list.html", **_list()))


def fresh(text: str, tag: str = "") -> AnyResponse:
    """Answer with a part of a page, or 304 if the browser has the same one.

    Args:
        tag: changes whenever the part may have changed; without it the part itself is compared.
    """
    answer = Response(text, mimetype="text/html")
    if tag:
        answer.set_etag(tag)
    else:
        answer.add_etag()
    answer.headers["Cache-Control"] = "no-cache, private"
    return answer.make_conditional(request)


def _has(tag: str) -> bool:
    """Whether the browser says that it has this part already."""
    return request.if_none_match.contains(tag)


def _tag(session: Session, instance: Instance, *more: object) -> str:
    """A tag that changes with everything that happens in a case, and with the reader's language."""
    return "-".join(map(str, (queries.progress(session, instance), language(), time_zone(), *more)))


def _list() -> dict[str, Any]:
    session, person, moment = _session(), acting_person(), now()
    asked = request.args
    filters = queries.Filters(
        process=asked.get("process", ""),
        state=asked.get("state", ""),
        started_by=asked.get("started_by", ""),
        text=asked.get("text", "").strip(),
        page=max(1, asked.get("page", 1, type=int)),
    )
    page = queries.cases(session, person, filters, moment)
    waits = waiting.of_cases(session, moment, page.cases)
    address: dict[str, Any] = {name: value for name, value in asked.items() if value and name != "page"}
    turn = filters.page
    return {
        "filters": filters,
        "rows": [
            (case, waiting.short(waits.get(case.id, [])), _state(case, waits.get(case.id, [])))
            for case in page.cases
        ],
        "newer": url_for("history.cases", **address, page=turn - 1) if turn > 1 else None,
        "older": url_for("history.cases", **address, page=turn + 1) if page.more else None,
        "may_order": may_order(session, person),
        "address": {**address, "page": turn} if turn > 1 else address,
    }


def _state(case: Instance, waits: list[waiting.Waiting]) -> tuple[str, str]:
    """Colour and word of a case."""
    if case.ended_at is None and case.open_incidents:
        return "failed", _("Stands still")
    if case.status == "active" and any(wait.kind == "late" for wait in waits):
        return "late", _("Late")
    if case.status == "active" and waits:
        return "waiting", _("Waiting")
    return status_kind(case.status), status_word(case.status)


@blueprint.get("/cases/<public_id>")
def case(public_id: str) -> str:
    """One case: where it stands, and what happened, what is known, or its files and letters."""
    session, person, moment = _session(), acting_person(), now()
    instance = queries.case(session, person, public_id)
    names, record = Names(session, instance), record_of(session, instance)
    waits = waiting.of_case(session, moment, instance, names)
    view = request.args.get("view", "story")
    parts = {"data": _data_view, "files": _files_view}.get(view, _story_view)
    files, letters = queries.files(session, instance), queries.letters(session, instance)
    return render_template(
        "history/case.html",
        case=instance,
        title=chosen(instance.titles, chosen(instance.process.names)),
        state=_state(instance, waits),
        end=names.end(instance.outcome),
        waits=waits,
        steps=of_record(record) if record is not None else _steps(session, instance, names),
        record=record,
        view=view if view in ("data", "files") else "story",
        files=files,
        letters=letters,
        incidents=queries.open_incidents(session, instance),
        cause_text=cause_text,
        names=names,
        may_cancel=instance.ended_at is None and permissions.can_cancel(person, instance),
        may_repair=permissions.can_repair(person, instance),
        **parts(session, instance, names),
    )


def _story_view(session: Session, instance: Instance, names: Names) -> dict[str, Any]:
    """What happened, the newest first; of a very long story the last part."""
    technical = request.args.get("all") == "1"
    events = queries.events(session, instance, last=_MOST_TOLD)
    return {
        "lines": list(reversed(lines(events, names, technical=technical))),
        "technical": technical,
        "shortened": instance.history_length > _MOST_TOLD,
        "called": queries.called(session, instance),
    }


def _data_view(session: Session, instance: Instance, names: Names) -> dict[str, Any]:
    changes = queries.events(session, instance, kinds=("variable_changed",))
    return {"known": known_values(changes, names)}


def _files_view(session: Session, instance: Instance, names: Names) -> dict[str, Any]:
    return {}


def _steps(session: Session, instance: Instance, names: Names) -> list[tuple[str, str]]:
    events = queries.events(session, instance, kinds=diagram.KINDS)
    return of_history(events, diagram.tokens_of(instance, events, names), names)


@blueprint.get("/cases/<public_id>/story")
def story(public_id: str) -> AnyResponse:
    """What happened, for pages that stay open."""
    session, person = _session(), acting_person()
    instance = queries.case(session, person, public_id)
    tag = _tag(session, instance, request.args.get("all", ""))
    if _has(tag):
        return fresh("", tag)
    parts = _story_view(session, instance, Names(session, instance))
    return fresh(render_template("history/story.html", case=instance, **parts), tag)


@blueprint.get("/cases/<public_id>/standing")
def standing(public_id: str) -> AnyResponse:
    """Where a case stands, in words, for pages that stay open."""
    session, person, moment = _session(), acting_person(), now()
    instance = queries.case(session, person, public_id)
    tag = _tag(session, instance, int(moment.timestamp()) // 60)  # "2 minutes ago" gets older
    if _has(tag):
        return fresh("", tag)
    names = Names(session, instance)
    waits = waiting.of_case(session, moment, instance, names)
    text = render_template(
        "history/standing.html",
        case=instance,
        waits=waits,
        state=_state(instance, waits),
        end=names.end(instance.outcome),
        record=record_of(session, instance),
    )
    return fresh(text, tag)


@blueprint.get("/cases/<public_id>/diagram.json")
def diagram_state(public_id: str) -> AnyResponse:
    """Tokens and way taken, for the viewer."""
    session, person, moment = _session(), acting_person(), now()
    instance = queries.case(session, person, public_id)
    tag = _tag(session, instance, "diagram", int(moment.timestamp()) // 60)
    text = ""
    if not _has(tag):
        names = Names(session, instance)
        waits = waiting.of_case(session, moment, instance, names)
        events = queries.events(session, instance, kinds=diagram.KINDS)
        incidents = queries.open_incidents(session, instance)
        text = json.dumps(diagram.state(instance, events, incidents, waits, names))
    answer = fresh(text, tag)
    answer.mimetype = "application/json"
    return answer


@blueprint.get("/cases/<public_id>/diagram.bpmn")
def diagram_source(public_id: str) -> Response:
    """The diagram of the version on which the case runs."""
    instance = queries.case(_session(), acting_person(), public_id)
    return Response(
        instance.version.xml, mimetype="application/xml", headers={"Cache-Control": "private, max-age=3600"}
    )


@blueprint.get("/cases/<public_id>/history.json")
def history_json(public_id: str) -> Response:
    """The whole history for other programs."""
    session = _session()
    instance = queries.case(session, acting_person(), public_id)
    content = export.as_json(instance, queries.events(session, instance), Names(session, instance))
    return _download(
        json.dumps(content, ensure_ascii=False, indent=1), "application/json", f"case-{public_id}.json"
    )


@blueprint.get("/cases/<public_id>/history.csv")
def history_csv(public_id: str) -> Response:
    """The whole history for a spreadsheet."""
    session = _session()
    instance = queries.case(session, acting_person(), public_id)
    content = export.as_csv(queries.events(session, instance), Names(session, instance))
    return _download(content, "text/csv", f"case-{public_id}.csv")


def _download(text: str, media_type: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, mimetype=media_type, headers=headers)


@blueprint.post("/cases/<public_id>/comment")
def comment(public_id: str) -> AnyResponse:
    """Say something about a case."""
    text = request.form.get("text", "").strip()
    if not text:
        flash(_("Write something first."), "waiting")
        return back(public_id)
    return do(public_id, lambda: commands.comment(_session(), now(), acting_person(), public_id, text), "")


@blueprint.post("/cases/<public_id>/cancel")
def cancel(public_id: str) -> AnyResponse:
    """Stop a case for good."""
    reason = request.form.get("reason", "").strip()
    return do(
        public_id,
        lambda: commands.cancel(_session(), now(), acting_person(), public_id, reason),
        _("The case is stopped. Everybody who had a task in it no longer sees it."),
    )


@blueprint.post("/cases/<public_id>/suspend")
def suspend(public_id: str) -> AnyResponse:
    """Let a case rest."""
    return do(
        public_id,
        lambda: commands.suspend(_session(), now(), acting_person(), public_id),
        _("The case is paused. Nothing happens in it until somebody lets it go on."),
    )


@blueprint.post("/cases/<public_id>/resume")
def resume(public_id: str) -> AnyResponse:
    """Let a resting case go on."""
    return do(
        public_id,
        lambda: commands.resume(_session(), now(), acting_person(), public_id),
        _("The case goes on."),
    )


@blueprint.post("/cases/<public_id>/incidents/<incident_id>")
def repair(public_id: str, incident_id: str) -> AnyResponse:
    """Do something about what failed: try again, skip the step, or stop the case."""
    how = request.form.get("how", "")
    if how == "cancel":
        return cancel(public_id)
    done = _("The step was skipped.") if how == "skip" else _("The step is tried again.")
    action: Literal["retry", "skip"] = "skip" if how == "skip" else "retry"
    name, text = request.form.get("name", "").strip(), request.form.get("value", "")

    def deed() -> None:
        around = Surroundings(now(), World(_session(), now()).functions)
        values = {name: entered(text, around)} if name and how == "skip" else {}
        commands.retry(_session(), now(), acting_person(), incident_id, action, values=values)

    return do(public_id, deed, done)


def do(public_id: str, deed: Any, done: str) -> AnyResponse:
    """Do it, commit, and come back to the case; a refusal is said there."""
    session, person = _session(), acting_person()
    queries.case(session, person, public_id)
    try:
        deed()
        session.commit()
    except Refusal as refusal:
        if refusal.status in (403, 404):
            raise
        session.rollback()
        flash(refusal.text, "late")
    else:
        if done:
            flash(done, "done")
    return back(public_id)


def back(public_id: str) -> AnyResponse:
    """Go to the page of a case."""
    return redirect(url_for("history.case", public_id=public_id), 303)
