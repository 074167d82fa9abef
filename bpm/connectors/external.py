"""Let a program outside do the work: it fetches the step over REST by its topic, and completes it."""

from __future__ import annotations

from typing import Any

from bpm.connectors.call import Call, failed
from bpm.connectors.registry import Field, connector
from bpm.engine.runtime.specs.activities import EXTERNAL
from bpm.engine.services.caller import ServiceCall
from bpm.language import _


@connector(
    EXTERNAL,
    {"en": "Program outside", "ru": "Внешняя программа", "pl": "Program zewnętrzny"},
    help={
        "en": "A program outside fetches this step over the API by its topic, does the work and completes it."
        " Every other input is a variable that it is given.",
        "ru": "Внешняя программа забирает этот шаг через API по теме, выполняет работу и завершает его."
        " Остальные входы — переменные, которые она получает.",
        "pl": "Program zewnętrzny pobiera ten krok przez API według tematu, wykonuje pracę i kończy go."
        " Pozostałe dane wejściowe to zmienne, które otrzymuje.",
    },
    inputs=[Field("topic", {"en": "Topic", "ru": "Тема", "pl": "Temat"}, required=True)],
    open=True,
)
class External:
    """Only described here: the engine puts such steps where programs outside fetch them."""

    def prepare(self, call: Call) -> Any:
        """Nothing is ever called."""
        raise failed(_("This step is done by a program outside."))

    def perform(self, service: ServiceCall, prepared: Any) -> Any:
        """Nothing is ever called."""
        raise failed(_("This step is done by a program outside."))

    def finish(self, call: Call, result: Any) -> dict[str, Any]:
        """Nothing is ever called."""
        raise failed(_("This step is done by a program outside."))
