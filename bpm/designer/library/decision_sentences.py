"""The difference of two decision models as sentences: “Discount, rule 2: “Sum” “< 100” → “< 50”.”"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy.orm import Session

from bpm.designer.library.decision_trial import Look, looks
from bpm.dmn.tables import Rule, Table
from bpm.language import _


def differences(session: Session, old: str, new: str) -> list[str]:
    """Return what has changed from one file of decisions to another, a sentence each."""
    if old == new:
        return []
    before = {look.id: look for look in looks(session, old)}
    after = {look.id: look for look in looks(session, new)}
    found: list[str] = []
    if before and after:  # else one of them cannot be read
        found += [
            _("“%(name)s” was added.", name=one.name) for key, one in after.items() if key not in before
        ]
        found += [
            _("“%(name)s” was removed.", name=one.name) for key, one in before.items() if key not in after
        ]
        for key in [one for one in after if one in before]:
            found += _of_one(before[key], after[key])
    return found or [_("What has changed stands outside the tables, for instance in a formula.")]


def _of_one(old: Look, new: Look) -> Iterator[str]:
    if old.name != new.name:
        yield _("“%(old)s” is called “%(new)s” now.", old=old.name, new=new.name)
    if old.table is None or new.table is None:
        if old.table is not new.table:
            yield _("“%(name)s” is a formula now, or no longer one.", name=new.name)
        return
    before, after = _columns(old.table), _columns(new.table)
    for name in after:
        if name not in before:
            yield _("“%(table)s”: the column “%(name)s” was added.", table=new.name, name=name)
    for name in before:
        if name not in after:
            yield _("“%(table)s”: the column “%(name)s” was removed.", table=new.name, name=name)
    if (old.table.policy, old.table.aggregation) != (new.table.policy, new.table.aggregation):
        yield _("“%(table)s”: which of the rules that fit count has changed.", table=new.name)
    yield from _of_rules(new.name, old.table, new.table)


def _of_rules(name: str, old: Table, new: Table) -> Iterator[str]:
    before, after = {rule.id: rule for rule in old.rules}, {rule.id: rule for rule in new.rules}
    for rule in new.rules:
        if rule.id not in before:
            yield _("“%(table)s”: rule %(number)s was added.", table=name, number=rule.number)
            continue
        subject = _("“%(table)s”, rule %(number)s", table=name, number=rule.number)
        was, now = _cells(old, before[rule.id]), _cells(new, rule)
        for column in now:
            if column in was and was[column] != now[column]:
                yield _(
                    "%(subject)s: %(what)s %(old)s → %(new)s.",
                    subject=subject, what=f"“{column}”", old=_shown(was[column]), new=_shown(now[column]),
                )  # fmt: skip
    for rule in old.rules:
        if rule.id not in after:
            yield _("“%(table)s”: rule %(number)s was removed.", table=name, number=rule.number)
    if [one for one in before if one in after] != [one for one in after if one in before]:
        yield _("“%(table)s”: the order of the rules has changed.", table=name)


def _columns(table: Table) -> list[str]:
    inputs = [one.label or one.text for one in table.inputs]
    return inputs + [one.label or one.name or table.name for one in table.outputs]


def _cells(table: Table, rule: Rule) -> dict[str, str]:
    return dict(zip(_columns(table), [*rule.texts, *rule.result_texts], strict=False))


def _shown(text: str) -> str:
    return f"“{text}”" if text else "–"
