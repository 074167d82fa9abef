"""Two versions beside each other: what differs, in the drawings and in sentences."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from bpm.designer import diagram, looking, picks
from bpm.designer.compare import Difference, Vocabulary, compare
from bpm.engine.diagram.xml import parse
from bpm.errors import NotFound
from bpm.language import _
from bpm.web.extensions import current_session
from bpm.web.request import acting_person

blueprint = Blueprint("compare", __name__)


@blueprint.get("/<key>/compare")
def page(key: str) -> str:
    """What differs between ``from`` and ``to``; without them between the two newest."""
    session, person = current_session(), acting_person()
    choices = looking.choices(session, person, key)
    if not choices:
        raise NotFound(_("There is no process “%(key)s”, or you may not see it.", key=key))
    after = request.args.get("to") or choices[0][0]
    before = request.args.get("from") or _former(choices, after)
    old, new = (looking.shown(session, person, key, name) for name in (before, after))
    return render_template(
        "designer/compare.html",
        key=key,
        title=diagram.title_of(parse(new.xml.encode("utf-8"))),
        old=old,
        new=new,
        choices=choices,
        found=difference(old, new),
        may_draw=looking.may_draw(session, person, key),
    )


@blueprint.get("/<key>/drawn/<name>.bpmn")
def source(key: str, name: str) -> Response:
    """A diagram by its name in addresses: a version, the draft, a copy."""
    found = looking.shown(current_session(), acting_person(), key, name)
    return Response(found.xml, content_type="application/xml; charset=utf-8")


def difference(old: looking.Shown, new: looking.Shown) -> Difference:
    """Return what differs, with the names of people, groups, forms … as the designer lists them."""
    before, after = (parse(one.xml.encode("utf-8")) for one in (old, new))
    return compare(before, after, Vocabulary(picks.everything(current_session())))


def _former(choices: list[tuple[str, str]], after: str) -> str:
    """Return what came before: the newest version under a draft, else the next older one."""
    names = [name for name, _label in choices]
    numbers = [name for name in names if name.isdigit()]
    if not after.isdigit():
        return numbers[0] if numbers else after
    older = [name for name in numbers if int(name) < int(after)]
    return older[0] if older else after
