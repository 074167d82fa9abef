"""Puts the web application together; nothing else may know all the parts."""

from __future__ import annotations

from flask import Flask

from bpm import api, web
from bpm.clock import Clock
from bpm.config import Settings
from bpm.installation import Installation, clock_of
from bpm.web.extensions import db

INSTALLATION = "bpm"


def assemble(settings: Settings, clock: Clock | None = None) -> Flask:
    """Build the application of one installation; its parts are in ``app.extensions["bpm"]``."""
    from bpm.designer.library.decision_pages import blueprint as decisions
    from bpm.designer.library.form_pages import blueprint as forms
    from bpm.designer.pages import blueprint as designer
    from bpm.help.pages import blueprint as help_pages
    from bpm.history.operator_pages import blueprint as operators
    from bpm.history.pages import blueprint as history
    from bpm.inbox.pages import blueprint as inbox
    from bpm.notifications.pages import blueprint as notifications
    from bpm.records.pages import blueprint as records

    app = Flask("bpm", static_folder="static", template_folder="templates")
    clock = clock or clock_of(settings)
    web.register(app, settings, clock)
    with app.app_context():
        app.extensions[INSTALLATION] = Installation(settings, clock, db.engine)
    for blueprint in (
        inbox,
        history,
        operators,
        records,
        designer,
        forms,
        decisions,
        notifications,
        help_pages,
    ):
        app.register_blueprint(blueprint)
    api.register(app)
    return app
