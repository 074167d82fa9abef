"""What differs between two versions, in sentences: nothing is passed over, nothing is made up."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from bpm.config import ROOT
from bpm.designer.compare import Difference, Vocabulary, compare
from bpm.designer.compare.subjects import Diagram
from bpm.designer.compare.words import DESCRIBED
from bpm.engine import dialect
from bpm.engine.diagram.xml import Node, local_name, parse
from bpm.language import using
from tests.designer.diagrams import BEGINNING, runnable

pytestmark = pytest.mark.one_database

SHIPPED = sorted((ROOT / "processes").glob("*.bpmn"))
PICKS = {
    "people": [{"id": "olga.ivanova", "name": "Olga Ivanova"}, {"id": "anna.nowak", "name": "Anna Nowak"}],
    "groups": [{"id": "seller", "name": "Sellers"}],
    "forms": [{"id": "leave", "name": "Leave form"}],
    "connectors": [{"id": "letter", "name": "Letter", "inputs": [{"key": "text", "label": "Text"}]}],
}


def differences(old: str, new: str) -> Difference:
    return compare(parse(old.encode()), parse(new.encode()), Vocabulary(PICKS))


def texts(old: str, new: str) -> list[str]:
    return [change.text for change in differences(old, new).changes]


def legal(**settings: str) -> str:
    """A process with a step “Legal approval” and a letter, with some of its settings replaced."""
    known = {
        "deadline": '<bpm:deadline due="2wd" calendar="working"/>',
        "back": '<bpm:outcome key="revise" label="Send back" comment="optional"/>',
        "start": '<bpm:start form="leave"/>',
        "who": '<bpm:assignment to="person" value="olga.ivanova"/>',
        "text": "Dear client",
        "condition": "= amount &gt; 5",
        "target": "tell",
        "foreign": "",
    } | settings
    return f"""{BEGINNING}<bpmn:process id="p" name="P" isExecutable="true">
  <bpmn:extensionElements>{known["start"]}</bpmn:extensionElements>
  <bpmn:startEvent id="start" name="Asked"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
  <bpmn:userTask id="legal" name="Legal approval"><bpmn:extensionElements>{known["who"]}{known["deadline"]}
    <bpm:outcomes><bpm:outcome key="approve" label="Approve"/>{known["back"]}</bpm:outcomes>{known["foreign"]}
    </bpmn:extensionElements><bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing></bpmn:userTask>
  <bpmn:exclusiveGateway id="how" name="Large?" default="f4"><bpmn:incoming>f2</bpmn:incoming>
    <bpmn:outgoing>f3</bpmn:outgoing><bpmn:outgoing>f4</bpmn:outgoing></bpmn:exclusiveGateway>
  <bpmn:sendTask id="tell" name="Letter to the client"><bpmn:extensionElements><bpm:connector name="letter">
    <bpm:input name="text" value="{known["text"]}"/></bpm:connector></bpmn:extensionElements></bpmn:sendTask>
  <bpmn:endEvent id="end" name="Done"/>
  <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="legal"/>
  <bpmn:sequenceFlow id="f2" sourceRef="legal" targetRef="how"/>
  <bpmn:sequenceFlow id="f3" name="yes" sourceRef="how" targetRef="{known["target"]}">
    <bpmn:conditionExpression>{known["condition"]}</bpmn:conditionExpression></bpmn:sequenceFlow>
  <bpmn:sequenceFlow id="f4" sourceRef="how" targetRef="end"/>
  <bpmn:sequenceFlow id="f5" sourceRef="tell" targetRef="end"/>
