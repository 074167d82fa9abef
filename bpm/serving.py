"""Serves pages and runs jobs until somebody stops it; nothing at hand is lost by stopping."""

from __future__ import annotations

import logging
import signal
import sys
import threading
from dataclasses import replace
from types import FrameType

from waitress.server import create_server

from bpm.config import Settings
from bpm.installation import Installation
from bpm.jobs.ticker import Ticker

THREADS = 16


class _Stopped(KeyboardInterrupt):
    """Somebody pressed Ctrl-C or asked the process to end.

    A KeyboardInterrupt, because waitress keeps every other exception to itself when it comes while
    a connection is being served.
    """


def serve(
    settings: Settings, *, worker: bool = True, host: str | None = None, port: int | None = None
) -> None:
    """Serve the pages, and run due jobs beside them unless ``worker`` is false."""
    from bpm.application import INSTALLATION, assemble

    _log_to_the_terminal()
    settings = replace(settings, host=host or settings.host, port=port or settings.port)
    app = assemble(settings)
    installation: Installation = app.extensions[INSTALLATION]
    for line in installation.set_up():
        print(line, flush=True)
    server = create_server(
        app,
        host=settings.host,
        port=settings.port,
        threads=THREADS,
        ident=None,
        clear_untrusted_proxy_headers=True,
    )
    ticker = Ticker(installation.worker, installation.database) if worker else None
    _stop_on_signals()
    print(f"Open {settings.address} in a browser. Ctrl-C stops the program.", flush=True)
    try:
        if ticker is not None:
            ticker.start()
        server.run()
    except _Stopped:
        pass
    finally:
        print("Stopping …", flush=True)
        if ticker is not None:
            ticker.stop()
        server.close()
        installation.engine.dispose()
    print("Stopped. Nothing was lost.", flush=True)


def work(settings: Settings) -> None:
    """Run due jobs until stopped."""
    _log_to_the_terminal()
    installation = Installation(settings)
    installation.set_up()
    ticker = Ticker(installation.worker, installation.database)
    _stop_on_signals()
    print("Working. Ctrl-C stops the worker.", flush=True)
    try:
        ticker.start()
        threading.Event().wait()
    except _Stopped:
        pass
    finally:
        ticker.stop()
        installation.engine.dispose()
    print("Stopped. Nothing was lost.", flush=True)


def _stop_on_signals() -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise _Stopped

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)


def _log_to_the_terminal() -> None:
    logging.basicConfig(
        level=logging.WARNING, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
