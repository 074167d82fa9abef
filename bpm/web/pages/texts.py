"""The words of the browser's scripts: catalogues of their own, extracted from ``frontend/src``."""

from __future__ import annotations

from functools import cache

from babel.support import Translations
from flask import Blueprint, Response, abort, jsonify

from bpm.config import LANGUAGES, ROOT
from bpm.web.request import open_to_all

blueprint = Blueprint("texts", __name__)
_FOLDER = ROOT / "bpm" / "translations"
_DOMAIN = "scripts"


@blueprint.get("/texts/<language>.json")
@open_to_all
def catalogue(language: str) -> Response:
    """Answer ``{message: text}``; a plural message has the list of its forms instead."""
    if language not in LANGUAGES:
        abort(404)
    answer = jsonify(_texts(language))
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer


@cache
def _texts(language: str) -> dict[str, str | list[str]]:
    entries = getattr(Translations.load(_FOLDER, [language], _DOMAIN), "_catalog", {})
    plurals: dict[str, dict[int, str]] = {}
    texts: dict[str, str | list[str]] = {}
    for message, text in entries.items():
        if isinstance(message, tuple):
            plurals.setdefault(message[0], {})[message[1]] = text
        elif message:
            texts[message] = text
    texts.update({message: [forms[number] for number in sorted(forms)] for message, forms in plurals.items()})
    return texts
