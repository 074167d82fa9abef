"""Draw a process, run it, decide in an inbox, see its history.

``create_app()`` is the only place where the parts are put together; it stands in
``bpm/application.py`` so that importing one package (``bpm.feel``) needs nothing of the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from bpm.clock import Clock
    from bpm.config import Settings


def create_app(settings: Settings | None = None, clock: Clock | None = None) -> Flask:
    """Build the web application.

    Args:
        settings: those of the installation; read from the environment if left out.
        clock: where the present moment comes from; the system's if left out.
    """
    from bpm.application import assemble
    from bpm.config import read_settings

    return assemble(settings or read_settings(), clock)
