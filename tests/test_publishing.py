"""Publishing files of every kind at once: all of them or none."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bpm.config import ROOT
from bpm.dmn.models import Decision
from bpm.engine.models import ProcessVersion
from bpm.forms.models import Form
from bpm.publishing import Publication, check, executable_processes, publish
from tests.designer.diagrams import runnable, without_condition
from tests.dmn.models import decision, definitions, literal

FORM = json.dumps(
    {"type": "default", "components": [{"type": "textfield", "key": "why", "label": "Why"}]}
).encode()
ROUTE = definitions(decision("route", literal('"head"')))
LEAVE = runnable("leave").encode()


def published(result: Publication) -> list[tuple[str, str, int]]:
    return [(item.kind, item.key, item.version) for item in result.published]


def kept(session: Session) -> int:
    return sum(
        session.scalar(select(func.count()).select_from(table)) or 0
        for table in (Form, Decision, ProcessVersion)
    )


def test_forms_and_decisions_are_published_before_the_diagrams(session: Session, now: datetime) -> None:
    files = [("leave.bpmn", LEAVE), ("leave_form.json", FORM), ("route.dmn", ROUTE)]

    result = publish(session, now, None, files, note="First")

    assert published(result) == [("form", "leave_form", 1), ("decision", "route", 1), ("process", "leave", 1)]
    assert not result.refused and kept(session) == 3
    assert session.scalars(select(ProcessVersion.note)).all() == ["First"]


def test_one_refused_file_keeps_the_others_out(session: Session, now: datetime) -> None:
    faulty = without_condition("other").encode()

    result = publish(
        session, now, None, [("leave.bpmn", LEAVE), ("form.json", FORM), ("faulty.bpmn", faulty)]
    )

    assert result.refused and result.published == [] and kept(session) == 0
    faults = [problem for problem in result.problems if problem.severity == "error"]
    assert {problem.file for problem in faults} == {"faulty.bpmn"}
    assert {problem.element for problem in faults} & {"how", "f2", "f3"}


def test_a_trial_says_what_would_happen_and_keeps_nothing(session: Session, now: datetime) -> None:
    result = publish(session, now, None, [("leave.bpmn", LEAVE), ("route.dmn", ROUTE)], dry_run=True)

    assert published(result) == [("decision", "route", 1), ("process", "leave", 1)]
    assert kept(session) == 0


@pytest.mark.parametrize("content", [b"", b"hello", b"\x89PNG\r\n", b"<a", b"<html/>", b"{", b"[1]"])
def test_what_is_nothing_of_ours_is_refused_by_name(session: Session, now: datetime, content: bytes) -> None:
    result = publish(session, now, None, [("odd.file", content), ("leave.bpmn", LEAVE)])

    assert result.refused and {problem.file for problem in result.problems} == {"odd.file"}
    assert all(problem.message for problem in result.problems) and kept(session) == 0


def test_problems_of_forms_and_decisions_name_their_place(session: Session, now: datetime) -> None:
    form = FORM.replace(b"textfield", b"hologram")
    faulty = definitions(
        decision("route", literal("1 +").replace("<literalExpression", '<literalExpression id="way"'))
    )

    result = publish(session, now, None, [("form.json", form), ("route.dmn", faulty)])

    places = {problem.file: problem.element for problem in result.problems}
    assert places == {"form.json": "why", "route.dmn": "way"}
    assert all(
        problem.line().startswith(f"{problem.file}: {problem.element}: ") for problem in result.problems
    )


def test_files_without_a_telling_name_are_known_by_their_content(session: Session, now: datetime) -> None:
    bare = [("body", ROUTE), ("body", LEAVE), ("leave_form", b"\xef\xbb\xbf" + FORM)]

    assert {kind for kind, _key, _version in published(publish(session, now, None, bare))} == {
        "decision", "process", "form",
    }  # fmt: skip


@pytest.mark.parametrize("encoding", ["UTF-16", "ISO-8859-2", "windows-1250"])
def test_a_diagram_in_another_encoding_keeps_its_letters(
    session: Session, now: datetime, encoding: str
) -> None:
    text = runnable("leave", "Zażółć").replace('encoding="UTF-8"', f'encoding="{encoding}"')

    result = publish(session, now, None, [("leave.bpmn", text.encode(encoding))])

    (item,) = result.published
    assert item.name == "Zażółć"
    again = session.scalars(select(ProcessVersion.xml)).one().encode("utf-8")
    assert published(publish(session, now, None, [("leave.bpmn", again)])) == [("process", "leave", 1)]


def test_every_process_of_a_file_that_is_meant_to_run_is_published(session: Session, now: datetime) -> None:
    first, second = runnable("first"), runnable("second")
    process = second[second.index("<bpmn:process") : second.index("</bpmn:process>") + len("</bpmn:process>")]
    for name in ("start", "decide", "end", "f1", "f2"):
        process = process.replace(f'"{name}"', f'"{name}_2"').replace(f">{name}<", f">{name}_2<")
    both = first.replace("</bpmn:process>", f"</bpmn:process>{process}").encode()

    assert executable_processes(both) == ["first", "second"]
    result = publish(session, now, None, [("both.bpmn", both)])
    assert published(result) == [("process", "first", 1), ("process", "second", 1)]


def test_a_check_passes_over_forms_and_decisions_and_publishes_nothing() -> None:
    files = [("form.json", FORM), ("route.dmn", ROUTE), ("leave.bpmn", LEAVE)]

    assert [problem for problem in check(files) if problem.severity == "error"] == []
    assert [problem.code for problem in check([("odd", b"hello")])] == ["unknown_file"]


def test_what_ships_has_no_faults() -> None:
    files = [(path.name, path.read_bytes()) for path in (ROOT / "processes").glob("*.bpmn")]

    assert len(files) >= 3 and [one.line() for one in check(files) if one.severity == "error"] == []
