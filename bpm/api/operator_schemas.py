"""The shapes of what operators do: moving, migrating, variables, suspending, many cases at once."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints, field_validator

from bpm.api.schemas import Input, InstanceOut, Key, Page, PersonRef, Text, Values, VersionOut

ElementId = Annotated[str, StringConstraints(min_length=1, max_length=120)]
Number = Annotated[int, Field(ge=1, le=2**31 - 1)]
# from ids of the old version to ids of the new one; null gives an element up
Mapping = dict[ElementId, ElementId | None]


class StartAt(Input):
    """Where a token is set down. ``within``: the token of the sub-process that is meant, where several
    are open."""

    element: ElementId
    variables: Values = Field(default_factory=dict)
    within: ElementId | None = None


class MoveIn(Input):
    """``cancel``: tokens, or elements at which every token is taken away. ``start``: elements, or objects
    with variables."""

    cancel: list[ElementId] = Field(default_factory=list, max_length=200)
    start: list[StartAt] = Field(default_factory=list, max_length=200)
    reason: Text = ""

    @field_validator("start", mode="before")
    @classmethod
    def _elements_too(cls, value: Any) -> Any:
        if isinstance(value, list):
            return [{"element": one} if isinstance(one, str) else one for one in value]
        return value


class VariablesIn(Input):
    """``element``: write as a step there would (an element or a token); without it in the case itself."""

    values: Values
    element: ElementId | None = None
    reason: Text = ""


class MigrateQuery(BaseModel):
    dry_run: bool = False


class MigrateIn(Input):
    """``to``: number of the version."""

    to: Number
    mapping: Mapping = Field(default_factory=dict)
    reason: Text = ""


class MigrateManyIn(MigrateIn):
    """``instances``: only these cases; without it every running case of the version."""

    instances: list[Key] | None = Field(default=None, max_length=10_000)


class PlannedStep(BaseModel):
    token: str
    element: str
    name: str
    action: Literal["stays", "moves", "cannot"]
    target: str | None
    reason: str


class PlannedChange(BaseModel):
    element: str
    kind: str
    text: str
    before: Any = None
    after: Any = None


class MigrationPlan(BaseModel):
    """What would become of one case: each token, and what changes around it."""

    instance: str
    title: str
    from_version: int
    to_version: int
    possible: bool
    reasons: list[str]
    steps: list[PlannedStep]
    changes: list[PlannedChange]


class MigrationOut(BaseModel):
    """``instance`` is empty after a dry run."""

    dry_run: bool
    plan: MigrationPlan
    instance: InstanceOut | None = None


class SuspendIn(Input):
    """``cases``: the running cases too (of resume: the suspended ones)."""

    cases: bool = False


class BulkFailure(BaseModel):
    instance: str
    reason: str


class BulkOut(BaseModel):
    """One deed on many cases. ``status``: running, done, stopped. ``failures``: the first hundred."""

    id: str
    kind: str
    status: str
    total: int
    done: int
    failed: int
    created_by: PersonRef | None
    created_at: datetime
    ended_at: datetime | None
    failures: list[BulkFailure] = Field(default_factory=list)


class BulkList(Page):
    items: list[BulkOut]


class SuspendedOut(BaseModel):
    """``bulk``: the operation that does the same to the cases, if that was asked for."""

    process: str
    version: VersionOut | None
    suspended: bool
    bulk: BulkOut | None


class MigrateManyOut(Page):
    """After a dry run ``plans``, a page at a time; else the operation that does it."""

    dry_run: bool
    plans: list[MigrationPlan] = Field(default_factory=list)
    bulk: BulkOut | None = None


class Selection(Input):
    process: Key
    version: Number | None = None
    status: Literal["active", "suspended"] | None = None
    with_incidents: bool = False


class BulkIn(Input):
    """Either ``instances`` or ``selection``. ``parameters``: of the deed, as its own call takes them."""

    kind: Literal["cancel", "suspend", "resume", "retry", "move", "migrate", "set_variables"]
    parameters: Values = Field(default_factory=dict)
    instances: list[Key] | None = Field(default=None, max_length=10_000)
    selection: Selection | None = None
