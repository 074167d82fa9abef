"""The compiled form of a diagram: what stands in it, and the specs that run it.

Plain data made once per version by ``build/compile.py``; shared by all its instances, never changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bpm.engine.problems import Problem
    from bpm.engine.runtime.specs.process import ProcessSpec


@dataclass(frozen=True)
class Element:
    """One element of a diagram.

    ``kind`` is its BPMN tag (``userTask``); ``event`` the kind of its event definition
    (``timer``, ``message`` …) or None; ``parent`` the id of the sub-process or process it stands in.
    ``extensions`` holds what our dialect, Camunda 7 and Zeebe say of it, under our names:
    assignment, form, titles, help, outcomes, outcome_variable, vote_variable, deadline, priority,
    voting, connector, decision, mapping, called, correlation, settings, start, owner, searchable.
    """

    id: str
    kind: str
    names: Mapping[str, str] = field(default_factory=dict, hash=False)
    parent: str | None = None
    event: str | None = None
    attached_to: str | None = None
    interrupting: bool = True
    lane: Mapping[str, str] | None = field(default=None, hash=False)
    extensions: Mapping[str, Any] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Flow:
    """A sequence flow; ``condition`` is its text in the diagram, ``names`` its words by language."""

    id: str
    source: str
    target: str
    condition: str | None = None
    default: bool = False
    names: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class StartEvent:
    """One trigger that starts the process. ``kind``: none, message, timer, signal, conditional.

    ``id`` is that of the start event, of the receive task, or of the event behind the gateway that
    starts the process; the second and further triggers of one event are ``id:1``, ``id:2`` …
    """

    id: str
    kind: str
    name: str | None = None
    names: Mapping[str, str] = field(default_factory=dict, hash=False)
    form: str | None = None
    timer: Mapping[str, Any] | None = field(default=None, hash=False)


@dataclass(frozen=True, eq=False)
class Definition:
    """A process that can run.

    ``hash`` is the SHA-256 of the XML; ``problems`` holds its warnings.
    """

    process_id: str
    names: Mapping[str, str]
    hash: str
    elements: Mapping[str, Element]
    flows: Mapping[str, Flow]
    start_events: Sequence[StartEvent]
    extensions: Mapping[str, Any]
    called_processes: frozenset[str]
    decisions: frozenset[str]
    connectors: frozenset[str]
    problems: Sequence[Problem]
    spec: ProcessSpec

    @property
    def messages_starting(self) -> Mapping[str, str]:
        """Start event id by the name of the message that starts the process there."""
        return {start.name: start.id for start in self.start_events if start.kind == "message" and start.name}

    @property
    def signals_starting(self) -> Mapping[str, str]:
        """Start event id by the name of the signal that starts the process there."""
        return {start.name: start.id for start in self.start_events if start.kind == "signal" and start.name}

    @property
    def outcomes(self) -> Mapping[str, Mapping[str, str]]:
        """Names of the end events of the process itself, by id: what ``Run.outcome`` can be."""
        ends = (one for one in self.elements.values() if one.kind == "endEvent")
        return {one.id: one.names for one in ends if one.parent == self.process_id}

    def properties(self) -> dict[str, Any]:
        """Return what lists and start pages need without compiling, as JSON.

        Keys: process_id, names, start {form, record_type, groups, persons, button}, owner, titles,
        help, settings [{name, value, label}], searchable [name], start_events [{id, kind, name, form,
        timer}], outcomes {id: names}, called_processes, decisions, connectors.
        """
        extensions = self.extensions
        return {
            "process_id": self.process_id,
            "names": dict(self.names),
            "start": dict(extensions.get("start", {})),
            "owner": extensions.get("owner"),
            "titles": dict(extensions.get("titles", {})),
            "help": extensions.get("help", ""),
            "settings": [dict(setting) for setting in extensions.get("settings", ())],
            "searchable": list(extensions.get("searchable", ())),
            "start_events": [
                {
                    "id": start.id,
                    "kind": start.kind,
                    "name": start.name,
                    "form": start.form,
                    "timer": dict(start.timer) if start.timer else None,
                }
                for start in self.start_events
            ],
            "outcomes": {key: dict(names) for key, names in self.outcomes.items()},
            "called_processes": sorted(self.called_processes),
            "decisions": sorted(self.decisions),
            "connectors": sorted(self.connectors),
        }