</bpmn:process></bpmn:definitions>"""


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        (
            {"deadline": '<bpm:deadline due="1wd" calendar="working"/>'},
            "“Legal approval”: deadline 2 → 1 working day",
        ),
        ({"deadline": ""}, "“Legal approval”: deadline: no longer 2 working days"),
        (
            {"back": '<bpm:outcome key="revise" label="Send back" comment="required"/>'},
            "“Legal approval”: button “Send back” now asks for a comment",
        ),
        ({"back": ""}, "“Legal approval”: button “Send back” was removed"),
        ({"start": '<bpm:start form="leave" groups="seller"/>'}, "Who may start: + group Sellers"),
        (
            {"who": '<bpm:assignment to="group" value="seller"/>'},
            "“Legal approval”: who does it: Olga Ivanova → somebody of “Sellers”",
        ),
        (
            {"text": "Dear client, " + "we are glad to tell you that all is well. " * 3},
            "“Letter to the client”: text of input “Text” changed",
        ),
        (
            {"condition": "= amount &gt; 7"},
            "Way “yes” from “Large?” to “Letter to the client”: condition “amount > 5” → “amount > 7”",
        ),
        ({"target": "end"}, "The way from “Large?” leads to “Done” instead of “Letter to the client”"),
        (
            {"foreign": '<x:note xmlns:x="urn:other" a="1"/>'},
            "“Legal approval”: other settings changed, which this program does not know",
        ),
    ],
)
def test_settings_are_told_in_peoples_words(settings: dict[str, str], sentence: str) -> None:
    found = texts(legal(), legal(**settings))
    assert len(found) == 1 and found[0].startswith(sentence), found


def test_a_step_that_came_and_one_that_was_renamed_are_told_and_marked() -> None:
    old = legal()
    new = old.replace('name="Legal approval"', 'name="Lawyers"').replace(
        '<bpmn:endEvent id="end"', '<bpmn:task id="extra" name="Extra"/><bpmn:endEvent id="end"'
    )
    found = differences(old, new)

    assert [change.text for change in found.changes] == [
        "“Legal approval” is now called “Lawyers”",
        "“Extra” was added (Empty step)",
    ]
    assert found.marks_of("old") == {"legal": "changed"}
    assert found.marks_of("new") == {"legal": "changed", "extra": "added"}
    # and the other way round it is gone
    assert differences(new, old).marks_of("old") == {"legal": "changed", "extra": "removed"}


def test_another_kind_of_step_is_told() -> None:
    new = legal().replace("sendTask", "serviceTask")
    assert texts(legal(), new) == ["“Letter to the client”: was “Letter”, is “Service step” now"]


def test_moves_are_one_sentence() -> None:
    raw = SHIPPED[0].read_text("utf-8")
    new = parse(raw.encode())
    for shape in new.iter("{http://www.omg.org/spec/DD/20100524/DC}Bounds"):
        shape.set("x", str(float(shape.get("x") or 0) + 10))
    found = compare(parse(raw.encode()), new)

    assert [change.kind for change in found.changes] == ["moved"]
    assert "and " in found.changes[0].text and "more" in found.changes[0].text


def test_every_word_of_the_dialect_has_a_human_name() -> None:
    without = []
    for tag, described in dialect.tags().items():
        for one in described["properties"]:
            if tag not in DESCRIBED:
                without.append(tag)
            elif (one.get("isAttr") or one.get("isBody")) and one["name"] not in DESCRIBED[tag].attributes:
                without.append(f"{tag} {one['name']}")
            elif not (one.get("isAttr") or one.get("isBody")) and not DESCRIBED[tag].parts:
                without.append(f"{tag} <{one['name']}>")
    assert without == []


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_diagram_does_not_differ_from_itself_however_it_is_written(path: Path) -> None:
    raw = path.read_bytes()
    other = parse(raw)
    for node in other.iter():
        attributes = dict(node.attrib)
        node.attrib.clear()
        for name in reversed(list(attributes)):
            node.set(name, attributes[name])
        if node.tail and not node.tail.strip():
            node.tail = "\n\n   "
    found = compare(parse(raw), other)
    assert found.changes == [] and found.marks == {}


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_whatever_is_edited_is_told_at_its_element(path: Path) -> None:
    """One random edit each time: the list is never empty and leads to what was edited."""
    raw = path.read_bytes()
    dice, wrong = random.Random(path.stem), []
    with using("en"):
        for _number in range(150):
            edited = parse(raw)
            what, owner = _edit(dice, edited)
            found = compare(parse(raw), edited)
            told = {element for change in found.changes for element in change.elements} | set(found.marks)
            if not found.changes:
                wrong.append(f"{what}: nothing is told")
            elif owner and owner not in told:
                wrong.append(f"{what}: {owner} is not in {sorted(told)[:5]}")
    assert wrong == []


def _edit(dice: random.Random, root: Node) -> tuple[str, str | None]:
    """Change one thing in a diagram; return what, and the id of the element that it belongs to."""
    subjects = Diagram(root).subjects
    while True:
        node = dice.choice([one for one in root.iter() if isinstance(one.tag, str)][1:])
        owner = _owner(node, set(subjects))
        kind = dice.choice(("attribute", "text", "remove"))
        if kind == "attribute" and node.attrib:
            name = dice.choice(list(node.attrib))
            if name == "id" or str(name).endswith("bpmnElement"):
                continue  # another id is another element
            node.set(name, f"{node.get(name)}1")
            return f"{local_name(node)}@{name}", owner
        if kind == "text" and (node.text or "").strip():
            node.text = f"{node.text} 1"
            return f"text of {local_name(node)}", owner
        parent = node.getparent()
        if kind == "remove" and parent is not None and len(node) == 0 and "id" not in node.attrib:
            parent.remove(node)
            return f"no {local_name(node)}", owner


def _owner(node: Node, known: set[str]) -> str | None:
    current: Node | None = node
    while current is not None:
        for name in ("id", "bpmnElement"):
            if current.get(name) in known:
                return current.get(name)
        current = current.getparent()
    return None


def test_a_file_of_another_tool_without_lists_of_ways_is_not_told_as_changed() -> None:
    with_lists = runnable("leave")
    without = with_lists
    for tag in ("incoming", "outgoing"):
        for flow in ("f1", "f2"):
            without = without.replace(f"<bpmn:{tag}>{flow}</bpmn:{tag}>", "")
    assert texts(without, with_lists) == []
