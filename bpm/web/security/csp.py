"""Content-Security-Policy (W3C CSP 3): nothing inline, everything from ourselves.

A page that shows a foreign library which needs more says so with ``allow``, for itself only.
"""

from __future__ import annotations

from flask import Flask, Response, g, request

from bpm.web.security.headers import FILES

_BASE = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'self'",
}


def allow(directive: str, *sources: str) -> None:
    """Allow more on the page of this request, for instance ``allow("style-src-attr", "'unsafe-inline'")``."""
    if "csp" not in g:
        g.csp = {}
    g.csp.setdefault(directive, []).extend(sources)


def policy() -> str:
    """Return the policy of this request's answer."""
    more: dict[str, list[str]] = g.get("csp", {})
    directives = {name: _BASE.get(name, "") for name in [*_BASE, *more]}
    return "; ".join(
        " ".join([name, *filter(None, [sources]), *more.get(name, [])])
        for name, sources in directives.items()
    )


def bind(app: Flask) -> None:
    """Send the policy with every page that does not bring its own."""
    app.after_request(_send)


def _send(answer: Response) -> Response:
    if request.endpoint not in FILES:
        answer.headers.setdefault("Content-Security-Policy", policy())
    elif answer.mimetype == "image/svg+xml":
        # a drawing that is opened by itself is a page
        answer.headers.setdefault("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
    return answer
