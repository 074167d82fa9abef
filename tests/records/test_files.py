"""Files that belong to a record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bpm.clock import MovableClock
from bpm.db import Database
from bpm.errors import NotFound
from bpm.files import commands as files
from bpm.files.queries import readable_file
from bpm.people.models import Person
from bpm.people.queries import required_person
from bpm.records.models import Record
from tests.office import open_office


def test_whoever_may_see_a_record_reads_its_files(
    database: Database,
    clock: MovableClock,
    tmp_path: Path,
    session: Session,
    anna: Person,
    make: Callable[..., Record],
    now: datetime,
) -> None:
    with open_office(database, clock, tmp_path) as office:
        record, olga = make("company", name="Delta"), required_person(session, "olga.ivanova")
        file = files.keep(session, office.installation.files, now, anna, "terms.txt", b"30 days", limit=100)
        with pytest.raises(NotFound):
            readable_file(session, olga, file.public_id)

        files.attach(file, record_id=record.id)

        assert readable_file(session, olga, file.public_id) is file
        with pytest.raises(NotFound):
            readable_file(session, None, file.public_id)
        record.deleted_at = now
        with pytest.raises(NotFound):
            readable_file(session, olga, file.public_id)
