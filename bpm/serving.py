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
from bpm.jobs.figures import show_figures
from bpm.jobs.ticker import Ticker

THREADS = 16
IN_THE_SERVER, THREADS_OF_A_WORKER = 2, 4
# seconds that a process which was asked to stop gives the jobs at hand
PATIENCE = 20.0


class _Stopped(KeyboardInterrupt):
    """Somebody pressed Ctrl-C or asked the process to end.

    A KeyboardInterrupt, because waitress keeps every other exception to itself when it comes while
    a connection is being served.
    """


def serve(
    settings: Settings,
    *,
    worker: bool = True,
    threads: int = IN_THE_SERVER,
    host: str | None = None,
    port: int | None = None,
) -> None:
    """Serve the pages, and run due jobs beside them with ``threads`` unless ``worker`` is false."""
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
    ticker = _ticker(installation, threads if worker else 0)
    _stop_on_signals()
    print(f"Open {settings.address} in a browser. Ctrl-C stops the program.", flush=True)
    try:
        ticker.start()
        server.run()
    except _Stopped:
        pass
    finally:
        print("Stopping …", flush=True)
        ticker.stop(PATIENCE)
        server.close()
        installation.engine.dispose()
    print("Stopped. Nothing was lost.", flush=True)


def work(settings: Settings, *, threads: int = THREADS_OF_A_WORKER, figures: int | None = None) -> None:
    """Run due jobs until stopped.

    Args:
        threads: how many jobs run at the same time.
        figures: port on which ``/metrics`` and ``/healthz`` of this process are answered.
    """
    _log_to_the_terminal()
    installation = Installation(settings)
    installation.set_up()
    ticker = _ticker(installation, threads)
    _stop_on_signals()
    print(f"Working with {threads} threads. Ctrl-C stops the worker.", flush=True)
    try:
        ticker.start()
        if figures is not None:
            show_figures(settings.host, figures)
        threading.Event().wait()
    except _Stopped:
        pass
    finally:
        print("Stopping …", flush=True)
        ticker.stop(PATIENCE)
        installation.engine.dispose()
    print("Stopped. Nothing was lost.", flush=True)


def _ticker(installation: Installation, threads: int) -> Ticker:
    """The heartbeat of this process; of a sandbox it also follows the clock that another process moved."""
    follow = installation.read_clock if installation.settings.test_clock else None
    return Ticker(
        installation.worker,
        installation.database,
        threads=threads,
        before=follow,
        chore=installation.look_after_cases,
    )


def _stop_on_signals() -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)  # whoever asks twice does not want to wait
        raise _Stopped

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)


def _log_to_the_terminal() -> None:
    logging.basicConfig(
        level=logging.WARNING, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
