"""What the frame around every page shows: the rail with its counts, the bell, languages and colours.

Packages above give the numbers: ``count(app, "inbox", function)``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple, cast

from flask import Flask, current_app, request, session
from sqlalchemy.orm import Session
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import RequestRedirect

from bpm import language
from bpm.language import _, lazy
from bpm.notifications.queries import number_unread
from bpm.people.models import Person
from bpm.people.queries import ADMINISTRATOR, PROCESS_OWNER, has_role
from bpm.web.extensions import current_session
from bpm.web.request import current_person, now

Count = Callable[[Session, Person, datetime], int]
_COUNTS = "bpm_counts"


class _Place(NamedTuple):
    """A place of the program: shown where its address is served, to people with the role."""

    key: str
    text: Any
    icon: str
    address: str
    role: str | None = None
    apart: bool = False


_PLACES = (
    _Place("inbox", lazy("To do"), "inbox", "/inbox"),
    _Place("start", lazy("Start"), "circle-play", "/start"),
    _Place("cases", lazy("Cases"), "route", "/cases"),
    _Place("records", lazy("Records"), "folder-open", "/records"),
    _Place("processes", lazy("Processes"), "workflow", "/processes", PROCESS_OWNER, apart=True),
    _Place("outbox", lazy("Outbox"), "mail", "/outbox", ADMINISTRATOR),
    _Place("people", lazy("People"), "users", "/people", ADMINISTRATOR),
)
_LANGUAGES = (("en", "English"), ("ru", "Русский"), ("pl", "Polski"))
_ON_A_PHONE = 5
_SEARCH, _BELL, _HELP = "/cases", "/notices", "/help"


@dataclass(frozen=True)
class Entry:
    """An entry of the rail. ``counted``: it has a number, which may be 0; ``later``: on a phone it
    stands in the person's menu."""

    key: str
    text: str
    icon: str
    href: str
    apart: bool
    counted: bool
    count: int
    later: bool


def bind(app: Flask) -> None:
    """Give every template ``frame`` and ``current_person``."""
    app.extensions[_COUNTS] = {"notices": lambda session, person, _now: number_unread(session, person)}
    app.context_processor(lambda: {"frame": Frame(), "current_person": current_person()})


def count(app: Flask, key: str, function: Count) -> None:
    """Let ``function(session, person, now)`` give the number of an entry (inbox …) or of ``notices``."""
    app.extensions[_COUNTS][key] = function


class Frame:
    """Reads what a template asks for, once a request, and nothing else."""

    languages = _LANGUAGES

    @property
    def themes(self) -> tuple[tuple[str, str, str], ...]:
        """The choices of colours: key, word, icon."""
        return (
            ("light", _("Light"), "sun"),
            ("dark", _("Dark"), "moon"),
            ("auto", _("As the device"), "monitor"),
        )

    @property
    def language(self) -> str:
        """The language of this page."""
        return language.language()

    @property
    def theme(self) -> str | None:
        """``light`` or ``dark``; None follows the device."""
        person = current_person()
        return person.theme if person else session.get("theme")

    @property
    def here(self) -> str:
        """The address of this page, to come back to."""
        return request.full_path.rstrip("?") if request.method == "GET" else "/"

    @cached_property
    def entries(self) -> list[Entry]:
        """The entries of the rail for the present person."""
        person = current_person()
        if person is None:
            return []
        places = _places_of(person)
        return [
            Entry(
                place.key,
                str(place.text),
                place.icon,
                place.address,
                place.apart and index > 0,
                place.key in _counts(),
                _number(place.key, person),
                len(places) > _ON_A_PHONE and index >= _ON_A_PHONE,
            )
            for index, place in enumerate(places)
        ]

    @property
    def search_address(self) -> str | None:
        """Where the search field leads; None where there is nothing to search."""
        return _SEARCH if current_person() and _is_served(_SEARCH) else None

    @property
    def bell_address(self) -> str | None:
        """Where the bell leads."""
        return _BELL if current_person() and _is_served(_BELL) else None

    @property
    def help_address(self) -> str | None:
        """Where the help begins."""
        return _HELP if current_person() and _is_served(_HELP) else None

    @cached_property
    def unread_notices(self) -> int:
        """How many notices the person has not seen."""
        person = current_person()
        return _number("notices", person) if person else 0


def _places_of(person: Person) -> list[_Place]:
    places = [
        place
        for place in _PLACES
        if _is_served(place.address) and (place.role is None or has_role(person, place.role))
    ]
    # the first of those who need a role stands apart
    first = next((place.key for place in places if place.role), None)
    return [place._replace(apart=place.key == first) for place in places]


def _counts() -> dict[str, Count]:
    return cast(dict[str, Count], current_app.extensions[_COUNTS])


def _number(key: str, person: Person) -> int:
    function = _counts().get(key)
    return function(current_session(), person, now()) if function else 0


def _is_served(address: str) -> bool:
    served: dict[str, bool] = current_app.extensions.setdefault("bpm_served", {})
    if address not in served:
        try:
            current_app.url_map.bind("").match(address, method="GET")
            served[address] = True
        except RequestRedirect:
            served[address] = True
        except (NotFound, MethodNotAllowed):
            served[address] = False
    return served[address]
