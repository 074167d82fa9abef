"""JSON routes on plain Flask and pydantic, described as OpenAPI 3.1.

A route names its body, query and result models; the description is written from the same
facts. One request is one transaction, committed here and nowhere else.
"""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import orjson
from flask import Blueprint, Response, g, request
from pydantic import BaseModel, ValidationError
from pydantic.json_schema import models_json_schema
from sqlalchemy.exc import DataError
from werkzeug.exceptions import HTTPException

from bpm.api import problems
from bpm.api.authentication import authenticate, note_use
from bpm.api.idempotency import Repetition, remember, repeated
from bpm.errors import Refusal
from bpm.language import _
from bpm.web.extensions import current_session

_PATH_PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
# an escape that may be half of a character
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
View = Callable[..., Any]


class Problem(BaseModel):
    """RFC 9457."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""


@dataclass(frozen=True)
class Operation:
    """One row of the API's description."""

    method: str
    path: str
    view: View
    result: type[BaseModel] | None
    status: int
    body: type[BaseModel] | None
    query: type[BaseModel] | None
    media_type: str
    consumes: str
    scope: str | None


class Api(Blueprint):
    """A blueprint whose routes speak JSON and describe themselves."""

    def __init__(self, name: str, import_name: str, **options: Any) -> None:
        super().__init__(name, import_name, **options)
        self.operations: list[Operation] = []
        self.register_error_handler(Refusal, problems.from_refusal)
        self.register_error_handler(HTTPException, problems.from_http)
        self.register_error_handler(DataError, problems.from_data)
        self.register_error_handler(Exception, problems.from_failure)

    def operation(
        self,
        method: str,
        path: str,
        *,
        result: type[BaseModel] | None = None,
        status: int = 200,
        body: type[BaseModel] | None = None,
        query: type[BaseModel] | None = None,
        media_type: str = "application/json",
        consumes: str = "application/json",
        scope: str | None = "use",
    ) -> Callable[[View], View]:
        """Register a view.

        Args:
            scope: what the token must allow; None needs no token.
            body: model of the JSON body, given to the view as ``body``.
            query: model of the query, given to the view as ``query``.
        """

        def register(view: View) -> View:
            operation = Operation(
                method, path, view, result, status, body, query, media_type, consumes, scope
            )
            self.operations.append(operation)
            self.add_url_rule(path, view.__name__, _handler(operation), methods=[method])
            return view

        return register


def _handler(operation: Operation) -> Callable[..., Response]:
    def handle(**arguments: Any) -> Response:
        if operation.scope is not None:
            authenticate(operation.scope)
        try:
            arguments |= _input(operation)
        except _Faulty as faulty:
            return faulty.answer
        try:
            earlier = repeated(current_session()) if operation.method == "POST" and operation.scope else None
        except Repetition as other:
            return problems.problem(422, _("Key used before"), str(other))
        if earlier is not None:
            return earlier
        answer = _answer(operation.view(**arguments), operation)
        if operation.method == "POST" and operation.scope and answer.status_code < 300:
            remember(current_session(), answer)
        current_session().commit()
        note_use()
        return answer

    return handle


class _Faulty(Exception):
    def __init__(self, answer: Response) -> None:
        self.answer = answer


def _input(operation: Operation) -> dict[str, Any]:
    found: dict[str, Any] = {}
    try:
        if operation.query is not None:
            found["query"] = operation.query.model_validate(request.args.to_dict())
        if operation.body is not None:
            found["body"] = operation.body.model_validate(_json_body())
    except ValidationError as error:
        raise _Faulty(_validation_problem(error)) from None
    return found


def _json_body() -> Any:
    data = request.get_data()
    if not data.strip():
        return {}
    if not request.is_json:
        text = _("Send JSON with the header Content-Type: application/json.")
        raise _Faulty(problems.problem(415, _("Unsupported media type"), text))
    try:
        return decimal_json(data)
    except ValueError as error:
        text = _("The body is not JSON: %(reason)s", reason=error)
        raise _Faulty(problems.problem(400, _("Bad request"), text)) from None


def decimal_json(data: bytes) -> Any:
    """Read JSON with exact numbers: 0.1 becomes Decimal("0.1"), never a binary fraction.

    Raises:
        ValueError: not JSON, a number that is not finite, or half a character (RFC 8259, 8.2).
    """

    def refuse(text: str) -> Any:
        raise ValueError(f"{text} is not a number in JSON (RFC 8259, 6)")

    try:
        read = json.loads(data, parse_float=Decimal, parse_constant=refuse)
        if _SURROGATE.search(data):
            json.dumps(read, ensure_ascii=False, default=str).encode()
    except RecursionError:
        raise ValueError(_("it is nested too deeply")) from None
    except UnicodeEncodeError:
        raise ValueError(_("the text contains half a character")) from None
    return read


