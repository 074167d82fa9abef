"""One small module per policy: content security, other headers, cookies and limits."""

from __future__ import annotations

from flask import Flask

from bpm.config import Settings
from bpm.web.security import cookies, csp, headers


def bind(app: Flask, settings: Settings) -> None:
    """Put every policy on the answers of ``app``."""
    cookies.bind(app, settings)
    csp.bind(app)
    headers.bind(app, settings)
