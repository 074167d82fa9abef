"""Files of 34 other tools open, lose nothing, and come back: run when ``BPM_CONFORMANCE`` names the folder."""

from __future__ import annotations

import math
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page

from bpm.designer import commands, diagram, imports
from bpm.designer.compare.values import Vocabulary
from bpm.designer.description import described
from bpm.engine.diagram.xml import parse
from bpm.engine.lint.check import lint
from bpm.language import using
from bpm.people.queries import required_person
from tests.live import Live

FOLDER = Path(os.environ.get("BPM_CONFORMANCE", "/nowhere")) / "import"
pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="BPM_CONFORMANCE does not name a folder with import in it"
)
FILES = sorted(FOLDER.rglob("*.bpmn")) if FOLDER.is_dir() else []
UNDRAWN = ("IBM BlueWorks Live April 2014/A.1.0-export", "IBM Process Designer 8.0.1/A.3.0-export")
# its file holds shapes of a model that is not in it
HOLLOW = "iGrafx Process 2013 for Six Sigma"
# the process in it has no steps
STEPLESS = "Camunda Eclipse Plugin"

# opened, looked at in every drawing, changed, changed back, saved and opened again, a step removed
TRY = """async text => {
  const { modeler } = document.querySelector('#designer'),
        registry = modeler.get('elementRegistry'), stack = modeler.get('commandStack'),
        save = async () => (await modeler.saveXML({ format: true })).xml;

  await modeler.importXML(text);

  const [ first, ...others ] = modeler.getDefinitions().diagrams.filter(({ plane }) => plane?.bpmnElement);
  let shown = registry.filter(element => element.parent && !element.labelTarget).length;

  for (const drawing of others) {
    await modeler.open(drawing);
    shown = Math.max(shown, registry.filter(element => element.parent && !element.labelTarget).length);
  }

  if (others.length) {
    await modeler.open(first);
  }

  const untouched = await save(),
        task = registry.find(({ type }) => type.endsWith('Task'));

  modeler.get('modeling').updateProperties(task || modeler.get('canvas').getRootElement(), { name: 'Renamed <&> – имя' });

  const changed = await save();

  stack.undo();

  const undone = await save();

  await modeler.importXML(changed);

  const again = await save(),
        step = registry.find(({ type }) => type.endsWith('Task')),
        gone = step ? [ step, ...step.attachers ].flatMap(one => [ one, ...one.incoming, ...one.outgoing ]).map(({ id }) => id) : [];

  if (step) {
    modeler.get('modeling').removeElements([ step ]);
  }

  return { shown, untouched, changed, undone, again, removed: await save(), gone };
}"""

# each drawing of a file: what it says is drawn, and what is
DRAWN = """async text => {
  const { modeler } = document.querySelector('#designer'), told = [];

  await modeler.importXML(text);

  for (const [ index, drawing ] of modeler.getDefinitions().diagrams.entries()) {
    index && await modeler.open(drawing);

    const registry = modeler.get('elementRegistry'), canvas = modeler.get('canvas'), root = canvas.getRootElement(),
          isSeen = element => element && !element.hidden && canvas.findRoot(element) === root
            && canvas.getGraphics(element).querySelector('.djs-visual').childNodes.length > 0;

    for (const { id, $type, bpmnElement } of drawing.plane.get('planeElement')) {
      const element = bpmnElement && registry.get(bpmnElement.id),
            isOf = $type === 'bpmndi:BPMNEdge' ? 'waypoints' : 'width';

      // a lane, pool or step holds its own name
      told.push({ id, drawing: index, element: bpmnElement?.id || null, drawn: isSeen(element) && isOf in element,
        labels: (element?.labels || []).map(label => ({
          seen: isSeen(label), name: element.businessObject.name || '',
          lines: [ ...canvas.getGraphics(label).querySelectorAll('tspan') ].map(({ textContent }) => textContent)
        })),
        places: element?.waypoints?.map(({ x, y }) => [ x, y ]) || element && [ [ element.x, element.y ], [ element.width, element.height ] ]
      });
    }
  }

  return told;
}"""


def name_of(path: Path) -> str:
    return str(path.relative_to(FOLDER))


def content(text: str) -> Counter[Any]:
    """Every element with its place, attributes and text, whatever the prefixes, order and white space."""
    root = parse(text.encode("utf-8"), with_comments=True)
    found: Counter[Any] = Counter()
    for one in root.iter():
        if not isinstance(one.tag, str):
            found["comment", one.text] += 1
            continue
        path = "/".join(str(parent.tag) for parent in [*reversed(list(one.iterancestors())), one])
        attributes = sorted((str(key), plain(str(value))) for key, value in one.attrib.items())
        found[path, tuple(attributes), plain(one.text or "")] += 1
    return found


def plain(value: str) -> str:
    value = " ".join(value.split())
    try:
        return repr(float(value))
    except ValueError:
        return value


def keys(text: str) -> set[str]:
    return {key for one in parse(text.encode("utf-8")).iter() if (key := one.get("id"))}


@pytest.fixture
def designer(live: Live, open_tab: Any) -> Page:
    page: Page = open_tab("marta.dabrowska", "/processes/contract_approval/draw")
    page.locator("#designer[data-ready=yes]").wait_for()
    # these files are no drafts of this process: nothing of them is kept
    page.route("**/draft", lambda route: route.fulfill(json={"revision": 1, "problems": []}))
    return page


