"""kill -9 of one of two web and two worker processes every second, under load, over one PostgreSQL.

Every case ends right and every effect is in the database exactly once. A quick look by default;
``BPM_KILL_SECONDS=180`` for the long one.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import multiprocessing
import os
import random
import socket
import sys
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text, update

from bpm import serving
from bpm.config import read_settings
from bpm.db import make_engine
from bpm.engine import commands
from bpm.engine.models import HistoryEvent, Incident, Instance, Message, UserTask
from bpm.installation import Installation
from bpm.jobs.models import Job
from bpm.migration import newest
from bpm.records.models import Record
from tests.conftest import Databases
from tests.engine.processes import (
    catch,
    chain,
    element,
    end,
    message,
    process,
    service,
    start,
    timer,
    user,
)
from tests.faults.test_server_killed import CALLERS, check_history, token_of

SECONDS = float(os.environ.get("BPM_KILL_SECONDS", "12"))
MOST_OPEN = 12  # cases that a caller leaves open before it starts the next one
REGISTER = "of_the_killed"
DIAGRAM = process(
    "survivor",
    start(),
    service("make", "record.create", {"type": '="lead"', "name": "=name", "source": '="site"'}),
    element("parallelGateway", "fork"),
    *(user(f"ask_{login.partition('.')[0]}", "person", login) for login in CALLERS),
    element("parallelGateway", "join"),
    catch("hear", message("go")),
    catch("wait", timer("PT1S")),
    service("count", "register.number", {"register": f'="{REGISTER}"'}, {"number": "=result.number"}),
    end(),
    chain("begin", "make", "fork"),
    *(chain("fork", f"ask_{login.partition('.')[0]}", "join") for login in CALLERS),
    chain("join", "hear", "wait", "count", "done"),
    messages=("go",),
)

# a process that has imported everything and forks the nodes, so that each begins at once
_nursery = multiprocessing.get_context("forkserver")
_nursery.set_forkserver_preload(["tests.faults.test_nodes_killed", "bpm.application"])


def run_node(environment: dict[str, str], port: int | None, output: str) -> None:
    """What a node is: pages on ``port``, or a worker."""
    with Path(output).open("a") as told:
        os.dup2(told.fileno(), sys.stdout.fileno())
        os.dup2(told.fileno(), sys.stderr.fileno())
        settings = read_settings(environment)
        if port is None:
            serving.work(settings, threads=2)
        else:
            serving.serve(settings, worker=False, port=port)


class Node:
    """One of the four processes."""

    def __init__(self, environment: dict[str, str], port: int | None, output: Path) -> None:
        self.port = port
        self._output = output
        self._arguments = (environment, port, str(output))
        self.start()

    def start(self) -> None:
        self._told_before = self._output.stat().st_size if self._output.exists() else 0
        self._process = _nursery.Process(target=run_node, args=self._arguments, daemon=True)
        self._process.start()

    def kill(self) -> None:
        self._process.kill()
        self._process.join()

    def stop(self) -> float:
        """Ask it to stop; return the seconds it took."""
        self._wait_until_it_listens()
        begun = time.monotonic()
        self._process.terminate()
        self._process.join(timeout=60)
        assert self._process.exitcode == 0
        return time.monotonic() - begun

    def _wait_until_it_listens(self) -> None:
        """Whoever has just been started again says when it can be asked to stop."""
        end = time.monotonic() + 60
        while b"Ctrl-C stops" not in self._output.read_bytes()[self._told_before :]:
            assert time.monotonic() < end, "the node does not come up"
            time.sleep(0.1)


class Caller(threading.Thread):
    """Starts cases, decides and sends messages on whatever node answers; repeats under the same key."""

    def __init__(self, ports: list[int], token: str, seed: int) -> None:
        super().__init__(daemon=True)
        self.ports, self.token, self.chance = ports, token, random.Random(seed)
        self.started: set[str] = set()
        self.names: set[str] = set()
        self.decided: set[str] = set()
        self.faults: list[str] = []
        self.enough = threading.Event()

    def run(self) -> None:
        while not self.enough.is_set():
            tasks = self.call("GET", "/tasks?limit=50&assignee=me").get("items", [])
            if len(tasks) < MOST_OPEN:
                self._begin()
            for task in self.chance.sample(tasks, min(len(tasks), 2)):
                done = self.call("POST", f"/tasks/{task['id']}/complete", {})
                if done.get("status") == "completed":
                    self.decided.add(task["id"])

    def _begin(self) -> None:
        name = uuid.uuid4().hex
        body = {"business_key": name, "variables": {"name": name}}
        case = self.call("POST", "/processes/survivor/instances", body)
        if "id" in case:
            self.started.add(case["id"])
            self.names.add(name)
            self.call("POST", "/messages", {"name": "go", "correlation": name})

    def call(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """Call until some node answers, always under the same key."""
        key = uuid.uuid4().hex
        while True:
            try:
                return self._call(method, path, body, key)
            except (OSError, http.client.HTTPException, ValueError):
                time.sleep(0.05)  # killed at this moment, or not yet up again

    def _call(self, method: str, path: str, body: Any, key: str) -> dict[str, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.chance.choice(self.ports), timeout=30)
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        try:
            connection.request(
                method, "/api/v1" + path, json.dumps(body or {}), headers | {"Idempotency-Key": key}
            )
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        if answer.status >= 500:
            self.faults.append(f"{method} {path}: {text.decode()[:300]}")
        return json.loads(text)  # type: ignore[no-any-return]


def wait_until_it_answers(port: int) -> None:
    for _attempt in range(600):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise AssertionError("the node does not answer")


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def stamp(url: str) -> None:
    """Say that the tables are the newest: the copy was made from the models."""
    engine = make_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)"))
        connection.execute(text("INSERT INTO alembic_version VALUES (:newest)"), {"newest": newest()})
    engine.dispose()


@pytest.fixture
def environment(databases: Databases, tmp_path: Path) -> Iterator[dict[str, str]]:
    with databases.copy("postgresql", tmp_path, filled=True) as url:
        stamp(url)
        yield {
            **{name: value for name, value in os.environ.items() if not name.startswith("BPM_")},
            "BPM_INSTANCE": str(tmp_path),
            "BPM_SECRET_KEY": "of-a-test",
            "DATABASE_URL": url,
        }


def test_killed_nodes_lose_and_repeat_nothing(environment: dict[str, str], tmp_path: Path) -> None:
    # given two web and two worker processes under load
    settings = read_settings(environment)
    installation = Installation(settings)
    with installation.database.writing() as session:
        commands.deploy(session, installation.clock.now(), None, DIAGRAM)
    ports = [free_port(), free_port()]
    outputs = [tmp_path / f"output_{number}.txt" for number in range(4)]
    nodes = [
        Node(environment, port, output) for port, output in zip([*ports, None, None], outputs, strict=True)
    ]
    callers = [Caller(ports, token_of(installation, login), seed) for seed, login in enumerate(CALLERS)]
    for port in ports:
        wait_until_it_answers(port)
    for caller in callers:
        caller.start()
    # when one of the four is killed every second
    chance, kills, end = random.Random(20261121), 0, time.monotonic() + SECONDS
    while time.monotonic() < end:
        time.sleep(1)
        node = chance.choice(nodes)
        node.kill()
        node.start()
        kills += 1
    time.sleep(2)
    for caller in callers:
        caller.enough.set()
    for caller in callers:
        caller.join(timeout=120)
        assert not caller.is_alive(), "no node answers any more"
    # and the rest is done in peace
    time.sleep(1)
    assert max(node.stop() for node in nodes) < 25
    finish(installation)
    # then
    assert [fault for caller in callers for fault in caller.faults] == []
    cases = {case for caller in callers for case in caller.started}
    print(f"{kills} kills, {len(cases)} cases, {sum(len(one.decided) for one in callers)} decisions")
    assert len(cases) > kills // 2, "hardly any load"
    with installation.database.reading() as session:
        assert [(one.kind, one.element, one.cause) for one in session.scalars(select(Incident))] == []
        assert [(one.kind, one.last_error) for one in session.scalars(select(Job)) if one.failures] == []
    check_history(installation, callers)  # type: ignore[arg-type]
    check_effects(installation, cases, {name for caller in callers for name in caller.names})
    installation.engine.dispose()


def finish(installation: Installation) -> None:
    """Let the leases of the killed end, decide what is open, wait for the timers."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with installation.database.writing() as session:
            session.execute(
                update(Job).where(Job.lease_token.is_not(None)).values(due_at=installation.clock.now())
            )
        installation.worker.run_until_quiet()
        with installation.database.reading() as session:
            waiting = list(session.scalars(select(UserTask.public_id).where(UserTask.status == "open")))
            active = session.scalar(select(func.count(Instance.id)).where(Instance.status == "active"))
        if not active:
            return
        for task in waiting:
            with installation.database.writing() as session:
                commands.complete(session, installation.clock.now(), None, task)


