"""Names of files as people may give them, made harmless for every system that saves them."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 200
_FORBIDDEN = re.compile(r'[\\/:*?"<>|\s]+')
# names that Windows keeps for devices
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def safe_name(name: str) -> str:
    """Return ``name`` without folders, control and direction marks, and not too long.

    Its extension stays; a name of which nothing is left becomes ``file``.
    """
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    # category C: control characters, direction overrides, halves of surrogate pairs
    visible = "".join(" " if mark in "\t\n\r" else mark for mark in last)
    visible = "".join(mark for mark in visible if unicodedata.category(mark)[0] != "C")
    clean = _FORBIDDEN.sub(" ", visible).strip(" .")
    if not clean:
        return "file"
    if _DEVICES.match(clean):
        clean = f"file {clean}"
    return _shortened(clean)


def _shortened(name: str) -> str:
    """Cut the stem, in characters and in the bytes that most file systems count."""
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > 16:
        stem, dot, extension = name, "", ""
    while len(stem) + len(dot + extension) > LONGEST or len((stem + dot + extension).encode()) > 250:
        stem = stem[:-1]
    return stem.rstrip() + dot + extension
