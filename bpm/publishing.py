"""Publishing files of every kind at once: diagrams, forms, decision tables.

Used by the API, the command line and the library that ships. All of the files are
published or none.
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePath
from typing import Any, Literal

from lxml import etree
from sqlalchemy.orm import Session

from bpm.connectors import registry
from bpm.dmn import commands as decisions
from bpm.dmn import document
from bpm.dmn.errors import DmnError
from bpm.engine import commands as engine
from bpm.engine import definitions
from bpm.engine.diagram import xml as diagrams
from bpm.engine.lint.check import lint
from bpm.engine.lint.store import missing
from bpm.engine.models import ProcessVersion
from bpm.engine.problems import CannotRun, Problem
from bpm.errors import Refusal
from bpm.forms import commands as forms
from bpm.language import _, chosen
from bpm.people.models import Person

Kind = Literal["process", "form", "decision"]
File = tuple[str, bytes]
_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"


@dataclass(frozen=True)
class FileProblem:
    """What is wrong in one file, in words for the person who drew it."""

    file: str
    element: str | None
    severity: Literal["error", "warning", "advice"]
    message: str
    code: str = ""
    advice: str = ""
    fix: dict[str, Any] | None = None

    def line(self) -> str:
        """Return the problem as one line for a terminal."""
        return f"{self.file}: {self.element or '-'}: {self.severity}: {self.message}"


@dataclass(frozen=True)
class Item:
    """One thing that was published."""

    file: str
    kind: Kind
    key: str
    version: int
    name: str = ""


@dataclass
class Publication:
    """What came of publishing some files."""

    published: list[Item] = field(default_factory=list)
    problems: list[FileProblem] = field(default_factory=list)
    # only while it is published: what was made, to be looked at once everything stands there
    versions: list[tuple[str, ProcessVersion]] = field(default_factory=list, repr=False)

    @property
    def refused(self) -> bool:
        """Whether any problem stands in the way."""
        return any(problem.severity == "error" for problem in self.problems)


class _AllBack(Exception):
    """Ends the nested transaction."""


def publish(
    session: Session,
    now: datetime,
    actor: Person | None,
    files: Sequence[File],
    *,
    note: str = "",
    dry_run: bool = False,
) -> Publication:
    """Publish files, forms and decisions before the diagrams that use them.

    Args:
        actor: who publishes; None for the command line.
        files: names and contents.
        dry_run: say what would happen and keep nothing.
    """
    result = Publication()
    try:
        with session.begin_nested():
            for name, content in sorted(files, key=lambda file: _kind(*file) == "process"):
                _publish_one(session, now, actor, name, content, note, result)
            # what a refused file would have brought is not missing besides
            for name, version in () if result.refused else tuple(result.versions):
                result.problems += _missing(session, name, version)
            if dry_run or result.refused:
                raise _AllBack
    except _AllBack:
        if result.refused:
            result.published.clear()
    result.versions.clear()
    return result


def check(files: Iterable[File]) -> list[FileProblem]:
    """Return what is wrong in diagrams, without publishing anything.

    Forms and decisions are passed over; a file that is nothing of ours is a problem.
    """
    found: list[FileProblem] = []
    for name, content in files:
        kind = _kind(name, content)
        if kind == "process":
            found += _lint(name, content)
        elif kind is None:
            found.append(_unknown(name))
    return found


def _publish_one(
    session: Session,
    now: datetime,
    actor: Person | None,
    name: str,
    content: bytes,
    note: str,
    result: Publication,
) -> None:
    try:
        match _kind(name, content):
            case "process":
                content = _in_utf8(content)
                result.problems += _lint(name, content, only="warning")
                processes: list[str | None] = [*executable_processes(content)] or [None]
                for process_id in processes:
                    version = engine.deploy(session, now, actor, content, note=note, process_id=process_id)
                    label = chosen(version.process.names, version.process_key)
                    result.versions.append((name, version))
                    result.published.append(Item(name, "process", version.process_key, version.number, label))
            case "form":
                form = forms.publish(session, now, actor, _form_key(name, content), content)
                result.published.append(Item(name, "form", form.key, form.number))
            case "decision":
                for row in decisions.publish(session, now, actor, content):
                    label = chosen(row.names, row.key)
                    result.published.append(Item(name, "decision", row.key, row.number, label))
            case None:
                result.problems.append(_unknown(name))
    except CannotRun as refusal:
        errors = [problem for problem in refusal.problems if problem.severity == "error"]
        result.problems += [_told_problem(name, problem) for problem in errors]
        if not errors:
            result.problems.append(FileProblem(name, None, "error", refusal.text, refusal.code))
    except Refusal as refusal:
        result.problems += _told(name, refusal)


def _unknown(name: str) -> FileProblem:
    text = _("This is neither a BPMN diagram nor a form nor a DMN decision.")
    return FileProblem(name, None, "error", text, "unknown_file")


def _told(name: str, refusal: Refusal) -> list[FileProblem]:
    """Return each fault that a form or a decision was refused for, with its place in the file."""
    faults = [one for one in refusal.details.get("problems") or () if isinstance(one, Mapping)]
    if not faults:
        return [FileProblem(name, None, "error", refusal.text, refusal.code)]
    return [
        FileProblem(name, one.get("element") or one.get("path"), "error", str(one["text"]), refusal.code)
        for one in faults
    ]


def _lint(name: str, content: bytes, only: str | None = None) -> list[FileProblem]:
    try:
        problems = lint(content)
    except CannotRun as refusal:
        problems = refusal.problems
    except Refusal as refusal:
        return [FileProblem(name, None, "error", refusal.text, refusal.code)]
    return [_told_problem(name, problem) for problem in problems if only is None or problem.severity == only]


def _missing(session: Session, name: str, version: ProcessVersion) -> list[FileProblem]:
    """Return what a process names that neither stands in the database nor came with it."""
    definition = definitions.of_version(session, version)
    known = {connector.key for connector in registry.connectors()}
    return [_told_problem(name, one) for one in missing(session, definition, connectors=known)]


def _told_problem(name: str, problem: Problem) -> FileProblem:
    told = problem.as_json()
    return FileProblem(
        name,
        problem.element,
        problem.severity,
        told["message"],
        problem.code,
        told["advice"],
        problem.fix,
    )


def executable_processes(content: bytes) -> list[str]:
    """Return the ids of the processes of a diagram that are meant to run (BPMN 2.0, 10.1).

    A file in which none says ``isExecutable="true"`` offers all of them.
    """
    try:
        root = diagrams.parse(content)
    except Refusal:
        return []
    processes = [node for node in root.iter(f"{_BPMN}process") if node.get("id")]
    meant = [node for node in processes if node.get("isExecutable") == "true"]
    return [str(node.get("id")) for node in meant or processes]


def _kind(name: str, content: bytes) -> Kind | None:
    start = content.removeprefix(codecs.BOM_UTF8).lstrip()[:1]
    if start in (b"{", b"["):
        return "form"
    if start != b"<" and not content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return None
    suffix = PurePath(name).suffix.lower()
    if suffix == ".dmn":
        return "decision"
    if suffix in (".bpmn", ".bpmn2", ".bpmn20"):
        return "process"
    try:
        document.parse(content)
    except DmnError:
        return "process"
    return "decision"


def _in_utf8(content: bytes) -> bytes:
    """Return a diagram in the encoding in which diagrams are kept; unchanged if it is in that already."""
    try:
        tree = diagrams.parse(content).getroottree()
    except Refusal:
        return content  # lint says why
    if (tree.docinfo.encoding or "UTF-8").upper() in ("UTF-8", "UTF8", "US-ASCII", "ASCII"):
        return content
    return etree.tostring(tree, encoding="UTF-8", xml_declaration=True)


def _form_key(name: str, content: bytes) -> str:
    stem = PurePath(name).stem
    try:
        form: Any = json.loads(content)
    except (ValueError, RecursionError):
        return stem
    named = form.get("id") if isinstance(form, dict) else None
    return named if isinstance(named, str) and named else stem
