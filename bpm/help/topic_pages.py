"""The pages of the help for process owners, their list, and their pictures."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, send_file

from bpm.help.topics import TOPICS, picture, topic
from bpm.language import language

blueprint = Blueprint("topics", __name__)


@blueprint.get("")
def contents() -> str:
    """List the pages."""
    return render_template("help/contents.html", topics=[topic(key, language()) for key in TOPICS])


@blueprint.get("/<key>")
def page(key: str) -> str:
    """Show a page in the reader's language."""
    shown = topic(key, language())
    topics = [topic(one, language()) for one in TOPICS]
    at = TOPICS.index(key)
    return render_template(
        "help/topic.html",
        topic=shown,
        topics=topics,
        before=topics[at - 1] if at else None,
        after=topics[at + 1] if at + 1 < len(topics) else None,
    )


@blueprint.get("/pictures/<path:name>")
def picture_file(name: str) -> Response:
    """Send a picture."""
    return send_file(picture(name), mimetype="image/png", max_age=3600)
