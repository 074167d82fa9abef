"""Writes small diagrams for tests: ``diagram(user("u"), …, flows="s-u u-e")``."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

NAMESPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpm="urn:bpm:dialect:1" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" '
    'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"'
)
ROOTS = (
    '<message id="root_m1" name="paid"/><message id="root_m2" name="refused"/>'
    '<signal id="root_s1" name="stop"/>'
    '<error id="root_e1" name="Broken" errorCode="E1"/><error id="root_e2" errorCode="E2"/>'
    '<escalation id="root_x1" name="Late" escalationCode="X1"/>'
)


def node(tag: str, key: str, inner: str = "", extensions: str = "", **attributes: str) -> str:
    """Return one element."""
    text = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    held = f"<extensionElements>{extensions}</extensionElements>" if extensions else ""
    return f'<{tag} id="{key}"{text}>{held}{inner}</{tag}>'


def start(key: str = "s", inner: str = "", **attributes: str) -> str:
    return node("startEvent", key, inner, **attributes)


def end(key: str = "e", inner: str = "", **attributes: str) -> str:
    return node("endEvent", key, inner, **attributes)


def user(key: str, inner: str = "", extensions: str = "", **attributes: str) -> str:
    return node("userTask", key, inner, extensions, **attributes)


def script(key: str, text: str, inner: str = "") -> str:
    return node("scriptTask", key, inner + f"<script>{escape(text)}</script>")


def service(key: str, extensions: str = '<bpm:connector name="letter"/>', inner: str = "") -> str:
    return node("serviceTask", key, inner, extensions)


def catch(key: str, inner: str, extensions: str = "", **attributes: str) -> str:
    return node("intermediateCatchEvent", key, inner, extensions, **attributes)


def throw(key: str, inner: str, extensions: str = "") -> str:
    return node("intermediateThrowEvent", key, inner, extensions)


def boundary(key: str, host: str, inner: str, *, interrupting: bool = True, extensions: str = "") -> str:
    return node(
        "boundaryEvent",
        key,
        inner,
        extensions,
        attachedToRef=host,
        cancelActivity="true" if interrupting else "false",
    )


def timer(text: str, kind: str = "timeDuration", working: bool = False) -> str:
    held = '<extensionElements><bpm:timer calendar="working"/></extensionElements>' if working else ""
    return f"<timerEventDefinition>{held}<{kind}>{escape(text)}</{kind}></timerEventDefinition>"


MESSAGE = '<messageEventDefinition messageRef="root_m1"/>'
REFUSED = '<messageEventDefinition messageRef="root_m2"/>'
SIGNAL = '<signalEventDefinition signalRef="root_s1"/>'
ERROR = '<errorEventDefinition errorRef="root_e1"/>'
ANY_ERROR = "<errorEventDefinition/>"
ESCALATION = '<escalationEventDefinition escalationRef="root_x1"/>'
TERMINATE = "<terminateEventDefinition/>"


def conditional(text: str) -> str:
    return f"<conditionalEventDefinition><condition>{escape(text)}</condition></conditionalEventDefinition>"


def flow(source: str, target: str, condition: str = "") -> str:
    """Return a flow with the id ``source_target``."""
    inner = f"<conditionExpression>{escape(condition)}</conditionExpression>" if condition else ""
    key = f"{source}_{target}"
    return f'<sequenceFlow id="{key}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>'


def flows(text: str) -> str:
    """Return flows written as ``s-u u-e``."""
    return "".join(flow(*pair.split("-")) for pair in text.split())


def sub(
    key: str, *content: str, inner: str = "", tag: str = "subProcess", extensions: str = "", **attributes: str
) -> str:
    return node(tag, key, inner + "".join(content), extensions, **attributes)


def handler(key: str, definition: str, *content: str, interrupting: bool = True) -> str:
    """Return an event sub-process that starts with ``definition`` at ``<key>_s``."""
    begin = start(f"{key}_s", definition, isInterrupting="true" if interrupting else "false")
    return sub(key, begin, *content, triggeredByEvent="true")


def loop(collection: str, *, sequential: bool = False, output: str = "outs", completion: str = "") -> str:
    condition = f"<completionCondition>{escape(completion)}</completionCondition>" if completion else ""
    return (
        f'<multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}"><extensionElements>'
        f'<zeebe:loopCharacteristics inputCollection={quoteattr(collection)} inputElement="item" '
        f'outputCollection="{output}" outputElement="=res"/></extensionElements>{condition}'
        "</multiInstanceLoopCharacteristics>"
    )


def voting(rule: str = "all", **attributes: str) -> str:
    text = "".join(f" {name}={quoteattr(value)}" for name, value in attributes.items())
    return f'<bpm:voting rule={quoteattr(rule)} voters="=approvers" voter="approver" result="votes"{text}/>'


OUTCOMES = (
    '<bpm:outcomes variable="decision" vote="vote"><bpm:outcome key="approve" label="Approve"/>'
    '<bpm:outcome key="revise" label="Revise" comment="required"/>'
    '<bpm:outcome key="reject" label="Refuse" tone="negative"/></bpm:outcomes>'
)


def process(*content: str, key: str = "p", extensions: str = "") -> str:
    held = f"<extensionElements>{extensions}</extensionElements>" if extensions else ""
    return f'<process id="{key}" isExecutable="true" name="Process">{held}{"".join(content)}</process>'


def file(*processes: str, roots: str = ROOTS) -> str:
    return (
        f'<definitions {NAMESPACES} id="file" targetNamespace="t">{roots}{"".join(processes)}</definitions>'
    )


def diagram(*content: str, links: str = "", extensions: str = "") -> str:
    """Return a file with one process; ``links`` are flows written as ``s-u u-e``."""
    return file(process(*content, flows(links), extensions=extensions))
