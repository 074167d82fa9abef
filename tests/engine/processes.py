"""Writes small diagrams for tests: ``process("order", start(), user("ask", …), end(), flows)``.

Elements are given in the order in which the flow passes them; further flows are named.
"""

from __future__ import annotations

from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:bpm="urn:bpm:dialect:1"'
    ' id="definitions" targetNamespace="urn:test">'
)


def extension(inside: str) -> str:
    return f"<bpmn:extensionElements>{inside}</bpmn:extensionElements>" if inside else ""


def start(name: str = "begin", event: str = "") -> str:
    return f'<bpmn:startEvent id="{name}" name="Begin">{event}</bpmn:startEvent>'


def end(name: str = "done", event: str = "") -> str:
    return f'<bpmn:endEvent id="{name}" name={quoteattr(name.capitalize())}>{event}</bpmn:endEvent>'


def outcomes(*keys: str, vote: str = "", comment: tuple[str, ...] = ()) -> str:
    told = "".join(
        f'<bpm:outcome key="{key}" label="{key.capitalize()}"'
        f' comment="{"required" if key in comment else "optional"}"/>'
        for key in keys
    )
    return f"<bpm:outcomes{f' vote={quoteattr(vote)}' if vote else ''}>{told}</bpm:outcomes>"


def user(
    name: str,
    to: str = "",
    value: str = "",
    *,
    more: str = "",
    buttons: str = "",
    loop: str = "",
    title: str = "",
) -> str:
    assignment = f"<bpm:assignment to={quoteattr(to)} value={quoteattr(value)}/>" if to else ""
    shown = f"<bpm:title>{escape(title)}</bpm:title>" if title else ""
    return (
        f'<bpmn:userTask id="{name}" name={quoteattr(name.capitalize())}>'
        f"{extension(assignment + shown + buttons + more)}{loop}</bpmn:userTask>"
    )


def element(tag: str, name: str, inside: str = "", attributes: str = "") -> str:
    return f'<bpmn:{tag} id="{name}" name="{name}"{attributes}>{inside}</bpmn:{tag}>'


def script(name: str, text: str) -> str:
    return element("scriptTask", name, f"<bpmn:script>{escape(text)}</bpmn:script>")


def service(
    name: str, connector: str, inputs: dict[str, str] | None = None, outputs: dict[str, str] | None = None
) -> str:
    inside = "".join(
        f"<bpm:input name={quoteattr(k)} value={quoteattr(v)}/>" for k, v in (inputs or {}).items()
    )
    inside += "".join(
        f"<bpm:output value={quoteattr(v)} target={quoteattr(k)}/>" for k, v in (outputs or {}).items()
    )
    told = extension(f'<bpm:connector name="{connector}">{inside}</bpm:connector>')
    return f'<bpmn:serviceTask id="{name}" name="{name}">{told}</bpmn:serviceTask>'


def call(name: str, process: str, mapping: str = "") -> str:
    return element("callActivity", name, extension(mapping), f' calledElement="{process}"')


def catch(name: str, event: str) -> str:
    return element("intermediateCatchEvent", name, event)


def throw(name: str, event: str) -> str:
    return element("intermediateThrowEvent", name, event)


def boundary(name: str, host: str, event: str, *, interrupting: bool = True) -> str:
    kind = "" if interrupting else ' cancelActivity="false"'
    return element("boundaryEvent", name, event, f' attachedToRef="{host}"{kind}')


def timer(text: str, kind: str = "timeDuration") -> str:
    return (
        f'<bpmn:timerEventDefinition id="t_{abs(hash(text))}"><bpmn:{kind} xsi:type="bpmn:tFormalExpression">'
        f"{escape(text)}</bpmn:{kind}></bpmn:timerEventDefinition>"
    )


def message(ref: str, correlation: str = "") -> str:
    told = extension(f"<bpm:correlation value={quoteattr(correlation)}/>") if correlation else ""
    return f'{told}<bpmn:messageEventDefinition messageRef="m_{ref}"/>'


def signal(ref: str) -> str:
    return f'<bpmn:signalEventDefinition signalRef="s_{ref}"/>'


def error(code: str) -> str:
    return f'<bpmn:errorEventDefinition errorRef="e_{code}"/>'


def conditional(text: str) -> str:
    return f"<bpmn:conditionalEventDefinition><bpmn:condition>{escape(text)}</bpmn:condition></bpmn:conditionalEventDefinition>"


def sub(name: str, *inside: str, more: str = "") -> str:
    return element("subProcess", name, more + "".join(inside))


def flow(source: str, target: str, condition: str = "") -> str:
    told = ""
    if condition:
        text = escape(condition)
        told = (
            f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{text}</bpmn:conditionExpression>'
        )
    name = f"f_{source}_{target}"
    return (
        f'<bpmn:sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">{told}</bpmn:sequenceFlow>'
    )


def chain(*names: str) -> str:
    return "".join(flow(one, two) for one, two in pairwise(names))


def process(
    key: str,
    *inside: str,
    extensions: str = "",
    messages: tuple[str, ...] = (),
    signals: tuple[str, ...] = (),
    errors: tuple[str, ...] = (),
    name: str = "",
) -> str:
    declared = "".join(f'<bpmn:message id="m_{one}" name="{one}"/>' for one in messages)
    declared += "".join(f'<bpmn:signal id="s_{one}" name="{one}"/>' for one in signals)
    declared += "".join(f'<bpmn:error id="e_{one}" name="{one}" errorCode="{one}"/>' for one in errors)
    body = "".join(inside)
    shown = quoteattr(name or key.capitalize())
    return (
        f'{HEAD}{declared}<bpmn:process id="{key}" name={shown} isExecutable="true">'
        f"{extension(extensions)}{body}</bpmn:process></bpmn:definitions>"
    )


MULTI = (
    "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>"
    '<zeebe:loopCharacteristics xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" inputCollection="=people" '
    'inputElement="who" outputCollection="answers" outputElement="=who"/>'
    "</bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics>"
)
SEQUENTIAL = MULTI.replace("Characteristics>", 'Characteristics isSequential="true">', 1)

APPROVAL = process(
    "approval",
    start(),
    user(
        "ask",
        "person",
        "boris.petrov",
        buttons=outcomes("approve", "reject", comment=("reject",)),
        title="Approve {number}, {amount}",
    ),
    user("sign", "group", "lawyer"),
    end(),
    chain("begin", "ask", "sign", "done"),
    extensions='<bpm:title>Request {number}</bpm:title><bpm:searchable variables="number"/>',
)
