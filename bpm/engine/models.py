"""Processes, their versions and instances, and everything an instance waits for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bpm.db import Base, Numbered, Public, Reference
from bpm.people.models import Group, Person


class Process(Public, Base):
    """A process as people know it; what it does stands in its versions."""

    __tablename__ = "process"

    key: Mapped[str] = mapped_column(String(120), unique=True)
    # {"en": …, "ru": …, "pl": …}, from the newest version
    names: Mapped[dict[str, Any]]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    active: Mapped[bool] = mapped_column(default=True, server_default=true())
    # who must have looked at a version before it is published: a person, or one of a group; nobody: free
    reviewer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    review_group_id: Mapped[int | None] = mapped_column(ForeignKey("person_group.id"))

    owner: Mapped[Person | None] = relationship(foreign_keys=[owner_id])
    reviewer: Mapped[Person | None] = relationship(foreign_keys=[reviewer_id])
    review_group: Mapped[Group | None] = relationship()


class ProcessVersion(Numbered, Base):
    """One publication. ``properties``: what lists need without compiling the diagram —
    who may start it, start form, record type, start events, help text."""

    __tablename__ = "process_version"

    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    number: Mapped[int] = mapped_column(Integer)
    process_key: Mapped[str] = mapped_column(String(120), index=True)
    xml: Mapped[str] = mapped_column(Text)
    svg: Mapped[str | None] = mapped_column(Text)
    compiled: Mapped[bytes | None] = mapped_column(LargeBinary)
    hash: Mapped[str] = mapped_column(String(64), index=True)
    properties: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(Text, default="")
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime]
    # who looked at it before, if anybody was asked
    reviewed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # no case can begin with it until it is let go on
    suspended: Mapped[bool] = mapped_column(default=False, server_default=false())

    process: Mapped[Process] = relationship()
    published_by: Mapped[Person | None] = relationship(foreign_keys=[published_by_id])
    reviewed_by: Mapped[Person | None] = relationship(foreign_keys=[reviewed_by_id])

    __table_args__ = (UniqueConstraint("process_id", "number"),)


class Instance(Public, Base):
    """One run of a process.

    ``status``: active, suspended, completed, cancelled, failed (an open incident keeps it active).
    Called processes are instances of their own; ``root_id`` names the outermost one, whose row
    is the lock of the whole tree.
    """

    __tablename__ = "instance"

    version_id: Mapped[int] = mapped_column(ForeignKey("process_version.id"), index=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    titles: Mapped[dict[str, Any]]
    search_text: Mapped[str] = mapped_column(Text, default="")
    business_key: Mapped[str | None] = mapped_column(String(200), index=True)
    record_id: Mapped[int | None] = mapped_column(Reference, index=True)
    status: Mapped[str] = mapped_column(String(20))
    # key of the end event that was reached, for instance "signed"
    outcome: Mapped[str | None] = mapped_column(String(120))
    state: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    revision: Mapped[int] = mapped_column(Integer, default=1)
    root_id: Mapped[int | None] = mapped_column(ForeignKey("instance.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("instance.id"), index=True)
    parent_token: Mapped[str | None] = mapped_column(String(60))
    started_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    # how many incidents are open: lists show it, and commands need not look for any
    open_incidents: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    history_length: Mapped[int] = mapped_column(Integer, default=0)
    history_hash: Mapped[str] = mapped_column(String(64), default="")

    version: Mapped[ProcessVersion] = relationship()
    process: Mapped[Process] = relationship()
    started_by: Mapped[Person | None] = relationship(foreign_keys=[started_by_id])
    parent: Mapped[Instance | None] = relationship(foreign_keys=[parent_id], remote_side="Instance.id")

    __mapper_args__ = {"version_id_col": revision}
    __table_args__ = (
        Index("ix_instance_list", "process_id", "status", "started_at"),
        Index("ix_instance_started_at", "started_at"),
        # for the look at every running case, whether it still waits for something
        Index(
            "ix_instance_active",
            "id",
            postgresql_where=text("status = 'active'"),
            sqlite_where=text("status = 'active'"),
        ),
    )


class VariableIndex(Base):
    """Variables that an owner marked searchable."""

    __tablename__ = "variable_index"

    instance_id: Mapped[int] = mapped_column(ForeignKey("instance.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(120), primary_key=True)
    value: Mapped[str] = mapped_column(String(400), index=True)


class UserTask(Public, Base):
    """Something a person has to do. ``status``: open, completed, withdrawn."""

    __tablename__ = "user_task"

    instance_id: Mapped[int] = mapped_column(ForeignKey("instance.id"), index=True)
    token: Mapped[str] = mapped_column(String(60))
    element: Mapped[str] = mapped_column(String(120))
    titles: Mapped[dict[str, Any]]
    search_text: Mapped[str] = mapped_column(Text, default="")
    form_key: Mapped[str | None] = mapped_column(String(120))
    # [{"key", "labels", "comment": "required|optional|none", "tone": "positive|neutral|negative"}]
    outcomes: Mapped[list[Any]]
    status: Mapped[str] = mapped_column(String(20))
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    # who would hold the task were it not for an absence or an own request
    original_assignee_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    claimed_at: Mapped[datetime | None]
    priority: Mapped[int] = mapped_column(Integer, default=0)
    # nobody may decide on his own request
    approval: Mapped[bool] = mapped_column(default=False, server_default=false())
    due_at: Mapped[datetime | None]
    # the order of the inbox: due_at, and the far future for tasks without a term
    sort_at: Mapped[datetime]
    follow_up_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    # why a task was withdrawn: decided, timer, event, cancelled, error
    ended_because: Mapped[str | None] = mapped_column(String(20))
    outcome: Mapped[str | None] = mapped_column(String(60))
    # of a withdrawn task: whose decision ended it
    completed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    on_behalf_of_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    revision: Mapped[int] = mapped_column(Integer, default=1)

    instance: Mapped[Instance] = relationship()
    assignee: Mapped[Person | None] = relationship(foreign_keys=[assignee_id])
    original_assignee: Mapped[Person | None] = relationship(foreign_keys=[original_assignee_id])
    completed_by: Mapped[Person | None] = relationship(foreign_keys=[completed_by_id])
    on_behalf_of: Mapped[Person | None] = relationship(foreign_keys=[on_behalf_of_id])
    candidates: Mapped[list[TaskCandidate]] = relationship(back_populates="task")

    __table_args__ = (
        Index("ix_user_task_inbox", "assignee_id", "status", "sort_at", "id"),
        Index("ix_user_task_open", "status", "sort_at", "id"),
        Index("ix_user_task_done", "completed_by_id", "ended_at"),
        Index(
            "ix_user_task_original",
            "original_assignee_id",
            postgresql_where=text("original_assignee_id IS NOT NULL"),
            sqlite_where=text("original_assignee_id IS NOT NULL"),
        ),
    )


class TaskCandidate(Numbered, Base):
    """A person or a group that may claim a task."""

    __tablename__ = "task_candidate"

    task_id: Mapped[int] = mapped_column(ForeignKey("user_task.id"), index=True)
    # the task is open and nobody has taken it: copied so that the inbox reads one index
    open: Mapped[bool] = mapped_column(default=True, server_default=true())
    sort_at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    group_id: Mapped[int | None] = mapped_column(ForeignKey("person_group.id"))

    task: Mapped[UserTask] = relationship(back_populates="candidates")
    person: Mapped[Person | None] = relationship()
    group: Mapped[Group | None] = relationship()

    __table_args__ = (
        Index("ix_task_candidate_person", "person_id", "open", "sort_at", "task_id"),
        Index("ix_task_candidate_group", "group_id", "open", "sort_at", "task_id"),
    )


class Comment(Public, Base):
    """What somebody said about a case or a task."""

    __tablename__ = "comment"

    instance_id: Mapped[int] = mapped_column(ForeignKey("instance.id"), index=True)
    task_id: Mapped[int | None] = mapped_column(ForeignKey("user_task.id"), index=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]

    author: Mapped[Person] = relationship()


class Attachment(Numbered, Base):
    """A stored file that belongs to a case."""

    __tablename__ = "attachment"

    instance_id: Mapped[int] = mapped_column(ForeignKey("instance.id"), index=True)
    task_id: Mapped[int | None] = mapped_column(ForeignKey("user_task.id"))
    file_id: Mapped[int] = mapped_column(ForeignKey("stored_file.id"), index=True)
    variable: Mapped[str | None] = mapped_column(String(120))
    at: Mapped[datetime]


class EventSubscription(Numbered, Base):
    """A message, signal or condition that an instance waits for, or an event that starts a process.

    ``scheme`` names how BPMN correlation finds the correlation in a message's payload; without one
    the sender says it. See ``messages/correlation.py``.
    """

    __tablename__ = "event_subscription"

    # exactly one of instance and process
    instance_id: Mapped[int | None] = mapped_column(ForeignKey("instance.id"), index=True)
    process_id: Mapped[int | None] = mapped_column(ForeignKey("process.id"), index=True)
    element: Mapped[str] = mapped_column(String(120))
    token: Mapped[str | None] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    correlation: Mapped[str | None] = mapped_column(String(200))
    scheme: Mapped[str | None] = mapped_column(String(40))

    instance: Mapped[Instance | None] = relationship()

    __table_args__ = (
        Index("ix_event_subscription_event", "kind", "name", "correlation"),
        Index(
            "ix_event_subscription_scheme",
            "name",
            "scheme",
            "correlation",
            postgresql_where=text("scheme IS NOT NULL"),
            sqlite_where=text("scheme IS NOT NULL"),
        ),
    )


class Message(Public, Base):
    """A message kept until somebody waits for it or it expires."""

    __tablename__ = "message"

    name: Mapped[str] = mapped_column(String(200))
    correlation: Mapped[str | None] = mapped_column(String(200))
    payload: Mapped[dict[str, Any]]
    received_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    # public id of the case that threw it without saying to whom: whoever answers, answers that case
    conversation: Mapped[str | None] = mapped_column(String(24))

    __table_args__ = (
        Index("ix_message_event", "name", "correlation"),
        Index("ix_message_expires_at", "expires_at"),
    )


class MessageReceipt(Numbered, Base):
    """That a message with an id of its sender came: sent again, it has no second effect."""

    __tablename__ = "message_receipt"

    name: Mapped[str] = mapped_column(String(200))
    message_id: Mapped[str] = mapped_column(String(200))
    delivered: Mapped[int] = mapped_column(Integer, default=0)
    received_at: Mapped[datetime]
    forget_at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (UniqueConstraint("name", "message_id"),)


class TimerRecord(Numbered, Base):
    """A record whose fields say when a timer is due: when it changes, the timer is set anew."""

    __tablename__ = "timer_record"

    instance_id: Mapped[int] = mapped_column(ForeignKey("instance.id"), index=True)
    token: Mapped[str] = mapped_column(String(60))
    record: Mapped[str] = mapped_column(String(24), index=True)


class ExternalTask(Public, Base):
    """A service step that a program outside fetches, locks, does and completes.

    ``available_at``: when it may be fetched; the end of its lock while somebody holds it, the far
    future while an incident is open.
    """

    __tablename__ = "external_task"

    instance_id: Mapped[int] = mapped_column(ForeignKey("instance.id"), index=True)
    process_id: Mapped[int] = mapped_column(ForeignKey("process.id"))
    element: Mapped[str] = mapped_column(String(120))
    token: Mapped[str] = mapped_column(String(60))
    topic: Mapped[str] = mapped_column(String(200))
    priority: Mapped[int] = mapped_column(Integer, default=0)
    # None until the diagram or a worker says how many attempts are left
    retries: Mapped[int | None] = mapped_column(Integer)
    worker: Mapped[str | None] = mapped_column(String(200))
    available_at: Mapped[datetime]
    error_message: Mapped[str | None] = mapped_column(Text)
    error_details: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]

    instance: Mapped[Instance] = relationship()

    __table_args__ = (
        Index("ix_external_task_topic", "topic", "available_at", "id"),
        Index("ix_external_task_priority", "topic", "priority", "id"),
    )


class Incident(Public, Base):
    """Something that failed and waits for a person. Open while ``resolved_at`` is empty."""

    __tablename__ = "incident"

    instance_id: Mapped[int] = mapped_column(ForeignKey("instance.id"), index=True)
    element: Mapped[str | None] = mapped_column(String(120))
    token: Mapped[str | None] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(40))
    # {"text": msgid, "values": {...}}: shown in the reader's language
    cause: Mapped[dict[str, Any]]
    job_id: Mapped[int | None] = mapped_column(Reference)
    created_at: Mapped[datetime]
    resolved_at: Mapped[datetime | None]
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    resolution: Mapped[str | None] = mapped_column(String(20))

    instance: Mapped[Instance] = relationship()


class HistoryEvent(Base):
    """One thing that happened to an instance. Rows are only ever added."""

    __tablename__ = "history_event"

    instance_id: Mapped[int] = mapped_column(ForeignKey("instance.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    on_behalf_of_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str] = mapped_column(String(40))
    element: Mapped[str | None] = mapped_column(String(120))
    data: Mapped[dict[str, Any]]
    hash: Mapped[str] = mapped_column(String(64))

    actor: Mapped[Person | None] = relationship(foreign_keys=[actor_id])
    on_behalf_of: Mapped[Person | None] = relationship(foreign_keys=[on_behalf_of_id])

    __table_args__ = (Index("ix_history_event_at", "at"),)
