"""A decision model: its elements, and the evaluation of its requirement graph (DMN 1.5, chapter 6).

Reading XML is ``reader``'s. A model is immutable once read and may be shared by threads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bpm.dmn.document import plain_name
from bpm.dmn.elements import DecisionElement, Element, Home, InputData, Key, KnowledgeModel, Service
from bpm.dmn.errors import DmnError
from bpm.dmn.evaluation import Evaluation
from bpm.dmn.run import DecisionRun, Result
from bpm.feel.errors import FeelError
from bpm.feel.limits import check_result
from bpm.feel.types import Type
from bpm.language import _


@dataclass(slots=True)
class Model:
    """A decision model; ``elements`` include those of imported models.

    ``problems`` are (place, translated text): the place is the id of the faulty element, or the id or
    name of the nearest one around it. Faulty expressions give null.
    """

    id: str
    name: str
    namespace: str
    elements: dict[Key, Element] = field(default_factory=dict)
    problems: list[tuple[str, str]] = field(default_factory=list)
    names: frozenset[str] = frozenset()
    types: Mapping[str, Type] = field(default_factory=dict)
    home: Home = field(init=False)

    def __post_init__(self) -> None:
        self.home = Home(self.namespace)

    @property
    def decisions(self) -> list[DecisionElement]:
        """The model's own decisions, in the order of the file."""
        return [element for element in self._own() if isinstance(element, DecisionElement)]

    @property
    def inputs(self) -> list[InputData]:
        """The model's own inputs, in the order of the file."""
        return [element for element in self._own() if isinstance(element, InputData)]

    @property
    def services(self) -> list[Service]:
        """The model's own decision services, in the order of the file."""
        return [element for element in self._own() if isinstance(element, Service)]

    @property
    def is_empty(self) -> bool:
        """Whether it has neither elements nor types of its own."""
        return not self._own() and not self.types

    def _own(self) -> list[Element]:
        return [element for key, element in self.elements.items() if key[0] == self.namespace]

    def find(self, name: str, *kinds: type[Element]) -> Element:
        """Return the model's own element of this id or, if there is none, of this name.

        Raises:
            DmnError: there is neither.
        """
        candidates = [element for element in self._own() if isinstance(element, kinds)]
        plain = plain_name(name)
        for element in candidates:
            if element.id == name:
                return element
        for element in candidates:
            if element.name == plain:
                return element
        raise DmnError(
            _("The decision model %(model)s has nothing called %(name)s.", model=self.name, name=name)
        )

    def evaluate(
        self,
        decision: str,
        context: Mapping[str, Any],
        *,
        now: datetime | None = None,
        functions: Mapping[str, Callable[..., Any]] | None = None,
    ) -> Result:
        """Evaluate a decision with everything it requires.

        Args:
            decision: its id or name.
            context: the inputs by name (those of an imported model also as entries of its prefix, or
                as ``namespace#name``); names that the model does not declare can be read too;
                an entry named like a required decision takes the place of that decision's value.
            now: what ``now()`` and ``today()`` tell; None is the machine's time.
            functions: functions that expressions may call besides the built-in ones.

        Raises:
            DmnError: there is no such decision.
            FeelError: the evaluation costs too much.
        """
        element = self.find(decision, DecisionElement)
        assert isinstance(element, DecisionElement)
        return self._answer(
            DecisionRun(now, functions),
            lambda run: Evaluation(self.elements, self.home, run, context).decide(element),
        )

    def evaluate_service(
        self,
        service: str,
        context: Mapping[str, Any],
        *,
        now: datetime | None = None,
        functions: Mapping[str, Callable[..., Any]] | None = None,
    ) -> Result:
        """Evaluate a decision service or call a business knowledge model; what is not given is null.

        Arguments and errors as in ``evaluate``.
        """
        element = self.find(service, Service, KnowledgeModel)
        return self._answer(
            DecisionRun(now, functions),
            lambda run: Evaluation(self.elements, self.home, run, context).call(element),
        )

    def _answer(self, run: DecisionRun, answer: Callable[[DecisionRun], Any]) -> Result:
        try:
            value = check_result(answer(run))
        except RecursionError:
            raise FeelError(_("The decision model is nested too deep.")) from None
        return Result(value, run.matched, run.warnings)
