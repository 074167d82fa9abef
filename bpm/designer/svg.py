"""Makes a drawing that a browser sent harmless: what is not on the list is dropped.

The list holds what diagram-js draws. No script, no event handler, no foreign content, no address
but ``#id`` within the drawing itself.
"""

from __future__ import annotations

import re
from functools import lru_cache

from lxml import etree

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
LARGEST = 5_000_000
_TAGS = frozenset({
    "svg", "g", "defs", "marker", "path", "rect", "circle", "ellipse", "polygon", "polyline", "line", "text",
    "tspan", "title", "desc", "clipPath", "pattern", "use", "symbol",
})  # fmt: skip
_ATTRIBUTES = frozenset({
    "id", "class", "version", "width", "height", "viewBox", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r",
    "rx", "ry", "d", "points", "transform", "fill", "fill-opacity", "fill-rule", "stroke", "stroke-width",
    "stroke-linecap", "stroke-linejoin", "stroke-dasharray", "stroke-opacity", "stroke-miterlimit",
    "opacity", "marker-start", "marker-mid", "marker-end", "markerWidth", "markerHeight", "markerUnits",
    "orient", "refX", "refY", "font-size", "font-family", "font-weight", "font-style", "text-anchor",
    "dominant-baseline", "lineHeight", "data-element-id", "data-corner-radius", "clip-path", "patternUnits",
    "patternTransform", "style", "preserveAspectRatio",
})  # fmt: skip
# those that no browser takes for an address or a style
_FREE = frozenset({"id", "class", "data-element-id", "d", "points", "transform"})
_PROPERTIES = frozenset({
    "fill", "fill-opacity", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin", "stroke-dasharray",
    "stroke-opacity", "stroke-miterlimit", "opacity", "font-size", "font-family", "font-weight", "font-style",
    "text-anchor", "marker-start", "marker-mid", "marker-end", "visibility", "display",
})  # fmt: skip
# the only function a value may call is url() of something within the drawing
_INNER_ADDRESS = re.compile(r"""url\(\s*["']?#[\w-]+["']?\s*\)""")
_COLOUR = re.compile(r"\b(?:rgba?|hsla?)\([\d\s.,%/]*\)")
_UNSAFE = re.compile(r"[<>\\@]|\w\s*\(|/\*|:\s*//", re.ASCII)


def sanitised(svg: str | None) -> str | None:
    """Return the drawing with only what is known to be harmless; None if it is none or too large."""
    if not svg or len(svg) > LARGEST:
        return None
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True
    )
    try:
        root = etree.fromstring(svg.encode("utf-8"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root.tag != f"{{{SVG}}}svg":
        return None
    _clean(root)
    return etree.tostring(root, encoding="unicode")


def _clean(element: etree._Element) -> None:
    for name, given in element.attrib.items():
        value = given if name in _FREE else _kept(str(name), str(given))
        if value is None:
            del element.attrib[name]
        elif value is not given and value != given:
            element.set(name, value)
    for child in list(element):
        # comments stay: bpmn-js names itself in one, as its licence asks
        if isinstance(child, etree._Comment):
            continue
        if isinstance(child.tag, str) and child.tag.removeprefix(f"{{{SVG}}}") in _TAGS and SVG in child.tag:
            _clean(child)
        else:
            _drop(child)


# a drawing says the same of thousands of shapes
@lru_cache(2_000)
def _kept(name: str, value: str) -> str | None:
    if name in ("href", f"{{{XLINK}}}href"):
        return value if re.fullmatch(r"#[\w-]+", value) else None
    if name not in _ATTRIBUTES:
        return None
    if name == "style":
        return _safe_style(value) or None
    return value if name in _FREE or _is_safe(value) else None


def _safe_style(style: str) -> str:
    pairs = (part.partition(":") for part in style.split(";"))
    kept = [(name.strip(), value.strip()) for name, _colon, value in pairs]
    return "; ".join(f"{n}: {v}" for n, v in kept if n in _PROPERTIES and v and _is_safe(v))


def _is_safe(value: str) -> bool:
    return not _UNSAFE.search(_COLOUR.sub("", _INNER_ADDRESS.sub("", value)))


def _drop(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is None:
        return
    before = element.getprevious()
    if element.tail:
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)
