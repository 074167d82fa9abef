"""A diagram as text: what it is called, making an empty one, giving it another key.

Owns what the designer needs to know of BPMN XML without running it. Compiles and checks nothing;
files are read by ``bpm.engine.diagram.xml``.
"""

from __future__ import annotations

import re
import unicodedata
from secrets import token_hex

from lxml import etree

from bpm.engine import dialect
from bpm.engine.diagram.elements import FLOW_NODES
from bpm.engine.diagram.xml import BPMN, Node, bpmn, children, first, flag, parse, reference, tag_of
from bpm.errors import Invalid
from bpm.language import _, chosen

_DECLARED = re.compile(r"""\ufeff?<\?xml[^>]*?encoding\s*=\s*["']([\w.-]+)["']""")
_LENIENT = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, load_dtd=False)
DI = "http://www.omg.org/spec/BPMN/20100524/DI"
# Russian as it is written on passports, and the Polish letter that is no letter with a mark
_LETTERS = str.maketrans({
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i",
    "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t",
    "у": "u", "ф": "f", "х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch", "ъ": "", "ы": "y", "ь": "",
    "э": "e", "ю": "yu", "я": "ya", "ł": "l",
})  # fmt: skip


def process_of(root: Node) -> Node:
    """Return the process that a diagram is about: the first that can be executed, else the first with steps.

    Raises:
        Invalid: there is none.
    """
    processes = list(children(root, "process"))
    if not processes:
        raise Invalid(_("There is no process in the diagram."))
    wanted = (
        *(one for one in processes if flag(one, "isExecutable")),
        *(one for one in processes if next(children(one, *FLOW_NODES), None) is not None),
        processes[0],
    )
    return wanted[0]


def key_of(root: Node) -> str:
    """Return the key of the process, which is its id; empty where there is no process."""
    return process_of(root).get("id") or "" if first(root, "process") is not None else ""


def is_of(root: Node, key: str) -> bool:
    """Tell whether a diagram may be kept under a key: the process is in it, or none is."""
    keys = [one.get("id") for one in children(root, "process")]
    return key in keys or not keys


def name_of(root: Node, key: str | None = None) -> str:
    """Return what the process is called, that of a key or the first that can be executed; else its key."""
    if first(root, "process") is None:
        return (root.get("name") or key or root.get("id") or "").strip()
    process = next((one for one in children(root, "process") if one.get("id") == key), process_of(root))
    return (process.get("name") or _pool_name(root, process) or process.get("id") or "").strip()


def title_of(root: Node, key: str | None = None) -> str:
    """Return what the process is called in the present language, as far as the diagram says it."""
    if first(root, "process") is None:
        return name_of(root, key)
    process = next((one for one in children(root, "process") if one.get("id") == key), process_of(root))
    return chosen({**dialect.named(process), "en": name_of(root, key)})


def _pool_name(root: Node, process: Node) -> str:
    pools = (pool for one in children(root, "collaboration") for pool in children(one, "participant"))
    key = process.get("id")
    return next((pool.get("name", "") for pool in pools if reference(pool.get("processRef")) == key), "")


def with_key(root: Node, key: str, name: str | None = None) -> str:
    """Return the diagram with the process under another key, executable, and (if given) another name."""
    process = process_of(root)
    old = process.get("id")
    for element in root.iter(etree.Element):
        for attribute in ("processRef", "bpmnElement"):
            if old and element.get(attribute) == old:
                element.set(attribute, key)
    process.set("id", key)
    process.set("isExecutable", "true")
    if name:
        process.set("name", name)
    return text_of(root)


def rekeyed(xml: str, old: str, key: str) -> str:
    """Return the diagram with a process under another key; nothing else in it changes."""
    root = parse(xml.encode("utf-8"), with_comments=True)
    for element in root.iter(etree.Element):
        for attribute in ("processRef", "bpmnElement"):
            if old and element.get(attribute) == old:
                element.set(attribute, key)
        if element.get("id") == old and tag_of(element) == "process":
            element.set("id", key)
    return text_of(root)


def decoded(content: bytes) -> str:
    """Return a file as the text that is kept: its declaration and line ends stay as they are."""
    for encoding in ("utf-8", etree.fromstring(content, _LENIENT).getroottree().docinfo.encoding or "utf-8"):
        try:
            text = content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
        if "\0" not in text and encoded(text) == content:
            return text
    return text_of(parse(content, with_comments=True))


def encoded(xml: str) -> bytes:
    """Return the file of a kept text, in the encoding that it declares (XML 1.0, 4.3.3)."""
    declared = _DECLARED.match(xml)
    try:
        return xml.encode(declared[1] if declared else "utf-8")
    except (LookupError, UnicodeEncodeError):
        # something was written in it that the encoding has no letters for
        return _DECLARED.sub(lambda found: found[0].replace(found[1], "UTF-8"), xml, count=1).encode("utf-8")


def text_of(root: Node) -> str:
    """Return the XML text of a diagram."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8").decode("utf-8")


def empty(key: str, name: str) -> str:
    """Return a diagram in which nothing is drawn yet."""
    spaces = {"bpmn": BPMN, "bpmndi": DI, "bpm": "urn:bpm:dialect:1"}
    root = etree.Element(bpmn("definitions"), nsmap=spaces)
    root.set("id", f"definitions_{token_hex(4)}")
    root.set("targetNamespace", "urn:bpm:processes")
    etree.SubElement(root, bpmn("process"), id=key, name=name, isExecutable="true")
    drawing = etree.SubElement(root, f"{{{DI}}}BPMNDiagram", id="diagram")
    etree.SubElement(drawing, f"{{{DI}}}BPMNPlane", id="plane", bpmnElement=key)
    return text_of(root)


def usable_key(wanted: str, name: str) -> str:
    """Return an id as the key of a process, unless it cannot stand in an address: then one made of it."""
    if re.fullmatch(r"[A-Za-z_][\w.-]{0,119}", wanted, re.ASCII):
        return wanted
    return key_from(wanted, key_from(name))


def key_from(name: str, fallback: str = "process") -> str:
    """Return an identifier made of the letters of a name: "Отпуск Ани" gives ``otpusk_ani``."""
    latin = unicodedata.normalize("NFD", name.lower().translate(_LETTERS))
    key = re.sub(r"[^a-z0-9]+", "_", "".join(c for c in latin if not unicodedata.combining(c))).strip("_")[
        :60
    ]
    if not key:
        return fallback
    return f"_{key}" if key[0].isdigit() else key
