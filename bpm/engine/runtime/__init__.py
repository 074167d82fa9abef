"""Runs one case in memory: tokens, scopes and their state. Reads no clock and touches no table.

``workflow.Run`` is the way in; what each kind of element does with a token stands in ``specs``.
"""
