"""Gives a diagram its places: left to right, nothing on top of anything, arrows around the shapes.

Pure: text in, places out. Knows BPMN 2.0 as far as it is drawn (clause 12), nothing of what runs.
"""

from __future__ import annotations

from bpm.designer.layout.diagram import laid_out, positions

__all__ = ["laid_out", "positions"]
