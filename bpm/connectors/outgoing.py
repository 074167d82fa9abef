"""Calls to other machines, kept in: allowed hosts only, no private addresses, limits on time and size.

The address that was checked is the address that is connected to, so a name that changes between
the two leads nowhere.
"""

from __future__ import annotations

import http.client
import ipaddress
import socket
import ssl
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urlsplit

from bpm.connectors.call import failed
from bpm.language import _

SECONDS = 20.0
LARGEST_ANSWER = 2 * 1024 * 1024
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# an entry of the allowed hosts that may also lie in a private network
_PRIVATE = "private:"
_USUAL_PORTS = {"http": 80, "https": 443}
# marks that stand for themselves in a path (RFC 3986, 3.3); % because it may be escaped already
_PATH_MARKS = "/%:@!$&'()*+,;=~"
# set by us or of no use to a caller
_OWN_HEADERS = {"host", "content-length", "connection", "transfer-encoding", "idempotency-key"}


@dataclass(frozen=True)
class Answer:
    """What the other side said."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True)
class Target:
    """Where a call goes, after all checks."""

    parts: SplitResult
    host: str
    port: int
    private: bool


def check(url: str, allowed_hosts: Sequence[str]) -> Target:
    """Return where ``url`` leads, if the installation allows calls to it.

    Args:
        allowed_hosts: ``api.example.com``, ``*.example.com``, with a port (``api.example.com:8443``)
            where it is not the usual one; ``private:erp.local`` may lie in a private network.

    Raises:
        ServiceFailed: the address is none, or not allowed.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        raise failed(_("“%(url)s” is not an address.", url=url[:200])) from None
    if parts.scheme not in _USUAL_PORTS or not host or parts.username or not url.isprintable():
        raise failed(_("“%(url)s” is not an address that begins with https:// or http://.", url=url[:200]))
    usual = _USUAL_PORTS[parts.scheme]
    port = port or usual
    for entry in allowed_hosts:
        private = entry.startswith(_PRIVATE)
        name, _colon, its_port = entry.removeprefix(_PRIVATE).partition(":")
        if _fits(host, name) and (int(its_port) if its_port.isdigit() else usual) == port:
            return Target(parts, host, port, private)
    raise failed(
        _(
            "Calls to %(host)s are not allowed. An administrator can add it to BPM_ALLOWED_HOSTS.",
            host=host if port == usual else f"{host}:{port}",
        )
    )


def call(
    target: Target,
    method: str,
    headers: Mapping[str, str],
    body: bytes | None,
    seconds: float = SECONDS,
) -> Answer:
    """Make one call. Redirections are not followed: they are an answer like any other.

    Args:
        seconds: how long it may take as a whole.

    Raises:
        ServiceFailed: the host cannot be reached or only at a private address, or it takes too
            long or says too much.
    """
    until = time.monotonic() + seconds
    connection = _Connection(target, _public_address(target), seconds)
    path = quote(target.parts.path or "/", safe=_PATH_MARKS)
    if target.parts.query:
        path += "?" + quote(target.parts.query, safe=_PATH_MARKS + "?")
    try:
        connection.request(method, path, body=body, headers=_clean(headers))
        response = connection.getresponse()
        answer = _read(response, until, target.host, seconds)
        return Answer(response.status, {name.lower(): text for name, text in response.getheaders()}, answer)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise failed(
            _("%(host)s did not answer: %(why)s", host=target.host, why=str(error)), again=True
        ) from error
    finally:
        connection.close()


class _Connection(http.client.HTTPConnection):
    """Connects to an address that was checked, under the name that was asked for."""

    def __init__(self, target: Target, address: str, seconds: float) -> None:
        super().__init__(target.host, target.port, timeout=seconds)
        self._address = address
        self._seconds = seconds
        self._secure = target.parts.scheme == "https"

    def connect(self) -> None:
        plain = socket.create_connection((self._address, self.port), self._seconds)
        if self._secure:
            self.default_port = http.client.HTTPS_PORT
            self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)
        else:
            self.sock = plain


def _fits(host: str, name: str) -> bool:
    host, name = host.lower(), name.lower()
    if name.startswith("*."):
        return host.endswith(name[1:]) and host != name[2:]
    return bool(name) and host == name


def _public_address(target: Target) -> str:
    """Return an address of the host; a private one only where that is allowed."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise failed(_("There is no host “%(host)s”.", host=target.host), again=True) from error
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        if target.private or _is_public(address):
            return address
    raise failed(_("%(host)s lies in a private network; calls to it are not allowed.", host=target.host))


def _is_public(address: str) -> bool:
    parsed = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(parsed, "ipv4_mapped", None) or getattr(parsed, "sixtofour", None)
    return (mapped or parsed).is_global and not (mapped or parsed).is_multicast


def _clean(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in headers.items() if name.lower() not in _OWN_HEADERS} | {
        name: text for name, text in headers.items() if name == "Idempotency-Key"
    }


def _read(response: http.client.HTTPResponse, until: float, host: str, seconds: float) -> bytes:
    pieces, size = [], 0
    while piece := response.read1(65536):
        size += len(piece)
        if size > LARGEST_ANSWER:
            raise failed(
                _("%(host)s answered with more than %(limit)s MB.", host=host, limit=LARGEST_ANSWER >> 20)
            )
        if time.monotonic() > until:
            raise failed(
                _("%(host)s took longer than %(limit)s seconds.", host=host, limit=f"{seconds:g}"), again=True
            )
        pieces.append(piece)
    return b"".join(pieces)
