"""Turns Word files into PDF with LibreOffice, where it is installed.

Two LibreOffices on one profile disturb each other, and a failed conversion may still say that
all went well: each run has its own profile, a time limit, and its result is looked at.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from bpm.documents.render import DocumentError
from bpm.language import _

# together with the filling in, less than the patience of a job
SECONDS = 60
_NAMES = ("soffice", "libreoffice")
_USUAL_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:\\Program Files\\LibreOffice\\program\\soffice.exe",
)


def converter() -> str | None:
    """Return the path of LibreOffice, None if it is not installed."""
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    return found or next((path for path in _USUAL_PLACES if Path(path).is_file()), None)


def to_pdf(document: bytes, *, seconds: int = SECONDS) -> bytes | None:
    """Return a Word file as PDF, or None where LibreOffice is not installed.

    Raises:
        DocumentError: LibreOffice made no PDF of it, or took longer than ``seconds``.
    """
    program = converter()
    if program is None:
        return None
    with tempfile.TemporaryDirectory(prefix="bpm-pdf-") as folder:
        source, target = Path(folder, "document.docx"), Path(folder, "document.pdf")
        source.write_bytes(document)
        _convert(program, source, Path(folder), seconds)
        pdf = target.read_bytes() if target.exists() else b""
    if not pdf.startswith(b"%PDF-"):
        raise DocumentError(_("LibreOffice could not turn the document into a PDF."))
    return pdf


def _convert(program: str, source: Path, folder: Path, seconds: int) -> None:
    command = [
        program,
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless",
        "--norestore",
        "--convert-to",
        "pdf",
        "--outdir",
        str(folder),
        str(source),
    ]
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        _end(process)
        raise DocumentError(
            _("LibreOffice needed more than %(limit)s seconds for the document.", limit=seconds)
        ) from None


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the program with everything it started: its own group, which ``start_new_session`` made."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()
