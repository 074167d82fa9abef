"""The later chapters: time, terms, texts, titles and the cells of decision tables."""

from __future__ import annotations

from bpm.help.lesson import Chapter, Example
from bpm.language import lazy

MORE = (
    Chapter(
        "dates",
        lazy("Dates and times"),
        (
            lazy("In the examples today is Tuesday, 3 March 2026, nine in the morning."),
            lazy(
                "A length of time begins with P: P7D is seven days, P1M a month, P1Y a year; hours and "
                "minutes stand behind a T: PT4H, PT30M, P1DT12H."
            ),
        ),
        (
            Example("today()", '@"2026-03-03"'),
            Example('signed + @"P14D"', '@"2026-03-17"', lazy("a fortnight after signing")),
            Example('signed + @"P1M"', '@"2026-04-03"', lazy("a month after signing")),
            Example("(today() - due).days", "11", lazy("days late")),
            Example("due < today()", "true", lazy("overdue")),
            Example('due in [@"2026-01-01"..@"2026-03-31"]', "true", lazy("in the first quarter")),
            Example("signed.year", "2026"),
            Example("signed.weekday", "2", lazy("1 is Monday")),
            Example('@"PT90M" > @"PT1H"', "true", lazy("lengths of time can be compared")),
        ),
    ),
    Chapter(
        "terms",
        lazy("Terms: “in two working days”"),
        (
            lazy(
                "Fields such as “Due in” and “How long” also take a short term: a number and m, h, d or w "
                "for minutes, hours, days and weeks; with a w before it, as in 2wd, it counts "
                "in working time."
            ),
            lazy("Working hours and holidays are those of the company. An expression begins with =."),
        ),
        (
            Example("2wd", '@"2026-03-05T09:00:00+01:00"', lazy("two working days"), "term"),
            Example("4wh", '@"2026-03-03T13:00:00+01:00"', lazy("four working hours"), "term"),
            Example("3d", '@"2026-03-06T09:00:00+01:00"', lazy("three days, whatever days they are"), "term"),
            Example("P1W", '@"2026-03-10T09:00:00+01:00"', lazy("a week, as ISO 8601 writes it"), "term"),
            Example('=signed + @"P10D"', '@"2026-03-13"', lazy("ten days after signing")),
        ),
    ),
    Chapter(
        "texts",
        lazy("Texts"),
        (
            lazy(
                "Texts are joined with +. A number is first made a text: string(…). "
                "Small and capital letters differ."
            ),
        ),
        (
            Example('"Contract " + number + ", " + company.name', '"Contract 118, Delta"'),
            Example('"Sum: " + string(amount)', '"Sum: 1200000"'),
            Example('contains(company.name, "elt")', "true"),
            Example('starts with(lower case(company.name), "de")', "true", lazy("capital letters or not")),
            Example("upper case(source)", '"WEBSITE"'),
            Example('string join(items.name, ", ")', '"Pump, Filter"', lazy("a list as one text")),
            Example('matches("PL5260001246", "PL[0-9]{10}")', "true", lazy("looks like a tax number")),
        ),
    ),
    Chapter(
        "titles",
        lazy("Values in titles and letters"),
        (
            lazy(
                "In titles, letters and other texts an expression stands in braces. "
                "What is empty shows nothing; two braces show one."
            ),
        ),
        (
            Example("Contract {number} with {company.name}", '"Contract 118 with Delta"', "", "title"),
            Example("Pay {money(amount * prepayment / 100)}", '"Pay 360\u00a0000"', "", "title"),
            Example(
                '{if amount > 500000 then "Large" else "Small"} contract', '"Large contract"', "", "title"
            ),
            Example("Remark: {comment}", '"Remark: "', lazy("the comment is empty"), "title"),
        ),
    ),
    Chapter(
        "cells",
        lazy("Cells of decision tables"),
        (
            lazy(
                "A cell under a question says which answers fit. A dash, or nothing, fits every answer; "
                "a comma means “or”; ? stands for the answer itself."
            ),
            lazy("A cell under a result is an expression: a text there stands in quotation marks."),
        ),
        (
            Example("> 500000", "true", lazy("more than"), "cell", "1200000"),
            Example("[0..30)", "false", lazy("from 0, but less than 30"), "cell", "30"),
            Example('"website", "fair"', "true", lazy("one of two"), "cell", '"website"'),
            Example('not("lost")', "true", lazy("all but"), "cell", '"negotiation"'),
            Example("-", "true", lazy("every answer"), "cell", "5"),
            Example("null", "true", lazy("nothing was filled in"), "cell", "null"),
            Example('contains(?, "elt")', "true", lazy("a question of its own"), "cell", '"Delta"'),
            Example("> 2 * prepayment", "true", lazy("compared with another value"), "cell", "100"),
        ),
    ),
)
