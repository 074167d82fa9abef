"""Times as people say them, seen on Tuesday, 3 March 2026, 9:00 in Warsaw."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from markupsafe import Markup

from bpm.language import using
from bpm.web import moments
from bpm.web.filters import initials, translated, translated_plural

Shift = dict[str, float]


@pytest.mark.parametrize(
    ("shift", "words"),
    [
        ({"seconds": 5}, "just now"),
        ({"minutes": 5}, "5 minutes ago"),
        ({"hours": 2}, "today at 07:00"),
        ({"hours": 12}, "yesterday at 21:00"),
        ({"days": 4}, "on Friday"),
        ({"days": 20}, "11 February"),
        ({"days": 400}, "27 January 2025"),
    ],
)
def test_ago(now: datetime, shift: Shift, words: str) -> None:
    with using("en", "Europe/Warsaw"):
        assert moments.ago(now - timedelta(**shift), now) == words


@pytest.mark.parametrize(
    ("shift", "words"),
    [
        ({"hours": 2}, "since 07:00"),
        ({"days": 1}, "since yesterday"),
        ({"days": 4}, "since Friday"),
        ({"days": 20}, "since 11 February"),
    ],
)
def test_since(now: datetime, shift: Shift, words: str) -> None:
    with using("en", "Europe/Warsaw"):
        assert moments.since(now - timedelta(**shift), now) == words


@pytest.mark.parametrize(
    ("shift", "words", "kind"),
    [
        ({"hours": 3}, "due today, 12:00", "waiting"),
        ({"days": 1}, "due tomorrow", "idle"),
        ({"days": 3}, "due Friday", "idle"),
        ({"days": 10}, "due 13 March", "idle"),
        ({"hours": -2}, "late by 2 hours", "late"),
    ],
)
def test_due(now: datetime, shift: Shift, words: str, kind: str) -> None:
    at = now + timedelta(**shift)
    with using("en", "Europe/Warsaw"):
        assert moments.due(at, now) == words
        assert moments.due_kind(at, now) == kind
        assert moments.due_kind(at, now, done=True) == "idle"


def test_a_date_lasts_to_its_end_where_the_reader_is(now: datetime) -> None:
    with using("en", "Europe/Warsaw"):
        assert moments.due(date(2026, 3, 3), now) == "due today"
        assert moments.is_late(date(2026, 3, 2), now)


def test_the_day_is_the_readers(now: datetime) -> None:
    late_evening = now + timedelta(hours=13)
    with using("en", "Europe/Warsaw"):
        assert moments.day(late_evening, now) == "today"
    with using("en", "Asia/Tokyo"):
        assert moments.day(late_evening, now) == "tomorrow"


def test_english_is_written_as_in_europe(now: datetime) -> None:
    with using("en", "Europe/Warsaw"):
        assert moments.whole(now) == "3 Mar 2026, 09:00"
    with using("pl", "Europe/Warsaw"):
        assert moments.whole(now) == "3 mar 2026, 09:00"


def test_values_of_a_sentence_are_escaped_beside_markup(site: Flask) -> None:
    with using("en"):
        text = translated("%(who)s told %(whom)s", who=Markup("<b>Ann</b>"), whom="<i>")
        assert text == Markup("<b>Ann</b> told &lt;i&gt;")
        assert translated("100% sure") == "100% sure"
        assert translated_plural("%(num)s of %(all)s", "%(num)s of %(all)s", 2, all=5) == "2 of 5"


def test_initials() -> None:
    assert initials("Anna Maria Nowak") == "AN"
    assert initials("Cher") == "C"
    assert initials("") == "?"
