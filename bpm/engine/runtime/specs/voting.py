"""Voting rules of an approval: when a round has been decided.

``all``: everybody has answered or one refuses. ``majority``: more than half approve, or half or
more do not. ``first``: the first answer. ``quorum``: enough approve, or can no longer. Any other
rule is a FEEL expression that says when the round ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bpm.engine.diagram.expressions import Formula, Template
from bpm.engine.problems import StepFailed
from bpm.engine.runtime.tokens import Token

RULES = ("all", "majority", "first", "quorum")


@dataclass(frozen=True)
class Voting:
    """The compiled rule of one approval."""

    element: str
    rule: Formula | Template
    quorum: Formula | Template | None = None
    approvals: frozenset[str] = frozenset()
    revisions: frozenset[str] = frozenset()
    refusals: frozenset[str] = frozenset()

    def settle(self, body: Token, size: int) -> dict[str, Any]:
        """Fix the rule for this round, before the first vote.

        Raises:
            StepFailed: there is no such rule, or the quorum is no number.
        """
        rule: Any = self.rule.text
        if isinstance(self.rule, Template) or rule not in RULES:
            rule = body.workflow.evaluate(self.rule, body.scope, self._counts(body, [], size))
        if rule is None or isinstance(rule, bool):
            return {"rule": None, "quorum": None}
        if rule not in RULES:
            raise StepFailed(
                "“%(rule)s” is no voting rule. There are: all, majority, first, quorum.",
                code="no_voting_rule",
                rule=rule,
            )
        return {"rule": rule, "quorum": self._quorum(body) if rule == "quorum" else None}

    def _quorum(self, body: Token) -> Decimal:
        found = body.workflow.evaluate(self.quorum, body.scope) if self.quorum is not None else None
        try:
            number = Decimal(str(found))
        except ArithmeticError:
            number = Decimal(0)
        if number < 1:
            raise StepFailed("The quorum of “%(element)s” is no number above zero.", element=self.element)
        return number

    def _counts(self, body: Token, votes: list[Any], size: int) -> dict[str, Any]:
        given = [vote for vote in votes if vote is not None]
        decisions = [vote.get("decision") if isinstance(vote, dict) else vote for vote in given]
        return {
            "votes": given,
            "n_all": size,
            "n_answered": len(given),
            "n_approve": sum(one in self.approvals for one in decisions),
            "n_revise": sum(one in self.revisions for one in decisions),
            "n_reject": sum(one in self.refusals for one in decisions),
        }

    def ended(self, body: Token, votes: list[Any], answered: int) -> bool:
        """Whether the round is decided by the votes so far; the history is told if it is."""
        size = body.internal_data["size"]
        counts = self._counts(body, votes, size)
        settled = body.held["rule"]
        rule = settled["rule"]
        decided: bool
        if rule is None:
            decided = body.workflow.evaluate(self.rule, body.scope, counts) is True
        else:
            decided = self._decided(rule, settled["quorum"], counts, answered)
        if decided or answered == size:
            body.workflow.record(
                "vote_ended",
                self.element,
                token=body.id,
                rule=rule or self.rule.text,
                **{name: number for name, number in counts.items() if name != "votes"},
            )
        return decided

    def _decided(self, rule: str, quorum: Any, counts: dict[str, Any], answered: int) -> bool:
        size, approved = counts["n_all"], counts["n_approve"]
        if rule == "first":
            return True
        if rule == "majority":
            against = counts["n_revise"] + counts["n_reject"]
            return bool(approved * 2 > size or against * 2 >= size)
        if rule == "quorum":
            return bool(approved >= quorum or approved + size - answered < quorum)
        return bool(counts["n_reject"])
