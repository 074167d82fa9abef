"""A program that speaks to the API, for tests."""

from __future__ import annotations

import io
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

PREFIX = "/api/v1"


class ApiClient:
    """Calls with a bearer token; ``get`` and ``post`` check the status and return the JSON."""

    def __init__(self, client: FlaskClient, token: str) -> None:
        self._client = client
        self.token = token

    def call(self, method: str, path: str, json: Any = None, **more: Any) -> TestResponse:
        """Send one request and return the answer, whatever it is."""
        headers = {"Authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        if json is not None:
            more["json"] = json
        return self._client.open(PREFIX + path, method=method, headers=headers, **more)

    def get(self, path: str, status: int = 200, **query: Any) -> Any:
        """GET and return the JSON of the answer, which must have ``status``."""
        return self._checked(self.call("GET", path, query_string=query), status)

    def post(self, path: str, json: Any = None, status: int | None = None, **more: Any) -> Any:
        """POST and return the JSON of the answer, which must be a success or have ``status``."""
        answer = self.call("POST", path, {} if json is None and not more else json, **more)
        return self._checked(answer, status)

    def patch(self, path: str, json: Any, status: int = 200) -> Any:
        """PATCH and return the JSON of the answer."""
        return self._checked(self.call("PATCH", path, json), status)

    def upload(self, name: str, content: bytes) -> dict[str, Any]:
        """Send a file; the result stands for it in the values of a form."""
        data = {"file": (io.BytesIO(content), name)}
        answer = self.call("POST", "/files", data=data, content_type="multipart/form-data")
        return self._checked(answer, 201)  # type: ignore[no-any-return]

    def deploy(self, *files: tuple[str, bytes], status: int = 201, **query: Any) -> Any:
        """Publish files."""
        data = {f"file{number}": (io.BytesIO(content), name) for number, (name, content) in enumerate(files)}
        answer = self.call(
            "POST", "/deployments", data=data, content_type="multipart/form-data", query_string=query
        )
        return self._checked(answer, status)

    @staticmethod
    def _checked(answer: TestResponse, status: int | None) -> Any:
        fine = answer.status_code == status if status is not None else answer.status_code < 300
        assert fine, f"{answer.status} {answer.get_data(as_text=True)[:2000]}"
        return answer.get_json(force=True, silent=True)
