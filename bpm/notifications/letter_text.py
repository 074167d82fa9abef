"""The text of letters: a template language of which nothing can go wrong.

Templates are Jinja reduced to values, conditions, one level of repetition and a list of filters.
There are no calls and no arithmetic, so rendering is bounded by the values it is given. Nothing
a person typed is ever read as a template.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, nodes

from bpm.config import LANGUAGES
from bpm.documents.sandbox import ReadingSandbox
from bpm.errors import Invalid
from bpm.language import _, chosen, format_date, format_moment, format_number, using
from bpm.notifications.letter_html import as_html

LONGEST_SOURCE = 50_000
LONGEST_TEXT = 100_000
LONGEST_SUBJECT = 300

_NODES = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr,
    nodes.Getitem, nodes.Filter, nodes.If, nodes.For, nodes.CondExpr, nodes.Compare, nodes.Operand,
    nodes.And, nodes.Or, nodes.Not, nodes.Test,
)  # fmt: skip
_FILTERS = ("default", "join", "upper", "lower", "capitalize", "trim", "length", "first", "last")
# Tuesday, 3 March 2026, 09:00
_MOMENT = "EEEE, d MMMM yyyy, HH:mm"
_TESTS = ("defined", "none")


class LetterError(Invalid):
    """A letter template cannot be used, or a value it needs is missing."""

    code = "letter"


@dataclass(frozen=True)
class Rendered:
    """A letter as it goes out."""

    subject: str
    text: str
    html: str
    language: str


def check(content: Mapping[str, Any]) -> None:
    """Refuse a letter that could not be rendered.

    Args:
        content: ``{"en": {"subject": …, "text": …}, "ru": …, "pl": …}``, at least one language;
            a text may be a list of its lines.

    Raises:
        LetterError: says in which language and what to mend.
    """
    present = [language for language in LANGUAGES if language in content]
    if not present:
        raise LetterError(_("The letter has no text in any of these languages: %(all)s.", all="en, ru, pl"))
    for language in present:
        entry = content[language]
        if not isinstance(entry, Mapping) or not entry.get("subject") or not entry.get("text"):
            raise LetterError(
                _("The letter needs a subject and a text in “%(language)s”.", language=language)
            )
        for part in ("subject", "text"):
            _compiled(_source(entry[part]))


def render(content: Mapping[str, Any], values: Mapping[str, Any], language: str, time_zone: str) -> Rendered:
    """Fill in a letter in one language (English, else any, if it is not written in that one).

    Dates, moments and numbers are written as the language does; moments in ``time_zone``.

    Raises:
        LetterError: a value is missing or the letter grows beyond 100,000 characters.
    """
    if not isinstance(content.get(language), Mapping):
        language = next((other for other in LANGUAGES if isinstance(content.get(other), Mapping)), language)
    entry = content.get(language)
    if not isinstance(entry, Mapping):
        raise LetterError(_("The letter has no text."))
    with using(language, time_zone):
        subject = " ".join(_fill(_source(entry["subject"]), values).split())
        text = _tidy(_fill(_source(entry["text"]), values))
    return Rendered(subject[:LONGEST_SUBJECT], text, as_html(text, language), language)


def plain(subject: str, text: str, language: str) -> Rendered:
    """Return a letter whose words are already final; nothing in them is read as a template."""
    subject = " ".join(subject.split())[:LONGEST_SUBJECT]
    text = _tidy(text[:LONGEST_TEXT])
    return Rendered(subject, text, as_html(text, language), language)


@lru_cache(maxsize=500)
def _compiled(source: str) -> Template:
    if len(source) > LONGEST_SOURCE:
        raise LetterError(_("The letter is longer than %(limit)s characters.", limit=LONGEST_SOURCE))
    try:
        tree = _environment.parse(source)
        _refuse_other_nodes(tree)
        return _environment.from_string(tree)
    except TemplateError as error:
        raise LetterError(_("The letter cannot be read: %(why)s", why=str(error))) from error


def _refuse_other_nodes(tree: nodes.Template) -> None:
    for node in _all_nodes(tree):
        if not isinstance(node, _NODES):
            raise LetterError(
                _(
                    "A letter may hold values, conditions and one level of repetition;"
                    " line %(line)s holds more.",
                    line=node.lineno,
                )
            )
        if isinstance(node, nodes.Name) and node.name in ("self", "super", "caller"):
            raise LetterError(
                _("Line %(line)s: “%(name)s” has no meaning here.", line=node.lineno, name=node.name)
            )
        inner = node.find(nodes.For) if isinstance(node, nodes.For) else None
        if inner is not None:
            raise LetterError(
                _("Line %(line)s repeats within a repetition; once is enough.", line=inner.lineno)
            )


def _all_nodes(node: nodes.Node) -> Iterator[nodes.Node]:
    for child in node.iter_child_nodes():
        yield child
        yield from _all_nodes(child)


def _fill(source: str, values: Mapping[str, Any]) -> str:
    pieces, length = [], 0
    try:
        for piece in _compiled(source).generate(dict(values)):
            length += len(piece)
            if length > LONGEST_TEXT:
                raise LetterError(_("The letter grew beyond %(limit)s characters.", limit=LONGEST_TEXT))
            pieces.append(piece)
    except (TemplateError, TypeError, ValueError, ArithmeticError) as error:
        raise LetterError(_("The letter cannot be filled in: %(why)s", why=str(error))) from error
    return "".join(pieces)


def _source(text: Any) -> str:
    return "\n".join(str(line) for line in text) if isinstance(text, list) else str(text)


def _tidy(text: str) -> str:
    """No blank line more than one in a row, none at the ends."""
    lines: list[str] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        if line.strip() or (lines and lines[-1]):
            lines.append(line.rstrip())
    return "\n".join(lines).strip("\n") + "\n"


def _written(value: Any) -> Any:
    """How a value stands in a letter."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return _moment(value)
    if isinstance(value, date):
        return format_date(value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, Decimal | int | float):
        return format_number(value)
    return value


def _date(value: date, form: str = "long") -> str:
    return format_date(value, form)


def _moment(value: datetime, form: str = _MOMENT) -> str:
    return format_moment(value, form)


class _Environment(ReadingSandbox):
    """What letters may use: fewer filters and tests than documents."""

    def __init__(self) -> None:
        super().__init__(undefined=StrictUndefined, finalize=_written, autoescape=False)
        self.globals.clear()
        allowed = {name: self.filters[name] for name in _FILTERS}
        self.filters = allowed | {"date": _date, "moment": _moment, "number": _written, "name": chosen}
        self.tests = {name: self.tests[name] for name in _TESTS}


_environment = _Environment()


__all__ = ["LetterError", "Rendered", "check", "plain", "render"]
