"""The list of all rules for diagrams: what each demands, what to do, how grave it is, where it stands.

One list for the designer, the server and ``docs/lint-rules.md``. The rules stand by subject in
the other files here; the checks one floor up; a problem names its rule by ``code``.
"""

from __future__ import annotations

from bpm.engine.lint.rules.data import DATA_RULES
from bpm.engine.lint.rules.deployment import DEPLOYMENT_RULES
from bpm.engine.lint.rules.events import EVENT_RULES
from bpm.engine.lint.rules.expressions import EXPRESSION_RULES
from bpm.engine.lint.rules.flows import FLOW_RULES
from bpm.engine.lint.rules.intent import INTENT_RULES
from bpm.engine.lint.rules.rule import Rule, Severity
from bpm.engine.lint.rules.soundness import SOUNDNESS_RULES
from bpm.engine.lint.rules.work import WORK_RULES

RULES: dict[str, Rule] = {
    rule.id: rule
    for rule in (
        *FLOW_RULES,
        *SOUNDNESS_RULES,
        *EVENT_RULES,
        *DATA_RULES,
        *EXPRESSION_RULES,
        *WORK_RULES,
        *DEPLOYMENT_RULES,
        *INTENT_RULES,
    )
}


def rule_of(code: str) -> Rule | None:
    """Return the rule with this id; None for a code of something else."""
    return RULES.get(code)


__all__ = ["RULES", "Rule", "Severity", "rule_of"]
