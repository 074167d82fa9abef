"""The elements of BPMN 2.0 that flows connect, by their kinds, and what stands beside them."""

from __future__ import annotations

CONTAINERS = ("process", "subProcess", "transaction", "adHocSubProcess")
SUB_PROCESSES = ("subProcess", "transaction", "adHocSubProcess")
TASKS = (
    "task",
    "userTask",
    "manualTask",
    "scriptTask",
    "serviceTask",
    "sendTask",
    "receiveTask",
    "businessRuleTask",
    "callActivity",
)
ACTIVITIES = (*TASKS, *SUB_PROCESSES)
GATEWAYS = (
    "exclusiveGateway",
    "parallelGateway",
    "inclusiveGateway",
    "complexGateway",
    "eventBasedGateway",
)
EVENTS = ("startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent")
FLOW_NODES = (*ACTIVITIES, *GATEWAYS, *EVENTS)
ARTIFACTS = ("group", "association", "textAnnotation")
