"""What variables of a case may be."""

from __future__ import annotations

import pytest

from bpm.errors import Invalid
from tests.engine.office import Office
from tests.engine.processes import (
    chain,
    end,
    process,
    start,
    user,
)


def test_too_many_values_and_bad_names_are_refused(office: Office) -> None:
    office.deploy(process("v", start(), user("ask", "initiator"), end(), chain("begin", "ask", "done")))
    for values in ({"": 1}, {"x" * 200: 1}, {str(n): n for n in range(600)}):
        with pytest.raises(Invalid):
            office.start("v", variables=values)