def _validation_problem(error: ValidationError) -> Response:
    faults = [
        {"field": ".".join(str(part) for part in fault["loc"]), "message": fault["msg"]}
        for fault in error.errors(include_url=False, include_context=False, include_input=False)
    ]
    named = "; ".join(f"{fault['field']}: {fault['message']}" for fault in faults)
    return problems.problem(422, _("Cannot be used"), named, errors=faults)


def _answer(result: Any, operation: Operation) -> Response:
    if isinstance(result, Response):
        return result
    status = operation.status
    if isinstance(result, tuple):
        result, status = result
    if isinstance(result, Response):
        result.status_code = status
        return result
    if isinstance(result, BaseModel):
        result = result.model_dump(mode="json", by_alias=True)
    answer = Response(orjson.dumps(result), status, mimetype="application/json")
    if tag := getattr(g, "etag", None):
        answer.set_etag(tag)
    return answer


def describe(blueprint: Api, version: str) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of ``blueprint``."""
    models: set[type[BaseModel]] = {Problem}
    for operation in blueprint.operations:
        models |= {model for model in (operation.body, operation.result) if model is not None}
    ordered = sorted(models, key=lambda model: model.__name__)
    _mapping, definitions = models_json_schema(
        [(model, "validation") for model in ordered], ref_template="#/components/schemas/{model}"
    )
    paths: dict[str, Any] = {}
    for operation in blueprint.operations:
        path = _PATH_PARAMETER.sub(r"{\2}", operation.path)
        paths.setdefault(path, {})[operation.method.lower()] = _describe_operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "BPM", "version": version, "license": {"name": "Apache-2.0"}},
        "servers": [{"url": blueprint.url_prefix or "/"}],
        "paths": paths,
        "components": {
            "schemas": definitions.get("$defs", {}),
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _describe_operation(operation: Operation) -> dict[str, Any]:
    documented = inspect.getdoc(operation.view) or ""
    summary, _sep, description = documented.partition("\n")
    answers = {
        str(operation.status): {"description": "Done", **_content(operation.media_type, operation.result)}
    }
    for status in sorted(_faults(operation)):
        answers[status] = {"description": "Problem", **_content("application/problem+json", Problem)}
    described: dict[str, Any] = {
        "operationId": operation.view.__name__,
        "summary": summary,
        "security": [{"token": []}] if operation.scope else [],
        "responses": answers,
    }
    if description.strip():
        described["description"] = description.strip()
    if operation.body is not None:
        described["requestBody"] = {"required": True, **_content(operation.consumes, operation.body)}
    elif operation.consumes != "application/json":
        described["requestBody"] = {
            "required": True,
            "content": {operation.consumes: {"schema": {"type": "object"}}},
        }
    parameters = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": (kind == "int" and "integer") or "string"},
        }
        for kind, name in _PATH_PARAMETER.findall(operation.path)
    ]
    if operation.method == "POST" and operation.scope:
        parameters.append(_header("Idempotency-Key", "Repeated with the same key, the call has one effect."))
    if "/<public_id>" in operation.path and operation.scope:
        parameters.append(_header("If-Match", "The ETag that was read; another one now is answered by 412."))
    if operation.query is not None:
        parameters += _query_parameters(operation.query)
    if parameters:
        described["parameters"] = parameters
    return described


def _faults(operation: Operation) -> set[str]:
    """Return the statuses of the problems that an operation may answer."""
    if not operation.scope:
        return {"503"} if operation.path == "/readyz" else set()
    faults = {"400", "401", "403", "404", "409", "422"}
    if "/<public_id>" in operation.path:
        faults.add("412")
    if operation.method != "GET":
        faults |= {"413", "415"}
    if operation.status >= 400:
        faults.add(str(operation.status))
    return faults


def _header(name: str, description: str) -> dict[str, Any]:
    schema = {"type": "string"}
    return {"name": name, "in": "header", "required": False, "description": description, "schema": schema}


def _query_parameters(model: type[BaseModel]) -> list[dict[str, Any]]:
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    return [
        {"name": name, "in": "query", "required": name in schema.get("required", []), "schema": facts}
        for name, facts in schema.get("properties", {}).items()
    ]


def _content(media_type: str, model: type[BaseModel] | None) -> dict[str, Any]:
    if model is None:
        return {"content": {media_type: {}}}
    return {"content": {media_type: {"schema": {"$ref": f"#/components/schemas/{model.__name__}"}}}}
