"""Registers: numbers that follow one another within a year, without gaps or repetitions.

Owns the counters; they lie in the settings of the installation, a row each.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bpm.db import Setting
from bpm.language import time_zone


def next_number(session: Session, now: datetime, register: str) -> str:
    """Return the next number of a register, ``12/2026``; numbering begins anew each year.

    The counter stays locked until the transaction ends, so a number that is rolled back is given
    to the next one who asks.
    """
    year = now.astimezone(ZoneInfo(time_zone())).year
    key = f"register:{register[:80]}:{year}"
    counter = session.scalar(select(Setting).where(Setting.key == key).with_for_update())
    if counter is None:
        counter = Setting(key=key, value={"last": 0})
        session.add(counter)
    counter.value = {"last": int(counter.value["last"]) + 1}
    session.flush()
    return f"{counter.value['last']}/{year}"
