"""``python -m bpm``: the command line."""

from bpm.cli import main

main()
