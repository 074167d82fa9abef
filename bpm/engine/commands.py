"""The commands of the engine: everything that changes a process, a case or a task.

Each takes session, present moment and acting person, works in the caller's transaction and never
commits. They live by subject in the modules below; callers use them from here.
"""

from __future__ import annotations

from bpm.engine.deployment import deploy, set_active
from bpm.engine.job_handlers import complete_service, fail_service, run_timer
from bpm.engine.lifecycle import cancel, comment, resume, start, suspend
from bpm.engine.messages import deliver, signal
from bpm.engine.repair import retry
from bpm.engine.task_commands import claim, complete, delegate, release, task_scope

__all__ = [
    "cancel",
    "claim",
    "comment",
    "complete",
    "complete_service",
    "delegate",
    "deliver",
    "deploy",
    "fail_service",
    "release",
    "resume",
    "retry",
    "run_timer",
    "set_active",
    "signal",
    "start",
    "suspend",
    "task_scope",
]
