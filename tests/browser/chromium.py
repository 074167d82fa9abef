"""A Chromium for browser tests: the machine's, else the one inside the npm package @sparticuz/chromium."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

FRONTEND = Path(__file__).parents[2] / "frontend"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--no-first-run",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
ASK_PACKAGE = (
    "import('@sparticuz/chromium').then(async ({ default: chromium }) => "
    "console.log(JSON.stringify({ path: await chromium.executablePath(), arguments: chromium.args })))"
)


@dataclass(frozen=True)
class Chromium:
    """Where the program lies and how it is started."""

    path: str
    arguments: tuple[str, ...]


def find() -> Chromium | None:
    """Return a Chromium, or None where there is none; BPM_CHROMIUM names one."""
    named = os.environ.get("BPM_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    sandbox = () if os.geteuid() else ("--no-sandbox",)
    if named:
        return Chromium(named, (*QUIET, *sandbox))
    return _from_package()


def _from_package() -> Chromium | None:
    from frontend.build import node_program

    node = node_program()
    if node is None or not (FRONTEND / "node_modules" / "@sparticuz" / "chromium").is_dir():
        return None
    asked = subprocess.run(
        [node, "-e", ASK_PACKAGE], cwd=FRONTEND, capture_output=True, text=True, check=False
    )
    if asked.returncode:
        return None
    found = json.loads(asked.stdout.strip().splitlines()[-1])
    return Chromium(found["path"], tuple(found["arguments"]))
