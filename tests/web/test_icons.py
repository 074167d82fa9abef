"""Every icon that a page names is in the sprite's list."""

from __future__ import annotations

import re

from bpm.config import ROOT

_LIST = ROOT / "frontend" / "icons.mjs"
_NAMED = re.compile(r"""(?:\bicon\(|icon_name=|icon=|"icon": |icon_address\()["']([a-z0-9-]+)["']""")


def test_the_list_of_icons_holds_every_icon_that_pages_name() -> None:
    known = set(re.findall(r"'([a-z0-9-]+)'", _LIST.read_text("utf-8").split("NAMES = [")[1].split("]")[0]))
    used = {
        name
        for folder in ("bpm", "frontend/src")
        for path in (ROOT / folder).rglob("*")
        if path.suffix in (".html", ".py") and "build" not in path.parts
        for name in _NAMED.findall(path.read_text("utf-8"))
    }
    assert used - known == set()
    assert len(used) > 15
