"""The shapes of the API's bodies and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from bpm.language import _

Text = Annotated[str, StringConstraints(max_length=2000)]
Key = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Values = dict[str, Any]


class Input(BaseModel):
    """A body: an unknown member is a mistake of the caller and is named."""

    model_config = ConfigDict(extra="forbid")

    @field_validator("*", mode="before")
    @classmethod
    def _can_be_kept(cls, value: Any) -> Any:
        """PostgreSQL holds no zero character; what is inside of values is checked, and named, with them."""
        if isinstance(value, str) and "\x00" in value:
            raise ValueError(_("the text contains a zero character"))
        return value


class PersonRef(BaseModel):
    """Somebody, by the name people read and the login programs use."""

    login: str
    name: str


class Page(BaseModel):
    """Where the next page begins; None at the end."""

    next: str | None = None


class PageQuery(BaseModel):
    """Which part of a list is wanted."""

    limit: int = Field(50, ge=1, le=200)
    cursor: str | None = None


# ------------------------------------------------------------------- deployments


class DeploymentQuery(BaseModel):
    dry_run: bool = False


class DeployedItem(BaseModel):
    file: str
    kind: Literal["process", "form", "decision"]
    key: str
    version: int
    name: str = ""


class DeploymentProblem(BaseModel):
    file: str
    element: str | None
    severity: Literal["error", "warning", "advice"]
    message: str
    code: str = ""
    # what to do, and an edit that mends it (action, element, values), where there is one
    advice: str = ""
    fix: dict[str, Any] | None = None


class Deployment(BaseModel):
    """What was published, or would be (dry run)."""

    deployed: list[DeployedItem]
    problems: list[DeploymentProblem]
    dry_run: bool = False


# --------------------------------------------------------------------- processes


class ProcessOut(BaseModel):
    key: str
    name: str
    names: dict[str, str]
    version: int
    start_form: str | None = None
    record_type: str | None = None
    may_start: bool


class ProcessList(Page):
    items: list[ProcessOut]


class VersionOut(BaseModel):
    process: str
    number: int
    note: str
    published_at: datetime
    published_by: PersonRef | None
    hash: str
    suspended: bool = False


class VersionList(Page):
    items: list[VersionOut]


class StartIn(Input):
    """``record``: public id of the record the case is about, for instance a deal. ``start_at``: elements at
    which it begins instead of its start event, for the owner of the process and administrators."""

    variables: Values = Field(default_factory=dict)
    business_key: Annotated[str, StringConstraints(max_length=200)] | None = None
    record: str | None = None
    version: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = None
    start_at: list[Annotated[str, StringConstraints(min_length=1, max_length=120)]] = Field(
        default_factory=list, max_length=50
    )


# --------------------------------------------------------------------- instances


class WaitOut(BaseModel):
    kind: str
    element: str
    name: str
    since: datetime | None = None
    due: datetime | None = None
    task: str | None = None
    who: list[PersonRef] = Field(default_factory=list)
    groups: list[str] = Field(default_factory=list)


class IncidentOut(BaseModel):
    id: str
    instance: str
    element: str | None
    kind: str
    message: str
    created_at: datetime
    resolved_at: datetime | None = None
    resolution: str | None = None


class IncidentList(Page):
    items: list[IncidentOut]


class InstanceSummary(BaseModel):
    id: str
    process: str
    version: int
    title: str
    status: str
    outcome: str | None
    business_key: str | None
    record: str | None
    started_by: PersonRef | None
    started_at: datetime
    ended_at: datetime | None


class InstanceOut(InstanceSummary):
    """A case with its variables and everything it waits for."""

    variables: Values
    waits_for: list[WaitOut]
    incidents: list[IncidentOut]
    parent: str | None = None
    revision: int


class InstanceList(Page):
    items: list[InstanceSummary]


class InstanceQuery(PageQuery):
    process: str | None = None
    status: str | None = None
    started_by: str | None = None
    text: str | None = None
    business_key: str | None = None
    record: str | None = None


class ReasonIn(Input):
    reason: Text = ""


class HistoryEventOut(BaseModel):
    seq: int
    at: datetime
    actor: PersonRef | None
    on_behalf_of: PersonRef | None
    kind: str
    element: str | None
    element_name: str
    text: str
    data: Values
    hash: str


class HistoryOut(Page):
    items: list[HistoryEventOut]


# ------------------------------------------------------------------------- tasks


class OutcomeOut(BaseModel):
    key: str
    label: str
    comment: str
    tone: str


class TaskSummary(BaseModel):
    id: str
    title: str
    instance: str
    process: str
    element: str
    status: str
    assignee: PersonRef | None
    candidates: list[PersonRef]
    candidate_groups: list[str]
    outcome: str | None
    outcomes: list[OutcomeOut]
    form: str | None
    priority: int
    created_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    completed_by: PersonRef | None
    on_behalf_of: PersonRef | None


class TaskOut(TaskSummary):
    """A task with the case's variables as its form sees them."""

    variables: Values
    fields: list[dict[str, Any]]
    may: list[str]
    revision: int


