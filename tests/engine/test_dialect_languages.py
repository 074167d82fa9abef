"""Whoever draws in another language than English is read in it; translations are for the others."""

from __future__ import annotations

import pytest

from bpm.engine import dialect
from bpm.engine.diagram.xml import Node, parse
from tests.engine.processes import HEAD


def step_of(name: str, inside: str) -> Node:
    text = (
        f'{HEAD}<bpmn:process id="p"><bpmn:userTask id="ask" name="{name}"><bpmn:extensionElements>{inside}'
    )
    text += "</bpmn:extensionElements></bpmn:userTask></bpmn:process></bpmn:definitions>"
    step = parse(text.encode()).find(".//{*}userTask")
    assert step is not None
    return step


BUTTON = '<bpm:outcomes><bpm:outcome key="yes" label="{}">{}</bpm:outcome></bpm:outcomes>'
ENGLISH = '<bpm:label language="en" text="Agree"/>'
RUSSIAN = '<bpm:label language="ru" text="Согласовать"/>'


@pytest.mark.parametrize(
    ("label", "others", "read"),
    [
        ("Agree", RUSSIAN, {"en": "Agree", "ru": "Согласовать"}),
        ("Согласовать", ENGLISH, {"en": "Agree", "ru": "Согласовать", "pl": "Согласовать"}),
        ("Согласовать", ENGLISH + RUSSIAN, {"en": "Agree", "ru": "Согласовать", "pl": "Согласовать"}),
        ("Согласовать", "", {"en": "Согласовать"}),
    ],
)
def test_a_button_says_what_its_author_wrote(label: str, others: str, read: dict[str, str]) -> None:
    (outcome,) = dialect.read(step_of("Ask", BUTTON.format(label, others)))["outcomes"]
    assert outcome["labels"] == read


def test_a_step_and_its_title_are_read_in_the_language_of_their_author() -> None:
    translated = '<bpm:translation language="en" name="Agree" title="Agree on {number}"/>'
    step = step_of("Согласовать", f"<bpm:title>Согласовать {{number}}</bpm:title>{translated}")
    assert dialect.named(step)["ru"] == "Согласовать" and dialect.named(step)["en"] == "Agree"
    titles = dialect.read(step)["titles"]
    assert titles["ru"] == "Согласовать {number}" and titles["en"] == "Agree on {number}"


def test_a_title_in_one_language_does_not_hide_the_name_in_the_others() -> None:
    step = step_of("Agree", '<bpm:translation language="ru" title="Согласовать {number}"/>')
    assert dialect.read(step)["titles"] == {"ru": "Согласовать {number}", "en": "Agree"}
