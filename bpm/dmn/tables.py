"""Decision tables: which rules match and what their hit policy makes of them (DMN 1.5, chapter 8)."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from bpm.dmn.run import DecisionRun, Match
from bpm.feel.expression import UnaryTests
from bpm.feel.functions.lists import maximum, minimum
from bpm.feel.functions.statistics import total
from bpm.feel.operators import kind_of, same
from bpm.feel.scope import Closure, Scope
from bpm.feel.types import ANY, Type, coerce

POLICIES = ("UNIQUE", "FIRST", "PRIORITY", "ANY", "COLLECT", "RULE ORDER", "OUTPUT ORDER")
AGGREGATIONS = ("", "SUM", "COUNT", "MIN", "MAX")


@dataclass(slots=True)
class Input:
    """A column of conditions. ``value`` computes what its cells are asked about."""

    text: str
    label: str
    value: Closure
    type: Type = ANY
    allowed: UnaryTests | None = None


@dataclass(slots=True)
class Output:
    """A column of results. ``order`` lists its values, the most important first."""

    name: str
    label: str
    type: Type = ANY
    order: UnaryTests | None = None
    default: Closure | None = None


@dataclass(slots=True)
class Rule:
    """A row. ``texts`` and ``result_texts`` are the cells as written."""

    id: str
    number: int
    tests: list[UnaryTests | None]
    results: list[Closure]
    texts: list[str] = field(default_factory=list)
    result_texts: list[str] = field(default_factory=list)
    annotations: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Table:
    """A decision table, ready to be evaluated."""

    name: str
    policy: str
    aggregation: str
    inputs: list[Input]
    outputs: list[Output]
    rules: list[Rule]

    def evaluate(self, scope: Scope) -> Any:
        """Return the table's value; a clash of rules that the hit policy forbids gives null."""
        run = scope.run
        values = []
        for column in self.inputs:
            value = coerce(run, column.value(scope), column.type)
            if column.allowed is not None and value is not None and not column.allowed.run(value, scope):
                run.warn(f"{column.label or column.text}: value not allowed")
                return None
            values.append(value)
        matching = []
        for rule in self.rules:
            run.pay(len(values) + 1)
            if all(
                test is not None and test.run(value, scope)
                for test, value in zip(rule.tests, values, strict=True)
            ):
                matching.append(rule)
                if self.policy == "FIRST":
                    break
        if self.policy == "UNIQUE" and len(matching) > 1:
            run.warn(f"{self.name}: rules {', '.join(str(rule.number) for rule in matching)} match")
            return None
        return self._combined(scope, matching)

    def _combined(self, scope: Scope, matching: list[Rule]) -> Any:
        run = scope.run
        if not matching:
            return self._default(scope)
        rows = [self._row(scope, rule) for rule in matching]
        order = list(range(len(rows)))
        if self.policy in ("PRIORITY", "OUTPUT ORDER"):
            ranks = [self._rank(scope, row) for row in rows]
            order.sort(key=lambda index: ranks[index])
        chosen = order[:1] if self.policy in ("UNIQUE", "FIRST", "PRIORITY", "ANY") else order
        if self.policy == "ANY" and not all(
            same(run, self._result(row), self._result(rows[0])) for row in rows
        ):
            run.warn(f"{self.name}: matching rules differ")
            return None
        if isinstance(run, DecisionRun):
            for index in order if self.policy == "ANY" else chosen:
                rule = matching[index]
                run.matched.append(
                    Match(table=self.name, rule=rule.id, number=rule.number, annotations=rule.annotations)
                )
        results = [self._result(rows[index]) for index in chosen]
        if self.policy in ("UNIQUE", "FIRST", "PRIORITY", "ANY"):
            return results[0]
        return self._aggregated(scope, results) if self.aggregation else results

    def _row(self, scope: Scope, rule: Rule) -> list[Any]:
        return [
            coerce(scope.run, result(scope), column.type)
            for result, column in zip(rule.results, self.outputs, strict=True)
        ]

    def _result(self, row: list[Any]) -> Any:
        if len(self.outputs) == 1:
            return row[0]
        return {column.name: value for column, value in zip(self.outputs, row, strict=True)}

    def _default(self, scope: Scope) -> Any:
        if any(column.default is not None for column in self.outputs):
            row = [
                None if column.default is None else coerce(scope.run, column.default(scope), column.type)
                for column in self.outputs
            ]
            result = self._result(row)
            multiple = self.policy in ("COLLECT", "RULE ORDER", "OUTPUT ORDER") and not self.aggregation
            return [result] if multiple and type(result) is not list else result
        if self.policy in ("COLLECT", "RULE ORDER", "OUTPUT ORDER"):
            return Decimal(0) if self.aggregation == "COUNT" else None if self.aggregation else []
        return None

    def _rank(self, scope: Scope, row: list[Any]) -> list[int]:
        ranks = []
        for value, column in zip(row, self.outputs, strict=True):
            position = column.order.position(value, scope) if column.order is not None else None
            ranks.append(10**6 if position is None else position)
        return ranks

    def _aggregated(self, scope: Scope, results: list[Any]) -> Any:
        if len(self.outputs) > 1:
            return {
                column.name: self._aggregate(scope, [result[column.name] for result in results])
                for column in self.outputs
            }
        return self._aggregate(scope, results)

    def _aggregate(self, scope: Scope, values: list[Any]) -> Any:
        match self.aggregation:
            case "COUNT":
                return Decimal(len(values))
            case "SUM":
                result = total(scope.run, values)
            case "MIN":
                result = minimum(scope.run, values)
            case _:
                result = maximum(scope.run, values)
        if result is None:
            scope.run.warn(f"{self.aggregation}({', '.join(map(kind_of, values))})")
        return result
