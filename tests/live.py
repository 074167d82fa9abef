"""The program served for real: waitress on a free port, with its worker, for browsers and load."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from flask import Flask
from waitress import wasyncore
from waitress.server import create_server

from bpm.installation import Installation
from bpm.jobs.ticker import Ticker


@dataclass
class Live:
    """A running program. ``address``: without a slash at its end."""

    app: Flask
    address: str

    @property
    def installation(self) -> Installation:
        return self.app.extensions["bpm"]  # type: ignore[no-any-return]


@contextmanager
def serving(app: Flask, *, threads: int = 8) -> Iterator[Live]:
    """Serve ``app`` until the block ends."""
    installation: Installation = app.extensions["bpm"]
    ticker = Ticker(installation.worker, installation.database, interval=0.2)
    ticker.start()
    with listening(app, threads) as port:
        try:
            yield Live(app, f"http://127.0.0.1:{port}")
        finally:
            ticker.stop()


@contextmanager
def listening(app: Flask, threads: int) -> Iterator[int]:
    """Answer requests on a free port until the block ends; yields the port."""
    server = create_server(app, host="127.0.0.1", port=0, threads=threads)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield server.effective_port
    finally:
        # its own thread closes the sockets: it may be waiting on them at this moment, or be faster
        with contextlib.suppress(OSError):
            server.trigger.pull_trigger(lambda: wasyncore.close_all(server._map, ignore_all=True))
        thread.join(timeout=10)
        server.task_dispatcher.shutdown()
