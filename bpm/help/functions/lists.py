"""Functions on lists (DMN 1.5, 10.3.4.4), on their numbers, and on named values (10.3.4.7)."""

from __future__ import annotations

from bpm.help.lesson import Function, Group
from bpm.language import lazy

LISTS = Group(
    "lists",
    lazy("Lists"),
    (
        Function("count", lazy("how many items"), "count(invoices)", "2"),
        Function(
            "list contains", lazy("is a value in the list?"), 'list contains(items.name, "Pump")', "true"
        ),
        Function("all", lazy("are all true?"), "all(invoices.paid)", "false"),
        Function("any", lazy("is at least one true?"), "any([false, true])", "true"),
        Function("append", lazy("puts items at the end"), "append([1, 2], 3)", "[1, 2, 3]"),
        Function("concatenate", lazy("joins lists"), "concatenate([1, 2], [2, 3])", "[1, 2, 2, 3]"),
        Function("union", lazy("joins lists, each value once"), "union([1, 2], [2, 3])", "[1, 2, 3]"),
        Function(
            "distinct values",
            lazy("each value once"),
            "distinct values(votes.decision)",
            '["approve", "reject"]',
        ),
        Function(
            "duplicate values",
            lazy("values that stand there more than once"),
            "duplicate values(votes.decision)",
            '["approve"]',
        ),
        Function("flatten", lazy("one list of lists within lists"), "flatten([1, [2, [3]]])", "[1, 2, 3]"),
        Function("reverse", lazy("turns the order round"), "reverse([1, 2, 3])", "[3, 2, 1]"),
        Function(
            "sort",
            lazy("sorts, by a rule if one is given"),
            "sort(items, function(a, b) a.price < b.price).name",
            '["Filter", "Pump"]',
        ),
        Function(
            "sublist", lazy("a part: from which place, how many"), "sublist([10, 20, 30], 2, 1)", "[20]"
        ),
        Function("index of", lazy("at which places a value stands"), "index of([30, 70, 30], 30)", "[1, 3]"),
        Function(
            "insert before", lazy("puts an item before a place"), "insert before([1, 3], 2, 2)", "[1, 2, 3]"
        ),
        Function("remove", lazy("takes away the item at a place"), "remove([10, 20, 30], 2)", "[10, 30]"),
        Function(
            "list replace",
            lazy("puts another item at a place"),
            "list replace([10, 20, 30], 2, 25)",
            "[10, 25, 30]",
        ),
    ),
)

STATISTICS = Group(
    "statistics",
    lazy("Sums and averages"),
    (
        Function("sum", lazy("adds up"), "sum(invoices.sum)", "55000"),
        Function("min", lazy("the smallest, or the earliest"), "min(invoices.due)", '@"2026-02-20"'),
        Function("max", lazy("the greatest, or the latest"), "max(items.price)", "12000"),
        Function("mean", lazy("the average"), "mean(items.price)", "6400"),
        Function("median", lazy("the middle one"), "median([1, 5, 100])", "5"),
        Function("mode", lazy("the most frequent ones"), "mode([1, 2, 2])", "[2]"),
        Function("stddev", lazy("how far the numbers scatter"), "stddev([2, 4, 6])", "2"),
        Function("product", lazy("multiplies all"), "product([2, 3, 4])", "24"),
    ),
)

CONTEXTS = Group(
    "contexts",
    lazy("Named values"),
    (
        Function(
            "get value",
            lazy("the value of a name that is itself a value"),
            'get value(company, "city")',
            '"Warsaw"',
        ),
        Function(
            "get entries",
            lazy("all names with their values, as a list"),
            "get entries(company)[1].key",
            '"name"',
        ),
        Function(
            "context",
            lazy("makes named values of such a list"),
            'context([{key: "limit", value: 5000}])',
            "{limit: 5000}",
        ),
        Function(
            "context put",
            lazy("adds or changes one value"),
            'context put({limit: 5000}, "days", 14)',
            "{limit: 5000, days: 14}",
        ),
        Function(
            "context merge",
            lazy("joins named values; the later ones win"),
            "context merge([{limit: 5000}, {limit: 8000}])",
            "{limit: 8000}",
        ),
    ),
)
