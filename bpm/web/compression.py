"""Sends text compressed (gzip, RFC 1952), so that the first visit is light without a proxy in front.

The length of a compressed page could betray its secrets to somebody who makes the browser ask for
many variants (BREACH), so each page carries a few random bytes, as Django does it.
"""

from __future__ import annotations

import gzip
import io
import secrets
from functools import lru_cache

from flask import Flask, Response, request

_SMALLEST = 1000
_TYPES = ("text/", "application/json", "application/problem+json", "text/javascript", "image/svg+xml")


def bind(app: Flask) -> None:
    """Compress the answers of ``app`` that are text and not streamed."""
    app.after_request(_compress)


def _compress(answer: Response) -> Response:
    if (
        answer.status_code != 200
        or not request.accept_encodings["gzip"]
        or "Content-Encoding" in answer.headers
        or "Content-Range" in answer.headers
        or not (answer.mimetype or "").startswith(_TYPES)
        or answer.mimetype == "text/event-stream"
    ):
        return answer
    is_file = request.endpoint == "static"
    if answer.is_streamed and not is_file:
        return answer
    answer.vary.add("Accept-Encoding")
    answer.direct_passthrough = False
    data = answer.get_data()
    if len(data) < _SMALLEST:
        return answer
    answer.set_data(_file(data) if is_file or request.endpoint == "web.style" else _page(data))
    answer.headers["Content-Encoding"] = "gzip"
    if etag := answer.get_etag()[0]:
        answer.set_etag(etag, weak=True)
    return answer


@lru_cache(maxsize=64)
def _file(data: bytes) -> bytes:
    return gzip.compress(data, 9, mtime=0)


def _page(data: bytes) -> bytes:
    buffer = io.BytesIO()
    padding = "a" * secrets.randbelow(100)
    with gzip.GzipFile(padding, "wb", 5, buffer, mtime=0) as file:
        file.write(data)
    return buffer.getvalue()
