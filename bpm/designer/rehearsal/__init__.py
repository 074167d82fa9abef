"""Rehearsal: a draft runs on the true engine in a database of its own, and nothing of it is real."""
