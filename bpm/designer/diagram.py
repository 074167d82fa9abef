"""A diagram as text: what it is called, making an empty one, giving it another key.

Owns what the designer needs to know of BPMN XML without running it. Compiles and checks nothing;
files are read by ``bpm.engine.xml``.
"""

from __future__ import annotations

import re
import unicodedata
from secrets import token_hex

from lxml import etree

from bpm.engine.xml import BPMN, Node, bpmn, children
from bpm.errors import Invalid
from bpm.language import _

DI = "http://www.omg.org/spec/BPMN/20100524/DI"
# Russian as it is written on passports, and the Polish letter that is no letter with a mark
_LETTERS = str.maketrans({
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i",
    "й": "y", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t",
    "у": "u", "ф": "f", "х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sch", "ъ": "", "ы": "y", "ь": "",
    "э": "e", "ю": "yu", "я": "ya", "ł": "l",
})  # fmt: skip


def process_of(root: Node) -> Node:
    """Return the process that a diagram is about: the first that can be executed, else the first.

    Raises:
        Invalid: there is none.
    """
    processes = list(children(root, "process"))
    if not processes:
        raise Invalid(_("There is no process in the diagram."))
    return next((one for one in processes if one.get("isExecutable") == "true"), processes[0])


def key_of(root: Node) -> str:
    """Return the key of the process, which is its id."""
    return process_of(root).get("id") or ""


def name_of(root: Node) -> str:
    """Return what the process is called; its key if it has no name."""
    process = process_of(root)
    return (process.get("name") or process.get("id") or "").strip()


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


def key_from(name: str, fallback: str = "process") -> str:
    """Return an identifier made of the letters of a name: "Отпуск Ани" gives ``otpusk_ani``."""
    latin = unicodedata.normalize("NFD", name.lower().translate(_LETTERS))
    key = re.sub(r"[^a-z0-9]+", "_", "".join(c for c in latin if not unicodedata.combining(c))).strip("_")[
        :60
    ]
    if not key:
        return fallback
    return f"_{key}" if key[0].isdigit() else key
