"""The command line, as an administrator types it: every command, and how it refuses."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from lxml import etree

from bpm.cli import bpm
from tests.designer.diagrams import runnable, without_condition
from tests.isolation import forgetting

PASSWORD = "correct horse battery"
Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def _nothing_stays() -> Iterator[None]:
    with forgetting():
        yield


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an installation with empty tables."""
    folder = tmp_path_factory.mktemp("migrated")
    with forgetting():
        done(typing_in(folder)("db", "upgrade"))
    return folder


@pytest.fixture
def empty(tmp_path: Path) -> Run:
    """Type a command in a folder that holds nothing."""
    return typing_in(tmp_path / "instance")


@pytest.fixture
def run(migrated: Path, tmp_path: Path) -> Run:
    """Type a command in an installation with empty tables and one person, Olga."""
    shutil.copytree(migrated, tmp_path / "instance")
    run = typing_in(tmp_path / "instance")
    done(add_olga(run))
    return run


def typing_in(folder: Path) -> Run:
    runner = CliRunner(env={"BPM_INSTANCE": str(folder), "DATABASE_URL": "", "BPM_TIME_ZONE": ""})

    def run(*words: str | Path) -> Result:
        return runner.invoke(bpm, [str(word) for word in words])

    return run


def add_olga(run: Run, *more: str) -> Result:
    person = ("--name", "Olga Ivanova", "--email", "olga@example.com", "--password", PASSWORD)
    return run("user", "add", "olga.ivanova", *person, *more)


def done(result: Result) -> str:
    """Return what a command printed that went well."""
    assert result.exit_code == 0, result.output
    return result.output


def refusal(result: Result) -> str:
    """Return the one line in which a command refused."""
    assert result.exit_code == 1 and isinstance(result.exception, SystemExit), result.output
    (line,) = result.output.splitlines()
    return line


@pytest.fixture
def diagram(tmp_path: Path) -> Path:
    path = tmp_path / "leave.bpmn"
    path.write_text(runnable("leave"), "utf-8")
    return path


# --- installation -------------------------------------------------------------------------------


def test_tables_are_made_once(empty: Run) -> None:
    assert done(empty("db", "upgrade")) == "The tables were brought up to date.\n"
    assert done(empty("db", "upgrade")) == "The tables are up to date.\n"


def test_without_tables_every_command_says_what_to_do(empty: Run) -> None:
    assert "bpm db upgrade" in refusal(empty("user", "list"))


def test_the_library_is_loaded_once(run: Run) -> None:
    lines = done(run("library", "load")).splitlines()

    assert "processes/contract_approval.bpmn was published." in lines
    assert all(line.endswith("was published.") for line in lines)
    assert done(run("library", "load")) == ""


def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    runner = CliRunner(env={"BPM_INSTANCE": str(tmp_path), "BPM_PORT": "many"})

    assert "BPM_PORT" in refusal(runner.invoke(bpm, ["user", "list"]))


def test_a_backup_holds_the_database_and_the_key_and_overwrites_nothing(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "kept.tar.gz"

    assert done(run("backup", target)) == f"Kept in {target}.\n"

    with tarfile.open(target) as archive:
        assert {"bpm.sqlite3", "secret_key"} <= set(archive.getnames())
        archive.extract("bpm.sqlite3", tmp_path, filter="data")
    with sqlite3.connect(tmp_path / "bpm.sqlite3") as kept:
        assert kept.execute("select login from person").fetchall() == [("olga.ivanova",)]
    assert "exists already" in refusal(run("backup", target))
    assert "nowhere" in refusal(run("backup", tmp_path / "nowhere" / "kept.tar.gz"))


# --- people -------------------------------------------------------------------------------------


def test_people_are_added_and_listed(run: Run) -> None:
    assert done(run("user", "list")) == "olga.ivanova\tOlga Ivanova\tolga@example.com\n"


def test_a_person_that_cannot_be_added_is_refused(run: Run) -> None:
    assert "olga.ivanova" in refusal(add_olga(run))
    bad = run("user", "add", "Eve!", "--name", "Eve", "--email", "eve@example.com", "--password", PASSWORD)
    assert "login" in refusal(bad)


def test_a_token_is_shown_once(run: Run) -> None:
    assert done(run("token", "create", "olga.ivanova")).startswith("bpm_")
    assert "nobody" in refusal(run("token", "create", "nobody"))


# --- processes ----------------------------------------------------------------------------------


def test_a_process_is_published_and_started(run: Run, diagram: Path) -> None:
    assert done(run("deploy", diagram)) == "process leave version 1\n"
    assert done(run("deploy", diagram)) == "process leave version 1\n"

    case = done(run("start", "leave", "--as", "olga.ivanova", "--set", "days=2.5", "--set", "why=rest"))

    assert case.strip()
    assert "nothing" in refusal(run("start", "nothing", "--as", "olga.ivanova"))
    assert "nobody" in refusal(run("start", "leave", "--as", "nobody"))


def test_what_cannot_run_is_refused_line_by_line(run: Run, tmp_path: Path) -> None:
    faulty = tmp_path / "faulty.bpmn"
    faulty.write_text(without_condition("leave"), "utf-8")

    published, checked = run("deploy", faulty), run("lint", faulty)

    for result in (published, checked):
        assert result.exit_code == 1 and isinstance(result.exception, SystemExit)
        assert all(line.startswith("faulty.bpmn: ") for line in result.output.splitlines())
        assert ": error: " in result.output
    assert "leave" in refusal(run("start", "leave", "--as", "olga.ivanova"))


def test_lint_is_silent_about_a_good_diagram_and_needs_no_installation(empty: Run, diagram: Path) -> None:
    assert done(empty("lint", diagram)) == ""
    assert "picture.png: -: error" in refusal(empty("lint", picture(diagram.parent)))


def picture(folder: Path) -> Path:
    path = folder / "picture.png"
    path.write_bytes(b"\x89PNG")
    return path


# --- history ------------------------------------------------------------------------------------


def test_the_history_is_verified(run: Run, diagram: Path, tmp_path: Path) -> None:
    done(run("deploy", diagram))
    done(run("start", "leave", "--as", "olga.ivanova"))
    assert done(run("audit", "verify")) == "The history is whole.\n"

    with sqlite3.connect(tmp_path / "instance" / "bpm.sqlite3") as database:
        database.execute("update history_event set kind = 'forged' where seq = 2")

    assert run("audit", "verify").exit_code == 1


def test_the_history_is_exported_as_xes(run: Run, diagram: Path, tmp_path: Path) -> None:
    done(run("deploy", diagram))
    done(run("start", "leave", "--as", "olga.ivanova"))
    target = tmp_path / "leave.xes"

    done(run("export", "xes", "leave", "--output", target))

    assert etree.QName(etree.parse(target).getroot()).localname == "log"
    assert done(run("export", "xes", "leave")) == target.read_text("utf-8")
    assert "nothing" in refusal(run("export", "xes", "nothing"))


def test_numbers_given_at_the_start_stay_exact(run: Run, diagram: Path, tmp_path: Path) -> None:
    done(run("deploy", diagram))
    done(run("start", "leave", "--as", "olga.ivanova", "--set", "rate=0.1"))

    with sqlite3.connect(tmp_path / "instance" / "bpm.sqlite3") as database:
        kept = database.execute(
            "select data from history_event where kind = 'variable_changed' order by seq"
        ).fetchall()
    assert {"$": "number", "v": "0.1"} in [json.loads(data)["new"] for (data,) in kept]