def check_effects(installation: Installation, cases: set[str], names: set[str]) -> None:
    """Each case ended, made its record and took its number once, and heard its message once."""
    with installation.database.reading() as session:
        found = session.scalars(select(Instance).where(Instance.version.has(process_key="survivor"))).all()
        assert {case.public_id for case in found} == cases
        assert {case.status for case in found} == {"completed"}
        assert session.scalar(select(func.count(Incident.id))) == 0
        leads = Counter(title for title in session.scalars(select(Record.title)) if title in names)
        assert leads == Counter(names)
        happened: dict[str, Counter[int]] = {}
        for event in session.scalars(select(HistoryEvent)):
            happened.setdefault(event.kind, Counter())[event.instance_id] += 1
        for kind, times in (("task_completed", 3), ("message_received", 1), ("timer_fired", 1)):
            assert happened[kind] == Counter(dict.fromkeys((case.id for case in found), times)), kind
        assert session.scalar(select(func.count(Message.id))) == 0
        numbers = [number_of(session, case.id) for case in found]
    assert sorted(numbers) == list(range(1, len(found) + 1))


def number_of(session: Any, instance_id: int) -> int:
    told = session.scalars(
        select(HistoryEvent).where(
            HistoryEvent.instance_id == instance_id, HistoryEvent.kind == "variable_changed"
        )
    )
    (number,) = (event.data["new"] for event in told if event.data["name"] == "number")
    return int(str(number).partition("/")[0])
