"""Pages of forms for process owners: list, builder, versions.

Shows and calls; what decisions have too stands in ``pages``, what the builder asks for in ``form_data``.
"""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bpm.designer.library import forms, pages, trial
from bpm.designer.library.form_data import FORMS
from bpm.designer.library.form_data import blueprint as data
from bpm.designer.library.pages import for_owners
from bpm.errors import Invalid
from bpm.web.extensions import current_session, db
from bpm.web.request import acting_person, now

blueprint = Blueprint("forms", __name__, url_prefix="/forms", template_folder="../templates")
blueprint.register_blueprint(data)
pages.add_pages(blueprint, FORMS)


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
        uses=forms.users(session, key),
    )


@blueprint.get("/<key>/versions/<int:number>")
@for_owners
def version(key: str, number: int) -> str:
    """One version: drawn, and what has changed since another."""
    session = current_session()
    content = forms.version(session, key, number).content
    shown = trial.show(session, now(), acting_person(), content, _NOTHING).shown
    return pages.version(FORMS, key, number, shown=shown)


class _Nothing:
    """What was sent where nothing was."""

    def getlist(self, key: str) -> list[str]:
        return []

    def keys(self) -> list[str]:
        return []


_NOTHING = _Nothing()
