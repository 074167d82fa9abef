"""Start everything on one machine: pages, worker and, by default, a SQLite database."""

from bpm.cli import main

if __name__ == "__main__":
    main(["run"])
