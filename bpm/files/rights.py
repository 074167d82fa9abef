"""Who may read a file: whoever may see what it belongs to.

Cases and records live on higher floors; the place that puts the program together tells this
one how to ask them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from sqlalchemy.orm import Session

from bpm.files.models import StoredFile


class Reader(Protocol):
    """Whoever wants to read: a person."""

    @property
    def id(self) -> int: ...


# told the reader and the number of an instance or a record
Check = Callable[[Session, "Reader", int], bool]
_checks: dict[str, Check] = {}


def ask(owner: str, check: Check) -> None:
    """Let ``check`` decide who may read files that belong to an ``instance`` or a ``record``.

    Raises:
        ValueError: files belong to nothing of that name.
    """
    if owner not in ("instance", "record"):
        raise ValueError(f"Files do not belong to a {owner!r}.")
    _checks[owner] = check


def may_read(session: Session, reader: Reader | None, file: StoredFile) -> bool:
    """Return whether ``reader`` may see the file: his own, or of a case or record he may see."""
    if reader is None:
        return False
    if file.created_by_id == reader.id:
        return True
    return any(
        owner_id is not None and owner in _checks and _checks[owner](session, reader, owner_id)
        for owner, owner_id in (("instance", file.instance_id), ("record", file.record_id))
    )
