"""The typeface of pictures and documents made on the server: our own, so that no letter depends on a machine.

The bundles are built with it (``frontend/fonts.mjs``): one TrueType file for each script, regular and bold.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

FAMILY = "Inter"
_FOLDER = Path(__file__).resolve().parent.parent / "static" / "build" / "print"
_SCRIPTS = ("latin", "latin-ext", "cyrillic")
# where letters of other scripts may be found: none of these has to be there
_SYSTEM_FOLDERS = (
    "/usr/share/fonts", "/usr/local/share/fonts", "/Library/Fonts", "/System/Library/Fonts/Supplemental",
    "C:/Windows/Fonts",
)  # fmt: skip
_BROAD = ("DejaVuSans.ttf", "NotoSans-Regular.ttf", "Arial Unicode.ttf", "arial.ttf")
# as wide as the letters of which the browser draws a diagram, in the order in which they are taken
_LIKE_ARIAL = {"Arial.ttf": "Arial", "arial.ttf": "Arial", "LiberationSans-Regular.ttf": "Liberation Sans"}


class NoFonts(RuntimeError):
    """The browser's part was not built, and with it the fonts."""


def regular() -> list[Path]:
    """Return the files of the regular letters.

    Raises:
        NoFonts: they were not built.
    """
    return _own("regular")


def bold() -> list[Path]:
    """Return the files of the bold letters.

    Raises:
        NoFonts: they were not built.
    """
    return _own("bold")


def broad() -> Path | None:
    """Return a font of this machine that has more scripts than ours, where there is one."""
    found = _of_system()
    return next((found[name] for name in _BROAD if name in found), None)


def picture_family() -> str:
    """Return the family in which a picture made here keeps its measures best, else ours."""
    found = _of_system()
    return next((family for name, family in _LIKE_ARIAL.items() if name in found), FAMILY)


def _own(weight: str) -> list[Path]:
    files = [_FOLDER / f"inter-{weight}-{script}.ttf" for script in _SCRIPTS]
    if not all(file.is_file() for file in files):
        raise NoFonts("The fonts are missing. Build the pages: python frontend/build.py")
    return files


@cache
def _of_system() -> dict[str, Path]:
    return {path.name: path for path in _files_of_system()}


def _files_of_system() -> Iterator[Path]:
    for folder in _SYSTEM_FOLDERS:
        if Path(folder).is_dir():
            yield from Path(folder).rglob("*.ttf")
