"""Pages of forms for process owners: list, builder, versions.

Shows and calls; the rules stand in ``forms`` and ``drafts``, what the builder asks for in ``form_data``.
"""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bpm.designer.library import drafts, forms, sentences, trial, uses
from bpm.designer.library.form_data import blueprint as data
from bpm.designer.library.models import FORM
from bpm.errors import Conflict, Invalid, NotFound
from bpm.language import _
from bpm.people.models import Person
from bpm.people.queries import PROCESS_OWNER
from bpm.web.extensions import current_session, db
from bpm.web.request import acting_person, needs_role, now

blueprint = Blueprint("forms", __name__, url_prefix="/forms", template_folder="../templates")
blueprint.register_blueprint(data)
for_owners = needs_role(PROCESS_OWNER)


@blueprint.get("")
@for_owners
def page() -> str:
    """List the forms: who uses them, their versions and drafts."""
    return render_template("designer/library/forms.html", forms=forms.overviews(current_session()))


@blueprint.get("/new")
@for_owners
def new() -> str:
    """Ask for the title of a new form."""
    return render_template("designer/library/form_new.html", title=request.args.get("title", ""), errors={})


@blueprint.post("/new")
@for_owners
def create() -> AnyResponse:
    """Begin an empty form and open the builder."""
    title = request.form.get("title", "")
    try:
        draft = forms.create(current_session(), now(), acting_person(), title)
    except Invalid as refusal:
        page = render_template("designer/library/form_new.html", title=title, errors={"title": refusal.text})
        return Response(page, 422)
    db.session.commit()
    return redirect(url_for("forms.build", key=draft.key))


@blueprint.get("/<key>")
@for_owners
def build(key: str) -> str:
    """The builder."""
    session = current_session()
    source = forms.source(session, key)
    return render_template(
        "designer/library/form_build.html",
        source=source,
        next_version=(source.number or 0) + 1,
        uses=uses.of_forms(session).get(key, []),
    )


@blueprint.post("/<key>/discard")
@for_owners
def discard(key: str) -> AnyResponse:
    """Throw the draft away."""
    session = current_session()
    drafts.discard(session, acting_person(), FORM, key)
    published = forms.versions(session, key)
    db.session.commit()
    flash(_("The draft was thrown away."), "done")
    return redirect(url_for("forms.versions", key=key) if published else url_for("forms.page"))


@blueprint.get("/<key>/versions")
@for_owners
def versions(key: str) -> str:
    """Every version that was published."""
    session = current_session()
    found, source = forms.versions(session, key), forms.source(session, key)
    people = {one.id: one.name for one in session.query(Person).where(Person.id.in_(_publishers(found)))}
    return render_template(
        "designer/library/form_versions.html",
        source=source,
        versions=found,
        people=people,
        uses=uses.of_forms(session).get(key, []),
    )


@blueprint.get("/<key>/versions/<int:number>")
@for_owners
def version(key: str, number: int) -> str:
    """One version: drawn, and what has changed since another."""
    session = current_session()
    row = forms.version(session, key, number)
    others = [one for one in forms.versions(session, key) if one.number != number]
    wanted = request.args.get("with", type=int)
    other = next((one for one in others if one.number == (wanted or number - 1)), None)
    if wanted is not None and other is None:
        raise NotFound(_("There is no version %(number)s of the form “%(key)s”.", number=wanted, key=key))
    old, new = (other, row) if other is None or other.number < number else (row, other)
    return render_template(
        "designer/library/form_version.html",
        source=forms.source(session, key),
        version=row,
        others=others,
        other=other,
        newer=new.number,
        older=old.number if old is not None else None,
        changes=sentences.differences(old.content, new.content) if old is not None else [],
        shown=trial.show(session, now(), acting_person(), row.content, _NOTHING).shown,
    )


@blueprint.post("/<key>/versions/<int:number>/restore")
@for_owners
def restore(key: str, number: int) -> AnyResponse:
    """Make an older version the draft and open it."""
    try:
        forms.restore(current_session(), now(), acting_person(), key, number)
    except Conflict as refusal:
        db.session.rollback()
        flash(refusal.text, "late")
        return redirect(url_for("forms.versions", key=key))
    db.session.commit()
    flash(_("Version %(number)s is the draft now. Publish it to make it the newest.", number=number), "done")
    return redirect(url_for("forms.build", key=key))


def _publishers(found: object) -> list[int]:
    return [one.published_by_id for one in found if one.published_by_id]  # type: ignore[attr-defined]


class _Nothing:
    """What was sent where nothing was."""

    def getlist(self, key: str) -> list[str]:
        return []

    def keys(self) -> list[str]:
        return []


_NOTHING = _Nothing()
