"""A process in words: what starts it, each step in order with who does it, and where it ends."""

from __future__ import annotations

from bpm.designer.description.process import Description, Part, Step, described

__all__ = ["Description", "Part", "Step", "described"]
