"""Diagrams with one fault each: what the lists in ``broken_…`` are written with."""

from __future__ import annotations

from tests.engine.diagrams import (
    ROOTS,
    boundary,
    catch,
    diagram,
    end,
    file,
    flows,
    node,
    process,
    start,
    sub,
    timer,
    user,
)

PLAIN = "s-u u-e"
UNDO = "<compensateEventDefinition/>"
LINK_A = '<linkEventDefinition id="la" name="A"/>'
ITEMS = (
    '<itemDefinition id="i_text" structureRef="String"/><itemDefinition id="i_number" structureRef="xsd:int"/>'
    '<itemDefinition id="i_texts" structureRef="String" isCollection="true"/>'
    '<message id="m_text" name="Text" itemRef="i_text"/><interface id="if" name="Shop">'
    '<operation id="op" name="buy"><inMessageRef>m_text</inMessageRef></operation></interface>'
)


def around(step: str, *more: str, links: str = PLAIN) -> str:
    """A process with one step ``u`` between its start and its end."""
    return diagram(start(), step, end(), *more, links=links)


def typed(*content: str, links: str = PLAIN, before: str = "") -> str:
    """The same in a file with item definitions and a service."""
    return file(before + process(start(), *content, end(), flows(links)), roots=ROOTS + ITEMS)


def plain(*content: str, links: str = "") -> str:
    return file(process(*content, flows(links)))


def choice(*flows_out: str, kind: str = "exclusiveGateway", **attributes: str) -> str:
    """A gateway ``g`` before the tasks ``u`` and ``v``."""
    return diagram(
        start(), node(kind, "g", **attributes), user("u"), user("v"), end(), *flows_out, links="s-g u-e v-e"
    )


def gateway(kind: str, key: str, **attributes: str) -> str:
    return node(f"{kind}Gateway", key, **attributes)


def io(data: str = "", inputs: str = "<inputSet/>", outputs: str = "<outputSet/>") -> str:
    return f'<ioSpecification id="io">{data}{inputs}{outputs}</ioSpecification>'


def given(item: str = "i_text", key: str = "d", extra: str = "") -> str:
    return io(
        f'<dataInput id="{key}" itemSubjectRef="{item}" {extra}/>',
        f"<inputSet><dataInputRefs>{key}</dataInputRefs></inputSet>",
    )


def pools(inner: str, *more: str) -> str:
    """Two pools with processes p (s-u-e) and q (s2-v-e2), and what a collaboration holds."""
    return file(
        '<collaboration id="c"><participant id="one" processRef="p"/><participant id="two" processRef="q"/>'
        f"{inner}</collaboration>"
        + process(start(), user("u"), end(), flows(PLAIN), *more)
        + process(start("s2"), user("v"), end("e2"), flows("s2-v v-e2"), key="q")
    )


def sent(source: str, target: str) -> str:
    return f'<messageFlow id="mf" sourceRef="{source}" targetRef="{target}"/>'


def repeated(inner: str, **attributes: str) -> str:
    return user("u", node("multiInstanceLoopCharacteristics", "mi", inner, **attributes))


def undone(association: str = '<association id="a" sourceRef="b" targetRef="x"/>', mark: str = "true") -> str:
    return around(user("u"), boundary("b", "u", UNDO), user("x", isForCompensation=mark), association)


def nested(depth: int) -> str:
    """Sub-processes in one another."""
    inner = start("s0") + end("e0") + flows("s0-e0")
    for level in range(1, depth):
        inner = start(f"s{level}x") + sub(f"n{level}", inner) + end(f"e{level}x")
        inner += flows(f"s{level}x-n{level} n{level}-e{level}x")
    return inner


HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">'
FLOW_TO_NOTE = '<sequenceFlow id="f" sourceRef="u" targetRef="note"/>'
NOTE = '<textAnnotation id="note"/>'
INNER = sub("u", start("s2"), user("i"), end("e2"), flows("s2-i i-e2"))
XPATH = diagram(start(), catch("u", timer("PT1H")), end(), links=PLAIN).replace(
    'id="file"', 'id="file" expressionLanguage="http://www.w3.org/1999/XPath"'
)
