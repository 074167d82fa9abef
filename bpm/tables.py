"""Loads every table of the program, for Alembic and for whoever creates a database."""

from __future__ import annotations

from importlib import import_module

PACKAGES = (
    "worktime", "jobs", "people", "files", "dmn", "forms", "engine",
    "documents", "notifications", "records", "designer", "inbox", "api",
)  # fmt: skip


def load() -> None:
    """Import each package's models, so that ``Base.metadata`` knows all tables."""
    for package in PACKAGES:
        import_module(f"bpm.{package}.models")
    import_module("bpm.engine.operations.models")
    import_module("bpm.designer.rehearsal.models")
    import_module("bpm.designer.library.models")
