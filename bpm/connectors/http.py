"""Call a service of another program over HTTP, if the administrator allowed its host."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from bpm.config import Settings
from bpm.connectors import outgoing
from bpm.connectors.call import Call, failed
from bpm.connectors.outgoing import Answer, Target
from bpm.connectors.registry import Field, connector
from bpm.engine.services.caller import ServiceCall
from bpm.engine.values import to_json
from bpm.language import _

# answers after which trying again later makes sense (RFC 9110, RFC 6585)
_LATER = {408, 425, 429, 500, 502, 503, 504}
_SECRET = "secret:"


@dataclass(frozen=True)
class _Prepared:
    target: Target
    method: str
    headers: Mapping[str, str]
    body: bytes | None


@connector(
    "http",
    {"en": "Call service", "ru": "Вызвать сервис", "pl": "Wywołaj usługę"},
    help={
        "en": "Calls another program over HTTP. Its host must be allowed by an administrator. The call may be"
        " repeated after a failure; the header Idempotency-Key is the same each time.",
        "ru": "Вызывает другую программу по HTTP. Администратор должен разрешить её адрес. После сбоя вызов"
        " повторяется; заголовок Idempotency-Key при этом тот же.",
        "pl": "Wywołuje inny program przez HTTP. Administrator musi zezwolić na jego adres. Po błędzie"
        " wywołanie jest powtarzane z tym samym nagłówkiem Idempotency-Key.",
    },
    inputs=[
        Field("url", {"en": "Address", "ru": "Адрес", "pl": "Adres"}, required=True),
        Field(
            "method",
            {"en": "Method", "ru": "Метод", "pl": "Metoda"},
            "choice",
            choices={method: {"en": method} for method in outgoing.METHODS},
        ),
        Field("body", {"en": "Content", "ru": "Содержимое", "pl": "Zawartość"}, "any"),
        Field(
            "headers",
            {"en": "Headers", "ru": "Заголовки", "pl": "Nagłówki"},
            "mapping",
            help={
                "en": "A value secret:name is read from secrets.toml of the installation.",
                "ru": "Значение secret:имя берётся из secrets.toml установки.",
                "pl": "Wartość secret:nazwa jest czytana z pliku secrets.toml instalacji.",
            },
        ),
        Field(
            "any_status",
            {
                "en": "Go on whatever the answer is",
                "ru": "Продолжать при любом ответе",
                "pl": "Kontynuuj przy każdej odpowiedzi",
            },
            "yes_no",
        ),
    ],
    outputs=[
        Field("status", {"en": "Status", "ru": "Код ответа", "pl": "Kod odpowiedzi"}, "number"),
        Field("body", {"en": "Answer", "ru": "Ответ", "pl": "Odpowiedź"}, "any"),
        Field("headers", {"en": "Headers", "ru": "Заголовки", "pl": "Nagłówki"}, "mapping"),
    ],
)
class Http:
    """One call, outside of any transaction."""

    def prepare(self, call: Call) -> _Prepared:
        """Check the address and write the content."""
        method = call.text("method", "GET").upper()
        if method not in outgoing.METHODS:
            raise failed(_("There is no method “%(method)s”.", method=method))
        headers = {"Accept": "application/json", "User-Agent": "bpm"}
        content = call.value("body")
        body = None
        if content is not None:
            text = isinstance(content, str)
            body = content.encode() if text else json.dumps(to_json(content), ensure_ascii=False).encode()
            headers["Content-Type"] = "text/plain; charset=utf-8" if text else "application/json"
        for name, value in call.mapping("headers").items():
            headers[_token(name)] = _header(str(value), call.settings)
        headers["Idempotency-Key"] = call.key
        return _Prepared(
            outgoing.check(call.required_text("url"), call.settings.allowed_hosts),
            method,
            headers,
            body,
        )

    def perform(self, service: ServiceCall, prepared: _Prepared) -> Answer:
        """Make the call; what the answer means is seen when the step goes on."""
        return outgoing.call(
            prepared.target,
            prepared.method,
            prepared.headers,
            prepared.body,
            seconds=service.seconds or outgoing.SECONDS,
        )

    def finish(self, call: Call, result: Answer) -> dict[str, Any]:
        """Return the answer: JSON as values, everything else as text.

        Raises:
            ServiceFailed: the status means failure, not every answer is welcome, and the diagram
                does not take it for a BPMN error.
        """
        found = _read(result)
        welcome = 200 <= result.status < 300 or call.is_on("any_status")
        if welcome or call.service.error_of(found) is not None:
            return found
        raise failed(
            _(
                "%(host)s answered %(status)s: %(text)s",
                host=urlsplit(call.text("url")).hostname,
                status=result.status,
                text=result.body[:300].decode("utf-8", "replace"),
            ),
            again=result.status in _LATER,
        )


def _read(result: Answer) -> dict[str, Any]:
    text = result.body.decode("utf-8", "replace").replace("\x00", "")
    body: Any = text
    if "json" in result.headers.get("content-type", ""):
        try:
            body = json.loads(text, parse_float=Decimal) if text else None
        except ValueError as error:
            if 200 <= result.status < 300:
                raise failed(_("The answer says it is JSON and is not: %(why)s", why=str(error))) from error
    return {"status": result.status, "body": body, "headers": dict(result.headers)}


def _token(name: str) -> str:
    """Return a header's name (RFC 9110, 5.6.2)."""
    if not name or not all(mark.isascii() and (mark.isalnum() or mark in "!#$%&'*+-.^_`|~") for mark in name):
        raise failed(_("“%(name)s” cannot be the name of a header.", name=name))
    return name


def _header(text: str, settings: Settings) -> str:
    if text.startswith(_SECRET):
        text = _secret(text.removeprefix(_SECRET).strip(), settings)
    if any(ord(mark) < 32 or ord(mark) == 127 for mark in text):
        raise failed(_("A header cannot hold a line break."))
    return text


def _secret(name: str, settings: Settings) -> str:
    path = settings.instance / "secrets.toml"
    known = tomllib.loads(path.read_text("utf-8")) if path.is_file() else {}
    if name not in known:
        raise failed(_("There is no secret “%(name)s” in secrets.toml of the installation.", name=name))
    return str(known[name])
