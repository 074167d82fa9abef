"""What the program says in a language: tests look for its own translations, never for copies of them."""

from __future__ import annotations

import gettext
from functools import cache

from bpm import language
from bpm.config import ROOT

CATALOGUES = ROOT / "bpm" / "translations"


class Speech:
    """Words of the pages and of the scripts, as somebody reads them who has chosen a language."""

    def __init__(self, name: str = "en") -> None:
        self.language = name

    def page(self, text: str, **values: object) -> str:
        """Return a text of a page; ``%(name)s`` marks take ``values``."""
        with language.using(self.language):
            return language.gettext(text, **values)

    def script(self, text: str, **values: object) -> str:
        """Return a text of a script; ``{name}`` marks take ``values``."""
        said = _of_scripts(self.language).gettext(text)
        for name, value in values.items():
            said = said.replace(f"{{{name}}}", str(value))
        return said


@cache
def _of_scripts(name: str) -> gettext.NullTranslations:
    return gettext.translation("scripts", CATALOGUES, [name], fallback=True)
