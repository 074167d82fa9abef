"""All routes × roles: whoever has no right to a thing gets 403 or 404, on page and API alike.

A new route must be entered here: who may use it is a decision.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from bpm.designer.library import copies, decisions, forms
from bpm.engine import commands as engine
from bpm.engine.models import Instance, UserTask
from bpm.engine.values import FileReference, RecordReference
from bpm.files.commands import keep
from bpm.people.queries import required_person
from bpm.records.commands import create
from tests.api_client import ApiClient

ROLES = {
    "holder": "emily.clark",  # one of the lawyers who were asked
    "initiator": "anna.nowak",
    "manager": "olga.ivanova",  # head of the initiator's department
    "administrator": "adam.kaminski",
    "outsider": "natalia.morozova",
}
EVERYBODY = frozenset(ROLES)
OF_THE_CASE = EVERYBODY - {"outsider"}
ADMINISTRATOR = frozenset({"administrator"})
OPEN = "open"  # needs no log-in

# who may read what: endpoint -> roles
READING: dict[str, frozenset[str] | str] = {
    **dict.fromkeys(("login.page", "health.alive", "health.ready", "operations.metrics", "api.get_openapi",
                     "texts.catalogue", "web.style", "static", "api.healthz", "api.readyz", "api.metrics"), OPEN),
    **dict.fromkeys(("home.page", "inbox.page", "inbox.listing", "inbox.start", "inbox.start_form",
                     "history.cases", "history.listing", "me.page", "notices.page", "frame.bell", "frame.rail",
                     "help.expressions", "help.trial", "help.tours.seen", "help.topics.contents", "help.topics.page", "help.topics.picture_file", "records.page", "records.listing", "records.card", "records.edit", "records.new",
                     "api.list_bulk", "api.list_tasks", "api.list_instances", "api.list_processes", "api.list_incidents",
                     "api.list_records", "api.get_record"), EVERYBODY),
    **dict.fromkeys(("inbox.task", "inbox.state", "api.get_task", "inbox.file", "history.case", "history.story",
                     "history.standing", "history.diagram_source", "history.diagram_state", "history.history_csv",
                     "history.history_json", "api.get_instance", "api.get_history", "api.get_history_csv",
                     "api.get_history_json", "api.get_history_xes"), OF_THE_CASE),
    **dict.fromkeys(("operators.repair", "operators.many"), ADMINISTRATOR),
    **dict.fromkeys(("outbox.letters", "people.page", "people.edit", "people.new", "api.list_jobs",
                     "api.list_external_tasks"), ADMINISTRATOR),
    **dict.fromkeys(("forms.page", "forms.new", "forms.build", "forms.versions", "forms.version", "forms.copy", "forms.data.content",
                     "decisions.page", "decisions.new", "decisions.edit", "decisions.content", "decisions.versions",
                     "decisions.version", "decisions.copy"), ADMINISTRATOR),
    **dict.fromkeys(("designer.exchange.holdings", "designer.page", "designer.draw", "designer.new", "designer.data.draft_diagram",
                     "designer.data.picked", "designer.data.problems",
                     "designer.questions.page", "designer.gallery.page",
                     "designer.rehearsal.page"),
                    ADMINISTRATOR),
    # and whoever was asked for a look or mentioned in a comment
    **dict.fromkeys(("designer.review.page", "designer.comments.page", "designer.comments.listing",
                     "designer.migration.page", "designer.migration.progress"), ADMINISTRATOR),
}  # fmt: skip
# who may not even try; the others' deeds are the subject of the packages' own tests
FORBIDDEN: dict[str, frozenset[str]] = {
    **dict.fromkeys(("inbox.claim", "inbox.comment", "inbox.decide", "inbox.delegate", "inbox.fields",
                     "inbox.release", "inbox.save_draft", "history.comment", "history.cancel", "history.suspend",
                     "history.resume", "api.claim_task", "api.complete_task", "api.delegate_task",
                     "api.release_task", "api.cancel_instance", "api.suspend_instance", "api.resume_instance",
                     "api.move_instance", "api.migrate_instance", "api.set_instance_variables", "api.undo_migration",
                     "history.repair", "api.retry_incident", "notices.follow", "me.revoke_token",
                     "outbox.letter"), frozenset({"outsider"})),
    **dict.fromkeys(("operators.move", "operators.variables", "operators.migrate", "operators.undo",
                     "operators.order", "operators.operation", "operators.progress", "operators.stop",
                     "api.suspend_version", "api.resume_version", "api.suspend_process", "api.resume_process",
                     "api.migrate_version", "api.create_bulk", "api.get_bulk", "api.stop_bulk",
                     "api.fetch_external_tasks", "api.get_external_task", "api.complete_external_task",
                     "api.fail_external_task", "api.throw_external_task_error",
                     "api.extend_external_task_lock", "api.unlock_external_task"),
                    EVERYBODY - ADMINISTRATOR),
    **dict.fromkeys(("designer.copies.take", "designer.copies.discard", "designer.review.ask",
                     "designer.review.withdraw", "designer.review.answer", "designer.review.demand",
                     "designer.comments.say", "designer.comments.resolve", "designer.comments.reopen",
                     "designer.migration.go", "designer.migration.undo", "designer.suspension.suspend_version",
                     "designer.suspension.resume_version", "designer.suspension.suspend_process",
                     "designer.suspension.resume_process"), EVERYBODY - ADMINISTRATOR),
    **dict.fromkeys(("forms.create", "forms.discard", "forms.restore", "forms.data.begin", "forms.data.save",
                     "forms.data.publish", "forms.data.try_out", "decisions.create", "decisions.save",
                     "decisions.examine", "decisions.try_out", "decisions.publish", "decisions.discard",
                     "decisions.restore", "forms.take", "forms.discard_copy", "decisions.take",
                     "decisions.discard_copy"), EVERYBODY - ADMINISTRATOR),
    **dict.fromkeys(("outbox.send", "people.change", "people.set_active", "people.add", "api.advance_clock",
                     "designer.rehearsal.begin", "designer.rehearsal.act", "designer.rehearsal.fields",
                     "designer.rehearsal.back", "designer.rehearsal.try_paths",
                     "designer.rehearsal.diagram", "designer.rehearsal.file",
                     "designer.discard", "designer.data.save",
                     "designer.data.check_expression",
                     "designer.import_into", "designer.data.publish", "designer.restore", "designer.import_new",
                     "designer.create", "designer.places.layout", "designer.questions.answer", "designer.gallery.take"),
                    EVERYBODY - ADMINISTRATOR),
}  # fmt: skip
# everybody with an account may do these; what they refuse is said by the packages' own tests
FREE = {
    "help.tours.leave", "login.log_in", "login.log_in_as_demo", "login.log_out", "me.add_absence", "me.remove_absence",
    "me.appearance", "me.password", "me.set_password", "me.set_time_zone", "me.create_token", "notices.read_all",
    "records.delete", "records.change", "records.event", "records.stage", "records.create", "inbox.start_process",
    "inbox.start_fields", "api.create_record", "api.change_record", "api.keep_file", "api.start_instance",
    "api.send_message", "api.send_signal", "api.create_deployment",
    # readable by those who may start or administer the process
    "designer.exchange.words", "designer.exchange.export", "designer.versions", "designer.version", "designer.export", "designer.picture", "designer.compare.page",
    "designer.compare.source", "api.list_versions",
    "api.get_version", "api.get_version_bpmn", "api.get_version_svg",
}  # fmt: skip

# a body that would do, so that rights are what is refused
BODIES = {
    "clock": {"advance": "P1D"},
    "delegate": {"to": "boris.petrov"},
    "migrate": {"to": 1},
    "variables": {"values": {"a": 1}},
    "bulk": {"kind": "cancel", "selection": {"process": "contract_approval"}},
}
# and of programs that do service steps
WORKERS = {
    "fetch-and-lock": {"workerId": "w", "topics": [{"topicName": "t", "lockDuration": 1000}]},
    "complete": {"workerId": "w"}, "failure": {"workerId": "w"},
    "bpmnError": {"workerId": "w", "errorCode": "e"}, "extendLock": {"workerId": "w", "newDuration": 1000},
}  # fmt: skip


@dataclass(frozen=True)
class Place:
    """The things that the routes name."""

    values: dict[str, str]

    def address(self, rule: str, endpoint: str) -> str:
        kind = "task" if endpoint.startswith(("inbox.", "api.")) and "/tasks/" in rule else "case"
        for word in ("files", "records", "people"):
            if rule.startswith((f"/{word}/", f"/api/v1/{word}/")):
                kind = word
        if "/copies/" in rule and not rule.startswith("/processes/"):
            kind = f"copy of {rule.split('/')[1]}"

        def value(found: re.Match[str]) -> str:
            name = found[1].rpartition(":")[2]
            return self.values[kind] if name == "public_id" else self.values.get(name, "unknown")

        own = {
            "forms": "contract_decision", "decisions": "contract_approvers", "help": "first-process",
        }.get(rule.split("/")[1])  # fmt: skip
        rule = rule.replace("/pictures/<path:name>", "/pictures/en/inbox.png").replace(
            "/tours/<name>", "/tours/designer"
        )
        return re.sub(r"<([^>]+)>", value, rule.replace("<key>", own) if own else rule)


@pytest.fixture
def place(app: Flask) -> Place:
    """A contract of Anna's on approval, with a file."""
    installation = app.extensions["bpm"]
    with installation.database.writing() as session:
        now = installation.clock.now()
        anna = required_person(session, "anna.nowak")
        company = create(session, now, anna, "company", {"name": "Delta"})
        contract = create(
            session, now, anna, "contract",
            {"number": "118", "company": company.public_id, "amount": 1200000, "responsible": "anna.nowak"},
        )  # fmt: skip
        text = keep(session, installation.files, now, anna, "contract.txt", b"The text", limit=10_000)
        case: Instance = engine.start(
            session, now, anna, "contract_approval",
            {"file": FileReference(text.public_id, text.name, text.size, text.media_type)},
            record=RecordReference("contract", contract.public_id),
        )  # fmt: skip
        task = session.scalars(select(UserTask).where(UserTask.assignee.has(login="emily.clark"))).one()
        note = keep(
            session, installation.files, now, anna, "note.txt", b"A note", limit=99, instance_id=case.id
        )
        adam = required_person(session, "adam.kaminski")
        made = [
            copies.keep(
                session,
                now,
                adam,
                kind,
                key,
                of.written(session, key, of.source(session, key).content),
                editor="",
            )
            for kind, key, of in (
                ("form", "contract_decision", forms),
                ("decision", "contract_approvers", decisions),
            )
        ]
        return Place(
            {
                "copy of forms": made[0].public_id, "copy of decisions": made[1].public_id, "task": task.public_id, "case": case.public_id, "files": note.public_id,
                "records": contract.public_id, "people": anna.public_id, "type_key": "contract",
                "kind": "contract", "key": "contract_approval", "number": "1", "language": "ru",
                "filename": "mark.svg", "version": "x", "form_key": "contract_decision",
            }
        )  # fmt: skip


