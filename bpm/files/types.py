"""What a file is, told from its bytes. The name is never believed."""

from __future__ import annotations

import zipfile
from typing import BinaryIO

import puremagic

UNKNOWN = "application/octet-stream"
TEXT = "text/plain"
_OFFICE = {
    "word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
DOCX = _OFFICE["word/"]
# short signatures that chance or a plain text may produce are not looked at
_SIGNATURES = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
)
_MARKUP = ((b"<svg", "image/svg+xml"), (b"<html", "text/html"), (b"<!doctype html", "text/html"))


def media_type(head: bytes, stream: BinaryIO) -> str:
    """Return the media type (RFC 6838) of a file.

    Args:
        head: its first bytes.
        stream: the whole file, looked into only where the beginning does not suffice.
    """
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            return kind
    if head.startswith(b"PK\x03\x04"):
        return _zipped(stream)
    if _is_text(head):
        lowered = head.lower()
        return next((kind for mark, kind in _MARKUP if mark in lowered), TEXT)
    try:
        return str(puremagic.from_string(head, mime=True)) or UNKNOWN
    except (puremagic.PureError, ValueError):
        return UNKNOWN


def _zipped(stream: BinaryIO) -> str:
    try:
        with zipfile.ZipFile(stream) as archive:
            names = archive.namelist()
            if names[:1] == ["mimetype"] and archive.getinfo("mimetype").file_size < 200:
                return archive.read("mimetype").decode("ascii", "replace").strip()
    except (zipfile.BadZipFile, ValueError, RuntimeError, NotImplementedError):
        return "application/zip"
    if "[Content_Types].xml" in names:
        for folder, kind in _OFFICE.items():
            if any(name.startswith(folder) for name in names):
                return kind
    return "application/zip"


def _is_text(head: bytes) -> bool:
    if b"\0" in head:
        return False
    try:
        # the cut may go through a character
        head[:-4].decode("utf-8")
    except UnicodeDecodeError:
        return False
    return sum(byte < 32 and byte not in b"\t\n\r\f\x1b" for byte in head) == 0
