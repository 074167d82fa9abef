"""Every construct of BPMN once, through the database: each line of a story is a transaction of its own.

So the state is written and read back at every wait.
"""

from __future__ import annotations

import pytest
from lxml import etree

from bpm.engine import commands
from bpm.engine.xml import bpmn, children, first, tag_of
from tests.engine.store.conftest import Office
from tests.engine.store.construct_stories import STORIES, Story

LENGTHS = {"m": "minutes", "h": "hours", "d": "days"}
PLACES = {"process", "subProcess", "transaction"}
PASSED_ON = {"startEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}


def with_ends(text: str) -> etree._Element:
    """Draw the ends that a story leaves out: whoever leads nowhere leads to one."""
    root = etree.fromstring(text)
    for place in [
        one for one in root.iter() if tag_of(one) in PLACES and first(one, "startEvent") is not None
    ]:
        sources = {one.get("sourceRef") for one in place}
        loose = [one for one in place if _leads_nowhere(one) and one.get("id") not in sources]
        for number, one in enumerate(loose):
            key = f"{place.get('id')}_end{number}"
            etree.SubElement(place, bpmn("endEvent"), id=key)
            etree.SubElement(
                place, bpmn("sequenceFlow"), id=f"{key}_in", sourceRef=one.get("id", ""), targetRef=key
            )
    return root


def _leads_nowhere(node: etree._Element) -> bool:
    tag = tag_of(node)
    aside = node.get("isForCompensation") or node.get("triggeredByEvent")
    undoes = first(node, "compensateEventDefinition") is not None and tag == "boundaryEvent"
    linked = first(node, "linkEventDefinition") is not None and tag == "intermediateThrowEvent"
    leads = tag in PASSED_ON or tag.endswith(("Task", "Gateway", "Process", "Activity")) or tag == "task"
    return leads and not aside and not undoes and not linked


class Teller:
    """Plays one story in the office."""

    def __init__(self, office: Office, story: Story) -> None:
        self.office = office
        root = with_ends(story.text)
        for one in reversed(list(children(root, "process"))):
            office.do(commands.deploy, None, etree.tostring(root), process_id=one.get("id"))
        self.case = office.start("p", variables=dict(story.variables))

    def play(self, line: str) -> None:
        word, _space, rest = line.partition(" ")
        if word in (">", ">;"):
            assert self.office.open_elements(self.case) == sorted(rest.split())
        elif word.startswith("end"):
            case = self.office.case(self.case)
            assert (case.status, case.open_incidents) == ("completed", 0), self.office.open_elements(
                self.case
            )
            assert not rest or case.outcome == rest.removeprefix("at ")
        elif rest.startswith("is "):
            assert str(self.office.variables(self.case)[word]) == rest.removeprefix("is ")
        else:
            getattr(self, f"_{word}")(rest)

    def _do(self, element: str) -> None:
        self.office.complete("anna.nowak", element, case=self.case)

    def _message(self, name: str) -> None:
        assert self.office.do(commands.deliver, None, name, None, {}) == 1

    def _signal(self, name: str) -> None:
        assert self.office.do(commands.signal, None, name, {}) == 1

    def _pass(self, length: str) -> None:
        self.office.pass_time(**{LENGTHS[length[-1]]: float(length[:-1])})

    def _work(self, _rest: str) -> None:
        self.office.work()

    def _set(self, rest: str) -> None:
        name, _sign, value = rest.partition("=")
        told = {"true": True}.get(value) or int(value)
        self.office.do(commands.set_variables, None, self.case, {name: told})

    def _fails(self, _rest: str) -> None:
        assert self.office.case(self.case).status == "failed"

    def _incident(self, element: str) -> None:
        assert [one.element for one in self.office.incidents()] == [element]


@pytest.mark.parametrize("name", STORIES)
def test_construct(office: Office, name: str) -> None:
    """Given a diagram, when each line of its story is done, then the open tasks are the ones told."""
    story = STORIES[name]
    teller = Teller(office, story)
    for line in story.lines.split(";"):
        teller.play(line.strip())
    assert not teller.office.incidents() or "incident" in story.lines
