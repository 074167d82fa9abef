"""Functions on ranges (DMN 1.5, 10.3.4.9): how two spans of values lie to each other."""

from __future__ import annotations

from bpm.help.lesson import Function, Group
from bpm.language import lazy

RANGES = Group(
    "ranges",
    lazy("Ranges"),
    (
        Function(
            "before", lazy("does the first end before the second begins?"), "before([1..3], [5..8])", "true"
        ),
        Function("after", lazy("does the first begin after the second ends?"), "after(due, signed)", "false"),
        Function(
            "meets", lazy("does the first end where the second begins?"), "meets([1..5], [5..8])", "true"
        ),
        Function(
            "met by", lazy("does the first begin where the second ends?"), "met by([5..8], [1..5])", "true"
        ),
        Function("overlaps", lazy("have they anything in common?"), "overlaps([1..5], [3..8])", "true"),
        Function(
            "overlaps before",
            lazy("do they overlap, the first beginning earlier?"),
            "overlaps before([1..5], [3..8])",
            "true",
        ),
        Function(
            "overlaps after",
            lazy("do they overlap, the first ending later?"),
            "overlaps after([3..8], [1..5])",
            "true",
        ),
        Function("includes", lazy("does the first hold the second?"), "includes([1..10], 7)", "true"),
        Function("during", lazy("does the first lie within the second?"), "during(7, [1..10])", "true"),
        Function(
            "starts",
            lazy("do both begin together, the first being shorter?"),
            "starts([1..5], [1..10])",
            "true",
        ),
        Function(
            "started by",
            lazy("do both begin together, the first being longer?"),
            "started by([1..10], [1..5])",
            "true",
        ),
        Function(
            "finishes",
            lazy("do both end together, the first being shorter?"),
            "finishes([5..10], [1..10])",
            "true",
        ),
        Function(
            "finished by",
            lazy("do both end together, the first being longer?"),
            "finished by([1..10], [5..10])",
            "true",
        ),
        Function("coincides", lazy("are both the same?"), "coincides([1..5], [1..5])", "true"),
    ),
)
