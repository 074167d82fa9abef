"""Builds the specs of a process from its XML, kind of element by kind, and keeps what is compiled.

``compile`` is the way in. Nothing here raises for a fault of a diagram: faults are
Problems, told all at once.
"""
