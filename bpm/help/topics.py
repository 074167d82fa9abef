"""The texts for those who draw and those who decide: Markdown in ``owners``, a folder for each language.

Reads files of the package only; what they hold is never HTML of its own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from bpm.config import LANGUAGES
from bpm.errors import NotFound
from bpm.language import _

_HERE = Path(__file__).resolve().parent
FOLDER = _HERE / "owners"
PICTURES = _HERE / "pictures"
# in the order in which somebody would read them
TOPICS = (
    "first-process",
    "people",
    "conditions",
    "deadlines",
    "letters",
    "votes",
    "rehearse",
    "publish",
    "problems",
    "forms",
    "decisions",
    "inbox",
)
_PICTURE = re.compile(r"^(?:\.\./)*pictures/((?:[a-z]{2}/)?[a-z0-9-]+\.png)$")
_OTHER = re.compile(r"^([a-z-]+)\.md(#[\w-]+)?$")


@dataclass(frozen=True)
class Topic:
    """One page: its title, its text as HTML, and its sections as (anchor, title)."""

    key: str
    title: str
    content: Markup
    sections: tuple[tuple[str, str], ...]


def topic(key: str, language: str) -> Topic:
    """Return a page in a language, in English where it is not written in that one.

    Raises:
        NotFound: there is no such page.
    """
    if key not in TOPICS:
        raise NotFound(_("There is no page of the help about “%(topic)s”.", topic=key))
    wanted = language if language in LANGUAGES else "en"
    path = FOLDER / wanted / f"{key}.md"
    path = path if path.is_file() else FOLDER / "en" / f"{key}.md"
    return _read(key, path, path.stat().st_mtime_ns)


def picture(name: str) -> Path:
    """Return the file of a picture.

    Raises:
        NotFound: there is none of this name.
    """
    path = PICTURES / name
    if not _PICTURE.match(f"pictures/{name}") or not path.is_file():
        raise NotFound(_("There is no such picture."))
    return path


@lru_cache(maxsize=64)
def _read(key: str, path: Path, _changed: int) -> Topic:
    """Markdown of CommonMark with tables; HTML in it is shown as text."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(path.read_text("utf-8"))
    title, sections = key, []
    for number, token in enumerate(tokens):
        if token.type == "heading_open":
            words = tokens[number + 1].content
            if token.tag == "h1":
                title = words
            else:
                anchor = re.sub(r"[^\w]+", "-", words.casefold()).strip("-")
                token.attrSet("id", anchor)
                sections.append((anchor, words))
        if token.type == "table_open":
            token.attrSet("class", "table")
        for child in token.children or ():
            _lead(child)
    # the title is the heading of the page
    body = tokens[3:] if tokens and tokens[0].tag == "h1" else tokens
    html = reader.renderer.render(body, reader.options, {})
    return Topic(key, title, Markup(html), tuple(sections))


def _lead(token: Token) -> None:
    """Turn links between the files into addresses of the program."""
    if token.type == "link_open":
        found = _OTHER.match(str(token.attrGet("href") or ""))
        if found:
            token.attrSet("href", f"/help/{found[1]}{found[2] or ''}")
    elif token.type == "image":
        found = _PICTURE.match(str(token.attrGet("src") or ""))
        if found:
            token.attrSet("src", f"/help/pictures/{found[1]}")
            token.attrSet("loading", "lazy")
