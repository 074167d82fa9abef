"""The places that a diagram is given: nothing on top of anything, arrows around the shapes."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from lxml import etree

from bpm.config import ROOT
from bpm.designer.layout import laid_out, positions
from tests.designer.places import faults
from tests.engine.diagrams import (
    boundary,
    diagram,
    end,
    file,
    flows,
    handler,
    node,
    process,
    start,
    timer,
    user,
)
from tests.engine.runtime.test_token_game import trees
from tests.engine.runtime.token_game import Step, drawn, named

IMPORT = Path(os.environ.get("BPMN_CONFORMANCE", "/nowhere")) / "import"
FILES = [*sorted((ROOT / "processes").glob("*.bpmn")), *sorted(IMPORT.rglob("*.bpmn"))]


@given(tree=trees)
@settings(max_examples=60, deadline=None, database=None)
def test_any_structured_diagram_is_laid_out_without_a_fault(tree: Step) -> None:
    xml, _variables = drawn(named(tree))

    assert faults(xml) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_diagrams_of_other_tools_are_laid_out_without_a_fault(path: Path) -> None:
    assert faults(path.read_bytes()) == []


def test_a_straight_way_runs_from_left_to_right_on_one_line() -> None:
    shapes = positions(diagram(start(), user("a"), user("b"), end(), links="s-a a-b b-e"))["shapes"]

    middles = [
        (shapes[key]["x"], shapes[key]["y"] + shapes[key]["height"] / 2) for key in ("s", "a", "b", "e")
    ]
    assert middles == sorted(middles) and len({y for _x, y in middles}) == 1
    assert (shapes["a"]["width"], shapes["a"]["height"], shapes["s"]["width"]) == (100, 80, 36)


def test_branches_have_rows_of_their_own_and_meet_on_the_first() -> None:
    content = [
        start(),
        node("parallelGateway", "x"),
        user("a"),
        user("b"),
        user("c"),
        node("parallelGateway", "y"),
        end(),
    ]
    places = positions(diagram(*content, links="s-x x-a x-b x-c a-y b-y c-y y-e"))["shapes"]

    def middle(key: str) -> float:
        return float(places[key]["y"] + places[key]["height"] / 2)

    assert middle("x") == middle("a") == middle("y") == middle("e")
    assert middle("a") < middle("b") < middle("c")
    assert places["a"]["x"] == places["b"]["x"] == places["c"]["x"]


def test_a_way_back_runs_below() -> None:
    content = [start(), user("ask"), node("exclusiveGateway", "x"), user("again"), end()]
    places = positions(diagram(*content, links="s-ask ask-x x-e x-again again-ask"))

    back = next(way for key, way in places["edges"].items() if "again" in key and key.endswith("ask"))
    lowest = max(y for _x, y in back)
    assert back[-1][0] == places["shapes"]["ask"]["x"] and back[0][0] > back[-1][0]
    assert lowest > places["shapes"]["again"]["y"] + 80


def test_what_is_done_when_it_takes_too_long_stands_below_its_step() -> None:
    content = [start(), user("a"), user("late"), end(), end("e2"), boundary("t", "a", timer("PT1H"))]
    xml = diagram(*content, links="s-a a-e t-late late-e2")
    places = positions(xml)["shapes"]

    assert faults(xml) == []
    assert places["t"]["y"] + 18 == places["a"]["y"] + 80
    assert places["late"]["y"] > places["a"]["y"] + 80


def test_what_handles_events_stands_below_the_flow() -> None:
    inside = [user("h"), end("he"), flows("hs_s-h h-he").replace("hs_s", "hs_s")]
    xml = diagram(start(), user("a"), end(), handler("hs", timer("PT1H"), *inside), links="s-a a-e")
    places = positions(xml)["shapes"]

    assert faults(xml) == []
    assert places["hs"]["y"] > places["a"]["y"] + 80


def test_only_the_places_change_and_old_ones_are_replaced() -> None:
    before = (ROOT / "processes/contract_approval.bpmn").read_bytes()

    after = laid_out(before)

    def content(xml: bytes) -> bytes:
        root = etree.fromstring(xml)
        for one in root.findall("{http://www.omg.org/spec/BPMN/20100524/DI}BPMNDiagram"):
            root.remove(one)
        return etree.tostring(root, method="c14n2", strip_text=True)

    assert content(after.encode()) == content(before)
    assert after.count("<bpmndi:BPMNDiagram ") == 1
    assert laid_out(after) == after


def test_every_shape_and_arrow_has_its_place_in_the_file() -> None:
    xml = laid_out((ROOT / "processes/lead_race.bpmn").read_bytes())

    flow = set(re.findall(r'<bpmn:(?:\w+(?:Task|Event|Gateway)|subProcess|sequenceFlow) id="(\w+)"', xml))
    assert flow <= set(re.findall(r'bpmnElement="(\w+)"', xml))


def test_two_hundred_steps_take_less_than_a_fifth_of_a_second() -> None:
    parts = [Step("exclusive", [Step("task"), Step("task"), Step("task")], [0]) for _ in range(40)]
    xml, _variables = drawn(named(Step("sequence", parts)))
    assert len(positions(xml)["shapes"]) >= 200

    times = []
    for _round in range(3):
        begin = time.perf_counter()
        laid_out(xml)
        times.append(time.perf_counter() - begin)
    assert min(times) < 0.2


def test_a_file_of_two_processes_shows_both() -> None:
    one = process(start(), user("a"), end(), flows("s-a a-e"), key="p")
    two = process(start("s2"), user("b"), end("e2"), flows("s2-b b-e2"), key="q")

    assert faults(file(one, two)) == []


def test_the_editor_asks_for_places(client_of: object) -> None:
    client: FlaskClient = client_of("marta.dabrowska")  # type: ignore[operator]
    token = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/processes/new").text)
    xml = diagram(start(), user("a"), end(), links="s-a a-e")

    def ask(body: str) -> object:
        return client.post(
            "/processes/layout",
            data=body,
            content_type="application/xml",
            headers={"X-CSRFToken": token[1] if token else "", "Accept": "application/json"},
        )

    answer = ask(xml)
    assert set(answer.get_json()["shapes"]) == {"s", "a", "e"}  # type: ignore[attr-defined]
    assert ask("<a/>").status_code == 422  # type: ignore[attr-defined]
