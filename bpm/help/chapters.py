"""The chapters that explain the language, from what it is for to the cells of a decision table."""

from __future__ import annotations

from bpm.help.chapters_more import MORE
from bpm.help.lesson import Chapter, Example
from bpm.language import lazy

_FIRST = (
    Chapter(
        "purpose",
        lazy("What expressions are for"),
        (
            lazy(
                "An expression is a short question or calculation: when a way is taken, who decides, "
                "until when, what a title says. You write it much as you would say it."
            ),
            lazy(
                "Names stand for values of the case: the fields of its forms and of its record. "
                "All examples on this page speak of one case."
            ),
        ),
        (
            Example("amount > 500000", "true", lazy("a large contract")),
            Example("prepayment = 0", "false", lazy("nothing was paid in advance")),
            Example(
                'if amount > 500000 then "director" else "head_sales"', '"director"', lazy("who decides")
            ),
            Example('source in ("website", "fair")', "true", lazy("where a lead came from")),
            Example("due < today()", "true", lazy("overdue")),
        ),
    ),
    Chapter(
        "values",
        lazy("Values"),
        (
            lazy(
                "Numbers are written without spaces and with a point; they are exact to 34 digits. Texts "
                "stand in quotation marks. Yes and no are true and false; null means that nothing was "
                "filled in."
            ),
            lazy(
                'Dates, times and lengths of time are written as @"…". A list stands in square brackets, '
                "a group of named values in braces; a point leads to a value in it."
            ),
        ),
        (
            Example("0.1 + 0.2", "0.3", lazy("number")),
            Example('"Contract " + number', '"Contract 118"', lazy("text")),
            Example("company.regular", "true", lazy("yes or no")),
            Example('@"2026-03-03"', 'date("2026-03-03")', lazy("date")),
            Example('@"14:30:00"', 'time("14:30:00")', lazy("time of day")),
            Example('@"P14D"', 'duration("P14D")', lazy("length of time: 14 days")),
            Example('@"P1Y6M"', 'duration("P18M")', lazy("length of time: a year and a half")),
            Example("[30, 70][1]", "30", lazy("list: its first item")),
            Example('{city: "Warsaw"}.city', '"Warsaw"', lazy("named values: one of them")),
        ),
    ),
    Chapter(
        "comparing",
        lazy("Comparing"),
        (
            lazy("Equal is one sign: =. Not equal is !=. Values of different kinds are never equal."),
            lazy("A comparison with an empty value is empty too, and counts as “no”. Ask for it: = null."),
        ),
        (
            Example("amount = 1200000", "true"),
            Example('stage != "won"', "true"),
            Example("amount >= 500000", "true"),
            Example("comment = null", "true", lazy("nothing was written")),
            Example("comment > 5", "null", lazy("cannot be told, counts as no")),
            Example("amount between 500000 and 2000000", "true", lazy("both ends belong to it")),
            Example("prepayment in [0..30]", "true", lazy("from 0 to 30, with both ends")),
            Example("prepayment in [0..30)", "false", lazy("from 0 to 30, without 30")),
            Example('stage in ("negotiation", "contract")', "true", lazy("one of several")),
        ),
    ),
    Chapter(
        "logic",
        lazy("And, or, not, if"),
        (
            lazy("“and” wants all to be true, “or” at least one; not(…) turns an answer round."),
            lazy("“if … then … else …” chooses between two values."),
        ),
        (
            Example("amount > 500000 and not(company.regular)", "false", lazy("large, and a new customer")),
            Example("prepayment = 0 or due < today()", "true", lazy("without prepayment or overdue")),
            Example("comment = null or string length(comment) < 10", "true", lazy("hardly any words")),
            Example("if company.regular then 10 else 0", "10", lazy("discount of old customers")),
            Example(
                'if amount > 1000000 then "director" else if amount > 500000 then "finance" else "head"',
                '"director"',
                lazy("more than two ways"),
            ),
            Example("true or null", "true", lazy("one is enough, the other may be empty")),
        ),
    ),
    Chapter(
        "lists",
        lazy("Lists"),
        (
            lazy(
                "Places are counted from 1, from the end with a minus. A condition in square brackets "
                "keeps the items that fulfil it, a point behind a list takes one value of each item."
            ),
        ),
        (
            Example("items[1].name", '"Pump"', lazy("the first")),
            Example("items[-1].name", '"Filter"', lazy("the last")),
            Example("items.name", '["Pump", "Filter"]', lazy("one value of each")),
            Example("items[price > 1000].name", '["Pump"]', lazy("only the dear ones")),
            Example("count(items)", "2", lazy("how many")),
            Example("sum(for i in items return i.price * i.quantity)", "32000", lazy("the whole sum")),
            Example("some i in items satisfies i.price > 10000", "true", lazy("is any of them dear?")),
            Example("every i in invoices satisfies i.paid", "false", lazy("are all paid?")),
            Example("invoices[due < today()].number", '["F-31"]', lazy("overdue invoices")),
            Example(
                'count(votes[decision = "approve"]) > count(votes) / 2', "true", lazy("the majority agrees")
            ),
            Example('list contains(votes.who, "emily.clark")', "true", lazy("has she voted?")),
        ),
    ),
)

CHAPTERS: tuple[Chapter, ...] = _FIRST + MORE
