"""The pages of people and of the installation itself: log-in, own settings, people, health."""

from __future__ import annotations

from flask import Blueprint


def blueprints() -> list[Blueprint]:
    """Return the blueprints of these pages."""
    from bpm.web.pages import frame, health, home, login, me, notices, people, texts

    modules = (home, login, me, people, notices, frame, health, texts)
    return [module.blueprint for module in modules]
