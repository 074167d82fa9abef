"""Every function that expressions may call, by subject, each in one line with one example."""

from __future__ import annotations

from bpm.help.functions import lists, numbers, people, ranges, temporal, texts
from bpm.help.lesson import Group

GROUPS: tuple[Group, ...] = (
    people.PEOPLE,
    lists.LISTS,
    lists.STATISTICS,
    numbers.NUMBERS,
    texts.TEXTS,
    temporal.TIME,
    texts.KINDS,
    lists.CONTEXTS,
    ranges.RANGES,
)
