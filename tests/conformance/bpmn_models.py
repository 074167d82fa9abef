"""Makes the models of the execution suite runnable: tokens become FEEL, bare conditions too.

Also reads the trace of a case back from the history of its instances.
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any

from lxml import etree

from bpm.engine.diagram.xml import BPMN, bpmn
from bpm.engine.problems import CannotRun
from tests.engine.runtime.world import Case, SmallEnvironment, World

CONDITIONS = (
    "conditionExpression",
    "loopCondition",
    "loopCardinality",
    "condition",
    "completionCondition",
    "activationCondition",
)
INCREMENT = "integerVariable := integerVariable + 1"
BUSY = ("WAIT_TEN_SECONDS", "CREATE_TIMESTAMP_LOG_1", "CREATE_TIMESTAMP_LOG_2")
WAIT = (
    f'<subProcess xmlns="{BPMN}" id="{{id}}"><startEvent id="{{id}}_s"/>'
    '<intermediateCatchEvent id="{id}_t">'
    '<timerEventDefinition id="{id}_d"><timeDuration>PT10S</timeDuration></timerEventDefinition>'
    '</intermediateCatchEvent><endEvent id="{id}_e"/>'
    '<sequenceFlow id="{id}_1" sourceRef="{id}_s" targetRef="{id}_t"/>'
    '<sequenceFlow id="{id}_2" sourceRef="{id}_t" targetRef="{id}_e"/></subProcess>'
)


class Model:
    """One file with its tokens translated; ``tokens`` says which element logs what."""

    def __init__(self, path: Path) -> None:
        self.root = etree.fromstring(path.read_bytes())
        self.tokens: dict[str, str] = {}
        for node in list(self.root.iter(bpmn("scriptTask"), bpmn("globalScriptTask"))):
            self._translate(node)
        for tag in CONDITIONS:
            for node in self.root.iter(bpmn(tag)):
                if node.text and node.text.strip():
                    node.text = to_feel(node.text.strip())
        for call in self.root.iter(bpmn("callActivity")):
            called = call.get("calledElement", "").rpartition(":")[2]
            if called in self.tokens:
                self.tokens[call.get("id", "")] = self.tokens[called]

    def _translate(self, node: etree._Element) -> None:
        script = node.find(bpmn("script"))
        token = "".join(script.itertext()).strip() if script is not None else ""
        key = node.get("id", "")
        self.tokens[key] = token
        if script is None:
            return
        for child in list(script):
            script.remove(child)
        script.text = {
            "INCREMENT_INTEGER_VARIABLE": INCREMENT,
            "INCREMENT_INTEGER_VARIABLE_AND_LOG": INCREMENT,
            "SET_STRING_DATA": 'data := "String"',
            "LOG_DATA": "read_back := data",
        }.get(token, "")
        if token in BUSY:
            self._wait_instead(node, key)
        elif token == "THROW_ERROR":
            node.tag = bpmn("serviceTask")
            node.remove(script)
            holder = etree.SubElement(node, bpmn("extensionElements"))
            etree.SubElement(holder, "{urn:bpm:dialect:1}connector", name="throw_error")

    def _wait_instead(self, node: etree._Element, key: str) -> None:
        waiting = etree.fromstring(WAIT.format(id=key))
        parent = node.getparent()
        assert parent is not None
        parent.replace(node, waiting)

    @property
    def text(self) -> str:
        return etree.tostring(self.root, encoding="unicode")


def to_feel(text: str) -> str:
    """Return a bare condition of the suite in FEEL, as its README tells."""
    text = text.removeprefix("${").removesuffix("}") if text.startswith("${") else text
    match = re.fullmatch(r'(!?)\s*test\.contains\("(\w)"\)>?', text)
    if match:
        found = f'contains(test, "{match.group(2)}")'
        return f"not({found})" if match.group(1) else found
    return f"not({text[1:]})" if text.startswith("!") else text


class TimedEnvironment(SmallEnvironment):
    """Also keeps when each event happened."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        self.moments: list[datetime] = []

    def record(self, kind: str, element: str | None, **data: Any) -> None:
        super().record(kind, element, **data)
        self.moments.append(self.world.now)


def run_case(model: Model, main_process: str, case: dict[str, Any], steps: int = 500) -> list[str]:
    """Run one case and return its trace in order.

    Args:
        steps: after how many steps each instance is written to bytes and read back.

    Raises:
        CannotRun: the file is refused.
    """
    world = World()
    world.steps = steps
    world.environment = TimedEnvironment(world)
    from bpm.engine.build.compile import compile_process

    for node in model.root.iter(bpmn("process")):
        if len(node):
            world.definitions[node.get("id", "")] = compile_process(model.text, node.get("id"))
    if not world.definitions:
        raise CannotRun([])
    if case["start_parallel_first"]:
        _start(world, "ParallelProcess", case)
    _start(world, main_process, case)
    _throw_errors(world)
    world.pass_time(milliseconds=case["wait_ms"])
    _throw_errors(world)
    return trace(world, model)


def _start(world: World, process_id: str, case: dict[str, Any]) -> None:
    definition = world.definitions[process_id]
    messages = list(definition.messages_starting.values()) + list(definition.signals_starting.values())
    plain = any(start.kind == "none" for start in definition.start_events)
    start = messages[0] if messages and not plain else None
    world.start(process_id, start, **case["start_variables"])


def _throw_errors(world: World) -> None:
    for one in world.cases:
        while any(wait.kind == "service" for wait in one.waits()):
            wait = one.waits("service")[0]
            one.run.throw_error(wait.token, "ERR_CODE", "", world.now)
            one.advance()


def trace(world: World, model: Model) -> list[str]:
    """Return the lines of the trace."""
    lines: list[str] = []
    spans: dict[str, list[datetime]] = {}
    environment = world.environment
    assert isinstance(environment, TimedEnvironment)
    for (kind, element, data), moment in zip(environment.history, environment.moments, strict=True):
        token = model.tokens.get(element or "", "")
        if token.startswith("CREATE_TIMESTAMP") and kind in ("element_entered", "element_left"):
            spans.setdefault(token, []).append(moment)
        if kind == "element_left" and not data.get("multi_instance"):
            lines += _line(token, world)
    if len(spans) == 2 and all(len(span) == 2 for span in spans.values()):
        (begin_1, end_1), (begin_2, end_2) = spans.values()
        if begin_1 < end_2 and begin_2 < end_1:
            lines.append("EXECUTION_parallel")
    if any(one.run.error for one in world.cases):
        lines.append("ERROR_thrownErrorEvent")
    if any(one.run.failures() for one in world.cases):
        lines.append("ERROR_runtime")
    return lines


def _line(token: str, world: World) -> list[str]:
    if token.startswith("SCRIPT_"):
        return [token]
    if token == "INCREMENT_INTEGER_VARIABLE_AND_LOG":
        return ["INCREMENT"]
    if token == "CREATE_MARKER_FILE":
        return ["MARKER_exists"]
    if token == "LOG_DATA" and any(_read_back(one) == "String" for one in world.cases):
        return ["DATA_correct"]
    return []


def _read_back(case: Case) -> Any:
    return case.variables.get("read_back")
