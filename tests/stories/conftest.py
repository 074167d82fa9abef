"""The office in which the stories play."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.api_client import ApiClient
from tests.stories.office import Office


@pytest.fixture
def office(
    api_of: Callable[[str], ApiClient],
    client_of: Callable[[str], FlaskClient],
    run_due: Callable[[], int],
    pass_time: Callable[..., int],
) -> Office:
    return Office(api_of, client_of, run_due, pass_time)
