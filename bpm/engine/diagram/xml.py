"""Safe reading of diagrams: no document type, no entities, no network, limited size and depth.

Owns the XML names; knows nothing of what the elements mean.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from lxml import etree

from bpm.engine.problems import CannotRun, Problem

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
CAMUNDA = "http://camunda.org/schema/1.0/bpmn"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
SIZE_LIMIT = 8 * 1024 * 1024
DEPTH_LIMIT = 120
# the XML is well-formed all the same; XML 1.0 knows no namespaces
_NAMESPACE_FAULTS = frozenset({etree.ErrorTypes.WAR_NS_URI, etree.ErrorTypes.WAR_NS_URI_RELATIVE})

Node = etree._Element
_PREFIX = f"{{{BPMN}}}"
_LENGTH = len(_PREFIX)


def bpmn(tag: str) -> str:
    """Return the full name of a BPMN tag."""
    return f"{{{BPMN}}}{tag}"


def tag_of(node: Node) -> str:
    """Return the local name of a BPMN element, or "" for any other."""
    name = str(node.tag)
    return name[_LENGTH:] if name.startswith(_PREFIX) else ""


def namespace_of(node: Node) -> str:
    """Return the namespace of an element."""
    name = str(node.tag)
    return name[1:].partition("}")[0] if name.startswith("{") else ""


def local_name(node: Node) -> str:
    """Return the name of an element without its namespace."""
    return str(node.tag).rpartition("}")[2]


def id_of(node: Node) -> str | None:
    """Return the id of the element, or of the nearest one around it that has one."""
    current: Node | None = node
    while current is not None:
        found = current.get("id")
        if found:
            return found
        current = current.getparent()
    return None


def children(node: Node, *tags: str) -> Iterator[Node]:
    """Return the BPMN children with one of these tags, in order."""
    names = _full_names(tags)
    return node.iterchildren(*names) if names else iter(())


@cache
def _full_names(tags: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(bpmn, tags))


def first(node: Node, tag: str) -> Node | None:
    """Return the first BPMN child with this tag."""
    return node.find(bpmn(tag))


def text_of(node: Node | None) -> str:
    """Return the whole text inside an element, without the spaces around it."""
    return "" if node is None else "".join(str(part) for part in node.itertext()).strip()


def flag(node: Node, name: str, default: bool = False) -> bool:
    """Return a yes/no attribute (xsd:boolean)."""
    found = node.get(name)
    return default if found is None else found.strip() in ("true", "1")


def reference(text: str | None) -> str:
    """Return the local part of a qualified reference (``tns:Error_1``)."""
    return (text or "").strip().rpartition(":")[2]


def parse(content: bytes, *, with_comments: bool = False) -> Node:
    """Parse a diagram.

    Args:
        with_comments: keep comments and processing instructions, for a file that is written again.

    Raises:
        CannotRun: it is too big, is not XML, has a document type, or is no BPMN 2.0.
    """
    if len(content) > SIZE_LIMIT:
        raise _refused("too_big", "The file is bigger than %(limit)s MB.", limit=SIZE_LIMIT // 1024 // 1024)
    try:
        root = _read(content, with_comments)
    except (etree.XMLSyntaxError, ValueError) as error:
        if "Excessive depth" in str(error):
            raise _refused("too_deep", "The diagram is nested too deeply.") from None
        raise _refused("not_xml", "The file is not well-formed XML: %(why)s", why=str(error)[:200]) from None
    if root.getroottree().docinfo.doctype:
        raise _refused("doctype", "The file has a document type definition (DOCTYPE), which is not allowed.")
    if root.tag != bpmn("definitions"):
        raise _refused("not_bpmn", "The file is not a BPMN 2.0 diagram.")
    _check_depth(root)
    return root


def _read(content: bytes, with_comments: bool, *, lenient: bool = False) -> Node:
    """Parse; a namespace that is no valid address is taken as it is, as browsers do."""
    parser = etree.XMLParser(
        # a text that was kept here is UTF-8, whatever its declaration says
        encoding="utf-8" if _is_utf8(content) else None,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=not with_comments,
        remove_pis=not with_comments,
        recover=lenient,
    )
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        faults = {entry.type for entry in parser.error_log}
        if lenient or not faults or not faults <= _NAMESPACE_FAULTS:
            raise
    return _read(content, with_comments, lenient=True)


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return b"\0" not in content


def _check_depth(root: Node) -> None:
    level = [root]
    for _depth in range(DEPTH_LIMIT):
        level = [child for node in level for child in node]
        if not level:
            return
    raise _refused("too_deep", "The diagram is nested too deeply.")


def _refused(code: str, message: str, **values: object) -> CannotRun:
    return CannotRun([Problem(None, code, message, dict(values))])


def ensure_root(diagram: bytes | str | Node) -> Node:
    """Return the root element of a diagram given as text or already parsed.

    Raises:
        CannotRun: see :func:`parse`.
    """
    if isinstance(diagram, str):
        diagram = diagram.encode("utf-8")
    return parse(diagram) if isinstance(diagram, bytes) else diagram
