"""Rules for diagrams: persons, votes, services and our extensions. The checks stand one floor up."""

from __future__ import annotations

from bpm.engine.lint.rules.rule import Rule
from bpm.language import lazy

WORK_RULES: tuple[Rule, ...] = (
    Rule(
        "nobody",
        "warning",
        "",
        lazy("Somebody is named for every task."),
        lazy("Name a person, a group or a lane."),
    ),
    Rule(
        "no_connector",
        "error",
        "",
        lazy("A service step says which service does the work."),
        lazy("Choose the service."),
    ),
    Rule(
        "no_decision",
        "error",
        "",
        lazy("A decision step says which decision it asks."),
        lazy("Choose the decision."),
    ),
    Rule("no_voters", "error", "", lazy("A vote says who votes."), lazy("Write the list of voters.")),
    Rule(
        "no_vote",
        "error",
        "",
        lazy("A vote has a user task in which to vote."),
        lazy("Put a user task into it."),
    ),
    Rule(
        "no_quorum",
        "error",
        "",
        lazy("A vote with a quorum says how many approvals it needs."),
        lazy("Write the number."),
    ),
    Rule(
        "duplicate_outcome",
        "error",
        "",
        lazy("The buttons of a task have different keys."),
        lazy("Change one of the keys."),
    ),
    Rule("outcome_key", "error", "", lazy("Every button of a task has a key."), lazy("Write the key.")),
    Rule(
        "no_name",
        "error",
        "",
        lazy("The name of a variable is a word without spaces."),
        lazy("Choose another name."),
    ),
    Rule(
        "unknown_extension",
        "error",
        "",
        lazy("Our extensions are spelled right."),
        lazy("Correct the word; the documentation of the dialect lists all."),
    ),
    Rule(
        "unknown_attribute",
        "warning",
        "",
        lazy("Our extensions have known attributes only."),
        lazy("Remove the attribute."),
    ),
    Rule(
        "foreign",
        "error",
        "",
        lazy("Nothing in the file is code or a service of another engine."),
        lazy("Replace it by an expression or a service of ours."),
    ),
    Rule(
        "left_out",
        "warning",
        "",
        lazy("What a step asks people stands in a form of ours."),
        lazy("Draw the form and choose it at the step."),
    ),
    Rule(
        "no_topic",
        "error",
        "",
        lazy("A step for external workers says its topic."),
        lazy("Write the topic by which workers fetch the step."),
    ),
    Rule(
        "retry",
        "error",
        "",
        lazy("How often a service step is tried again, and when, can be read."),
        lazy("Write it as R3/PT10M: how often, and how long in between."),
    ),
)
