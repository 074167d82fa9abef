"""Rules for diagrams: what is legal and probably not meant by somebody who draws his first processes.

What each demands and what to do; the checks stand in ``lint/intent.py`` and in the designer.
"""

from __future__ import annotations

from bpm.engine.lint.rules.rule import Rule
from bpm.language import lazy

INTENT_RULES: tuple[Rule, ...] = (
    Rule(
        "outcome_without_way",
        "warning",
        "",
        lazy("A way leads on from every button of a task."),
        lazy("Write a condition for this button at one of the ways, or make one the “otherwise” way."),
    ),
    Rule(
        "unknown_outcome",
        "warning",
        "",
        lazy("The ways behind a task are for buttons that it has."),
        lazy("Choose one of its buttons in the condition, or add the button to the task."),
    ),
    Rule(
        "ignored_outcomes",
        "advice",
        "",
        lazy("What is pressed makes a difference."),
        lazy("Put a diamond behind the task, with a way for each button."),
    ),
    Rule(
        "single_outcome",
        "advice",
        "",
        lazy("Who is asked for an approval can also refuse."),
        lazy("Add a button such as “Reject”, and a way for it."),
    ),
    Rule(
        "same_name",
        "advice",
        "",
        lazy("Steps have different names."),
        lazy("Rename one of them, so that people can tell them apart in their lists and in the history."),
    ),
    Rule(
        "no_deadline",
        "warning",
        "",
        lazy("A deadline says when the task is due."),
        lazy("Write how long it may take, such as 2 working days, or remove reminder and escalation."),
    ),
    Rule(
        "deadline_word",
        "warning",
        "",
        lazy("A deadline is a length of time, a date or an expression."),
        lazy("Write a number and choose a unit, such as 2 working days."),
    ),
    Rule(
        "nobody_chosen",
        "warning",
        "",
        lazy("It is said which group, person or department a task is for."),
        lazy("Choose it in the panel of the step, under “Who does it”."),
    ),
    Rule(
        "outside_message",
        "advice",
        "",
        lazy("It is known who sends a message that is awaited."),
        lazy("Let another process send it, or a program through the API; otherwise wait for a time."),
    ),
    Rule(
        "past_date",
        "warning",
        "",
        lazy("A date that is waited for is still to come."),
        lazy("Choose a later date, a length of time, or a date of a form."),
    ),
    Rule(
        "doubtful_expression",
        "warning",
        "",
        lazy("An expression reads what the process knows, and compares what can be compared."),
        lazy("Choose a field of the list; what is missing can be added to a form that is filled in before."),
    ),
    Rule(
        "no_start_form",
        "advice",
        "",
        lazy("What a process needs is asked when it is started."),
        lazy("Choose or make a form for the start, in the panel “The process”."),
    ),
    Rule(
        "unknown_service",
        "warning",
        "",
        lazy("The services that steps call are installed."),
        lazy("Choose a service of the list in the panel of the step."),
    ),
    Rule(
        "service_inputs",
        "warning",
        "",
        lazy("A service gets everything that it needs."),
        lazy("Fill it in in the panel of the step."),
    ),
    Rule(
        "empty_group",
        "warning",
        "",
        lazy("Somebody is in every group that a task is for."),
        lazy("Ask an administrator to add people to the group, or choose another."),
    ),
    Rule(
        "check_failed",
        "error",
        "",
        lazy("A diagram can be checked."),
        lazy("Tell an administrator; the drawing is saved."),
    ),
)
