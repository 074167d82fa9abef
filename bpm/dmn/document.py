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
    """Return the name with runs of white space made single."""
    return " ".join(element.get("name", "").split())


def type_reference(element: etree._Element) -> str:
    """Return the text of ``typeRef``, written as an attribute or, in item definitions, as an element."""
    return " ".join((element.get("typeRef") or text(element, "typeRef")).split())


def href(element: etree._Element) -> tuple[str, str]:
    """Return (namespace or "", id) of a reference."""
    namespace, _hash, identifier = element.get("href", "").rpartition("#")
    return namespace, identifier
