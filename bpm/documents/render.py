"""Fills Word templates, each in a child process of its own with little memory and little time.

Whoever writes a template cannot hold up or exhaust the program, and sees nothing but the values.
"""

from __future__ import annotations

import base64
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from typing import Any

from bpm.config import ROOT
from bpm.engine import values as encoding
from bpm.errors import Invalid
from bpm.language import _, language, time_zone

MEMORY = 1024 * 1024 * 1024
SECONDS = 30
LARGEST_TEMPLATE = 20 * 1024 * 1024
LARGEST_UNPACKED = 100 * 1024 * 1024
MOST_PARTS = 2000


class DocumentError(Invalid):
    """A template cannot be used or filled in."""

    code = "document"


def check_template(template: bytes) -> None:
    """Refuse what is not a Word file, and what would unpack to an enormous one.

    Raises:
        DocumentError
    """
    if len(template) > LARGEST_TEMPLATE:
        raise DocumentError(_("The template is larger than %(limit)s MB.", limit=LARGEST_TEMPLATE // 1024**2))
    try:
        with zipfile.ZipFile(io.BytesIO(template)) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile:
        parts = []
    if not any(part.filename == "word/document.xml" for part in parts):
        raise DocumentError(_("The template is not a Word file (.docx)."))
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED:
        raise DocumentError(_("The template is too large when it is unpacked."))


def render_docx(template: bytes, values: Mapping[str, Any]) -> bytes:
    """Fill a Word template in the present language and time zone.

    Args:
        values: process values: texts, Decimals, dates, moments, lists, mappings.

    Raises:
        DocumentError: the template is no Word file, asks for a value that is not there, or
            needs more than 30 seconds or 1 GB.
    """
    check_template(template)
    order = {
        "template": base64.b64encode(template).decode("ascii"),
        "values": {name: encoding.encode(value, name) for name, value in values.items()},
        "language": language(),
        "time_zone": time_zone(),
        "memory": MEMORY,
        "seconds": SECONDS,
    }
    answer = _ask_child(json.dumps(order).encode())
    if "error" in answer:
        raise DocumentError(_("The template cannot be filled in: %(why)s", why=answer["error"]))
    return base64.b64decode(answer["document"])


def _ask_child(order: bytes) -> dict[str, Any]:
    # the child gets no secrets and no settings, only what it needs to find its modules
    environment = {
        name: os.environ[name]
        for name in ("PATH", "SYSTEMROOT", "TMPDIR", "TEMP", "LANG")
        if name in os.environ
    }
    environment["PYTHONPATH"] = str(ROOT)
    try:
        child = subprocess.run(
            [sys.executable, "-m", "bpm.documents.child"],
            input=order,
            capture_output=True,
            timeout=SECONDS + 10,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"error": _("it takes longer than %(limit)s seconds", limit=SECONDS)}
    if child.returncode != 0 or not child.stdout:
        return {"error": _("it needs more time or memory than a document may")}
    answer: dict[str, Any] = json.loads(child.stdout)
    return answer
