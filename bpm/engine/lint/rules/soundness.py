"""Rules for diagrams: soundness. What each demands and what to do; the checks: ``lint/soundness.py``."""

from __future__ import annotations

from bpm.engine.lint.rules.rule import Rule
from bpm.language import lazy

SOUNDNESS_RULES: tuple[Rule, ...] = (
    Rule(
        "unreachable",
        "warning",
        "",
        lazy("A way leads from the start to every step."),
        lazy("Connect the step, or take it out."),
    ),
    Rule(
        "starving_join",
        "warning",
        "",
        lazy("A parallel join is fed by branches that all come, never by a choice."),
        lazy("Join the branches of a choice by an exclusive gateway."),
    ),
    Rule(
        "maybe_starving_join",
        "warning",
        "",
        lazy("A parallel join is fed by branches that all come."),
        lazy("Join these branches by an inclusive gateway."),
    ),
    Rule(
        "doubled_tokens",
        "warning",
        "",
        lazy("Branches that run at once are joined before they go on together."),
        lazy("Join them by a parallel gateway."),
    ),
    Rule(
        "no_way_out",
        "warning",
        "",
        lazy("A way leads out of every loop."),
        lazy("Let one of the steps lead on to an end event."),
    ),
    Rule(
        "endless_cycle",
        "error",
        "",
        lazy("A loop waits for something or can be left."),
        lazy("Put a choice in the loop from where a way leads out."),
    ),
    Rule(
        "constant_condition",
        "warning",
        "",
        lazy("A condition can be true and can be false."),
        lazy("Write what it depends on, or remove it."),
    ),
    Rule(
        "same_condition",
        "warning",
        "",
        lazy("The conditions of a choice differ."),
        lazy("Change one of the two conditions."),
    ),
)
