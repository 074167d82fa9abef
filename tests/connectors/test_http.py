"""Calls to other machines: what is allowed, what is said, what is refused."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from bpm.clock import MovableClock
from bpm.connectors import outgoing
from bpm.connectors.outgoing import _is_public, check
from bpm.db import Database
from bpm.engine import queries
from bpm.engine.services.caller import ServiceFailed
from tests.engine.processes import chain, end, process, service, start, user
from tests.office import Office, open_office


class Other(ThreadingHTTPServer):
    """Another program: remembers what was asked and answers what it is told to."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[tuple[str, str, dict[str, str], bytes]] = []
        self.answers: list[tuple[int, bytes]] = []

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Other

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): text for name, text in self.headers.items()}
        self.server.asked.append((self.command, self.path, headers, body))
        status, content = self.server.answers.pop(0) if self.server.answers else (200, b'{"sum": 10.50}')
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_GET

    def log_message(self, format: str, *arguments: Any) -> None:
        pass


@pytest.fixture
def other() -> Iterator[Other]:
    server = Other()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def office(
    database: Database, clock: MovableClock, company: None, tmp_path: Path, other: Other
) -> Iterator[Office]:
    (tmp_path / "secrets.toml").write_text('erp = "s3cret"')
    with open_office(database, clock, tmp_path, allowed_hosts=(f"private:{other.host}",)) as office:
        yield office


def run(office: Office, inputs: dict[str, str], **variables: Any) -> Any:
    step = service("step", "http", inputs, {"answer": "=result"})
    wait = user("wait", "person", "anna.nowak")
    office.deploy(process("one", start(), step, wait, end(), chain("begin", "step", "wait", "done")))
    case = office.case(office.start("one", **variables))
    office.work()
    with office.database.reading() as session:
        return queries.variables(session, office.clock.now(), session.merge(case, load=False)).get("answer")


def test_call_sends_values_as_json_and_brings_the_answer_back(office: Office, other: Other) -> None:
    answer = run(
        office,
        {
            "url": f"http://{other.host}/debts?of={{company}}",
            "method": "POST",
            "body": "={company: company, n: 1.5}",
            "headers": '={Authorization: "secret:erp", Host: "evil"}',
        },
        company="Delta & Co",
    )

    ((method, path, headers, body),) = other.asked
    assert (method, path) == ("POST", "/debts?of=Delta%20&%20Co")
    assert json.loads(body) == {"company": "Delta & Co", "n": 1.5}
    assert headers["authorization"] == "s3cret"
    assert headers["host"] == other.host
    assert str(answer["body"]["sum"]) == "10.50"
    assert answer["status"] == 200


def test_call_is_repeated_under_the_same_key_while_the_other_side_is_down(
    office: Office, other: Other
) -> None:
    other.answers = [(503, b"later"), (503, b"later")]

    run(office, {"url": f"http://{other.host}/"})
    office.pass_time(minutes=1)
    office.pass_time(minutes=5)

    keys = [headers["idempotency-key"] for _method, _path, headers, _body in other.asked]
    assert len(keys) == 3
    assert len(set(keys)) == 1
    assert office.incidents() == []
    assert office.task("wait")


def test_refusal_of_the_other_side_is_an_incident_at_once(office: Office, other: Other) -> None:
    other.answers = [(422, b'{"detail": "unknown company"}')]

    run(office, {"url": f"http://{other.host}/"})

    (incident,) = office.incidents()
    assert "unknown company" in incident.cause["values"]["why"]
    assert len(other.asked) == 1


def test_any_answer_can_be_welcome_and_redirections_are_not_followed(office: Office, other: Other) -> None:
    other.answers = [(302, b"{}")]

    answer = run(office, {"url": f"http://{other.host}/", "any_status": "=true"})

    assert answer["status"] == 302
    assert len(other.asked) == 1


def test_enormous_answer_is_refused(office: Office, other: Other) -> None:
    other.answers = [(200, b"x" * (outgoing.LARGEST_ANSWER + 1))]

    run(office, {"url": f"http://{other.host}/"})

    assert "more than 2 MB" in office.incidents()[0].cause["values"]["why"]


@pytest.mark.parametrize(
    "url",
    [
        "https://other.example/",
        "https://api.example.com:8443/",
        "https://api.example.com.evil.example/",
        "https://example.org/",
        "ftp://api.example.com/",
        "file:///etc/passwd",
        "https://ann:secret@api.example.com/",
        "https://api.example.com:port/",
        "//api.example.com/",
        "",
        "https://[::1/",
    ],
)
def test_hosts_that_nobody_allowed_are_refused(url: str) -> None:
    with pytest.raises(ServiceFailed) as refusal:
        check(url, ("api.example.com", "*.example.org"))
    assert not refusal.value.again
    assert "secret" not in refusal.value.text or "ann" in url


@pytest.mark.parametrize(
    "url", ["https://api.example.com/x", "https://API.example.com./", "http://a.example.org"]
)
def test_allowed_hosts_are_called(url: str) -> None:
    assert not check(url, ("api.example.com", "*.example.org")).private


def test_private_address_is_refused_though_its_name_is_allowed(other: Other) -> None:
    target = check(f"http://localhost:{other.server_port}/", (f"localhost:{other.server_port}",))

    with pytest.raises(ServiceFailed, match="private network"):
        outgoing.call(target, "GET", {}, None)
    assert other.asked == []


@pytest.mark.parametrize(
    ("address", "public"),
    [("8.8.8.8", True), ("2606:4700::1111", True), ("127.0.0.1", False), ("10.1.2.3", False)]
    + [("169.254.169.254", False), ("::1", False), ("::ffff:10.0.0.1", False), ("2002:0a00:0001::1", False)]
    + [("fe80::1%eth0", False), ("0.0.0.0", False), ("224.0.0.1", False), ("100.64.0.1", False)],
)
def test_private_addresses_are_known(address: str, public: bool) -> None:
    assert _is_public(address) == public
