"""The command line ``bpm``. Each command is one transaction; refusals are printed, not traced."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from sqlalchemy.exc import OperationalError, ProgrammingError

from bpm.config import LANGUAGES, read_settings
from bpm.errors import Refusal


def _plain_errors(command: Callable[..., Any]) -> Callable[..., Any]:
    """Print a refusal as one line and end with 1."""

    @functools.wraps(command)
    def run(*arguments: Any, **options: Any) -> Any:
        try:
            return command(*arguments, **options)
        except (Refusal, ValueError, OSError) as error:
            raise click.ClickException(str(error)) from None
        except (OperationalError, ProgrammingError) as error:
            why = str(error.orig).strip().splitlines()[0]
            raise click.ClickException(
                f"The database cannot be used: {why}. “bpm db upgrade” makes or renews the tables."
            ) from None

    return run


def _installation() -> Any:
    from bpm.installation import Installation

    return Installation(read_settings())


@click.group()
def bpm() -> None:
    """Draw a process, run it, decide in an inbox, see its history."""


@bpm.command()
@click.option("--worker/--no-worker", default=True, help="Run due jobs in this process too.")
@click.option("--host", help="Address to listen on (BPM_HOST).")
@click.option("--port", type=int, help="Port to listen on (BPM_PORT).")
@click.option("--threads", type=click.IntRange(1, 64), default=2, help="Jobs run at the same time.")
@_plain_errors
def run(worker: bool, host: str | None, port: int | None, threads: int) -> None:
    """Serve the pages; sets up an empty installation first."""
    from bpm.serving import serve

    serve(read_settings(), worker=worker, threads=threads, host=host, port=port)


@bpm.command()
@click.option("--threads", type=click.IntRange(1, 64), default=4, help="Jobs run at the same time.")
@click.option("--metrics-port", type=int, help="Answer /metrics and /healthz of this process there.")
@_plain_errors
def worker(threads: int, metrics_port: int | None) -> None:
    """Run due jobs until stopped; as many of these as wanted, on PostgreSQL."""
    from bpm.serving import work

    work(read_settings(), threads=threads, figures=metrics_port)


@bpm.group()
def db() -> None:
    """The tables."""


@db.command("upgrade")
@_plain_errors
def db_upgrade() -> None:
    """Bring the database to this program's tables; data stay."""
    from bpm.migration import upgrade

    done = upgrade(_installation().engine)
    click.echo("The tables were brought up to date." if done else "The tables are up to date.")


@db.command("revise", hidden=True)
@click.argument("message")
def db_revise(message: str) -> None:
    from bpm.migration import revise

    revise(_installation().engine, message)


@bpm.group()
def library() -> None:
    """The processes, forms, decisions, letters and documents that ship."""


@library.command("load")
@_plain_errors
def library_load() -> None:
    """Publish what is new in processes/, forms/, decisions/, letters/ and documents/."""
    for line in _installation().load_library():
        click.echo(line)


@bpm.group()
def user() -> None:
    """The people."""


@user.command("add")
@click.argument("login")
@click.option("--name", required=True)
@click.option("--email", required=True)
@click.option("--role", "roles", multiple=True, help="administrator, process_owner, manager or worker")
@click.option("--group", "groups", multiple=True, help="key of a group, for instance seller")
@click.option("--department", help="key of a department")
@click.option("--language", type=click.Choice(LANGUAGES))
@click.password_option()
@_plain_errors
def user_add(login: str, name: str, email: str, password: str, **more: Any) -> None:
    """Add a person who may log in as LOGIN."""
    from bpm.people import commands

    installation = _installation()
    with installation.database.writing() as session:
        commands.add_person(
            session, None, login=login, name=name, email=email, password=password,
            roles=list(more["roles"]), groups=list(more["groups"]),
            department=more["department"], language=more["language"],
        )  # fmt: skip
    click.echo(f"{name} may log in as {login}.")


@user.command("list")
@_plain_errors
def user_list() -> None:
    """List the people, one a line."""
    from bpm.people import queries

    with _installation().database.reading() as session:
        for person in queries.people(session):
            click.echo(f"{person.login}\t{person.name}\t{person.email}")


@bpm.group()
def token() -> None:
    """Keys to the API."""


