"""Decision tables and decision graphs (DMN 1.5) on ``bpm.feel``; the library of published decisions.

``read`` and ``Model.evaluate`` need no database; ``commands`` and ``queries`` keep and find.
"""

from __future__ import annotations

from bpm.dmn.errors import DmnError
from bpm.dmn.model import Model
from bpm.dmn.reader import read
from bpm.dmn.run import Match, Result

__all__ = ["DmnError", "Match", "Model", "Result", "read"]
