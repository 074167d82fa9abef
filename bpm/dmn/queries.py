"""Finds and evaluates published decisions. Compiled models are kept by the hash of their files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpm.db import latest_published
from bpm.dmn import document
from bpm.dmn.errors import DmnError
from bpm.dmn.model import Model
from bpm.dmn.models import Decision
from bpm.dmn.reader import read
from bpm.dmn.run import Result
from bpm.errors import NotFound
from bpm.language import _


def decision(session: Session, key: str) -> Decision | None:
    """Return the newest publication of a decision, or None."""
    return latest_published(session, Decision, key)


def decisions(session: Session) -> list[Decision]:
    """Return the newest publication of every decision, in the order of their keys; no libraries."""
    newest: dict[str, Decision] = {}
    published = select(Decision).where(Decision.library.is_(False)).order_by(Decision.key, Decision.number)
    for row in session.scalars(published):
        newest[row.key] = row
    return list(newest.values())


def model(session: Session, row: Decision) -> Model:
    """Return the compiled model of a publication, with the newest publications of what it imports."""
    return _compiled(files_of(session, row.xml.encode()))


def evaluate(
    session: Session,
    key: str,
    context: Mapping[str, Any],
    now: datetime,
    functions: Mapping[str, Callable[..., Any]] | None = None,
) -> Result:
    """Evaluate the newest publication of a decision.

    Args:
        context: the variables by name.
        functions: functions that expressions may call besides the built-in ones.

    Raises:
        NotFound: no decision is published under this key.
        FeelError: the evaluation costs too much.
        DmnError: the model is in itself contradictory.
    """
    row = decision(session, key)
    if row is None or row.library:
        raise NotFound(_("There is no decision %(key)s. Publish its decision model first.", key=key))
    return model(session, row).evaluate(key, context, now=now, functions=functions)


def files_of(session: Session, content: bytes) -> tuple[bytes, ...]:
    """Return a file and, behind it, the published models that it imports, directly or through others.

    Raises:
        DmnError: the file is no decision model.
    """
    files = [content]
    known: set[str] = set()
    for file in files:
        for namespace in _imports(file):
            if namespace in known:
                continue
            known.add(namespace)
            row = session.scalar(
                select(Decision).where(Decision.namespace == namespace).order_by(Decision.id.desc()).limit(1)
            )
            if row is not None:
                files.append(row.xml.encode())
    return tuple(files)


@lru_cache(maxsize=500)
def _namespace(content: bytes) -> str:
    return str(document.parse(content).get("namespace", ""))


@lru_cache(maxsize=500)
def _imports(content: bytes) -> tuple[str, ...]:
    root = document.parse(content)
    return tuple(one.get("namespace", "") for one in document.children(root, "import"))


def read_files(files: tuple[bytes, ...]) -> Model:
    """Read the first of ``files``; the others are what it imports, directly or through others.

    Raises:
        DmnError: a file is no decision model, or models import each other in a circle.
    """
    sources = {_namespace(file): file for file in reversed(files)}
    models: dict[str, Model] = {}
    _read(files[0], sources, models, ())
    return models[_namespace(files[0])]


def _read(
    file: bytes, sources: Mapping[str, bytes], models: dict[str, Model], around: tuple[str, ...]
) -> None:
    """Read a file into ``models``, what it imports first. ``around`` are the models being read."""
    namespace = _namespace(file)
    if namespace in around:
        circle = " → ".join([*around[around.index(namespace) :], namespace])
        raise DmnError(_("The decision models import each other in a circle: %(models)s", models=circle))
    for needed in _imports(file):
        if needed in sources and needed not in models:
            _read(sources[needed], sources, models, (*around, namespace))
    models[namespace] = read(file, models.values())


_compiled = lru_cache(maxsize=200)(read_files)
