"""The commands of the engine: everything that changes a process, a case or a task.

Each takes session, present moment and acting person, works in the caller's transaction and never
commits. They live by subject in the modules below; callers use them from here.
"""

from __future__ import annotations

from bpm.engine.deployment import deploy, set_active
from bpm.engine.job_handlers import complete_service, fail_service, run_timer
from bpm.engine.lifecycle import cancel, comment, resume, start, suspend
from bpm.engine.messages.delivery import deliver, signal
from bpm.engine.migration.commands import migrate
from bpm.engine.migration.commands import undo as undo_migration
from bpm.engine.operations.bulk import create as do_with_many
from bpm.engine.operations.bulk import stop as stop_bulk
from bpm.engine.operations.moving import move, set_variables
from bpm.engine.operations.repair import retry
from bpm.engine.operations.suspension import resume_process, resume_version, suspend_process, suspend_version
from bpm.engine.services.external_tasks import Topic, bpmn_error, extend_lock, fetch_and_lock, unlock
from bpm.engine.services.external_tasks import complete as complete_external_task
from bpm.engine.services.external_tasks import fail as fail_external_task
from bpm.engine.tasks.commands import claim, complete, delegate, release, task_scope
from bpm.engine.timers.records import record_changed

__all__ = [
    "Topic",
    "bpmn_error",
    "cancel",
    "claim",
    "comment",
    "complete",
    "complete_external_task",
    "complete_service",
    "delegate",
    "deliver",
    "deploy",
    "do_with_many",
    "extend_lock",
    "fail_external_task",
    "fail_service",
    "fetch_and_lock",
    "migrate",
    "move",
    "record_changed",
    "release",
    "resume",
    "resume_process",
    "resume_version",
    "retry",
    "run_timer",
    "set_active",
    "set_variables",
    "signal",
    "start",
    "stop_bulk",
    "suspend",
    "suspend_process",
    "suspend_version",
    "task_scope",
    "undo_migration",
    "unlock",
]