def test_every_route_has_a_decision(app: Flask) -> None:
    known = set(READING) | set(FORBIDDEN) | FREE
    assert {rule.endpoint for rule in app.url_map.iter_rules()} - known == set()


def reading_rules(app: Flask) -> list[tuple[str, str]]:
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)
    return [
        (rule.rule, rule.endpoint)
        for rule in rules
        if "GET" in (rule.methods or ()) and rule.endpoint in READING
    ]


def writing_rules(app: Flask) -> list[tuple[str, str, str]]:
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)
    methods = ("POST", "PATCH", "PUT", "DELETE")
    found = [
        (method, rule.rule, rule.endpoint)
        for rule in rules
        for method in methods
        if method in (rule.methods or ())
    ]
    return [entry for entry in found if entry[2] in FORBIDDEN]


def send(
    method: str,
    path: str,
    login: str,
    client_of: Callable[[str], FlaskClient],
    api_of: Callable[[str], ApiClient],
) -> int:
    if path.startswith("/api/v1"):
        bodies = WORKERS if "/external-tasks/" in path else BODIES
        body = None if method == "GET" else bodies.get(path.rpartition("/")[2], {})
        return api_of(login).call(method, path.removeprefix("/api/v1"), body).status_code
    answer = client_of(login).open(path, method=method, data={"text": "x"} if method == "POST" else None)
    answer.close()
    return answer.status_code


