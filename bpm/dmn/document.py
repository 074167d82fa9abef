"""Reading XML safely, and the few questions asked of it: local names, children, texts.

Accepts every namespace of DMN 1.1 to 1.5. No document type, no entities, no network.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from bpm.dmn.errors import DmnError
from bpm.language import _

MAX_BYTES = 5_000_000
BOXED = frozenset({
    "literalExpression", "decisionTable", "context", "list", "relation", "functionDefinition",
    "invocation", "conditional", "for", "every", "some", "filter",
})  # fmt: skip


def parse(xml: bytes) -> etree._Element:
    """Return the root element ``definitions``.

    Raises:
        DmnError: too big, no well-formed XML, a document type, or something else than DMN.
    """
    if len(xml) > MAX_BYTES:
        raise DmnError(_("The file is too big for a decision model."))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise DmnError(_("The file is no well-formed XML: %(reason)s", reason=str(error)[:200])) from None
    if root.getroottree().docinfo.doctype:
        raise DmnError(_("The file declares a document type, which is not allowed."))
    name = etree.QName(root)
    if name.localname != "definitions" or "DMN" not in (name.namespace or "").upper():
        raise DmnError(_("The file is no decision model (DMN)."))
    return root


def local(element: etree._Element) -> str:
    """Return the name without its namespace; "" for a comment."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def children(element: etree._Element, *names: str) -> Iterator[etree._Element]:
    """Yield the child elements of these local names."""
    for child in element:
        if local(child) in names:
            yield child


def child(element: etree._Element, *names: str) -> etree._Element | None:
    """Return the first child of one of these local names."""
    return next(children(element, *names), None)


def text(element: etree._Element, name: str) -> str:
    """Return the stripped text of a child, or ""."""
    found = child(element, name)
    return "" if found is None else (found.text or "").strip()


def boxed(element: etree._Element) -> etree._Element | None:
    """Return the child that is an expression."""
    return child(element, *BOXED)


def identity(element: etree._Element) -> str:
    return element.get("id", "")


def name_of(element: etree._Element) -> str:
    """Return the name, with runs of white space made single and none around it."""
    return plain_name(element.get("name", ""))


def plain_name(name: str) -> str:
    """Return a name as the language writes it: no white space around it, single spaces inside."""
    return " ".join(name.split())


def type_reference(element: etree._Element, attribute: str = "typeRef") -> str:
    """Return the text of ``typeRef``, written as an attribute or, in item definitions, as an element.

    A prefix that the file declares as a namespace (DMN 1.1) is replaced by it: ``{namespace}name``.
    """
    found = child(element, attribute)
    holder = element if found is None else found
    reference = plain_name(element.get(attribute) or ("" if found is None else found.text or ""))
    prefix, colon, name = reference.partition(":")
    namespace = holder.nsmap.get(prefix) if colon and "<" not in prefix else None
    return f"{{{namespace}}}{name.strip()}" if namespace else reference


def place_of(element: etree._Element) -> str:
    """Return the id of the element, or the id or name of the nearest one around it that has any."""
    for one in (element, *element.iterancestors()):
        if found := one.get("id") or name_of(one):
            return str(found)
    return local(element)


def path_of(element: etree._Element) -> str:
    """Tell people where an element stands: ``Route: rule 3: amount``."""
    steps: list[str] = []
    for one in (element, *element.iterancestors()):
        parent = one.getparent()
        if parent is None:
            break
        step = _step(one, parent)
        if step and step not in steps[-1:]:
            steps.append(step)
    return ": ".join(reversed(steps))


def _step(element: etree._Element, parent: etree._Element) -> str:
    match local(element):
        case "rule":
            return _("rule %(number)s", number=1 + _index(element, parent))
        case "row":
            return _("row %(number)s", number=1 + _index(element, parent))
        case "inputEntry" | "outputEntry" as cell:
            table = parent.getparent()
            if table is None:
                return ""
            columns = list(children(table, cell.removesuffix("Entry")))[_index(element, parent) :]
            return column_name(columns[0]) if columns else ""
        case "input" | "output":
            return column_name(element)
        case "contextEntry" | "binding":
            named = child(element, "variable", "parameter")
            return "" if named is None else name_of(named)
        case "variable":
            return ""
    return name_of(element)


def column_name(column: etree._Element) -> str:
    """Return what people call a column of a table: its label, its name, or its expression."""
    expression = child(column, "inputExpression")
    return (
        plain_name(column.get("label", ""))
        or name_of(column)
        or ("" if expression is None else text(expression, "text"))
    )


def _index(element: etree._Element, parent: etree._Element) -> int:
    return list(children(parent, local(element))).index(element)


def href(element: etree._Element) -> tuple[str, str]:
    """Return (namespace or "", id) of a reference."""
    namespace, _hash, identifier = element.get("href", "").rpartition("#")
    return namespace, identifier
