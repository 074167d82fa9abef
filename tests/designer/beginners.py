"""What bpmn-js writes for a drawing: prefixed tags, lists of flows at each step, formal expressions, a plane."""

from __future__ import annotations

from xml.sax.saxutils import escape

from tests.designer.diagrams import BEGINNING, DRAWING

Step = tuple[str, str, str, str]  # tag, id, attributes, content


def step(tag: str, key: str, name: str = "", inner: str = "", *, ours: str = "", **attributes: str) -> Step:
    """One element; ``ours`` stands in its extensionElements."""
    text = f' name="{escape(name)}"' if name else ""
    text += "".join(f' {one}="{value}"' for one, value in attributes.items())
    held = f"<bpmn:extensionElements>{ours}</bpmn:extensionElements>" if ours else ""
    return tag, key, text, held + "\0" + inner


def task(key: str, name: str = "", ours: str = '<bpm:assignment to="initiator"/>') -> Step:
    return step("userTask", key, name or key.capitalize(), ours=ours)


def approval(key: str = "approve", *keys: str, variable: str = "decision") -> Step:
    """A task with buttons, in the way the palette makes it."""
    return task(key, "", '<bpm:assignment to="manager_of_initiator"/>' + buttons(*keys, variable=variable))


def buttons(*keys: str, variable: str = "decision") -> str:
    made = "".join(
        f'<bpm:outcome key="{key}" label="{key.capitalize()}"/>' for key in keys or ("approve", "reject")
    )
    return f'<bpm:outcomes variable="{variable}">{made}</bpm:outcomes>'


START = step("startEvent", "start")
END = step("endEvent", "end")
DIAMOND = step("exclusiveGateway", "diamond", "Which?")


def timer(text: str, kind: str = "timeDuration") -> str:
    inner = f'<bpmn:{kind} xsi:type="bpmn:tFormalExpression">{escape(text)}</bpmn:{kind}>' if text else ""
    return f'<bpmn:timerEventDefinition id="timer">{inner}</bpmn:timerEventDefinition>'


def drawing(*steps: Step, ways: str, process: str = "", more: str = "", before: str = "") -> str:
    """A file of bpmn-js.

    Args:
        ways: flows as ``start-approve``; with a condition ``diamond-end[decision = "approve"]``, with a
            star behind the way that is taken otherwise; separated by two spaces.
        process: what our dialect says of the process.
        more: further content of the process; ``before``: what stands before it.
    """
    flows = [_flow(text) for text in ways.split("  ") if text]
    default = {source: f"{source}_{target}" for source, target, _condition, star in flows if star}
    content = ""
    for tag, key, attributes, inner in steps:
        listed = "".join(f"<bpmn:incoming>{one}_{to}</bpmn:incoming>" for one, to, *_ in flows if to == key)
        listed += "".join(f"<bpmn:outgoing>{one}_{to}</bpmn:outgoing>" for one, to, *_ in flows if one == key)
        attributes += f' default="{default[key]}"' if key in default else ""
        content += f'<bpmn:{tag} id="{key}"{attributes}>{inner.replace(chr(0), listed)}</bpmn:{tag}>'
    for source, target, condition, _star in flows:
        held = (
            f'<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">{escape(condition)}</bpmn:conditionExpression>'
            if condition
            else ""
        )
        content += f'<bpmn:sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">{held}</bpmn:sequenceFlow>'
    head = BEGINNING.replace(
        "<bpmn:definitions ", '<bpmn:definitions xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    )
    ours = f"<bpmn:extensionElements>{process}</bpmn:extensionElements>" if process else ""
    return (
        f'{head}{before}<bpmn:process id="leave" name="Leave" isExecutable="true">{ours}{content}{more}</bpmn:process>'
        + DRAWING.format(key="leave")
    )


def _flow(text: str) -> tuple[str, str, str, bool]:
    ends, _bracket, condition = text.partition("[")
    source, _dash, target = ends.rstrip("*").partition("-")
    return source, target, condition.rstrip("]*"), text.endswith("*")
