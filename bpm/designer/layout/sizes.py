"""How large things are drawn, as bpmn-js draws them; all in pixels."""

from __future__ import annotations

import math

TASK = (100, 80)
EVENT = 36
GATEWAY = 50
NOTE_WIDTH = 120
# gaps: between columns, between rows, inside a sub-process, around everything
COLUMN_GAP = 50
ROW_GAP = 30
TRACK = 12
PADDING = 30
HEAD = 30
LABEL_WIDTH = 90
LABEL_LINE = 14
_LETTER = 6.2
_SIZES = {
    "dataObjectReference": (36, 50),
    "dataInput": (36, 50),
    "dataOutput": (36, 50),
    "dataStoreReference": (50, 50),
    "group": (300, 120),
}
# the name of these stands in them
NAMED_WITHIN = frozenset({"textAnnotation", "group"})
_OUTSIDE = ("Event", "Gateway", "Reference", "dataInput", "dataOutput")


def is_labelled_outside(tag: str) -> bool:
    """Tell whether the name of a shape stands beside it."""
    return tag.endswith(_OUTSIDE)


def shape(tag: str, name: str) -> tuple[float, float]:
    """Return width and height of a shape."""
    if tag.endswith("Event"):
        return EVENT, EVENT
    if tag.endswith("Gateway"):
        return GATEWAY, GATEWAY
    if tag == "textAnnotation":
        return NOTE_WIDTH, max(30, 10 + LABEL_LINE * _lines(name, NOTE_WIDTH - 10))
    return _SIZES.get(tag, TASK)


def label(name: str) -> tuple[float, float]:
    """Return width and height of a name beside a shape or an arrow; nothing for no name."""
    if not name.strip():
        return 0, 0
    width = LABEL_WIDTH if len(name) * _LETTER > LABEL_WIDTH else math.ceil(len(name) * _LETTER) + 4
    return width, LABEL_LINE * _lines(name, LABEL_WIDTH)


def _lines(name: str, width: float) -> int:
    """Return in how many lines a text is written."""
    room = max(1, int(width / _LETTER))
    lines, left = 0, 0
    for word in name.split():
        if len(word) + (left < room) <= left:
            left -= len(word) + 1
            continue
        lines += max(1, math.ceil(len(word) / room))
        left = room - (len(word) % room or room)
    return max(1, lines)
