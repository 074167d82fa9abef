"""Keeping files and handing them out."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from docx import Document
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from bpm.errors import Invalid, NotFound
from bpm.files import commands, queries, rights
from bpm.files.commands import MEGABYTE, TooLarge
from bpm.files.models import StoredFile
from bpm.files.names import safe_name
from bpm.files.store import FileStore
from bpm.files.types import DOCX


@dataclass
class Somebody:
    id: int


OWNER_OF_CASE, STRANGER = Somebody(1), Somebody(2)


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files")


@pytest.fixture
def case_rights() -> Iterator[None]:
    before = dict(rights._checks)
    rights.ask("instance", lambda session, reader, instance_id: reader.id == OWNER_OF_CASE.id)
    yield
    rights._checks.clear()
    rights._checks.update(before)


def keep(
    session: Session, store: FileStore, now: datetime, content: bytes, name: str = "a.txt", **more: int
) -> StoredFile:
    return commands.keep(session, store, now, None, name, content, **({"limit": 25 * MEGABYTE} | more))


def test_ten_megabytes_come_back_as_they_were(session: Session, store: FileStore, now: datetime) -> None:
    content = hashlib.sha256(b"seed").digest() * (10 * MEGABYTE // 32)

    file = commands.keep(session, store, now, None, "big.bin", io.BytesIO(content), limit=10 * MEGABYTE)

    assert (file.size, file.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    with queries.open_stored(store, file) as stream:
        assert stream.read() == content


def test_larger_than_the_limit_is_refused_and_leaves_nothing(
    session: Session, store: FileStore, now: datetime
) -> None:
    with pytest.raises(TooLarge, match="2 MB") as refusal:
        keep(session, store, now, b"x" * (2 * MEGABYTE + 1), "contract.pdf", limit=2 * MEGABYTE)

    assert "contract.pdf" in refusal.value.text
    assert list(store.all_keys()) == []


def test_empty_file_is_refused(session: Session, store: FileStore, now: datetime) -> None:
    with pytest.raises(Invalid, match="empty"):
        keep(session, store, now, b"")
    assert list(store.all_keys()) == []


def word_file() -> bytes:
    buffer = io.BytesIO()
    Document().save(buffer)
    return buffer.getvalue()


def zip_file() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.txt", "a")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n...", "application/pdf"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "image/png"),
        (word_file(), DOCX),
        (zip_file(), "application/zip"),
        (b"PK\x03\x04 broken", "application/zip"),
        ("Zażółć gęślą jaźń 😀".encode(), "text/plain"),
        (b"hi", "text/plain"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "text/html"),
        (b"<?xml version='1.0'?><svg onload='x'/>", "image/svg+xml"),
        (bytes(range(256)) * 4, "application/octet-stream"),
    ],
)
def test_type_is_told_from_the_content(
    session: Session, store: FileStore, now: datetime, content: bytes, kind: str
) -> None:
    assert keep(session, store, now, content, "photo.jpg").media_type == kind


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("Договор № 118.docx", "Договор № 118.docx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ann\\contract.pdf", "contract.pdf"),
        ("a\nb\x00c.txt", "a bc.txt"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        (".htaccess", "htaccess"),
        ("nul.txt", "file nul.txt"),
        ("...", "file"),
        ("", "file"),
        ("x" * 400 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_names_are_made_harmless(given_name: str, kept: str) -> None:
    assert safe_name(given_name) == kept


@given(st.text(max_size=400))
def test_every_name_can_be_saved(name: str) -> None:
    safe = safe_name(name)

    assert safe and len(safe.encode()) <= 255 and not set(safe) & set('\\/:*?"<>|\n\0')
    assert safe_name(safe) == safe


def test_who_may_see_the_case_may_read_its_files(
    session: Session, store: FileStore, now: datetime, case_rights: None
) -> None:
    file = keep(session, store, now, b"hello")
    with pytest.raises(NotFound):
        queries.readable_file(session, OWNER_OF_CASE, file.public_id)

    commands.attach(file, instance_id=7)

    found, stream = queries.open_file(session, store, OWNER_OF_CASE, file.public_id)
    with stream:
        assert (found.id, stream.read()) == (file.id, b"hello")
    for reader in (STRANGER, None):
        with pytest.raises(NotFound):
            queries.open_file(session, store, reader, file.public_id)
    assert [entry.id for entry in queries.files_of(session, instance_id=7)] == [file.id]


def test_file_is_not_taken_from_one_case_into_another(
    session: Session, store: FileStore, now: datetime
) -> None:
    file = keep(session, store, now, b"hello", instance_id=7)

    commands.attach(file, instance_id=8, record_id=3)

    assert (file.instance_id, file.record_id) == (7, 3)


def test_lost_bytes_are_told_in_plain_words(session: Session, store: FileStore, now: datetime) -> None:
    file = keep(session, store, now, b"hello", "contract.txt")
    store.delete(file.public_id)

    with pytest.raises(NotFound, match=r"contract\.txt"):
        queries.open_stored(store, file)


def test_bytes_that_nobody_knows_are_swept(session: Session, store: FileStore, now: datetime) -> None:
    keep(session, store, now, b"known")
    store.write("rolled-back-1", io.BytesIO(b"unknown"), 100)

    assert commands.remove_unknown(session, store) == 1
    assert len(list(store.all_keys())) == 1


@pytest.mark.parametrize("key", ["../../etc/passwd", "a/b", "", "..", "a" * 100])
def test_no_key_leads_out_of_the_folder(store: FileStore, key: str) -> None:
    with pytest.raises(ValueError, match="not the key"):
        store.path(key)
