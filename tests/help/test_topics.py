"""The help for process owners: in each language, reachable from the pages it explains, and part of the package."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

import bpm
from bpm.config import LANGUAGES, ROOT
from bpm.help.topics import FOLDER, PICTURES, TOPICS, picture, topic

ClientOf = Callable[[str], FlaskClient]
PACKAGE = Path(bpm.__file__).parent
# sources of what ships in another form, and what somebody's machine made
NOT_SHIPPED = {".py", ".pyc", ".po", ".pot"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("key", TOPICS)
def test_each_page_is_written_in_each_language(key: str, language: str) -> None:
    assert (FOLDER / language / f"{key}.md").is_file()
    shown, english = topic(key, language), topic(key, "en")
    # the same sections, told in the reader's words
    assert len(shown.sections) == len(english.sections)
    assert language == "en" or shown.title != english.title


@pytest.mark.parametrize("language", LANGUAGES)
def test_links_and_pictures_of_the_pages_lead_somewhere(client_of: ClientOf, language: str) -> None:
    client = client_of("adam.kaminski")
    for key in TOPICS:
        html = str(topic(key, language).content)
        for address in re.findall(r'(?:href|src)="(/[^"#]*)', html):
            with client.get(address) as answer:
                assert answer.status_code == 200, f"{key} ({language}): {address}"
        for name in re.findall(r'src="/help/pictures/([^"]*)', html):
            assert name.startswith(f"{language}/"), f"{key} ({language}) shows {name}"
            assert picture(name).is_file()


def test_every_page_is_named_in_the_documentation() -> None:
    text = (ROOT / "docs" / "owners.md").read_text("utf-8")
    for key in TOPICS:
        for language in LANGUAGES:
            assert f"(../{(FOLDER / language / key).relative_to(ROOT)}.md)" in text


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("/inbox", "inbox"),
        ("/cases", "inbox"),
        ("/processes", "first-process"),
        ("/processes/contract_approval/draw", "first-process"),
        ("/processes/contract_approval/versions", "publish"),
        ("/processes/contract_approval/rehearse", "rehearse"),
        ("/forms", "forms"),
        ("/forms/contract_decision", "forms"),
        ("/forms/contract_decision/versions", "forms"),
        ("/decisions", "decisions"),
        ("/decisions/contract_approvers", "decisions"),
        ("/decisions/contract_approvers/versions", "decisions"),
        ("/people", "people"),
        ("/outbox", "letters"),
    ],
)
def test_a_page_leads_to_its_help(client_of: ClientOf, address: str, key: str) -> None:
    page = client_of("adam.kaminski").get(address).text

    assert re.search(rf'href="/help/{key}"[^>]*>(?:(?!</a>).)*Help\s*</a>', unescape(page), re.DOTALL)


def test_all_of_the_package_ships_with_it() -> None:
    """An installed program has the files of the help, and everything else that lies in the package."""
    packaging = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]
    shipped = {path for pattern in packaging["package-data"]["bpm"] for path in PACKAGE.glob(pattern)}
    there = {
        path
        for path in PACKAGE.rglob("*")
        if path.is_file() and path.suffix not in NOT_SHIPPED and "__pycache__" not in path.parts
    }
    build = PACKAGE / "static" / "build"
    assert {path for path in there - shipped if build not in path.parents} == set()
    for folder, form in ((FOLDER, "md"), (PICTURES, "png")):
        assert {path.relative_to(folder).parts[0] for path in shipped if folder in path.parents} == set(
            LANGUAGES
        )
        assert {path.suffix for path in shipped if folder in path.parents} == {f".{form}"}