@pytest.mark.browser
@pytest.mark.slow
def test_every_file_opens_and_comes_back(designer: Page) -> None:
    """Given a file of another tool, when it is opened, changed and saved, then only the change is in it."""
    faults: list[str] = []
    for path in FILES:
        text = imports.with_drawing(diagram.decoded(path.read_bytes()))
        try:
            faults += [f"{name_of(path)}: {fault}" for fault in told(designer, path, text)]
        except Exception as error:  # one file that breaks must not hide the others
            faults.append(f"{name_of(path)}: {str(error)[:300]}")
    assert not faults, "\n".join(faults)


@pytest.mark.browser
@pytest.mark.slow
def test_the_reference_models_are_drawn_as_they_say(designer: Page) -> None:
    """Given a reference model, then each shape, arrow and name of each of its drawings is seen where the file has it."""
    faults: list[str] = []
    for path in (one for one in FILES if one.parent.name == "reference"):
        root = parse(path.read_bytes())
        places = {one.get("id"): _places(one) for one in root.iter("{*}BPMNShape", "{*}BPMNEdge")}
        for one in designer.evaluate(DRAWN, diagram.decoded(path.read_bytes())):
            faults += [f"{path.stem}, {one['drawing']}, {one['id']}: {fault}" for fault in _seen(one, places)]
    assert not faults, "\n".join(faults)


def _seen(one: dict[str, Any], places: dict[str | None, list[list[int]]]) -> Iterator[str]:
    if one["element"] is None:
        # an arrow of a drawing that belongs to no element: nothing says what it would show
        return
    if not one["drawn"]:
        yield "is not drawn"
    elif one["places"] != places[one["id"]]:
        yield f"stands at {one['places']} instead of {places[one['id']]}"
    for label in one["labels"]:
        words = " ".join(label["lines"]).replace("-", "- ").split()
        if not label["seen"] or not set(label["name"].replace("-", "- ").split()) <= set(words):
            yield f"its name is shown as {label['lines']}"


def _places(one: Any) -> list[list[int]]:
    """The corners of a box, or the points of an arrow, in whole pixels as they are drawn."""
    points = one.findall("{*}waypoint")
    if points:
        return [[float(point.get("x")), float(point.get("y"))] for point in points]
    bounds = one.find("{*}Bounds")
    rounded = [math.floor(float(bounds.get(name)) + 0.5) for name in ("x", "y", "width", "height")]
    return [rounded[:2], rounded[2:]]


def told(page: Page, path: Path, text: str) -> Iterator[str]:
    done = page.evaluate(TRY, text)
    if done["shown"] < 3 and HOLLOW not in str(path) and STEPLESS not in str(path):
        yield f"only {done['shown']} elements are shown"
    if done["untouched"] != text:
        yield "it is not given back as it came"
    if done["undone"] != text:
        yield "undoing does not bring it back"
    if done["again"] != done["changed"]:
        yield "opening what was saved changes it"
    before, after = content(text), content(done["changed"])
    if sum((before - after).values()) > 1:
        yield f"lost: {list((before - after).items())[:3]}"
    new = [key for key in after - before if not str(key[0]).endswith(("BPMNLabel", "process"))]
    if len(new) > 1:
        yield f"added: {new[:3]}"
    gone = set(done["gone"])
    shapes = {
        one.get("id")
        for one in parse(text.encode()).iter("{*}BPMNShape", "{*}BPMNEdge")
        if one.get("bpmnElement", "").rpartition(":")[2] in gone
    }
    lost = keys(text) - keys(done["removed"]) - _inside(text, gone | shapes)
    if lost:
        yield f"removing a step took along {sorted(lost)[:5]}"


def _inside(text: str, hosts: set[str | None]) -> set[str | None]:
    root = parse(text.encode("utf-8"))
    return {one.get("id") for host in root.iter() if host.get("id") in hosts for one in host.iter()}


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_the_server_keeps_a_file_as_it_came(path: Path) -> None:
    """Given a file, when it is kept and exported unchanged, then it is the same to the byte."""
    raw = path.read_bytes()
    kept = imports.with_drawing(diagram.decoded(raw))
    if any(name in str(path) for name in UNDRAWN):
        # a drawing was made for it; all else is there
        assert next(parse(kept.encode()).iter("{*}BPMNShape"), None) is not None
        lost = content(diagram.decoded(raw)) - content(kept)
        assert not lost, lost
    else:
        assert diagram.encoded(kept) == raw


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_what_is_missing_is_told(path: Path) -> None:
    """Given a file, then what is doubtful is listed, why it cannot run is said, and it is told in words."""
    kept = imports.with_drawing(diagram.decoded(path.read_bytes()))
    with using("en"):
        found, problems = imports.holdings(kept), lint(kept)
        assert all(problem.text for problem in problems)
        assert all(one.text and one.done for one in found.findings)
        if HOLLOW in str(path):
            assert {"no_process", "without_element"} <= {one.code for one in found.findings}
        if any(one.code == "not_executable" for one in problems):
            assert (
                problems[0].text.startswith("This drawing cannot run yet") or problems[0].severity == "error"
            )
        words = described(parse(kept.encode("utf-8")), "", Vocabulary())
        assert sum(len(part.steps) for part in words.parts) > 0 or found.steps == 0


def test_every_file_is_imported(app: Flask) -> None:
    """Given the files one after the other, when each is imported as a new process, then each is a draft."""
    installation = app.extensions["bpm"]
    with installation.database.writing() as session:
        marta = required_person(session, "marta.dabrowska")
        for path in FILES:
            draft = commands.import_diagram(
                session, installation.clock.now(), marta, path.read_bytes(), file_name=path.name, as_new=True
            )
            assert diagram.is_of(parse(draft.xml.encode("utf-8")), draft.process_key), name_of(path)
        session.rollback()
