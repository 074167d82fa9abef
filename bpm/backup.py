"""One archive with the database and the files, written while everything runs."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from pathlib import Path

from sqlalchemy.engine import make_url

from bpm.installation import Installation
from bpm.language import _


class CannotBackUp(ValueError):
    """The backup could not be written; the text says what to do."""


def write(installation: Installation, target: Path) -> None:
    """Write database, files and the secret key into ``target`` (``.tar.gz``).

    The database comes first: a file that is missing in it is lost to nobody, a row without its
    file would be.

    Raises:
        CannotBackUp: the target exists, or PostgreSQL's ``pg_dump`` is missing.
    """
    if target.exists():
        raise CannotBackUp(_("%(path)s exists already; name another file.", path=target))
    with tempfile.TemporaryDirectory() as folder:
        dump = _dump(installation, Path(folder))
        partial = target.with_name(f".{target.name}.part")
        with tarfile.open(partial, "w:gz") as archive:
            archive.add(dump, dump.name)
            if installation.settings.files_folder.is_dir():
                archive.add(installation.settings.files_folder, "files")
            key = installation.settings.instance / "secret_key"
            if key.is_file():
                archive.add(key, "secret_key")
        partial.replace(target)


def _dump(installation: Installation, folder: Path) -> Path:
    url = make_url(installation.settings.database_url)
    if url.get_backend_name() == "sqlite":
        copy = folder / "bpm.sqlite3"
        with sqlite3.connect(str(url.database)) as source, sqlite3.connect(copy) as target:
            source.backup(target)
        return copy
    program = shutil.which("pg_dump")
    if program is None:
        raise CannotBackUp(_("pg_dump is missing on this machine; install PostgreSQL's client programs."))
    copy = folder / "bpm.sql"
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    subprocess.run([program, "--file", str(copy), address], check=True)
    return copy
