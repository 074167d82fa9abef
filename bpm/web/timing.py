"""How long requests took, by endpoint and kind of answer, for ``/metrics``."""

from __future__ import annotations

import time

from flask import Flask, Response, g, request

from bpm.jobs.figures import Timings

REQUESTS = Timings("bpm_request_seconds", "Requests answered by this process.", ("endpoint", "answer"))


def bind(app: Flask) -> None:
    """Time every request of ``app`` but those for files."""
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.begun = time.perf_counter()


def _end(answer: Response) -> Response:
    if "begun" in g and request.endpoint != "static":
        kind = f"{answer.status_code // 100}xx"
        REQUESTS.add(time.perf_counter() - g.begun, request.endpoint or "unknown", kind)
    return answer
