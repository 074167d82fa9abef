"""Where a case stands on its diagram: tokens, the way taken, what failed; told from its history.

The history alone is asked, so that finished cases and old versions look the same as running ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from babel.dates import format_timedelta

from bpm.engine.models import HistoryEvent, Incident, Instance
from bpm.history.names import Names
from bpm.history.waiting import Waiting
from bpm.language import language

_GONE = ("element_left", "element_cancelled")
# the events of which a diagram tells
KINDS = ("element_entered", "flow_taken", *_GONE)
_SHORTEST_NOTE = timedelta(minutes=1)
# what stands inside of them has tokens of its own
_CONTAINERS = ("subProcess", "transaction", "adHocSubProcess")


def tokens_of(instance: Instance, events: Iterable[HistoryEvent], names: Names) -> dict[str, int]:
    """Return how many tokens stand at which element; none in a case that has ended."""
    if instance.ended_at is not None:
        return {}
    tokens: Counter[str] = Counter()
    for event in events:
        if event.element is not None and event.kind == "element_entered":
            tokens[event.element] += 1
        elif event.element is not None and event.kind in _GONE:
            tokens[event.element] -= 1
    return {
        element: number
        for element, number in tokens.items()
        if number > 0 and names.kind(element) not in _CONTAINERS
    }


def state(
    instance: Instance,
    events: Sequence[HistoryEvent],
    incidents: Iterable[Incident],
    waits: Iterable[Waiting],
    names: Names,
) -> dict[str, Any]:
    """Return what the viewer paints.

    Args:
        events: those of ``KINDS``.

    Returns:
        tokens {element: number}, taken [elements and flows], incidents {element: number}, notes
        {element: how long it took}, labels {element: words for tooltip and screen reader}.
    """
    taken: dict[str, None] = {}
    began: dict[tuple[str, str], datetime] = {}
    spent: dict[str, timedelta] = {}
    for event in events:
        if event.element is None:
            continue
        visit = (event.element, str(event.data.get("token")))
        if event.kind in ("element_entered", "flow_taken"):
            taken[event.element] = None
        if event.kind == "element_entered":
            began[visit] = event.at
        elif event.kind in _GONE and visit in began:
            spent[event.element] = spent.get(event.element, timedelta()) + (event.at - began.pop(visit))
    return {
        "tokens": tokens_of(instance, events, names),
        "taken": list(taken),
        "incidents": Counter(one.element for one in incidents if one.element and one.resolved_at is None),
        "notes": {
            element: format_timedelta(time, threshold=1.2, format="short", locale=language())
            for element, time in spent.items()
            if time >= _SHORTEST_NOTE and names.kind(element) in ("userTask", "callActivity", "receiveTask")
        },
        "labels": {one.element: one.text for one in waits if one.element},
    }