@token.command("create")
@click.argument("person")
@click.option("--name", default="command line")
@click.option("--scope", "scopes", multiple=True, help="what it allows; everything if left out")
@_plain_errors
def token_create(person: str, name: str, scopes: tuple[str, ...]) -> None:
    """Print a token that acts as PERSON (a login); it is shown this once."""
    from bpm.people import commands, queries

    installation = _installation()
    with installation.database.writing() as session:
        somebody = queries.required_person(session, person)
        click.echo(
            commands.create_token(session, installation.clock.now(), somebody, name=name, scopes=list(scopes))
        )


@bpm.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--note", default="", help="What changed, for the version list.")
@_plain_errors
def deploy(files: tuple[Path, ...], note: str) -> None:
    """Publish BPMN, form (JSON) and DMN files."""
    from bpm.publishing import publish

    installation = _installation()
    with installation.database.writing() as session:
        result = publish(
            session,
            installation.clock.now(),
            None,
            [(file.name, file.read_bytes()) for file in files],
            note=note,
        )
    for problem in result.problems:
        click.echo(problem.line(), err=True)
    for item in result.published:
        click.echo(f"{item.kind} {item.key} version {item.version}")
    if result.refused:
        sys.exit(1)


@bpm.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@_plain_errors
def lint(files: tuple[Path, ...]) -> None:
    """Say what in BPMN files cannot be run, without publishing anything."""
    from bpm.publishing import check

    refused = False
    for problem in check([(file.name, file.read_bytes()) for file in files]):
        click.echo(problem.line())
        refused = refused or problem.severity == "error"
    sys.exit(1 if refused else 0)


@bpm.command("start")
@click.argument("key")
@click.option("--as", "login", required=True, help="login of the person who starts it")
@click.option("--set", "pairs", multiple=True, help="name=JSON, for instance amount=1200")
@click.option("--business-key")
@_plain_errors
def start_instance(key: str, login: str, pairs: tuple[str, ...], business_key: str | None) -> None:
    """Start an instance of the process KEY."""
    import json
    from decimal import Decimal

    from bpm.engine import commands
    from bpm.people import queries

    variables: dict[str, Any] = {}
    for pair in pairs:
        name, _equals, text = pair.partition("=")
        try:
            variables[name] = json.loads(text, parse_float=Decimal)
        except ValueError:
            variables[name] = text
    installation = _installation()
    with installation.database.writing() as session:
        person = queries.required_person(session, login)
        instance = commands.start(
            session, installation.clock.now(), person, key, variables, business_key=business_key
        )
        click.echo(instance.public_id)


@bpm.group()
def audit() -> None:
    """The history and its chain of hashes."""


@audit.command("verify")
@_plain_errors
def audit_verify() -> None:
    """Check that no row of the history was altered or removed."""
    from bpm.engine.history import verify_history

    with _installation().database.reading() as session:
        faults = [str(fault) for fault in verify_history(session)]
    for fault in faults:
        click.echo(fault, err=True)
    if faults:
        sys.exit(1)
    click.echo("The history is whole.")


@bpm.group("export")
def exports() -> None:
    """What happened, for other programs."""


@exports.command("xes")
@click.argument("key")
@click.option("--output", type=click.Path(path_type=Path), default=Path("-"))
@_plain_errors
def export_xes(key: str, output: Path) -> None:
    """Write the history of the process KEY as XES (IEEE 1849)."""
    from bpm.history.xes import process_log

    with _installation().database.reading() as session:
        data = process_log(session, key)
    if str(output) == "-":
        click.echo(data, nl=False)
    else:
        output.write_bytes(data)


@bpm.command()
@click.argument("target", type=click.Path(path_type=Path))
@_plain_errors
def backup(target: Path) -> None:
    """Write database and files into one archive TARGET (.tar.gz), while everything runs."""
    from bpm.backup import write

    write(_installation(), target)
    click.echo(f"Kept in {target}.")


@bpm.command()
def bench() -> None:
    """Print the figures of benchmarks/ beside the floor."""
    import runpy

    runpy.run_module("benchmarks", run_name="__main__")


def main(arguments: list[str] | None = None) -> None:
    """Run the command line with ``arguments``, those of the process if left out."""
    bpm(arguments, prog_name="bpm")
