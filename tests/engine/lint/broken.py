"""One small diagram for each rule, which breaks it: the text, the element, and words of the message."""

from __future__ import annotations

from tests.engine.lint.broken_events import EVENTS
from tests.engine.lint.broken_files import FILES
from tests.engine.lint.broken_flows import FLOWS

BROKEN = FLOWS | EVENTS | FILES

# what is told only while somebody draws
_INTENT = (
    "outcome_without_way", "unknown_outcome", "ignored_outcomes", "single_outcome", "same_name", "no_deadline",
    "deadline_word", "nobody_chosen", "outside_message", "past_date", "doubtful_expression", "no_start_form",
    "unknown_service", "service_inputs", "empty_group", "check_failed",
)  # fmt: skip
# rules that a diagram alone cannot break, and where they are tested with their words
ELSEWHERE = {
    "no_fix": "test_fixes",
    "no_such_process": "tests/engine/diagram/test_foreign",
    **dict.fromkeys(_INTENT, "tests/designer/test_beginners"),
    "unknown_connector": "test_store",
    "unknown_form": "test_store",
    "unknown_decision": "test_store",
    "unknown_process": "test_store",
    "unknown_group": "test_store",
    "unknown_person": "test_store",
}

__all__ = ["BROKEN", "ELSEWHERE"]
