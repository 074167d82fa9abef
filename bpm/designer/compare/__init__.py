"""What differs between two versions of a diagram: marks for the drawings and sentences for people.

Pure: two XML files in, a list of changes out. The one description of how our elements are called in
words is ``words.py``; what a value is called is asked of ``Vocabulary``.
"""

from __future__ import annotations

from bpm.designer.compare.changes import Change, Difference, Side
from bpm.designer.compare.differ import compare
from bpm.designer.compare.values import Vocabulary

__all__ = ["Change", "Difference", "Side", "Vocabulary", "compare"]