class TaskList(Page):
    items: list[TaskSummary]


class TaskQuery(PageQuery):
    """``assignee``: me, or a login (for those who may see that person's tasks)."""

    assignee: str | None = None
    candidate: str | None = None
    instance: str | None = None
    status: str = "open"
    process: str | None = None
    text: str | None = None


class CompleteIn(Input):
    outcome: Annotated[str, StringConstraints(max_length=60)] | None = None
    values: Values = Field(default_factory=dict)
    comment: Annotated[str, StringConstraints(max_length=20_000)] = ""


class DelegateIn(Input):
    to: Key
    comment: Text = ""


# ---------------------------------------------------------------- messages, clock


class MessageIn(Input):
    """``id``: of the sender's own; sent again, the message has no second effect. ``time_to_live``: how
    long it is kept for somebody to wait for it, an ISO 8601 duration or ``30m``; P30D unless said
    otherwise, PT0S not at all."""

    name: Key
    correlation: str | int | None = None
    payload: Values = Field(default_factory=dict)
    id: Key | None = None
    time_to_live: Annotated[str, StringConstraints(max_length=60)] | None = None


class SignalIn(Input):
    name: Key
    payload: Values = Field(default_factory=dict)


class Delivered(BaseModel):
    """How many instances took it; a message that nobody took is kept (``buffered``)."""

    delivered: int
    buffered: bool = False


class AdvanceIn(Input):
    """An ISO 8601 duration, for instance P3D."""

    advance: Key


class ClockOut(BaseModel):
    now: datetime
    jobs_run: int


# -------------------------------------------------------------------- operations


class JobOut(BaseModel):
    id: str
    kind: str
    instance: str | None
    due_at: datetime
    failures: int
    dead: bool
    last_error: str | None


class JobList(Page):
    items: list[JobOut]


class RetryIn(Input):
    """``values``: written in place of the results of a step that is skipped. ``start``: elements where the
    case goes on, of ``move``."""

    action: Literal["retry", "skip", "move", "cancel"] = "retry"
    values: Values = Field(default_factory=dict)
    start: list[Annotated[str, StringConstraints(min_length=1, max_length=120)]] = Field(
        default_factory=list, max_length=50
    )
    reason: Text = ""


# ----------------------------------------------------------------------- records


class RecordOut(BaseModel):
    id: str
    type: str
    number: int
    title: str
    stage: str | None
    responsible: PersonRef | None
    values: Values
    revision: int
    created_at: datetime
    changed_at: datetime


class RecordList(Page):
    items: list[RecordOut]


class RecordQuery(PageQuery):
    stage: str | None = None
    text: str | None = None


class RecordIn(Input):
    values: Values = Field(default_factory=dict)
    stage: str | None = None
    responsible: str | None = None
