"""Functions on texts (DMN 1.5, 10.3.4.3) and those that make one kind of value of another (10.3.4.1)."""

from __future__ import annotations

from bpm.help.lesson import Function, Group
from bpm.language import lazy

TEXTS = Group(
    "texts",
    lazy("Texts"),
    (
        Function("contains", lazy("does a text hold another?"), 'contains(company.name, "elt")', "true"),
        Function("starts with", lazy("does it begin so?"), 'starts with(stage, "neg")', "true"),
        Function("ends with", lazy("does it end so?"), 'ends with(stage, "ed")', "false"),
        Function("string length", lazy("how many characters"), "string length(number)", "3"),
        Function("upper case", lazy("in capital letters"), "upper case(company.city)", '"WARSAW"'),
        Function("lower case", lazy("in small letters"), "lower case(company.city)", '"warsaw"'),
        Function(
            "substring",
            lazy("a part: from which character, how many"),
            'substring("F-31/2026", 3, 2)',
            '"31"',
        ),
        Function(
            "substring before",
            lazy("what stands before a sign"),
            'substring before("F-31/2026", "/")',
            '"F-31"',
        ),
        Function(
            "substring after",
            lazy("what stands behind a sign"),
            'substring after("F-31/2026", "/")',
            '"2026"',
        ),
        Function(
            "replace", lazy("replaces what a pattern finds"), 'replace("48 22 123", " ", "-")', '"48-22-123"'
        ),
        Function("matches", lazy("does it fit a pattern?"), 'matches(number, "[0-9]+")', "true"),
        Function("split", lazy("cuts a text into a list"), 'split("a;b;c", ";")', '["a", "b", "c"]'),
        Function("string join", lazy("joins a list to one text"), 'string join(["a", "b"], ", ")', '"a, b"'),
    ),
)

KINDS = Group(
    "kinds",
    lazy("From one kind of value to another"),
    (
        Function("string", lazy("any value as a text"), "string(prepayment)", '"30"'),
        Function(
            "number",
            lazy("a text as a number, with the signs it uses"),
            'number("1 200,50", " ", ",")',
            "1200.5",
        ),
        Function(
            "date", lazy("a text, or year, month and day, as a date"), 'date("2026-03-03")', '@"2026-03-03"'
        ),
        Function(
            "time", lazy("a text, or hour, minute and second, as a time"), "time(14, 30, 0)", '@"14:30:00"'
        ),
        Function(
            "date and time",
            lazy("a date together with a time"),
            'date and time(signed, @"14:30:00")',
            '@"2026-03-03T14:30:00"',
        ),
        Function("duration", lazy("a text as a length of time"), 'duration("P2D")', '@"P2D"'),
        Function("range", lazy("a text as a range"), '5 in range("[1..10]")', "true"),
        Function("not", lazy("turns yes and no round"), "not(company.regular)", "false"),
        Function(
            "is", lazy("are two values the same, of the same kind?"), 'is(@"14:30:00", @"14:30:00Z")', "false"
        ),
    ),
)
