"""The application with the process of ``holiday.py``, and people of the demo company in their browsers."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.inbox import holiday
from tests.inbox.holiday import ClientOf


@pytest.fixture
def office(app: Flask, now: datetime, client_of: ClientOf) -> ClientOf:
    """Log people in where holidays can be asked for."""
    app.config["WTF_CSRF_ENABLED"] = False  # its own tests are in tests/web
    holiday.publish(app, now)
    return client_of


@pytest.fixture
def anna(office: ClientOf) -> FlaskClient:
    """Anna Nowak sells; Olga Ivanova is her head."""
    return office("anna.nowak")


@pytest.fixture
def olga(office: ClientOf) -> FlaskClient:
    return office("olga.ivanova")
