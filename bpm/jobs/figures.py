"""How often and how long each kind of thing was done by this process, for Prometheus.

Counts in memory and knows the text format 0.0.4; ``show_figures`` answers for a process without pages.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# upper ends of the buckets, in seconds
_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


@dataclass
class _Series:
    counts: list[int] = field(default_factory=lambda: [0] * (len(_BUCKETS) + 1))
    seconds: float = 0.0


class Timings:
    """One histogram for each combination of labels. Any thread may add to it."""

    def __init__(self, name: str, told: str, labels: tuple[str, ...]) -> None:
        """``name``: of the figure, ending in ``_seconds``; ``told``: one line on what it is."""
        self._name, self._told, self._labels = name, told, labels
        self._series: dict[tuple[str, ...], _Series] = {}
        self._lock = threading.Lock()

    def add(self, seconds: float, *labels: str) -> None:
        """Count one that took ``seconds``."""
        number = sum(seconds > end for end in _BUCKETS)
        with self._lock:
            series = self._series.setdefault(labels, _Series())
            series.counts[number] += 1
            series.seconds += seconds

    @contextmanager
    def timing(self, *labels: str) -> Iterator[None]:
        """Count what happens within the block."""
        begun = time.perf_counter()
        try:
            yield
        finally:
            self.add(time.perf_counter() - begun, *labels)

    def text(self) -> str:
        """Return the histogram in the text format of Prometheus."""
        with self._lock:
            series = sorted((key, list(one.counts), one.seconds) for key, one in self._series.items())
        lines = [f"# HELP {self._name} {self._told}", f"# TYPE {self._name} histogram"]
        for key, counts, seconds in series:
            named = ",".join(f'{name}="{value}"' for name, value in zip(self._labels, key, strict=True))
            total = 0
            for end, count in zip([*map(str, _BUCKETS), "+Inf"], counts, strict=True):
                total += count
                lines.append(f'{self._name}_bucket{{{named},le="{end}"}} {total}')
            lines += [f"{self._name}_sum{{{named}}} {seconds:.6f}", f"{self._name}_count{{{named}}} {total}"]
        return "\n".join(lines) + "\n"


JOBS = Timings("bpm_job_seconds", "Jobs that ended, by kind and whether they failed.", ("kind", "result"))


def gauges(figures: Mapping[str, tuple[str, float]]) -> str:
    """Return figures that go up and down: name, what it is, value."""
    return "".join(
        f"# HELP {name} {told}\n# TYPE {name} gauge\n{name} {value}\n"
        for name, (told, value) in figures.items()
    )


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        found = {"/metrics": JOBS.text(), "/healthz": '{"status":"ok"}\n'}.get(self.path)
        body = (found or "").encode()
        self.send_response(200 if found is not None else 404)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *values: object) -> None:
        """Being asked is no event."""


def show_figures(host: str, port: int) -> None:
    """Answer ``/metrics`` and ``/healthz`` in the background.

    Raises:
        OSError: the port is taken.
    """
    server = ThreadingHTTPServer((host, port), _Answers)
    threading.Thread(target=server.serve_forever, name="bpm-figures", daemon=True).start()
