"""Service steps done by programs outside: fetch and lock, complete, fail, BPMN error, as Camunda 7 has them.

The members of bodies and answers bear Camunda's names, so that its workers need a new address and
little else. Durations are whole milliseconds.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any

from flask import Response, g
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import not_
from sqlalchemy.orm import joinedload

from bpm.api import present, schemas
from bpm.api.blueprint import api
from bpm.api.reading import page, typed
from bpm.engine import commands as engine
from bpm.engine.models import ExternalTask, Instance
from bpm.engine.services import external_tasks
from bpm.web.extensions import current_session
from bpm.web.request import clock

_SCOPE = "worker"
_A_YEAR = 366 * 24 * 60 * 60 * 1000
Milliseconds = Annotated[int, Field(ge=0, le=_A_YEAR)]
Worker = Annotated[str, Field(min_length=1, max_length=200)]


class TopicIn(BaseModel):
    """One topic; members of Camunda that have no meaning here are passed over."""

    model_config = ConfigDict(extra="ignore")

    topicName: schemas.Key
    lockDuration: Annotated[int, Field(ge=1, le=_A_YEAR)]
    variables: list[str] | None = None
    businessKey: str | None = None
    processDefinitionKey: str | None = None
    processDefinitionKeyIn: list[str] = Field(default_factory=list)


class FetchIn(BaseModel):
    """``asyncResponseTimeout`` is taken and not waited for: the answer comes at once, even if it is empty."""

    model_config = ConfigDict(extra="ignore")

    workerId: Worker
    maxTasks: Annotated[int, Field(ge=1, le=external_tasks.MOST_AT_ONCE)] = 10
    usePriority: bool = False
    asyncResponseTimeout: Annotated[int, Field(ge=0)] = 0
    topics: Annotated[list[TopicIn], Field(max_length=100)]


class WorkerIn(schemas.Input):
    workerId: Worker


class CompleteIn(WorkerIn):
    """A value is given as it is, or as Camunda's ``{"value": …, "type": …}``."""

    variables: schemas.Values = Field(default_factory=dict)
    localVariables: schemas.Values = Field(default_factory=dict)


class FailureIn(WorkerIn):
    errorMessage: Annotated[str, Field(max_length=20_000)] = ""
    errorDetails: Annotated[str, Field(max_length=20_000)] = ""
    retries: Annotated[int, Field(ge=0, le=2**31 - 1)] | None = None
    retryTimeout: Milliseconds = 0


class BpmnErrorIn(WorkerIn):
    errorCode: schemas.Key
    errorMessage: Annotated[str, Field(max_length=20_000)] = ""
    variables: schemas.Values = Field(default_factory=dict)


class ExtendIn(WorkerIn):
    newDuration: Annotated[int, Field(ge=1, le=_A_YEAR)]


class ExternalTaskOut(BaseModel):
    """A task; ``lockExpirationTime`` is empty while nobody holds it."""

    id: str
    topicName: str
    workerId: str | None
    lockExpirationTime: datetime | None
    activityId: str
    processInstanceId: str
    processDefinitionKey: str
    businessKey: str | None
    priority: int
    retries: int | None
    errorMessage: str | None
    errorDetails: str | None
    suspended: bool
    createTime: datetime


class FetchedOut(ExternalTaskOut):
    """A task that was locked, with what its step sees."""

    variables: schemas.Values


class FetchedList(BaseModel):
    items: list[FetchedOut]


class ExternalTaskList(schemas.Page):
    items: list[ExternalTaskOut]


class ExternalTaskQuery(schemas.PageQuery):
    topic: str | None = None
    worker: str | None = None
    instance: str | None = None
    locked: bool | None = None
    failed: bool | None = None


class LockOut(BaseModel):
    lockExpirationTime: datetime


@api.operation("POST", "/external-tasks/fetch-and-lock", result=FetchedList, body=FetchIn, scope=_SCOPE)
def fetch_external_tasks(body: FetchIn) -> FetchedList:
    """Lock the oldest tasks of some topics, or the most urgent ones, and return them with their variables.

    A task belongs to the worker until its lock ends; then anybody may fetch it again.
    """
    topics = [
        engine.Topic(
            one.topicName,
            timedelta(milliseconds=one.lockDuration),
            one.variables,
            [*one.processDefinitionKeyIn, *([one.processDefinitionKey] if one.processDefinitionKey else [])],
            one.businessKey,
        )
        for one in body.topics
    ]
    found = engine.fetch_and_lock(
        current_session(), clock().now(), g.person, body.workerId, topics, body.maxTasks,
        by_priority=body.usePriority,
    )  # fmt: skip
    return FetchedList(
        items=[FetchedOut(**_facts(one.task), variables=present.plain(one.variables)) for one in found]
    )


