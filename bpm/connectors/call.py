"""What a connector is given: its inputs, the case it works for, and the installation around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy.orm import Session

from bpm.config import Settings
from bpm.engine.models import Instance
from bpm.engine.services.caller import ServiceCall, ServiceFailed
from bpm.engine.values import FileReference
from bpm.files import rights
from bpm.files.models import StoredFile
from bpm.files.queries import stored_file
from bpm.files.store import FileStore
from bpm.language import _
from bpm.people import queries as people
from bpm.people.models import Person


def failed(text: str, *, again: bool = False) -> ServiceFailed:
    """Return the failure to raise; ``again``: whether trying later makes sense."""
    return ServiceFailed(text, again=again)


@dataclass(frozen=True)
class Call:
    """One call by one service step, while a transaction is open.

    ``key`` is the same for every repetition of the call.
    """

    session: Session
    now: datetime
    service: ServiceCall
    settings: Settings
    files: FileStore

    @property
    def inputs(self) -> Mapping[str, Any]:
        """The evaluated inputs by name."""
        return self.service.inputs

    @property
    def key(self) -> str:
        """Names this call, however often it is repeated."""
        return self.service.key

    @property
    def instance_id(self) -> int:
        """The number of the case."""
        return self.service.instance_id

    @property
    def element(self) -> str:
        """The id of the step in the diagram."""
        return self.service.element

    @cached_property
    def instance(self) -> Instance:
        """The case."""
        return self.session.get_one(Instance, self.instance_id)

    @cached_property
    def initiator(self) -> Person | None:
        """Who started the case."""
        return people.person(self.session, self.service.initiator) if self.service.initiator else None

    # --- reading inputs -------------------------------------------------------------------------

    def value(self, name: str, default: Any = None) -> Any:
        """Return an input as it is; ``default`` if it is missing or empty."""
        found = self.inputs.get(name)
        return default if found is None or found == "" else found

    def text(self, name: str, default: str = "") -> str:
        """Return an input as text.

        Raises:
            ServiceFailed: it is a list or a mapping.
        """
        found = self.value(name, default)
        if isinstance(found, Mapping | list | tuple):
            raise failed(_("“%(input)s” must be a text.", input=name))
        return str(found)

    def required_text(self, name: str) -> str:
        """Return an input as text.

        Raises:
            ServiceFailed: it is missing or empty.
        """
        found = self.text(name).strip()
        if not found:
            raise failed(_("“%(input)s” is empty.", input=name))
        return found

    def is_on(self, name: str, default: bool = False) -> bool:
        """Return a yes-or-no input; texts such as ``yes`` and ``true`` count as yes."""
        found = self.value(name, default)
        return found.strip().lower() in ("true", "yes", "1", "on") if isinstance(found, str) else bool(found)

    def mapping(self, name: str) -> dict[str, Any]:
        """Return an input that holds names and values; empty if it is missing.

        Raises:
            ServiceFailed: it is something else.
        """
        found = self.value(name, {})
        if not isinstance(found, Mapping):
            raise failed(_("“%(input)s” must hold names and values, such as {a: 1}.", input=name))
        return dict(found)

    def recipients(self, name: str) -> list[Person | str]:
        """Return the people and addresses an input names, each once.

        It holds logins, ``group:key``, e-mail addresses, or a list of them; texts may hold
        several, divided by commas.

        Raises:
            ServiceFailed: nobody is named, or somebody who is not known.
        """
        found: dict[str, Person | str] = {}
        for text in _parts(self.value(name)):
            for one in self._named(text):
                found[one.email if isinstance(one, Person) else one] = one
        if not found:
            raise failed(_("“%(input)s” names nobody.", input=name))
        return list(found.values())

    def people(self, name: str) -> list[Person]:
        """Like ``recipients``, of people with an account only.

        Raises:
            ServiceFailed: nobody is named, or somebody without an account.
        """
        found = self.recipients(name)
        for one in found:
            if not isinstance(one, Person):
                raise failed(_("“%(who)s” has no account here.", who=one))
        return [one for one in found if isinstance(one, Person)]

    def _named(self, text: str) -> Sequence[Person | str]:
        if text.startswith("group:"):
            return people.members(self.session, text.removeprefix("group:").strip())
        person = people.person(self.session, text.removeprefix("person:").strip())
        if person is not None:
            return [person] if person.active else []
        if "@" in text:
            return [text]
        raise failed(_("There is no person with the login “%(login)s”.", login=text))

    def stored_files(self, name: str) -> list[StoredFile]:
        """Return the files an input refers to.

        Raises:
            ServiceFailed: one does not exist, or belongs to a case or record that the initiator
                may not see.
        """
        found = []
        for reference in _references(self.value(name)):
            file = stored_file(self.session, str(reference.id))
            if file is None or not self._may_use(file):
                raise failed(_("The file “%(name)s” does not belong to this case.", name=reference.name))
            found.append(file)
        return found

    def _may_use(self, file: StoredFile) -> bool:
        root = self.instance.root_id or self.instance.id
        if file.instance_id is not None:
            owner = self.session.get(Instance, file.instance_id)
            if owner is not None and (owner.root_id or owner.id) == root:
                return True
        if file.record_id is not None and file.record_id == self.instance.record_id:
            return True
        unattached = file.instance_id is None and file.record_id is None
        return unattached or rights.may_read(self.session, self.initiator, file)


def _parts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [part.strip() for part in value.replace(";", ",").split(",") if part.strip()]
    if isinstance(value, list | tuple):
        return [part for item in value for part in _parts(item)]
    return []


def _references(value: Any) -> list[FileReference]:
    if isinstance(value, list | tuple):
        return [reference for item in value for reference in _references(item)]
    value = getattr(value, "reference", value)
    return [value] if isinstance(value, FileReference) else []
