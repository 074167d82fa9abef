"""Rules for diagrams: what a process needs beside its file.

What each demands and what to do; the checks stand one floor up.
"""

from __future__ import annotations

from bpm.engine.lint.rules.rule import Rule
from bpm.language import lazy

DEPLOYMENT_RULES: tuple[Rule, ...] = (
    Rule(
        "unknown_connector",
        "error",
        "",
        lazy("The services that steps call exist."),
        lazy("Choose a service of the list."),
    ),
    Rule(
        "unknown_form",
        "error",
        "",
        lazy("The forms that steps show are published."),
        lazy("Publish the form before, or together with the process."),
    ),
    Rule(
        "unknown_decision",
        "error",
        "",
        lazy("The decisions that steps ask are published."),
        lazy("Publish the decision before, or together with the process."),
    ),
    Rule(
        "unknown_process",
        "error",
        "",
        lazy("The processes that are called are published."),
        lazy("Publish the called process before, or together with this one."),
    ),
    Rule(
        "unknown_group",
        "warning",
        "",
        lazy("The groups that tasks are for exist and have members."),
        lazy("Found the group, or choose another."),
    ),
    Rule(
        "unknown_person",
        "warning",
        "",
        lazy("The persons that tasks are for exist."),
        lazy("Choose another person, better a group."),
    ),
)
