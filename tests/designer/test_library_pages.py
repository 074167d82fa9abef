"""Forms and decisions as process owners make them: drafts, trials, publishing, versions, over HTTP."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.designer.owner import Owner

ClientOf = Callable[[str], FlaskClient]


@pytest.fixture
def marta(client_of: ClientOf) -> Owner:
    return Owner(client_of("marta.dabrowska"))


@pytest.fixture
def trip(marta: Owner) -> str:
    """The key of a new form."""
    answer = marta.submit("/forms/new", title="Ask for a trip")
    assert answer.status_code == 302
    return str(answer.headers["Location"].rpartition("/")[2])


def form(*components: dict[str, Any]) -> dict[str, Any]:
    return {"type": "default", "title": "Ask for a trip", "components": list(components)}


DAYS = {"type": "number", "key": "days", "label": "Days", "validate": {"required": True, "max": 30}}
WHY = {
    "type": "textarea", "key": "why", "label": {"en": "Why so long?", "pl": "Dlaczego tak długo?"},
    "showWhen": {"match": "all", "rules": [{"field": "days", "op": ">", "value": "10"}]},
    "conditional": {"hide": "=(days > 10) != true"},
}  # fmt: skip


def test_a_form_is_made_published_listed_and_compared(marta: Owner, trip: str) -> None:
    assert trip == "ask_for_a_trip"
    saved = marta.send(f"/forms/{trip}/draft", content=form(DAYS), revision=1, editor="a").get_json()
    assert saved["revision"] == 2 and saved["problems"] == []

    published = marta.send(f"/forms/{trip}/publish", revision=2, note="The first")
    assert published.get_json() == {"number": 1}

    longer = {**DAYS, "validate": {"required": True, "max": 60}}
    marta.send(f"/forms/{trip}/draft", content=form(longer, WHY), revision=0)
    assert marta.send(f"/forms/{trip}/publish", revision=1, note="Longer").get_json() == {"number": 2}

    versions = marta.client.get(f"/forms/{trip}/versions").text
    assert "The first" in versions and "Marta Dąbrowska" in versions
    compared = marta.client.get(f"/forms/{trip}/versions/2?with=1").text
    assert "“Why so long?” was added." in compared
    assert "“Days”: largest value 30 → 60." in compared
    assert "Ask for a trip" in marta.client.get("/forms").text


def test_an_older_version_becomes_the_draft_but_never_over_another(marta: Owner, trip: str) -> None:
    for number, limit in enumerate((30, 60), 1):
        content = form({**DAYS, "validate": {"max": limit}})
        marta.send(f"/forms/{trip}/draft", content=content, revision=2 - number)
        assert marta.send(f"/forms/{trip}/publish", revision=3 - number).get_json() == {"number": number}

    assert marta.submit(f"/forms/{trip}/versions/1/restore").headers["Location"].endswith(f"/forms/{trip}")
    opened = marta.client.get(f"/forms/{trip}/content").get_json()
    assert opened["content"]["components"][0]["validate"] == {"max": 30}
    refused = marta.submit(f"/forms/{trip}/versions/1/restore")
    assert refused.headers["Location"].endswith("/versions")


def test_what_came_too_late_is_kept_as_a_copy(marta: Owner, trip: str, client_of: ClientOf) -> None:
    marta.send(f"/forms/{trip}/draft", content=form(DAYS), revision=1, editor="a")
    adam = Owner(client_of("adam.kaminski"))

    late = adam.send(f"/forms/{trip}/draft", content=form(WHY), revision=1, editor="b")

    assert late.status_code == 409 and "Marta Dąbrowska" in late.get_json()["detail"]
    copy = late.get_json()["copy"]
    again = adam.send(f"/forms/{trip}/draft", content=form(DAYS, WHY), revision=1, editor="b").get_json()
    assert again["copy"]["take"] == copy["take"]
    assert "“Why so long?” was added." in adam.client.get(copy["compare"]).text
    assert marta.send(f"/forms/{trip}/draft", content=form(DAYS), revision=1, editor="a").status_code == 200

    assert adam.submit(copy["take"]).headers["Location"].endswith(f"/forms/{trip}")
    opened = marta.client.get(f"/forms/{trip}/content").get_json()["content"]["components"]
    assert [one["key"] for one in opened] == ["days", "why"]
    # what was the draft is the copy now, until it is thrown away
    versions = marta.client.get(f"/forms/{trip}/versions").text
    assert "Marta Dąbrowska’s copy of" in versions
    throw_away = copy["take"].replace("/take", "/discard")
    assert marta.submit(throw_away).headers["Location"].endswith("/versions")
    assert marta.submit(throw_away).status_code == 404


def test_what_is_wrong_is_said_at_its_place_and_stops_the_publication(marta: Owner, trip: str) -> None:
    section = {"type": "group", "label": "Money", "components": [
        {"type": "number", "key": "sum", "label": ""},
        {"type": "select", "key": "how", "label": "How?", "values": []},
    ]}  # fmt: skip
    saved = marta.send(f"/forms/{trip}/draft", content=form(section), revision=1).get_json()

    assert [one["at"] for one in saved["problems"]] == [[0, 1], [0, 0]]
    refused = marta.send(f"/forms/{trip}/publish", revision=2)
    assert refused.status_code == 422 and len(refused.get_json()["problems"]) == 2


def test_a_form_is_tried_with_the_true_check_and_nothing_is_kept(marta: Owner, trip: str) -> None:
    content = json.dumps(form(DAYS, WHY))

    def trial(**values: Any) -> str:
        return str(marta.submit(f"/forms/{trip}/trial", **{"trial.content": content, **values}).text)

    assert re.search(r'hidden>\s*<label for="field-why"', trial(days="3"))
    assert re.search(r'class="field">\s*<label for="field-why"', trial(days="12"))
    assert "Dlaczego tak długo?" in trial(days="12", **{"trial.language": "pl"})
    assert "Write a number not above 30." in trial(days="31", **{"trial.button": ""})
    passed = trial(days="12", why="Far away", **{"trial.button": ""})
    assert "Far away" in passed and "Nothing was kept or sent." in passed


def test_fields_of_a_draft_can_be_used_in_conditions_at_once(marta: Owner, trip: str) -> None:
    marta.send(f"/forms/{trip}/draft", content=form(DAYS), revision=1)
    process = marta.submit("/processes/new", name="Trips").headers["Location"].split("/")[-2]

    picks = marta.client.get(f"/processes/{process}/picks").get_json()

    mine = next(one for one in picks["forms"] if one["id"] == trip)
    assert mine["draft"] and [field["key"] for field in mine["fields"]] == ["days"]
    checked = marta.send(
        "/processes/expressions/check", text="=days > 3", kind="condition", names={}, forms=[trip]
    ).get_json()
    assert checked["findings"] == []


INPUTS = {"inputs-label": ["Sum", "Kind"], "inputs-type": ["number", "string"]}
OUTPUTS = {"outputs-label": ["Approver"], "outputs-type": ["string"]}


@pytest.fixture
def discount(marta: Owner) -> str:
    """The key of a new decision."""
    answer = marta.submit("/decisions/new", name="Who approves a discount", **INPUTS, **OUTPUTS)
    assert answer.status_code == 302
    return str(answer.headers["Location"].rpartition("/")[2])


def filled(marta: Owner, key: str, *rules: tuple[str, str, str]) -> str:
    xml = str(marta.client.get(f"/decisions/{key}/content.dmn").text)
    rows = "".join(
        f'<rule id="r{number}"><inputEntry id="r{number}a"><text>{one.replace("<", "&lt;")}</text></inputEntry>'
        f'<inputEntry id="r{number}b"><text>{other}</text></inputEntry>'
        f'<outputEntry id="r{number}c"><text>{result}</text></outputEntry></rule>'
        for number, (one, other, result) in enumerate(rules, 1)
    )
    return re.sub(r"<rule .*</rule>", rows, xml, flags=re.DOTALL)


def test_a_decision_is_made_tried_and_published(marta: Owner, discount: str) -> None:
    xml = filled(marta, discount, ("< 100", "-", '"seller"'), (">= 100", '"old"', '"head"'))

    saved = marta.send(f"/decisions/{discount}/draft", xml=xml, revision=1, editor="a").get_json()

    assert saved["problems"] == []
    finding = saved["tables"][0]["findings"][0]
    assert finding["text"] == "No rule fits if “Sum” is 100 and “Kind” is any other text."
    values = {"sum": "50", "kind": "new"}
    answer = marta.send(f"/decisions/{discount}/trial", xml=xml, decision=discount, values=values).text
    assert "seller" in answer and 'data-matched="r1"' in answer
    faulty = marta.send(
        f"/decisions/{discount}/trial", xml=xml, decision=discount, values={"sum": "many"}
    ).text
    assert "Write a number" in faulty
    assert marta.send(f"/decisions/{discount}/publish", revision=2, note="Go").get_json() == {"number": 1}
    assert "Go" in marta.client.get(f"/decisions/{discount}/versions").text
    assert "&lt; 100" in marta.client.get(f"/decisions/{discount}/versions/1").text


def test_a_contradiction_names_its_rules(marta: Owner, discount: str) -> None:
    xml = filled(
        marta,
        discount,
        ("< 100", "-", '"a"'),
        ("[50..200]", "-", '"b"'),
        ("> 200", "-", '"c"'),
        ("-", '"x"', '"d"'),
    )

    tables = marta.send(f"/decisions/{discount}/examine", xml=xml).get_json()["tables"]

    texts = [one["text"] for one in tables[0]["findings"]]
    assert (
        "The rules 1, 2 fit together if “Sum” is 50 and “Kind” is any other text, but only one may." in texts
    )


def test_a_decision_says_what_has_changed_since_another_version(marta: Owner, discount: str) -> None:
    kept = ((">= 100", '"old"', '"head"'), ("> 500", '"new"', '"board"'))
    for number, first in enumerate((("< 100", "-", '"seller"'), ("< 80", "-", '"seller"')), 1):
        xml = filled(marta, discount, first, *kept[: 3 - number])
        marta.send(f"/decisions/{discount}/draft", xml=xml, revision=2 - number)
        assert marta.send(f"/decisions/{discount}/publish", revision=3 - number).get_json() == {
            "number": number
        }

    compared = unescape(marta.client.get(f"/decisions/{discount}/versions/2").text)

    assert "“Who approves a discount”, rule 1: “Sum” “< 100” → “< 80”." in compared
    assert "“Who approves a discount”: rule 3 was removed." in compared


def test_a_decision_that_came_too_late_is_kept_as_well(
    marta: Owner, discount: str, client_of: ClientOf
) -> None:
    xml = filled(marta, discount, ("< 100", "-", '"seller"'))
    marta.send(f"/decisions/{discount}/draft", xml=xml, revision=1, editor="a")
    adam = Owner(client_of("adam.kaminski"))

    late = adam.send(f"/decisions/{discount}/draft", xml=xml.replace("100", "200"), revision=1, editor="b")

    compared = unescape(adam.client.get(late.get_json()["copy"]["compare"]).text)
    assert late.status_code == 409 and "rule 1: “Sum” “< 100” → “< 200”." in compared


def test_a_faulty_cell_stops_the_publication_in_plain_words(marta: Owner, discount: str) -> None:
    xml = filled(marta, discount, ("< < 100", "-", '"seller"'))

    saved = marta.send(f"/decisions/{discount}/draft", xml=xml, revision=1).get_json()

    assert saved["problems"] and "Sum" in saved["problems"][0]["text"]
    assert marta.send(f"/decisions/{discount}/publish", revision=2).status_code == 422


def test_decisions_of_one_file_are_edited_together(marta: Owner) -> None:
    answer = marta.client.get("/decisions/contract_size")

    assert answer.headers["Location"].endswith("/decisions/contract_approvers?table=contract_size")
    listed = marta.client.get("/decisions").text
    assert "With: Size of a contract." in listed and "Contract approval" in listed


def test_only_the_decision_page_may_have_inline_styles(marta: Owner, discount: str) -> None:
    policy = marta.client.get(f"/decisions/{discount}").headers["Content-Security-Policy"]
    assert "style-src 'self' 'unsafe-inline'" in policy and "script-src 'self';" in policy
    for address in ("/decisions", f"/decisions/{discount}/versions", "/forms"):
        assert "unsafe-inline" not in marta.client.get(address).headers["Content-Security-Policy"]


def test_an_incomplete_new_decision_says_what_is_missing(marta: Owner) -> None:
    answer = marta.submit(
        "/decisions/new", name="X", **{"inputs-label": "", "inputs-type": "number"}, **OUTPUTS
    )
    assert answer.status_code == 422 and "Say at least one thing that the decision depends on." in answer.text
