"""What can go wrong with a decision model as a whole. Mistakes in data only give null."""

from __future__ import annotations


class DmnError(Exception):
    """The file is no decision model, or it has no such decision. ``message`` is translated."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
