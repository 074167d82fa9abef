"""How quickly the designer answers with 200 nodes: opening, drag, panel, list of steps, check.

Everything runs in a real Chromium against the served program; figures are milliseconds.

    python -m benchmarks.bench_designer [--nodes 200] [--rounds 9]
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Page, sync_playwright

from bpm import create_app
from bpm.clock import MovableClock
from bpm.designer import commands
from bpm.designer.layout import laid_out
from bpm.engine.lint.check import lint
from bpm.people.queries import person
from tests.browser.chromium import find
from tests.conftest import Databases, settings_for
from tests.live import Live, serving

OPENING, ANSWER = 2000.0, 100.0

# a round: what a person does, and the time until the browser has drawn what came of it
ACTIONS = """async ({ rounds }) => {
    const modeler = document.querySelector('#designer').modeler,
          get = name => modeler.get(name),
          steps = get('elementRegistry').filter(one => one.type === 'bpmn:UserTask' && !one.labelTarget),
          frame = () => new Promise(done => requestAnimationFrame(() => setTimeout(done))),
          figures = { drag: [], drop: [], panel: [], outline: [], name: [] };

    const measure = async (name, action) => {
        await frame();
        performance.mark(`${name}-begin`);
        action();
        await new Promise(done => setTimeout(done));
        await new Promise(done => setTimeout(done));
        document.body.getBoundingClientRect();
        figures[name].push(performance.measure(name, `${name}-begin`).duration);
    };

    for (let round = 0; round < rounds; round++) {
        const step = steps[(round * 17) % steps.length],
              other = steps[(round * 17 + 40) % steps.length],
              dragging = get('dragging');

        await measure('panel', () => get('selection').select(step));
        const at = (x, y) => new MouseEvent('mousemove', { clientX: x, clientY: y });

        const target = { value: get('canvas').getGraphics(step) };
        get('move').start(Object.defineProperty(at(400, 300), 'target', target), step);
        await measure('drag', () => dragging.move(at(410 + round, 310)));
        dragging.cancel();
        await measure('drop', () => get('modeling').moveElements([ step ], { x: 0, y: 10 }));
        await measure('name', () => get('modeling').updateLabel(other, `Step ${round}`));
        await measure('outline', () => document.querySelector(`[data-step="${other.id}"]`).click());
    }

    return figures;
}"""


def diagram(nodes: int) -> bytes:
    """Return a process of about so many nodes: approvals, diamonds and two ways after each."""
    parts, flows, last, count = ['<bpmn:startEvent id="start"/>'], [], "start", 1
    block = 0
    while count + 6 <= nodes:
        names = {one: f"{one}{block}" for one in ("ask", "split", "yes", "no", "join")}
        parts += [
            f'<bpmn:userTask id="{names[one]}" name="{one} {block}"><bpmn:extensionElements><bpm:assignment '
            f'to="initiator"/><bpm:outcomes><bpm:outcome key="approve" label="Approve"/>'
            f'<bpm:outcome key="reject" label="Reject"/></bpm:outcomes><bpm:deadline due="2wd"/>'
            f"</bpmn:extensionElements></bpmn:userTask>"
            for one in ("ask", "yes", "no")
        ]
        parts += [f'<bpmn:exclusiveGateway id="{names["split"]}" name="Agreed {block}?" default="{block}d"/>']
        parts += [f'<bpmn:exclusiveGateway id="{names["join"]}"/>']
        pairs = [(last, "ask"), ("ask", "split"), ("split", "yes"), ("yes", "join"), ("no", "join")]
        flows += [(f"{block}{i}", names.get(a, a), names[b], "") for i, (a, b) in enumerate(pairs) if i != 2]
        flows += [
            (f"{block}c", names["split"], names["yes"], '=outcome = "approve"'),
            (f"{block}d", names["split"], names["no"], ""),
        ]
        last, count, block = names["join"], count + 5, block + 1
    parts.append('<bpmn:endEvent id="end"/>')
    flows.append(("last", last, "end", ""))
    drawn = "".join(
        f'<bpmn:sequenceFlow id="f{key}" sourceRef="{source}" targetRef="{target}">'
        + (f"<bpmn:conditionExpression>{text}</bpmn:conditionExpression>" if text else "")
        + "</bpmn:sequenceFlow>"
        for key, source, target, text in flows
    )
    body = "".join(parts).replace('default="', 'default="f') + drawn
    return laid_out(
        '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
        'xmlns:bpm="urn:bpm:dialect:1" targetNamespace="urn:bench">'
        f'<bpmn:process id="large" name="Large" isExecutable="true">{body}</bpmn:process></bpmn:definitions>'
    ).encode()


def main(arguments: list[str] | None = None) -> None:
    """Print the figures beside their limits."""
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("--nodes", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args(arguments)
    xml = diagram(options.nodes)
    figures = _in_browser(xml, options.rounds)
    figures["check (server)"] = [_milliseconds(lambda: lint(xml)) for _round in range(options.rounds)]
    print(f"{'':22}{'median':>9}{'worst':>9}{'limit':>9}")
    for name, times in figures.items():
        limit = OPENING if name.startswith("open") else ANSWER
        print(f"{name:22}{statistics.median(times):9.0f}{max(times):9.0f}{limit:9.0f}  ms")


def _in_browser(xml: bytes, rounds: int) -> dict[str, list[float]]:
    chromium = find()
    if chromium is None:
        raise SystemExit("There is no Chromium to measure with.")
    with TemporaryDirectory() as folder, _served(Path(folder), xml) as live, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium.path, args=list(chromium.arguments))
        page = browser.new_page(base_url=live.address, viewport={"width": 1280, "height": 800})
        page.goto("/login")
        page.get_by_role("button", name="Marta").first.click()
        page.wait_for_url(lambda url: "/login" not in url)
        opening = [_open(page) for _round in range(3)]
        found: dict[str, list[float]] = page.evaluate(ACTIONS, {"rounds": rounds})
        browser.close()
    return {"open": opening, **found}


def _open(page: Page) -> float:
    def run() -> None:
        page.goto("/processes/large/draw")
        page.locator("#designer[data-ready=yes]").wait_for()

    return _milliseconds(run)


@contextmanager
def _served(folder: Path, xml: bytes) -> Iterator[Live]:
    with ExitStack() as stack:
        databases = Databases(folder, _no_server, stack)
        url = stack.enter_context(databases.copy("sqlite", folder, filled=True))
        clock = MovableClock()
        app = create_app(settings_for(url, folder), clock)
        with app.app_context(), app.extensions["bpm"].database.writing() as session:
            commands.import_diagram(session, clock.now(), person(session, "marta.dabrowska"), xml)
        with serving(app) as live:
            yield live


def _no_server() -> Any:
    raise AssertionError("the designer is measured on SQLite")


def _milliseconds(action: Callable[[], object]) -> float:
    begun = time.perf_counter()
    action()
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    main()
