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


def required_decision(identifier: str) -> str:
    return f'<informationRequirement><requiredDecision href="#{identifier}"/></informationRequirement>'


def required_knowledge(reference: str) -> str:
    return f'<knowledgeRequirement><requiredKnowledge href="{reference}"/></knowledgeRequirement>'


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
