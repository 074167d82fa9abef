"""How quickly the designer answers with 200 nodes: opening, drag, panel, list of steps, check.

Everything runs in a real Chromium against the served program. Two figures for each answer: how long it
took, and how much of that the page worked (processor time, which other programs do not lengthen).

    python -m benchmarks.bench_designer [--nodes 200] [--rounds 9] [--beside FOLDER]

FOLDER: another checkout with its bundles built; both are asked in turns, and the ratio of their work is
printed.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

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
ACTIONS = ("drag", "drop", "panel", "outline", "name", "save", "badge")

# what a person does, and the time until the browser has laid out what came of it
PREPARE = """() => {
    const modeler = document.querySelector('#designer').modeler,
          get = name => modeler.get(name),
          steps = get('elementRegistry').filter(one => one.type === 'bpmn:UserTask' && !one.labelTarget),
          frame = () => new Promise(done => requestAnimationFrame(() => setTimeout(done))),
          soon = () => new Promise(done => setTimeout(done)),
          at = (x, y) => new MouseEvent('mousemove', { clientX: x, clientY: y });

    const badges = are => new Promise(done => {
        const seen = () => document.querySelectorAll('.bpm-badge').length > 0,
              look = () => seen() === are && (watch.disconnect(), done()),
              watch = new MutationObserver(look);

        watch.observe(document.querySelector('.bpm-canvas'), { childList: true, subtree: true });
        look();
    });

    const save = () => document.dispatchEvent(new KeyboardEvent('keydown', { key: 's', ctrlKey: true }));

    let step, other;

    const actions = {
        drag: {
            before: () => get('move').start(
                Object.defineProperty(at(400, 300), 'target', { value: get('canvas').getGraphics(step) }),
                step
            ),
            run: () => get('dragging').move(at(420, 310)),
            after: () => get('dragging').cancel()
        },
        drop: { run: () => get('modeling').moveElements([ step ], { x: 0, y: 10 }) },
        panel: { before: () => get('selection').select(other), run: () => get('selection').select(step) },
        outline: { run: () => document.querySelector(`[data-step="${other.id}"]`).click() },
        name: { run: round => get('modeling').updateLabel(other, `Step ${round}`) },
        save: { run: () => modeler.saveXML({ format: true }).then(() => modeler.saveSVG()) },

        // two steps of one name are found by the server; it is asked at once
        badge: {
            before: () => get('modeling').updateLabel(step, other.businessObject.name),
            run: () => { save(); return badges(true); },
            after: () => { get('commandStack').undo(); save(); return badges(false); }
        }
    };

    window.prepare = async (name, round) => {
        step = steps[(round * 17) % steps.length];
        other = steps[(round * 17 + 40) % steps.length];
        get('selection').select(step);
        await actions[name].before?.();
        await frame();
        await frame();
    };

    window.act = async (name, round) => {
        const begin = performance.now();

        await actions[name].run(round);
        await soon();
        await soon();
        document.body.getBoundingClientRect();

        return performance.now() - begin;
    };

    window.restore = async name => {
        await actions[name].after?.();
        await frame();
    };
}"""


@dataclass
class Figures:
    """Milliseconds of each round: by the clock, and of work in the page."""

    clock: list[float] = field(default_factory=list)
    work: list[float] = field(default_factory=list)


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
    parser.add_argument("--beside", type=Path, help="another checkout to compare with")
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    xml = diagram(options.nodes)
    if options.serve:
        _serve(options.serve, xml)
        return
    found = _in_browser(xml, options)
    if found is None:
        print("There is no Chromium to measure with.")
        return
    ours, theirs = found
    ours["check (server)"] = Figures([_milliseconds(lambda: lint(xml)) for _round in range(options.rounds)])
    heads = f"{'':16}{'median':>9}{'worst':>9}{'limit':>9}{'work':>9}"
    print(heads + ("  work there, ratio" if theirs else ""))
    for name, figures in ours.items():
        limit = OPENING if name == "open" else ANSWER
        work = f"{statistics.median(figures.work):9.0f}" if figures.work else f"{'–':>9}"
        line = f"{name:16}{statistics.median(figures.clock):9.0f}{max(figures.clock):9.0f}{limit:9.0f}{work}"
        print(line + (_beside(figures, theirs[name]) if name in theirs and figures.work else ""))


def _beside(ours: Figures, theirs: Figures) -> str:
    ratio = statistics.median(b / a for a, b in zip(ours.work, theirs.work, strict=True))
    return f"{statistics.median(theirs.work):13.0f}{ratio:7.2f} ×"


def _in_browser(
    xml: bytes, options: argparse.Namespace
) -> tuple[dict[str, Figures], dict[str, Figures]] | None:
    """Return the figures of this program and of the other; None where there is no browser."""
    chromium = find()
    if chromium is None:
        return None
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        addresses = [stack.enter_context(_served(folder, xml)).address]
        if options.beside:
            addresses.append(stack.enter_context(_other(folder, options.beside.resolve(), options.nodes)))
        play = stack.enter_context(sync_playwright())
        browser = play.chromium.launch(executable_path=chromium.path, args=list(chromium.arguments))
        tabs = [_Tab(browser, address) for address in addresses]
        for _round in range(3):
            for tab in tabs:
                tab.open()
        for number in range(options.rounds):
            for name in ACTIONS:
                for tab in tabs:
                    tab.act(name, number)
        browser.close()
        return tabs[0].figures, tabs[1].figures if options.beside else {}


class _Tab:
    """The designer of one program, with what was measured there."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.figures = {name: Figures() for name in ("open", *ACTIONS)}
        self.page: Page = browser.new_page(base_url=address, viewport={"width": 1280, "height": 800})
        self.page.goto("/login")
        self.page.get_by_role("button", name="Marta").first.click()
        self.page.wait_for_url(lambda url: "/login" not in url)
        self.tools: CDPSession = self.page.context.new_cdp_session(self.page)
        self.tools.send("Performance.enable", {"timeDomain": "threadTicks"})

    def open(self) -> None:
        """Open the designer anew."""
        self.figures["open"].clock.append(_milliseconds(lambda: _open(self.page)))
        self.page.evaluate(PREPARE)

    def act(self, name: str, number: int) -> None:
        """Do something once; the first time only warms up."""
        self.page.bring_to_front()
        self.page.evaluate("([name, round]) => prepare(name, round)", [name, number])
        before = self._work()
        took = self.page.evaluate("([name, round]) => act(name, round)", [name, number])
        work = self._work() - before
        self.page.evaluate("name => restore(name)", name)
        if number:
            self.figures[name].clock.append(took)
            self.figures[name].work.append(work)

    def _work(self) -> float:
        metrics = self.tools.send("Performance.getMetrics")["metrics"]
        return float(next(one["value"] for one in metrics if one["name"] == "TaskDuration")) * 1000


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


@contextmanager
def _other(folder: Path, checkout: Path, nodes: int) -> Iterator[str]:
    """Serve another checkout; yields its address."""
    place = folder / "address"
    command = [sys.executable, str(Path(__file__).resolve()), "--nodes", str(nodes), "--serve", str(place)]
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    with subprocess.Popen(command, cwd=checkout, env=environment, stdin=subprocess.PIPE) as process:
        try:
            while not place.exists() and process.poll() is None:
                time.sleep(0.1)
            yield place.read_text("utf-8")
        finally:
            process.communicate()


def _serve(place: Path, xml: bytes) -> None:
    """Serve until the other end of the standard input is closed."""
    with TemporaryDirectory() as folder, _served(Path(folder), xml) as live:
        (begun := place.with_suffix(".new")).write_text(live.address, "utf-8")
        begun.rename(place)
        sys.stdin.read()


def _no_server() -> Any:
    raise AssertionError("the designer is measured on SQLite")


def _milliseconds(action: Callable[[], object]) -> float:
    begun = time.perf_counter()
    action()
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    main()
