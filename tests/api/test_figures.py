"""Health and figures: what balancers and Prometheus ask, and who may ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import text

from bpm.jobs import commands as jobs
from bpm.web import request as requests

Api = Callable[[str], Any]


def test_readiness_tells_how_far_the_workers_are_behind(app: Flask) -> None:
    installation = app.extensions["bpm"]
    now = installation.clock.now()
    with installation.database.writing() as session:
        jobs.enqueue(session, "announce", {}, now - timedelta(minutes=5), now=now)

    ready = app.test_client().get("/readyz")

    assert (ready.status_code, ready.json["status"]) == (200, "ok")
    assert ready.json["oldest_due_job_seconds"] == 300


def test_a_program_whose_tables_are_others_is_not_ready(app: Flask) -> None:
    with app.extensions["bpm"].database.writing() as session:
        session.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)"))
        session.execute(text("INSERT INTO alembic_version VALUES ('0001')"))

    ready = app.test_client().get("/readyz")

    assert (ready.status_code, ready.json["tables"]) == (503, "0001")
    assert ready.json["needed"] > "0001"


def test_figures_count_jobs_requests_and_what_was_done(app: Flask, run_due: Callable[[], int]) -> None:
    installation = app.extensions["bpm"]
    now = installation.clock.now()
    client = app.test_client()
    with installation.database.writing() as session:
        jobs.enqueue(session, "announce", {"what": "nothing"}, now, now=now)

    assert "\nbpm_jobs_due 1\n" in client.get("/metrics").get_data(as_text=True)
    run_due()
    told = client.get("/metrics").get_data(as_text=True)

    assert "\nbpm_jobs_due 0\n" in told
    assert 'bpm_job_seconds_count{kind="announce",result="done"}' in told
    assert 'bpm_request_seconds_bucket{endpoint="operations.metrics",answer="2xx",le="+Inf"}' in told


def test_figures_may_be_kept_behind_a_token(app: Flask) -> None:
    app.extensions[requests._SETTINGS] = replace(app.extensions[requests._SETTINGS], metrics_token="s3cret")
    client = app.test_client()

    assert client.get("/metrics").status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer other"}).status_code == 401
    assert client.get("/metrics", headers={"Authorization": "Bearer s3cret"}).status_code == 200