@api.operation("GET", "/external-tasks", result=ExternalTaskList, query=ExternalTaskQuery, scope=_SCOPE)
def list_external_tasks(query: ExternalTaskQuery) -> ExternalTaskList:
    """List the tasks that the caller may work on, the newest first."""
    now = clock().now()
    wanted = external_tasks.listing(current_session(), g.person).options(
        joinedload(ExternalTask.instance).joinedload(Instance.process)
    )
    if query.topic is not None:
        wanted = wanted.where(ExternalTask.topic == query.topic)
    if query.worker is not None:
        wanted = wanted.where(ExternalTask.worker == query.worker)
    if query.instance is not None:
        wanted = wanted.where(ExternalTask.instance.has(Instance.public_id == query.instance))
    if query.locked is not None:
        held = external_tasks.locked(now)
        wanted = wanted.where(held if query.locked else not_(held))
    if query.failed is not None:
        wanted = wanted.where(ExternalTask.retries == 0 if query.failed else ExternalTask.retries != 0)
    rows, following = page(current_session(), wanted, ExternalTask.id, query.cursor, query.limit)
    return ExternalTaskList(items=[ExternalTaskOut(**_facts(row)) for row in rows], next=following)


@api.operation("GET", "/external-tasks/<public_id>", result=ExternalTaskOut, scope=_SCOPE)
def get_external_task(public_id: str) -> ExternalTaskOut:
    """Return one task."""
    return ExternalTaskOut(**_facts(external_tasks.find(current_session(), g.person, public_id)))


@api.operation("POST", "/external-tasks/<public_id>/complete", body=CompleteIn, status=204, scope=_SCOPE)
def complete_external_task(public_id: str, body: CompleteIn) -> Response:
    """Complete a task; 409 names who holds its lock now, if the caller has lost it."""
    engine.complete_external_task(
        current_session(), clock().now(), g.person, public_id, body.workerId,
        _given(body.variables), _given(body.localVariables),
    )  # fmt: skip
    return Response(status=204)


@api.operation("POST", "/external-tasks/<public_id>/failure", body=FailureIn, status=204, scope=_SCOPE)
def fail_external_task(public_id: str, body: FailureIn) -> Response:
    """Tell that an attempt failed; with ``retries`` 0 it becomes an incident."""
    engine.fail_external_task(
        current_session(), clock().now(), g.person, public_id, body.workerId,
        body.errorMessage, body.errorDetails, body.retries, timedelta(milliseconds=body.retryTimeout),
    )  # fmt: skip
    return Response(status=204)


@api.operation("POST", "/external-tasks/<public_id>/bpmnError", body=BpmnErrorIn, status=204, scope=_SCOPE)
def throw_external_task_error(public_id: str, body: BpmnErrorIn) -> Response:
    """Throw a BPMN error at the step; what the diagram does not catch is an incident."""
    engine.bpmn_error(
        current_session(), clock().now(), g.person, public_id, body.workerId,
        body.errorCode, body.errorMessage, _given(body.variables),
    )  # fmt: skip
    return Response(status=204)


@api.operation("POST", "/external-tasks/<public_id>/extendLock", result=LockOut, body=ExtendIn, scope=_SCOPE)
def extend_external_task_lock(public_id: str, body: ExtendIn) -> LockOut:
    """Hold a task longer, counted from now."""
    until = engine.extend_lock(
        current_session(), clock().now(), g.person, public_id, body.workerId,
        timedelta(milliseconds=body.newDuration),
    )  # fmt: skip
    return LockOut(lockExpirationTime=until)


@api.operation("POST", "/external-tasks/<public_id>/unlock", status=204, scope=_SCOPE)
def unlock_external_task(public_id: str) -> Response:
    """Give a task back, whoever holds it."""
    engine.unlock(current_session(), clock().now(), g.person, public_id)
    return Response(status=204)


def _facts(task: ExternalTask) -> dict[str, Any]:
    held = task.worker is not None and task.available_at > clock().now()
    instance = task.instance
    return {
        "id": task.public_id,
        "topicName": task.topic,
        "workerId": task.worker,
        "lockExpirationTime": task.available_at if held else None,
        "activityId": task.element,
        "processInstanceId": instance.public_id,
        "processDefinitionKey": instance.process.key,
        "businessKey": instance.business_key,
        "priority": task.priority,
        "retries": task.retries,
        "errorMessage": task.error_message,
        "errorDetails": task.error_details,
        "suspended": instance.status == "suspended",
        "createTime": task.created_at,
    }


def _given(values: schemas.Values) -> dict[str, Any]:
    """Return values of a worker, taken out of Camunda's wrapping."""
    plain = {
        name: value["value"]
        if isinstance(value, dict) and "value" in value and set(value) <= {"value", "type", "valueInfo"}
        else value
        for name, value in values.items()
    }
    return typed(current_session(), g.person, plain)
