"""What goes out and comes in: pictures, documents and words of a process; what an imported file holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Response, abort, render_template, request, url_for
from sqlalchemy.orm import Session

from bpm.designer import diagram, imports, looking, picks, pictures, queries
from bpm.designer.compare.values import Vocabulary
from bpm.designer.description import Description, described
from bpm.designer.problems import problems
from bpm.engine.diagram.xml import parse
from bpm.language import _, ngettext
from bpm.people.models import Person
from bpm.people.queries import PROCESS_OWNER
from bpm.web.extensions import current_session
from bpm.web.request import acting_person, needs_role, now

blueprint = Blueprint("exchange", __name__)
for_owners = needs_role(PROCESS_OWNER)

# nothing in a drawing that came from a browser may do anything
_SVG_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_MOST_PLACES = 200


@dataclass(frozen=True)
class Chosen:
    """The diagram that is shown. ``name``: ``draft`` or the number of a version."""

    name: str
    label: str
    xml: str
    svg: str | None
    root_name: str


def chosen_diagram(session: Session, person: Person, key: str, name: str | None) -> Chosen:
    """Return the diagram of that name; without one the newest version, else the draft.

    Raises:
        NotFound: there is none.
        NotAllowed: the person may not see it.
    """
    if name is None:
        number = queries.newest_number(session, key)
        name = str(number) if number is not None else looking.DRAFT
    shown = looking.shown(session, person, key, name)
    if shown.number is not None:
        svg = queries.version(session, person, key, shown.number).svg
    else:
        draft = looking.draft_of(session, key)
        svg = draft.svg if draft is not None else None
    title = diagram.name_of(parse(shown.xml.encode("utf-8")), key)
    return Chosen(name, shown.label, shown.xml, svg, title)


@blueprint.get("/<key>/words")
def words(key: str) -> str:
    """The process in sentences."""
    chosen = _chosen(key)
    return render_template("designer/words.html", key=key, chosen=chosen, told=_told(key, chosen))


@blueprint.get("/<key>/export.<kind>")
def export(key: str, kind: str) -> Response:
    """The diagram as a file: bpmn, svg, png, pdf or docx."""
    made = _KINDS.get(kind)
    if made is None:
        abort(404)
    chosen = _chosen(key)
    media_type, make = made
    headers = {
        "Content-Disposition": f'attachment; filename="{key}-{chosen.name}.{kind}"',
        "Content-Security-Policy": _SVG_POLICY,
    }
    return Response(make(key, chosen), headers=headers, content_type=media_type)


@blueprint.get("/<key>/file")
@for_owners
def holdings(key: str) -> str:
    """What an imported file holds, and what is doubtful in it."""
    session = current_session()
    source = queries.source(session, acting_person(), key)
    found = imports.holdings(source.xml)
    return render_template(
        "designer/file.html",
        source=source,
        found=found,
        summary=summary(session, source.xml, found),
        to_do=to_do(session, source.xml),
        most=_MOST_PLACES,
    )


def to_do(session: Session, xml: str) -> list[str]:
    """Return what keeps a drawing from running, one sentence each."""
    told = [one["message"] for one in problems(session, now(), xml) if one["severity"] == "error"]
    return list(dict.fromkeys(told))


def summary(session: Session, xml: str, found: imports.Holdings) -> str:
    """Say how much was taken over and how much is missing until it can run."""
    steps = ngettext("%(num)s step was taken over.", "%(num)s steps were taken over.", found.steps)
    count = len(to_do(session, xml))
    if not count:
        able = _("It can run.")
        return f"{steps} {able}"
    missing = ngettext(
        "%(num)s thing is to be done before it can run.",
        "%(num)s things are to be done before it can run.",
        count,
    )
    return f"{steps} {missing}"


def after_import(session: Session, xml: str, key: str) -> tuple[str, str]:
    """Return what is said after an import, and the page to go to: the drawing, or first what is doubtful."""
    found = imports.holdings(xml)
    page = "designer.exchange.holdings" if found.findings else "designer.draw"
    return summary(session, xml, found), url_for(page, key=key)


def _chosen(key: str) -> Chosen:
    return chosen_diagram(current_session(), acting_person(), key, request.args.get("of"))


def _told(key: str, chosen: Chosen) -> Description:
    vocabulary = Vocabulary(picks.everything(current_session()))
    return described(parse(chosen.xml.encode("utf-8")), key, vocabulary)


def _svg(_key: str, chosen: Chosen) -> bytes:
    return pictures.svg(chosen.xml, chosen.svg, chosen.root_name).encode("utf-8")


def _png(key: str, chosen: Chosen) -> bytes:
    return pictures.png(_svg(key, chosen).decode("utf-8"))


def _pdf(key: str, chosen: Chosen) -> bytes:
    return pictures.pdf(_svg(key, chosen).decode("utf-8"), _told(key, chosen))


def _docx(key: str, chosen: Chosen) -> bytes:
    return pictures.word(_svg(key, chosen).decode("utf-8"), _told(key, chosen))


def _bpmn(_key: str, chosen: Chosen) -> bytes:
    return diagram.encoded(chosen.xml)


_KINDS: dict[str, tuple[str, Callable[[str, Chosen], bytes]]] = {
    "bpmn": ("application/xml", _bpmn),
    "svg": ("image/svg+xml", _svg),
    "png": ("image/png", _png),
    "pdf": ("application/pdf", _pdf),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", _docx),
}


__all__ = ["after_import", "blueprint"]
