"""What the gallery shows of each shipped process: name, description, picture, what it needs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lxml import etree
from sqlalchemy.orm import Session

from bpm.config import ROOT
from bpm.designer import diagram, picks
from bpm.designer.sketch import sketch
from bpm.engine import dialect
from bpm.engine.diagram.xml import Node, bpmn, parse
from bpm.errors import NotFound
from bpm.language import _, chosen
from bpm.records import queries as records

_FOLDER = ROOT / "processes"
_GROUP = re.compile(r'members\("(\w+)"\)|group:(\w+)')


@dataclass(frozen=True)
class Shown:
    """One process of the gallery. ``needs``: heading and names of what it uses."""

    key: str
    name: str
    help: str
    picture: str
    needs: list[tuple[str, list[str]]]


def shown(session: Session) -> list[Shown]:
    """Return the shipped processes by name."""
    everything = {
        kind: {one["id"]: one["name"] for one in rows} for kind, rows in picks.everything(session).items()
    }
    everything["recordTypes"] = {one.key: one.name for one in records.schemas(session)}
    found = [_shown(path.stem, everything) for path in sorted(_FOLDER.glob("*.bpmn"))]
    return sorted(found, key=lambda one: one.name.casefold())


def content(key: str) -> bytes:
    """Return the file of a shipped process.

    Raises:
        NotFound: there is none of this key.
    """
    path = next((one for one in _FOLDER.glob("*.bpmn") if one.stem == key), None)
    if path is None:
        raise NotFound(_("There is no ready process “%(key)s”.", key=key))
    return path.read_bytes()


def name_of(key: str) -> str:
    """Return what a shipped process is called, in the reader's language.

    Raises:
        NotFound: there is none of this key.
    """
    return chosen(dialect.named(diagram.process_of(parse(content(key)))), key)


def _shown(key: str, known: dict[str, dict[str, str]]) -> Shown:
    root = parse(content(key))
    process = diagram.process_of(root)
    told = dialect.read(process)
    words = told.get("help", "")
    needs = [
        (heading, [names.get(one, one) for one in dict.fromkeys(used)])
        for heading, names, used in (
            (_("Groups of people"), known["groups"], _groups(root, told)),
            (_("Records"), known["recordTypes"], told.get("start", {}).get("record_types", ())),
            (_("Forms"), known["forms"], _forms(root, told)),
            (_("Decision tables"), known["decisions"], _named(root, "decision", "key")),
            (_("Documents"), known["documents"], _documents(root)),
        )
        if used
    ]
    name = chosen(dialect.named(process), key)
    return Shown(
        key, name, chosen(words, "") if isinstance(words, dict) else words, _picture(key, name), needs
    )


def _picture(key: str, name: str) -> str:
    names = tuple(
        (one.get("id", ""), chosen(dialect.named(one), "")) for one in parse(content(key)).iter(bpmn("*"))
    )
    return _drawn(_FOLDER / f"{key}.bpmn", tuple(pair for pair in names if pair[1]), name)


@cache
def _drawn(path: Path, names: tuple[tuple[str, str], ...], name: str) -> str:
    return sketch(path.read_bytes(), dict(names), _("Diagram of %(name)s", name=name))


def _named(root: Node, tag: str, attribute: str) -> list[str]:
    found = [one.get(attribute, "") for one in root.iter(f"{{{dialect.URI}}}{tag}")]
    return [one for one in found if one and not one.startswith(("=", "$"))]


def _groups(root: Node, told: dict[str, dict[str, list[str]]]) -> list[str]:
    assigned = root.iter(f"{{{dialect.URI}}}assignment")
    groups = [one.get("value", "") for one in assigned if one.get("to") == "group"]
    groups += [name or other for text in _texts(root) for name, other in _GROUP.findall(text)]
    return [*told.get("start", {}).get("groups", ()), *(one for one in groups if one)]


def _texts(root: Node) -> Iterator[str]:
    """Yield every attribute and text, for groups that expressions name."""
    for one in root.iter(etree.Element):
        yield from (str(value) for value in one.attrib.values())
        yield one.text or ""


def _forms(root: Node, told: dict[str, dict[str, str]]) -> list[str]:
    start = told.get("start", {}).get("form")
    return [*([start] if start else []), *_named(root, "formRef", "key")]


def _documents(root: Node) -> list[str]:
    return list(_inputs(root.iter(f"{{{dialect.URI}}}connector"), "document", "template"))


def _inputs(connectors: Iterable[Node], service: str, name: str) -> Iterator[str]:
    for one in connectors:
        if one.get("name") == service:
            yield from (inner.get("value", "") for inner in one if inner.get("name") == name)
