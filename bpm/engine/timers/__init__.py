"""Timers: when they are due, and the jobs that wait for it."""
