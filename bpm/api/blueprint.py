"""The blueprint that the route modules add their operations to."""

from __future__ import annotations

from bpm.api.framework import Api

VERSION = "1.0.0"
api = Api("api", __name__, url_prefix="/api/v1")
