"""Reads a diagram: its XML, what it refers to, its expressions, and what other tools wrote into it."""
