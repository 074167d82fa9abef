"""kill -9 of the whole program at random moments under load: nothing is lost, nothing is doubled.

A quick look by default; ``BPM_KILLS=100`` for the long one.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from bpm.config import ROOT, read_settings
from bpm.engine.functions import World
from bpm.engine.history import verify_history
from bpm.engine.models import HistoryEvent, Instance, UserTask
from bpm.engine.unit import Unit, read_row
from bpm.installation import Installation
from bpm.notifications.models import OutgoingLetter
from bpm.people.commands import create_token
from bpm.people.models import Person

KILLS = int(os.environ.get("BPM_KILLS", "8"))
CALLERS = ("anna.nowak", "boris.petrov", "claire.evans")


class Postbox:
    """A mail server that keeps what it was sent."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, str]] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        letter = message_from_bytes(envelope.content, policy=default)
        self.letters.append((str(letter["Message-ID"]).strip(), envelope.rcpt_tos[0]))
        return "250 kept"


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, int]]:
    box = Postbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, port
    controller.stop()


class Program:
    """``run.py`` as a process that can be killed and started again."""

    def __init__(self, folder: Path, mail_port: int) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.environment = {
            **os.environ,
            "BPM_INSTANCE": str(folder),
            "BPM_PORT": str(self.port),
            "BPM_TEST_CLOCK": "1",
            "SMTP_URL": f"smtp://127.0.0.1:{mail_port}",
            "DATABASE_URL": f"sqlite:///{folder / 'bpm.sqlite3'}",
        }
        self.output = (folder / "output.txt").open("ab")
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(ROOT / "run.py")], env=self.environment, cwd=ROOT,
            stdout=self.output, stderr=subprocess.STDOUT,
        )  # fmt: skip
        for _attempt in range(600):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            assert self._process.poll() is None, "the program did not start"
            time.sleep(0.05)
        raise AssertionError("the program does not answer")

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        self._process.send_signal(signal.SIGINT)
        assert self._process.wait(timeout=30) == 0
        self.output.close()


class Caller(threading.Thread):
    """Somebody who starts and decides as fast as he can, and remembers what was confirmed."""

    def __init__(self, port: int, token: str, chance: random.Random) -> None:
        super().__init__(daemon=True)
        self.port, self.token, self.chance = port, token, chance
        self.started: set[str] = set()
        self.decided: set[str] = set()
        self.faults: list[str] = []
        self.enough = threading.Event()

    def run(self) -> None:
        while not self.enough.is_set():
            try:
                self._act()
            except (OSError, http.client.HTTPException, ValueError):
                time.sleep(0.05)  # killed at this moment, or not yet up again

    def _act(self) -> None:
        tasks = self.call("GET", "/tasks?limit=20").get("items", [])
        if tasks and self.chance.random() < 0.6:
            self._decide(self.chance.choice(tasks))
            return
        lead = self.call("POST", "/records/lead", {"values": {"name": "Delta", "source": "site"}})
        if "id" in lead:
            case = self.call("POST", "/processes/lead_race/instances", {"record": lead["id"]})
            if "id" in case:
                self.started.add(case["id"])

    def _decide(self, task: dict[str, Any]) -> None:
        body: dict[str, Any] = {"outcome": "accept"}
        if task["element"] != "take_request":
            body = {"outcome": "spam", "values": {"reject_reason": "spam"}, "comment": "spam"}
        done = self.call("POST", f"/tasks/{task['id']}/complete", body)
        if done.get("status") == "completed":
            self.decided.add(task["id"])

    def call(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
            connection.request(method, "/api/v1" + path, json.dumps(body or {}), headers)
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        if answer.status >= 500:
            self.faults.append(f"{method} {path}: {text.decode()[:300]}")
        return json.loads(text)  # type: ignore[no-any-return]


def token_of(installation: Installation, login: str) -> str:
    with installation.database.writing() as session:
        person = session.scalars(select(Person).where(Person.login == login)).one()
        return create_token(session, installation.clock.now(), person, name="load")


def test_nothing_is_lost_or_doubled(tmp_path: Path, postbox: tuple[Postbox, int]) -> None:
    box, mail_port = postbox
    # given the program under load
    program = Program(tmp_path, mail_port)
    installation = Installation(read_settings(program.environment))
    chance = random.Random(20261121)
    callers = [Caller(program.port, token_of(installation, login), chance) for login in CALLERS]
    administrator = Caller(program.port, token_of(installation, "adam.kaminski"), chance)
    for caller in callers:
        caller.start()
    # when it is killed again and again, whatever it is doing
    for _kill in range(KILLS):
        time.sleep(chance.uniform(0.1, 1.2))
        program.kill()
        program.start()
    time.sleep(1)
    for caller in callers:
        caller.enough.set()
    for caller in callers:
        caller.join()
    # and then left alone until the leases of the killed are over and every job is done
    assert administrator.call("POST", "/clock", {"advance": "PT10M"})["jobs_run"] > 0
    program.stop()
    # then
    assert [fault for caller in callers for fault in caller.faults] == []
    assert sum(len(caller.decided) for caller in callers) > KILLS // 2, "hardly any load"
    check_history(installation, callers)
    check_letters(installation, box)
    installation.engine.dispose()


def check_history(installation: Installation, callers: list[Caller]) -> None:
    with installation.database.reading() as session:
        assert list(verify_history(session)) == []
        cases = {case.public_id: case for case in session.scalars(select(Instance))}
        # what was confirmed is there
        assert set().union(*(caller.started for caller in callers)) <= set(cases)
        done = set(session.scalars(select(UserTask.public_id).where(UserTask.status == "completed")))
        assert set().union(*(caller.decided for caller in callers)) <= done
        # each task was made once and decided at most once
        seen: dict[str, Counter[str]] = defaultdict(Counter)
        for event in session.scalars(select(HistoryEvent).where(HistoryEvent.kind.startswith("task_"))):
            seen[event.kind][event.data["task"]] += 1
        assert set(seen["task_created"]) == set(session.scalars(select(UserTask.public_id)))
        assert set(seen["task_completed"]) == done
        assert set(seen["task_created"].values()) | set(seen["task_completed"].values()) == {1}
        # the inbox shows what the state of each case waits for, and nothing else
        world = World(session, installation.clock.now())
        for case in cases.values():
            waiting: list[str] = []
            if case.status == "active":
                run = Unit(world, read_row(session, case.id, lock=False)).run
                waiting = sorted(wait.token for wait in run.waiting() if wait.kind == "user_task")
                assert waiting or run.waiting(), f"{case.public_id} waits for nothing"
            shown = select(UserTask.token).where(UserTask.instance_id == case.id, UserTask.status == "open")
            assert sorted(session.scalars(shown)) == waiting


def check_letters(installation: Installation, box: Postbox) -> None:
    with installation.database.reading() as session:
        written = session.scalars(select(OutgoingLetter)).all()
    assert written and {letter.state for letter in written} == {"sent"}
    # a letter may have come twice, but then under the same number
    arrived = {(number.strip("<>").partition("@")[0], to) for number, to in box.letters}
    assert {(letter.message_id.partition("@")[0], letter.recipient) for letter in written} == arrived
