"""The register of connectors: what a service step can do, each described by the file that does it.

A connector is a function (its effect is a change of the database and commits with the step) or a
class with ``prepare``, ``perform`` and ``finish`` (its effect lies outside). Every module of this
package whose name does not belong to the frame is a connector and is found by itself.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Protocol, TypeVar

from bpm.connectors.call import Call
from bpm.engine.services.caller import ServiceCall, ServiceFailed
from bpm.language import _, chosen

Texts = Mapping[str, str]
# what the designer offers for an input: a field for text, a person picker, a switch …
KINDS = (
    "text", "long_text", "number", "yes_no", "date", "person", "people", "group", "record",
    "file", "files", "choice", "mapping", "list", "letter", "document", "process", "any",
)  # fmt: skip


@dataclass(frozen=True)
class Field:
    """One input or output. ``labels``: ``{"en": …, "ru": …, "pl": …}``."""

    name: str
    labels: Texts
    kind: str = "text"
    required: bool = False
    # of the kind "choice": the values and what people read
    choices: Mapping[str, Texts] = field(default_factory=dict)
    help: Texts = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"{self.name}: there is no kind of field {self.kind!r}.")


class Inside(Protocol):
    """A connector whose effect commits with the step."""

    def __call__(self, call: Call) -> Mapping[str, Any]: ...


class OutsideWork(Protocol):
    """A connector whose effect lies outside the database."""

    def prepare(self, call: Call) -> Any:
        """Read what ``perform`` needs; a short transaction is open."""
        ...

    def perform(self, service: ServiceCall, prepared: Any) -> Any:
        """Act, at least once, without a transaction; ``service.key`` names the call to the other side."""
        ...

    def finish(self, call: Call, result: Any) -> Mapping[str, Any]:
        """Keep what ``perform`` brought; commits with the step. Return the outputs by name."""
        ...


@dataclass(frozen=True)
class Connector:
    """What a service step can do."""

    key: str
    names: Texts
    help: Texts
    inputs: Sequence[Field]
    outputs: Sequence[Field]
    # takes inputs besides those named, for instance values of a letter
    open: bool
    inside: Inside | None = None
    outside: OutsideWork | None = None

    @property
    def transactional(self) -> bool:
        """Whether its effect commits with the step."""
        return self.inside is not None

    def problems(self, names: Sequence[str]) -> list[str]:
        """Say what is wrong with the inputs of a step, in plain words; for the designer.

        Args:
            names: of the inputs that the step gives.
        """
        known = {one.name for one in self.inputs}
        missing = [one for one in self.inputs if one.required and one.name not in names]
        found = [_("“%(input)s” is not given.", input=chosen(one.labels, one.name)) for one in missing]
        if not self.open:
            unknown = [name for name in names if name not in known]
            found += [
                _("%(service)s takes no input “%(input)s”.", service=chosen(self.names), input=name)
                for name in unknown
            ]
        return found


Work = TypeVar("Work", bound=Callable[..., Any])
_connectors: dict[str, Connector] = {}


def connector(
    key: str,
    names: Texts,
    *,
    help: Texts | None = None,
    inputs: Sequence[Field] = (),
    outputs: Sequence[Field] = (),
    open: bool = False,
) -> Callable[[Work], Work]:
    """Register a connector under ``key``, by which diagrams name it.

    Decorates a function ``run(call: Call) -> dict`` that only touches the database, or a class
    with ``prepare``, ``perform`` and ``finish`` for effects outside of it.

    Args:
        names: what people call it, in every language.
        help: one or two sentences for the designer.
        open: take inputs besides ``inputs``.

    Raises:
        ValueError: the key is taken.
    """

    def register(work: Work) -> Work:
        if key in _connectors:
            raise ValueError(f"There are two connectors {key!r}.")
        outside = isinstance(work, type)
        _connectors[key] = Connector(
            key=key,
            names=names,
            help=help or {},
            inputs=tuple(inputs),
            outputs=tuple(outputs),
            open=open,
            inside=None if outside else work,
            outside=work() if outside else None,
        )
        return work

    return register


@cache
def _found() -> Mapping[str, Connector]:
    import bpm.connectors as package

    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    return _connectors


def connectors() -> list[Connector]:
    """Return every connector, by key."""
    found = _found()
    return [found[key] for key in sorted(found)]


def get(key: str) -> Connector | None:
    """Return a connector, None if there is none of that name."""
    return _found().get(key)


def required(key: str) -> Connector:
    """Return a connector.

    Raises:
        ServiceFailed: there is none of that name.
    """
    found = get(key)
    if found is None:
        raise ServiceFailed(_("There is no service “%(name)s”.", name=key), again=False)
    return found
