"""REST under /api/v1: everything the pages can do, with the same rights and the same history."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def register(app: Flask) -> None:
    """Add the API to the application."""
    from bpm.api import (
        deployments,
        external_tasks,
        instances,
        messages,
        operations,
        processes,
        records,
        repair,
        tasks,
    )
    from bpm.api.blueprint import api
    from bpm.web.extensions import csrf

    # operations register themselves on import; naming the modules keeps them from looking unused
    assert all((deployments, external_tasks, instances, messages, operations))
    assert all((processes, records, repair, tasks))
    csrf.exempt(api)  # a bearer token is never sent by a browser on its own
    app.register_blueprint(api)
    app.register_blueprint(operations.health)
