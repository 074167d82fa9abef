"""The language without the rest of the program, and its errors in the reader's language."""

from __future__ import annotations

import subprocess
import sys

import pytest

from bpm.feel import FeelError, parse, texts

PROGRAM = """
import sys
from bpm.feel import evaluate
assert evaluate("amount > 500000", {"amount": 1_200_000}) is True
assert str(evaluate("sum(for i in 1..3 return i)")) == "6"
import bpm.feel.static, bpm.feel.printer
print(sorted(name for name in sys.modules if name.startswith("bpm.") and not name.startswith("bpm.feel")))
print(sorted({"flask", "sqlalchemy", "babel", "lxml"} & set(sys.modules)))
"""


def test_the_language_needs_nothing_else_of_the_program() -> None:
    found = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert found.stdout.split() == ["[]", "[]"], found.stderr


def test_errors_are_english_without_a_translation() -> None:
    from bpm import language

    assert language  # it has given its own translation, which comes back at the end
    known = texts._translate
    try:
        texts.translate_with(None)
        with pytest.raises(FeelError, match="ends too early"):
            parse("1 +")
        texts.translate_with(str.upper)
        with pytest.raises(FeelError, match="A TEXT"):
            parse('"open')
    finally:
        texts.translate_with(known)


@pytest.mark.parametrize("language", ["ru", "pl"])
def test_errors_come_in_the_readers_language(language: str) -> None:
    from bpm.language import using

    with using(language), pytest.raises(FeelError) as refused:
        parse("1 +")
    assert refused.value.message
    assert "early" not in refused.value.message
