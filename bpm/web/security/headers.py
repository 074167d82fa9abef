"""The other headers that browsers heed, and how long answers may be kept."""

from __future__ import annotations

from flask import Flask, Response, request

from bpm.config import Settings

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
# style, scripts, typefaces and icons are no pages: the rest would only make them heavier
FILES = ("static", "web.style")
_OF_FILES = {name: _HEADERS[name] for name in ("X-Content-Type-Options", "Cross-Origin-Resource-Policy")}
_FOREVER = "public, max-age=31536000, immutable"


def bind(app: Flask, settings: Settings) -> None:
    """Send the headers with every answer; HSTS (RFC 6797) only where pages are served over TLS."""
    fixed = dict(_HEADERS)
    if settings.address.startswith("https:"):
        fixed["Strict-Transport-Security"] = "max-age=31536000"

    def send(answer: Response) -> Response:
        for name, value in (_OF_FILES if request.endpoint in FILES else fixed).items():
            answer.headers.setdefault(name, value)
        if request.endpoint in FILES and answer.status_code == 200:
            if (
                request.endpoint == "web.style"
                or request.path.startswith("/static/build/")
                or request.args.get("v")
            ):
                answer.headers["Cache-Control"] = _FOREVER
        elif "Cache-Control" not in answer.headers:
            # pages hold business data: no shared cache, and the back button asks again
            answer.headers["Cache-Control"] = "private, no-cache"
        return answer

    app.after_request(send)
