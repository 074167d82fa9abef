"""Nothing but ``bpm.feel`` evaluates text that people write: no ``eval``, no Python in diagrams.

Jinja makes pages from the program's own templates, and letters and documents in sandboxes.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FORBIDDEN_CALLS = {"eval", "exec", "compile", "__import__"}
FORBIDDEN_NAMES = {
    "PythonScriptEngine",
    "PythonScriptEngineEnvironment",
    "literal_eval",
    "render_template_string",
}
FORBIDDEN_MODULES = {"builtins", "code", "codeop", "pickle", "marshal", "shelve"}
# the sandboxes of letters and documents; pages are templates of the program, which Flask renders
JINJA = {"bpm/notifications/letter_text.py", "bpm/documents/sandbox.py"}


def faults(place: str, text: str) -> Iterator[str]:
    """Yield what evaluates text in a module; ``place`` is its path from the repository's root."""
    tree = ast.parse(text)
    own = _names_of_its_own(tree)
    for node in ast.walk(tree):
        where = f"{place}:{getattr(node, 'lineno', 0)}"
        match node:
            case ast.Call(func=ast.Name(name)) if name in FORBIDDEN_CALLS - own:
                yield f"{where} calls {name}()"
            case ast.Name(name) | ast.Attribute(attr=name) if name in FORBIDDEN_NAMES:
                yield f"{where} uses {name}"
            case ast.Import() | ast.ImportFrom():
                yield from (f"{where} imports {name}" for name in _imported(node) if _forbidden(name, place))


def _imported(node: ast.Import | ast.ImportFrom) -> Iterator[str]:
    """Yield the full names of what is imported."""
    module = f"{node.module}." if isinstance(node, ast.ImportFrom) and node.module else ""
    yield from (f"{module}{one.name}" for one in node.names)


def _forbidden(name: str, place: str) -> bool:
    first, _dot, _rest = name.partition(".")
    if first == "jinja2":
        return place not in JINJA
    return first in FORBIDDEN_MODULES or name.rpartition(".")[2] in FORBIDDEN_NAMES


def _names_of_its_own(tree: ast.Module) -> set[str]:
    """Return what a module defines or imports itself: ``compile`` of the language is not the built-in one."""
    names = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("bpm."):
            names.update(alias.asname or alias.name for alias in node.names)
    return names


def test_no_module_evaluates_text_in_another_way() -> None:
    found = [
        fault
        for path in sorted((ROOT / "bpm").rglob("*.py"))
        for fault in faults(path.relative_to(ROOT).as_posix(), path.read_text())
    ]
    assert not found, "\n".join(found)


def test_templates_of_letters_and_documents_run_in_a_sandbox() -> None:
    for place in sorted(JINJA):
        text = (ROOT / place).read_text()
        assert "ImmutableSandboxedEnvironment" in text or "ReadingSandbox" in text
        assert " Environment(" not in text


@pytest.mark.parametrize(
    "text",
    [
        "eval('1')",
        "def f(x):\n    return compile(x, '', 'eval')",
        "import builtins",
        "from SpiffWorkflow.bpmn import PythonScriptEngine",
        "engine = bpmn.PythonScriptEngine()",
        "from jinja2 import Environment",
        "import jinja2",
        "from flask import render_template_string",
        "from ast import literal_eval",
        "import pickle",
    ],
)
def test_the_check_sees_what_it_looks_for(text: str) -> None:
    assert list(faults("bpm/somewhere.py", text))


def test_the_language_has_a_compile_of_its_own() -> None:
    assert not list(faults("bpm/somewhere.py", "from bpm.feel import compile\ncompile('1 + 1')"))
    assert not list(faults("bpm/somewhere.py", "import re\nre.compile('a')"))
