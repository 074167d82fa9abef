"""Style sheet, bundles and pictures: writes the tags by which a page asks for them.

The style sheet is joined from ``static/css``; the bundles are built by ``frontend/`` and found
through its manifest. Addresses carry a hash, so browsers may keep the files for ever.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, abort, current_app, url_for
from markupsafe import Markup

STATIC = Path(__file__).resolve().parent.parent / "static"
MANIFEST = STATIC / "build" / "manifest.json"
_SHEETS = ("tokens", "base", "frame", "components", "forms", "cases", "help", "beginning", "words", "outside")
# spaces that mean nothing: around brackets of blocks, after a colon or comma, before the end
_SPACES = re.compile(r"(?<=[{};,]) | (?=[{};])|(?<=:) ")
_COMMENTS = re.compile(r"/\*.*?\*/", re.DOTALL)

blueprint = Blueprint("web", __name__, template_folder="templates")


class NotBuilt(RuntimeError):
    """The browser's part was not built, or not this piece of it."""


def bind(app: Flask) -> None:
    """Give templates ``style_sheet()``, ``bundle()``, ``asset()`` and ``icon_address()``."""
    app.register_blueprint(blueprint)
    app.jinja_env.globals.update(
        style_sheet=style_sheet, bundle=bundle, asset=asset, icon_address=icon_address
    )


@blueprint.get("/look-<version>.css")
def style(version: str) -> Response:
    """The style sheet of every page."""
    text, present = _style(_newest_change())
    if version != present:
        abort(404)
    return Response(text, mimetype="text/css")


def style_sheet() -> Markup:
    """Return the tag of the one style sheet, which names the typeface too."""
    _text, version = _style(_newest_change())
    return Markup('<link rel="stylesheet" href="{}">').format(url_for("web.style", version=version))


def bundle(name: str, *, optional: bool = False) -> Markup:
    """Return the tags of one browser bundle: style sheet, chunks to load early, the script.

    Args:
        optional: return nothing where the bundle was not built; the page works without it.

    Raises:
        NotBuilt: there is no such bundle; the text says what to run.
    """
    entry = _manifest(_changed(MANIFEST)).get(name)
    if entry is None:
        if optional:
            return Markup()
        raise NotBuilt(f"The browser bundle {name!r} was not built. Run: python frontend/build.py")
    tags = [Markup('<link rel="modulepreload" href="{}">').format(_built(file)) for file in entry["preload"]]
    if entry.get("css"):
        tags.insert(0, Markup('<link rel="stylesheet" href="{}">').format(_built(entry["css"])))
    if entry.get("js"):
        tags.append(Markup('<script type="module" src="{}"></script>').format(_built(entry["js"])))
    return Markup("\n").join(tags)


def asset(path: str) -> str:
    """Return the address of a file under ``static``, with a hash of its content."""
    version = _version(path, _changed(STATIC / path))
    return url_for("static", filename=path, v=version)


def icon_address(name: str) -> str:
    """Return the address of one icon in the sprite."""
    return f"{asset('build/icons.svg')}#{name}"


def _built(file: str) -> str:
    return url_for("static", filename=f"build/{file}")


def _changed(path: Path) -> float:
    """When a file was changed last: remembered for ever in a server, asked again while developing."""
    return _modified(path) if current_app.debug or current_app.testing else _modified_once(path)


@cache
def _modified_once(path: Path) -> float:
    return _modified(path)


def _modified(path: Path) -> float:
    return path.stat().st_mtime if path.exists() else 0.0


def _newest_change() -> float:
    return max(_changed(path) for path in (MANIFEST, *(STATIC / "css" / f"{name}.css" for name in _SHEETS)))


@lru_cache(maxsize=4)
def _manifest(changed: float) -> dict[str, Any]:
    if not changed:
        return {}
    entries: dict[str, Any] = json.loads(MANIFEST.read_text("utf-8"))
    return entries


@lru_cache(maxsize=4)
def _style(_changed: float) -> tuple[str, str]:
    sheets = [_typeface(), *((STATIC / "css" / f"{name}.css").read_text("utf-8") for name in _SHEETS)]
    text = _SPACES.sub("", re.sub(r"\s+", " ", _COMMENTS.sub("", "\n".join(sheets)))).strip()
    return text, hashlib.sha256(text.encode()).hexdigest()[:10]


def _typeface() -> str:
    """The @font-face rules that the build wrote, named from the style sheet's address."""
    entry = _manifest(_modified(MANIFEST)).get("fonts")
    if not entry:
        return ""
    rules = (STATIC / "build" / entry["css"]).read_text("utf-8")
    return re.sub(r"url\(([\"']?)\./", r"url(\1/static/build/", rules)


@lru_cache(maxsize=256)
def _version(path: str, changed: float) -> str:
    return hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:10] if changed else "0"
