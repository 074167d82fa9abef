"""What trying every path has found, as sentences and as marks on the diagram."""

from __future__ import annotations

from typing import Any

from bpm.designer.rehearsal.paths import Found
from bpm.engine.definition import Flow
from bpm.language import _, chosen, ngettext

_MOST_WAYS = 30


def as_json(found: Found) -> dict[str, Any]:
    """Return the report as it is kept: plain texts in the present language.

    Returns:
        summary; ends [{id, text, reached, way}]; never [{id, text}]; untrue [{id, text, condition}];
        incidents [{id, text, way}]; refusals [text]; complete.
    """
    told = _Words(found)
    return {
        "summary": told.summary(),
        "complete": found.complete,
        "ends": told.ends(),
        "never": told.never(),
        "untrue": told.untrue(),
        "incidents": told.incidents(),
        "refusals": [text for text, _times in found.refusals.most_common(5)] if found.missing else [],
    }


class _Words:
    def __init__(self, found: Found) -> None:
        self._found = found
        self._elements = found.definition.elements
        self._flows = found.definition.flows

    def summary(self) -> str:
        ends = self.ends()
        reached = sum(one["reached"] for one in ends)
        text = ngettext(
            "%(num)s thing was tried; %(reached)s of %(ends)s ends were reached.",
            "%(num)s things were tried; %(reached)s of %(ends)s ends were reached.",
            self._found.runs, reached=reached, ends=len(ends),
        )  # fmt: skip
        if not self._found.complete:
            text += " " + _(
                "Time was too short to try everything: what was not reached may still be possible."
            )
        return text

    def ends(self) -> list[dict[str, Any]]:
        return [
            {
                "id": one.id,
                "text": self._element(one.id),
                "reached": one.id in self._found.reached,
                "way": self._found.reached.get(one.id, [])[:_MOST_WAYS],
            }
            for one in self._elements.values()
            if one.kind == "endEvent"
        ]

    def never(self) -> list[dict[str, Any]]:
        lost = set(self._found.missing)
        told = []
        for identifier in self._found.missing:
            flow = self._flows.get(identifier)
            if flow is None:
                text = _("“%(step)s” was never reached.", step=self._element(identifier))
            elif flow.source in lost:
                continue  # what comes before it tells enough
            else:
                text = _("The way %(way)s was never taken.", way=self._way(flow))
            told.append({"id": identifier, "text": text})
        return told

    def untrue(self) -> list[dict[str, Any]]:
        return [
            {
                "id": identifier,
                "text": _("The condition of the way %(way)s was never true.", way=self._way(flow)),
                "condition": flow.condition or "",
            }
            for identifier, flow in self._flows.items()
            if flow.condition and identifier in self._found.asked - self._found.true
        ]

    def incidents(self) -> list[dict[str, Any]]:
        return [
            {
                "id": element,
                "text": _("“%(step)s” stops: %(why)s", step=self._element(element), why=why)
                if element
                else why,
                "way": way[:_MOST_WAYS],
            }
            for (element, why), way in self._found.incidents.items()
        ]

    def _way(self, flow: Flow) -> str:
        named = chosen(flow.names)
        words = {"source": self._element(flow.source), "target": self._element(flow.target), "name": named}
        if named:
            return _("“%(name)s” from “%(source)s” to “%(target)s”", **words)
        return _("from “%(source)s” to “%(target)s”", source=words["source"], target=words["target"])

    def _element(self, identifier: str | None) -> str:
        element = self._elements.get(identifier or "")
        if element is None:
            return identifier or ""
        named = chosen(element.names)
        if named or not (element.kind.endswith("Gateway") or element.kind == "endEvent"):
            return named or element.id
        if element.kind == "endEvent":
            before = next((one.source for one in self._flows.values() if one.target == element.id), "")
            return _("End after “%(step)s”", step=self._element(before)) if before else _("End")
        return _("Decision without a name (%(id)s)", id=element.id)
