"""Functions on numbers (DMN 1.5, 10.3.4.5)."""

from __future__ import annotations

from bpm.help.lesson import Function, Group
from bpm.language import lazy

NUMBERS = Group(
    "numbers",
    lazy("Numbers"),
    (
        Function(
            "decimal",
            lazy("rounds to so many decimals, halves to the even one"),
            "decimal(10 / 3, 2)",
            "3.33",
        ),
        Function(
            "round half up",
            lazy("rounds as in school: halves away from zero"),
            "round half up(2.345, 2)",
            "2.35",
        ),
        Function("round half down", lazy("rounds halves towards zero"), "round half down(2.345, 2)", "2.34"),
        Function("round up", lazy("rounds away from zero"), "round up(2.341, 2)", "2.35"),
        Function("round down", lazy("rounds towards zero"), "round down(2.349, 2)", "2.34"),
        Function("floor", lazy("the next whole number below"), "floor(-1.5)", "-2"),
        Function("ceiling", lazy("the next whole number above"), "ceiling(1.2)", "2"),
        Function("abs", lazy("the size without its sign"), "abs(-7)", "7"),
        Function("modulo", lazy("what remains of a division"), "modulo(14, 4)", "2"),
        Function("sqrt", lazy("the square root"), "sqrt(16)", "4"),
        Function("log", lazy("the natural logarithm"), "decimal(log(10), 2)", "2.30"),
        Function("exp", lazy("e to the power of a number"), "decimal(exp(1), 3)", "2.718"),
        Function("odd", lazy("is it odd?"), "odd(5)", "true"),
        Function("even", lazy("is it even?"), "even(5)", "false"),
    ),
)
