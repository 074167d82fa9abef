"""The engine's tables as SQLAlchemy Core sees them.

Commands write through these: an object for each row would cost more than the row itself. The
classes stand in ``models.py``.
"""

from __future__ import annotations

from typing import cast

from sqlalchemy import Connection, Table
from sqlalchemy.orm import Session

from bpm.db import Base
from bpm.engine import models
from bpm.jobs.models import Job
from bpm.people.models import Absence, Person
from bpm.worktime.models import Calendar, CalendarDay


def _table(model: type[Base]) -> Table:
    return cast(Table, model.__table__)


INSTANCE = _table(models.Instance)
VERSION = _table(models.ProcessVersion)
TASK = _table(models.UserTask)
CANDIDATE = _table(models.TaskCandidate)
COMMENT = _table(models.Comment)
SUBSCRIPTION = _table(models.EventSubscription)
MESSAGE = _table(models.Message)
RECEIPT = _table(models.MessageReceipt)
TIMER_RECORD = _table(models.TimerRecord)
EXTERNAL_TASK = _table(models.ExternalTask)
INCIDENT = _table(models.Incident)
HISTORY = _table(models.HistoryEvent)
VARIABLE_INDEX = _table(models.VariableIndex)
JOB = _table(Job)
PERSON = _table(Person)
ABSENCE = _table(Absence)
CALENDAR = _table(Calendar)
CALENDAR_DAY = _table(CalendarDay)

_KEPT = "bpm.engine.connection"


def connection_of(session: Session) -> Connection:
    """Return the connection of the session's transaction; asking the session each time costs more."""
    transaction = session.get_transaction()
    kept = session.info.get(_KEPT)
    if kept is not None and kept[0] is transaction and transaction is not None:
        return cast(Connection, kept[1])
    connection = session.connection()
    session.info[_KEPT] = (session.get_transaction(), connection)
    return connection
