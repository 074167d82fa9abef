"""A process owner with a browser, as the tests of pages use her."""

from __future__ import annotations

import re
from typing import Any

from flask.testing import FlaskClient


class Owner:
    """Sends what the scripts of a page send, and what its forms send."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        found = re.search(r'name="csrf-token" content="([^"]+)"', client.get("/forms/new").text)
        self.token = found[1] if found else ""

    def send(self, address: str, **values: Any) -> Any:
        headers = {"X-CSRFToken": self.token, "Accept": "application/json"}
        return self.client.post(address, json=values, headers=headers)

    def submit(self, address: str, **values: Any) -> Any:
        return self.client.post(address, data={"csrf_token": self.token, **values})