def test_who_may_read_what(
    app: Flask, place: Place, client_of: Callable[[str], FlaskClient], api_of: Callable[[str], ApiClient]
) -> None:
    wrong = []
    for rule, endpoint in reading_rules(app):
        path, allowed = place.address(rule, endpoint), READING[endpoint]
        if allowed == OPEN or endpoint == "static":
            continue
        for role, login in ROLES.items():
            status = send("GET", path, login, client_of, api_of)
            fine = status < 400 if role in allowed else status in (403, 404)
            if not fine:
                wrong.append(f"{role} GET {path}: {status}")
    assert not wrong, "\n".join(wrong)


def test_who_may_not_do_what(
    app: Flask, place: Place, client_of: Callable[[str], FlaskClient], api_of: Callable[[str], ApiClient]
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    wrong = []
    for method, rule, endpoint in writing_rules(app):
        path = place.address(rule, endpoint)
        for role in FORBIDDEN[endpoint]:
            status = send(method, path, ROLES[role], client_of, api_of)
            if status not in (403, 404):
                wrong.append(f"{role} {method} {path}: {status}")
    assert not wrong, "\n".join(wrong)


def test_a_stranger_is_asked_to_log_in(app: Flask, place: Place) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    stranger, wrong = app.test_client(), []
    for rule in app.url_map.iter_rules():
        if (
            READING.get(rule.endpoint) == OPEN
            or rule.endpoint.startswith("login.")
            or rule.endpoint == "me.appearance"
        ):
            continue
        path = place.address(rule.rule, rule.endpoint)
        for method in sorted((rule.methods or set()) & {"GET", "POST", "PATCH"}):
            answer = stranger.open(path, method=method, json={} if path.startswith("/api/") else None)
            to_login = answer.status_code == 302 and answer.location.startswith("/login")
            if not (to_login or answer.status_code == 401):
                wrong.append(f"{method} {path}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)
