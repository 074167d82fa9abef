"""The one error of the language: what is wrong with an expression, and where.

Ordinary mistakes in data are no errors: FEEL answers them with null (DMN 1.5, 10.3.1).
"""

from __future__ import annotations


class FeelError(Exception):
    """The text is no valid expression, or evaluating it asks for too much.

    ``message`` is translated and meant for people; ``position`` counts characters of the
    text from 0, or is None when the fault has no place; ``text`` is the expression.
    """

    def __init__(self, message: str, position: int | None = None, text: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.position = position
        self.text = text
