"""What all pages share: extensions, the person, security, style and bundles, error pages, log-in.

``register`` puts it all on an application; nothing here knows processes, cases or records.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from bpm.clock import Clock
    from bpm.config import Settings


def register(app: Flask, settings: Settings, clock: Clock) -> None:
    """Make ``app`` able to show pages. Call it first, before the blueprints of the packages.

    The application must be made with ``Flask("bpm", …)`` in the folder of ``bpm``, so that
    ``bpm/templates`` and ``bpm/static`` are its own.
    """
    from bpm.web import assets, compression, errors, extensions, filters, frame, request, security, timing
    from bpm.web.pages import blueprints

    timing.bind(app)
    security.bind(app, settings)
    extensions.bind(app, settings)
    request.bind(app, settings, clock)
    filters.bind(app)
    frame.bind(app)
    assets.bind(app)
    errors.bind(app)
    compression.bind(app)
    for blueprint in blueprints():
        app.register_blueprint(blueprint)
