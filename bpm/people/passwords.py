"""Hashes passwords with argon2id (RFC 9106). Knows no tables.

A hash takes 64 MiB and a tenth of a second, so only a few are computed at once.
"""

from __future__ import annotations

import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

AT_ONCE = 4
SHORTEST = 10
LONGEST = 200

_hasher = PasswordHasher()
_places = threading.BoundedSemaphore(AT_ONCE)


def hashed(password: str) -> str:
    """Return the argon2id hash of a password, with its own salt."""
    with _places:
        return _hasher.hash(password)


def fits(password: str, password_hash: str | None) -> bool:
    """Say whether the password belongs to the hash.

    Without a hash the same work is done against a hash nobody knows, so that the time of the
    answer does not tell whether such a person exists.
    """
    with _places:
        try:
            _hasher.verify(password_hash or _nobodys_hash(), password)
        except (VerificationError, InvalidHashError):
            return False
    return password_hash is not None


@cache
def _nobodys_hash() -> str:
    return _hasher.hash("a password that belongs to nobody")
