"""Every text of ours is there in Russian and Polish, with the same marks for values."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from bpm.config import ROOT

FOLDER = ROOT / "bpm" / "translations"
MARK = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
# the functions that take a text of ours, and the place of it
SERVER = {
    "_": None, "gettext": None, "lazy": None, "ngettext": (1, 2), "StepFailed": None, "Cause": None,
    "_Nobody": None, "Hopeless": None, "_refused": (2,), **dict.fromkeys(("Problem", "problem", "error", "warning", "warn", "_advice", "_problem", "_unknown"), (3,)),
}  # fmt: skip
BROWSER = {"t": None, "tn": (1, 2)}


def texts(configuration: str, functions: dict[str, tuple[int, ...] | None]) -> set[str]:
    """The texts in the sources, as ``pybabel extract`` finds them."""
    with (ROOT / configuration).open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found: set[str] = set()
    for _file, _line, message, _comments, _context in extract_from_dir(
        str(ROOT), methods, options, keywords=functions, directory_filter=worth_reading
    ):
        found.add(message[0] if isinstance(message, tuple) else message)
    return {message for message in found if message}


def worth_reading(folder: str) -> bool:
    return Path(folder).name not in ("node_modules", "build", "tests", "instance", "docs") and not Path(
        folder
    ).name.startswith(".")


@pytest.mark.parametrize("language", ["ru", "pl"])
@pytest.mark.parametrize(
    ("domain", "configuration", "functions"),
    [("messages", "babel.cfg", SERVER), ("scripts", "babel-scripts.cfg", BROWSER)],
)
def test_every_text_is_translated(
    language: str, domain: str, configuration: str, functions: dict[str, tuple[int, ...] | None]
) -> None:
    with (FOLDER / language / "LC_MESSAGES" / f"{domain}.po").open("rb") as file:
        catalogue = read_po(file)
    translated, wrong = set(), []
    for message in catalogue:
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        forms = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id and all(forms):
            translated.add(ids[0])
            marks = set(MARK.findall(" ".join(ids)))
            wrong += [form for form in forms if set(MARK.findall(form)) - marks]
    missing = sorted(texts(configuration, functions) - translated)
    assert not missing, "\n".join(missing)
    assert not wrong, "\n".join(wrong)
