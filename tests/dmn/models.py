"""Decision models for the tests, written shortly."""

from __future__ import annotations

from xml.sax.saxutils import escape, quoteattr

NAMESPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def definitions(body: str, namespace: str = "urn:test", name: str = "Test") -> bytes:
    """Return a whole file around ``body``."""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><definitions xmlns="{NAMESPACE}" id="definitions" '
        f'name={quoteattr(name)} namespace="{namespace}">{body}</definitions>'
    ).encode()


def literal(text: str) -> str:
    return f"<literalExpression><text>{escape(text)}</text></literalExpression>"


def decision(identifier: str, logic: str, *, type: str = "", requires: str = "") -> str:
    """Return a decision named like its id; ``requires`` are requirement elements."""
    return (
        f'<decision id="{identifier}" name="{identifier}"><variable name="{identifier}" '
        f"{f'typeRef={quoteattr(type)}' if type else ''}/>{requires}{logic}</decision>"
    )


def knowledge(name: str, parameters: list[str], logic: str, *, type: str = "", requires: str = "") -> str:
    """Return a business knowledge model; a parameter is written ``name`` or ``name: type``."""
    formal = ""
    for parameter in parameters:
        word, _colon, kind = parameter.partition(": ")
        formal += f"<formalParameter name={quoteattr(word)} {f'typeRef={quoteattr(kind)}' if kind else ''}/>"
    return (
        f"<businessKnowledgeModel id={quoteattr(name.replace(' ', '_'))} name={quoteattr(name)}>"
        f"<variable name={quoteattr(name)} {f'typeRef={quoteattr(type)}' if type else ''}/>"
        f"<encapsulatedLogic>{formal}{logic}</encapsulatedLogic>{requires}</businessKnowledgeModel>"
    )


def input_data(name: str, type: str = "") -> str:
    kind = f"typeRef={quoteattr(type)}" if type else ""
    return (
        f"<inputData id={quoteattr(name.replace(' ', '_'))} name={quoteattr(name)}>"
        f"<variable name={quoteattr(name)} {kind}/></inputData>"
    )


def item(name: str, type: str, allowed: str = "", *, many: bool = False, constraint: str = "") -> str:
    """Return an item definition of a simple kind."""
    parts = f"<typeRef>{type}</typeRef>"
    parts += f"<allowedValues><text>{escape(allowed)}</text></allowedValues>" if allowed else ""
    parts += f"<typeConstraint><text>{escape(constraint)}</text></typeConstraint>" if constraint else ""
    collection = 'isCollection="true"' if many else ""
    return f"<itemDefinition name={quoteattr(name)} {collection}>{parts}</itemDefinition>"


def structure(name: str, fields: dict[str, str]) -> str:
    """Return an item definition with components."""
    parts = "".join(
        f"<itemComponent name={quoteattr(field)}><typeRef>{type}</typeRef></itemComponent>"
        for field, type in fields.items()
    )
    return f"<itemDefinition name={quoteattr(name)}>{parts}</itemDefinition>"


def imported(name: str, namespace: str) -> str:
    return (
        f"<import name={quoteattr(name)} namespace={quoteattr(namespace)} importType={quoteattr(NAMESPACE)}/>"
    )


def required_input(reference: str) -> str:
    return _required("information", "requiredInput", reference)


def required_decision(reference: str) -> str:
    return _required("information", "requiredDecision", reference)


def required_knowledge(reference: str) -> str:
    return _required("knowledge", "requiredKnowledge", reference)


def _required(kind: str, element: str, reference: str) -> str:
    """Return a requirement; ``reference`` is an id, alone or behind a namespace and ``#``."""
    href = quoteattr(reference if "#" in reference else f"#{reference}")
    return f"<{kind}Requirement><{element} href={href}/></{kind}Requirement>"


def table(
    inputs: list[str],
    outputs: list[str],
    rules: list[tuple[list[str], list[str]]],
    policy: str = "UNIQUE",
    *,
    aggregation: str = "",
    orders: dict[str, str] | None = None,
    defaults: dict[str, str] | None = None,
) -> str:
    """Return a decision table; rules are (input cells, output cells), their ids r1, r2 …"""
    extra = f"aggregation={quoteattr(aggregation)}" if aggregation else ""
    parts = [f'<decisionTable hitPolicy="{policy}" {extra}>']
    for text in inputs:
        parts.append(f"<input><inputExpression><text>{escape(text)}</text></inputExpression></input>")
    for name in outputs:
        order, default = (orders or {}).get(name), (defaults or {}).get(name)
        parts.append(f"<output name={quoteattr(name)}>")
        parts.append(f"<outputValues><text>{escape(order)}</text></outputValues>" if order else "")
        parts.append(
            f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>" if default else ""
        )
        parts.append("</output>")
    parts.append('<annotation name="why"/>')
    for number, (cells, results) in enumerate(rules, 1):
        parts.append(f'<rule id="r{number}">')
        parts += [f"<inputEntry><text>{escape(cell)}</text></inputEntry>" for cell in cells]
        parts += [f"<outputEntry><text>{escape(cell)}</text></outputEntry>" for cell in results]
        parts.append(f"<annotationEntry><text>reason {number}</text></annotationEntry></rule>")
    return "".join(parts) + "</decisionTable>"
