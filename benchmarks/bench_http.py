"""Tasks completed per second over HTTP, beside the same route without an engine.

Both routes stand in the same application behind waitress: the same token check, JSON and
commit; only one of them runs a process. They take turns call by call; the ratio is the median of the rounds.

    python -m benchmarks.bench_http [--rounds 7] [--tasks 150]
"""

from __future__ import annotations

import argparse
import http.client
import json
import statistics
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.bench_engine import NOW, Bench, databases
from bpm import create_app, tables
from bpm.api.blueprint import api
from bpm.api.schemas import CompleteIn, Delivered
from bpm.clock import MovableClock
from bpm.config import Settings
from bpm.db import Database
from bpm.people.commands import create_token
from bpm.web.extensions import current_session
from tests.live import listening


class Client:
    """One connection that stays open."""

    def __init__(self, port: int, token: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def post(self, path: str) -> float:
        """Return the seconds that one call took."""
        begun = time.perf_counter()
        self._connection.request("POST", f"/api/v1{path}", json.dumps({"outcome": "approve"}), self._headers)
        answer = self._connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{answer.status}: {text.decode()[:500]}")
        return time.perf_counter() - begun


_current: list[Bench] = []


@api.operation("POST", "/bench/floor", result=Delivered, body=CompleteIn)
def floor_route(body: CompleteIn) -> Delivered:
    """Write the same rows without an engine."""
    _current[-1].write(current_session().connection())
    return Delivered(delivered=1)


def measure(name: str, database: Database, rounds: int, count: int) -> None:
    """Print the figures of one kind of database."""
    bench = Bench(database)
    _current.append(bench)
    with TemporaryDirectory(prefix="bpm-bench-") as folder:
        url = database.engine.url.render_as_string(hide_password=False)
        settings = Settings(instance=Path(folder), database_url=url, secret_key="bench")
        app = create_app(settings, MovableClock(NOW))
        with database.writing() as session:
            token = create_token(session, NOW, bench.actor, name="bench")
        with listening(app, threads=4) as port:
            client = Client(port, token)
            pairs = [one_round(client, bench, count) for _round in range(rounds + 1)][1:]
        app.extensions["bpm"].engine.dispose()
    engine = statistics.median(one for one, _floor in pairs)
    floor = statistics.median(other for _one, other in pairs)
    ratio = statistics.median(one / other for one, other in pairs)
    print(
        f"{name:12} over HTTP      {1 / engine:7.0f}/s ({engine * 1000:.2f} ms)"
        f"   floor {1 / floor:7.0f}/s ({floor * 1000:.2f} ms)   ratio {ratio:.2f}   (budget 1.5)"
    )


def one_round(client: Client, bench: Bench, count: int) -> tuple[float, float]:
    """Return seconds per call with and without an engine."""
    engine = floor = 0.0
    for _number in range(count):
        engine += client.post(f"/tasks/{bench.task()}/complete")
        floor += client.post("/bench/floor")
    return engine / count, floor / count


def main(arguments: list[str] | None = None) -> None:
    """Print the figures of every kind of database."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--tasks", type=int, default=150)
    options = parser.parse_args(arguments)
    tables.load()
    with databases() as found:
        for name, database in found:
            measure(name, database, options.rounds, options.tasks)


if __name__ == "__main__":
    main()
