"""What a run asks of the world around it, and to whom it tells its history.

The store implements this protocol with the database; tests implement it with dictionaries.
Nothing here touches a table, and a run never reads the wall clock: every ``now`` is given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, tzinfo
from typing import Any, Protocol

from bpm.engine.values import RecordReference


class Environment(Protocol):
    """The world of one run.

    ``functions``: FEEL functions by name, besides the language's own (``owner``, ``manager_of`` …).
    ``zone``: time zone of the company; dates without a zone in timers are meant in it.
    """

    @property
    def functions(self) -> Mapping[str, Callable[..., Any]]: ...

    @property
    def zone(self) -> tzinfo: ...

    def resolve(self, reference: RecordReference) -> Mapping[str, Any]:
        """Return the record's fields as they are now; may be lazy.

        The mapping should carry the attribute ``reference``, so that ``x := deal`` stores the
        reference and not a copy. An unknown record is an empty mapping.
        """
        ...

    def decide(self, key: str, context: Mapping[str, Any]) -> tuple[Any, list[Any]]:
        """Evaluate the decision ``key`` (DMN 1.5) and return its value and the rules that matched.

        Raises:
            bpm.errors.Refusal: there is no such decision, or it cannot be evaluated; the run
                turns this into a failure at the element.
        """
        ...

    def due(self, now: datetime, text: str, working: bool) -> datetime:
        """Return the moment that lies the term ``text`` (ISO 8601 or ``2wd``) after ``now``.

        Raises:
            bpm.errors.Refusal or ValueError: the text is no term.
        """
        ...

    def record(self, kind: str, element: str | None, **data: Any) -> None:
        """Take one event of the history.

        ``data`` holds values of process variables as they are (encode them before storing).
        Kinds and their data:

        - element_entered, element_left {token}; element_cancelled {token}
        - flow_taken {flow, token}
        - gateway_decided {token, conditions: [{flow, text, values, result}], taken: [flow id]}
        - variable_changed {name, old, new}
        - decision_made {token, decision, value, matched}
        - timer_set {token, due_at}, timer_fired {token}
        - message_received, signal_received {token, name, payload}
        - message_thrown, signal_thrown {token, name}
        - error_thrown, escalation_thrown {token, code, message, caught_by}
        - step_failed {token, text, code}
        - vote_ended {token, reason, answered, size}
        - process_ended {outcome}
        """
        ...
