"""The page of a look at a draft: what is new, what is said of it, approve or send back."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bpm.designer import looking, reviews
from bpm.designer.comment_pages import talk_about
from bpm.designer.compare_pages import difference
from bpm.engine import permissions
from bpm.errors import Conflict, Invalid
from bpm.language import _
from bpm.people.queries import PROCESS_OWNER
from bpm.web.extensions import current_session, db
from bpm.web.request import acting_person, current_person, needs_role, now, settings

blueprint = Blueprint("review", __name__)
for_owners = needs_role(PROCESS_OWNER)


@blueprint.get("/<key>/review")
def page(key: str) -> str:
    """What the reviewer looks at, and what the one who draws may ask."""
    return _page(key)


def _page(key: str, fault: str = "") -> str:
    session, person = current_session(), acting_person()
    looking.must_look(session, person, key)
    process, draft = looking.process_of(session, key), looking.draft_of(session, key)
    review = reviews.latest(session, key)
    versions = [name for name, _label in looking.choices(session, person, key) if name.isdigit()]
    new = looking.shown(session, person, key, looking.DRAFT) if draft is not None else None
    old = looking.shown(session, person, key, versions[0]) if versions else None
    return render_template(
        "designer/review.html",
        key=key,
        title=draft.name if draft is not None else looking.title_of(process) if process is not None else key,
        draft=draft,
        review=review,
        is_reviewer=review is not None and review.state == reviews.ASKED and review.reviewer_id == person.id,
        counts=draft is not None and reviews.approval_of(session, draft) is not None,
        content=reviews.content_of(draft.xml) if draft is not None else "",
        may_draw=looking.may_draw(session, person, key),
        candidates=reviews.candidates(session, person, key),
        demanded=reviews.demanded(process),
        old=old,
        new=new,
        found=difference(old, new) if old is not None and new is not None else None,
        talk=talk_about(key, None) if draft is not None else None,
        fault=fault,
        given=request.form,
    )


@blueprint.post("/<key>/review/ask")
@for_owners
def ask(key: str) -> Response | tuple[str, int]:
    """Ask somebody for a look."""
    form = request.form
    try:
        review = reviews.ask(
            current_session(), now(), acting_person(), key, form.get("person", ""), form.get("words", ""),
            base_url=settings().base_url,
        )  # fmt: skip
        db.session.commit()
    except Invalid as refusal:
        db.session.rollback()
        return _page(key, refusal.text), refusal.status
    flash(_("%(who)s was asked to look at the draft.", who=review.reviewer.name), "done")
    return redirect(url_for("designer.review.page", key=key), 303)


@blueprint.post("/<key>/review/withdraw")
@for_owners
def withdraw(key: str) -> Response:
    """Take the question back."""
    reviews.withdraw(current_session(), acting_person(), key)
    db.session.commit()
    flash(_("Nobody is asked any more."), "done")
    return redirect(url_for("designer.review.page", key=key), 303)


@blueprint.post("/<key>/review/answer")
def answer(key: str) -> Response | tuple[str, int]:
    """Approve the draft or send it back."""
    form = request.form
    approve = form.get("decision") == "approve"
    try:
        reviews.answer(
            current_session(), now(), acting_person(), key, approve=approve, text=form.get("text", ""),
            content=form.get("content", ""), base_url=settings().base_url,
        )  # fmt: skip
        db.session.commit()
    except (Invalid, Conflict) as refusal:
        db.session.rollback()
        return _page(key, refusal.text), refusal.status
    flash(_("You approved the draft.") if approve else _("You sent the draft back."), "done")
    return redirect(url_for("designer.review.page", key=key), 303)


@blueprint.post("/<key>/review/demand")
@for_owners
def demand(key: str) -> Response:
    """Say who must have looked before a version is published."""
    kind, _colon, value = request.form.get("who", "").partition(":")
    process = reviews.demand(
        current_session(), acting_person(), key,
        person=value if kind == "person" else "", group=value if kind == "group" else "",
    )  # fmt: skip
    db.session.commit()
    who = reviews.demanded(process)
    flash(
        _("From now on %(who)s must look before a version is published.", who=who)
        if permissions.needs_review(process)
        else _("Versions can be published without a look by somebody else."),
        "done",
    )
    return redirect(url_for("designer.versions", key=key), 303)


@blueprint.app_context_processor
def _for_lists() -> dict[str, object]:
    """Let lists of things to do show the drafts that wait for somebody's look."""

    def drafts_to_look_at() -> object:
        person = current_person()
        return reviews.waiting_for(current_session(), person) if person is not None else ()

    return {"drafts_to_look_at": drafts_to_look_at}
