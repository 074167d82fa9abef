"""A fresh clone, an empty home and nothing but Python: ``make run`` serves the log-in page.

Needs the package registries; skipped, saying so, where they or git cannot be reached.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from bpm.config import ROOT

PATIENCE = 600  # seconds; downloads may be slow


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    if not (ROOT / ".git").exists() or shutil.which("git") is None or shutil.which("make") is None:
        pytest.skip("not a git checkout, or git or make is missing")
    target = tmp_path / "bpm"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(target)], check=True)
    return target


@contextmanager
def running(clone: Path, home: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """``make run`` with an empty home and no trace of this environment."""
    home.mkdir(exist_ok=True)
    ours = (str(Path(sys.executable).parent), str(ROOT))
    path = [folder for folder in os.environ["PATH"].split(os.pathsep) if not folder.startswith(ours)]
    kept = {
        name: text
        for name, text in os.environ.items()
        if not name.startswith(("VIRTUAL_ENV", "PYTHON", "BPM_"))
    }
    base = Path(sys.base_prefix) / "bin" / "python3"
    port = free_port()
    process = subprocess.Popen(
        ["make", "run", f"PORT={port}", f"PYTHON={base}"],
        cwd=clone,
        env={**kept, "HOME": str(home), "PATH": os.pathsep.join(path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        yield f"http://127.0.0.1:{port}", process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(address: str, process: subprocess.Popen[bytes]) -> tuple[str, float]:
    """Return the log-in page and the seconds until it came."""
    begun = time.monotonic()
    while time.monotonic() - begun < PATIENCE:
        with suppress(urllib.error.URLError, ConnectionError):
            return read(f"{address}/login"), time.monotonic() - begun
        if process.poll() is not None:
            output = (process.stdout.read() if process.stdout else b"").decode()
            if "Could not find a version" in output or "ENOTFOUND" in output or "EAI_AGAIN" in output:
                pytest.skip("the package registries cannot be reached")
            pytest.fail(f"make run ended with {process.returncode}:\n{output[-3000:]}")
        time.sleep(0.1)
    pytest.fail("make run did not serve the log-in page")


def read(address: str) -> str:
    with urllib.request.urlopen(address, timeout=10) as answer:
        return answer.read().decode()  # type: ignore[no-any-return]


def stop(process: subprocess.Popen[bytes]) -> str:
    """Press Ctrl-C; return what was printed."""
    os.killpg(process.pid, signal.SIGINT)
    output, _errors = process.communicate(timeout=60)
    return output.decode()


@pytest.mark.slow
def test_make_run_sets_everything_up_and_loses_nothing(clone: Path, tmp_path: Path) -> None:
    # when a newcomer runs it for the first time
    with running(clone, tmp_path / "home") as (address, process):
        page, first = wait_for(address, process)
        # then the log-in page offers the demo people
        assert "Anna Nowak" in page and "Helena Kowalska" in page
        printed = stop(process)
        assert "Stopped. Nothing was lost." in printed and "Traceback" not in printed
    database = clone / "instance" / "bpm.sqlite3"
    size = database.stat().st_size
    # and the second start has everything still
    with running(clone, tmp_path / "home") as (address, process):
        page, second = wait_for(address, process)
        assert "Anna Nowak" in page
        assert "Stopped. Nothing was lost." in stop(process)
    assert database.stat().st_size >= size
    print(f"\nfirst start {first:.1f} s with downloads, second start {second:.1f} s")
