"""Diagrams for the tests of the designer."""

from __future__ import annotations

from itertools import pairwise

BEGINNING = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpm="urn:bpm:dialect:1"
  xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
  xmlns:di="http://www.omg.org/spec/DD/20100524/DI" id="d" targetNamespace="urn:test">
"""
DRAWING = """<bpmndi:BPMNDiagram id="diagram">
<bpmndi:BPMNPlane id="plane" bpmnElement="{key}"/></bpmndi:BPMNDiagram>
</bpmn:definitions>"""


def runnable(key: str, name: str = "Leave", step: str = "Decide") -> str:
    """A process that can be published: start, one task of Olga Ivanova, end."""
    return f"""{BEGINNING}<bpmn:process id="{key}" name="{name}" isExecutable="true">
  <bpmn:startEvent id="start"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
  <bpmn:userTask id="decide" name="{step}"><bpmn:extensionElements>
    <bpm:assignment to="person" value="olga.ivanova"/></bpmn:extensionElements>
    <bpmn:incoming>f1</bpmn:incoming><bpmn:outgoing>f2</bpmn:outgoing></bpmn:userTask>
  <bpmn:endEvent id="end"><bpmn:incoming>f2</bpmn:incoming></bpmn:endEvent>
  <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="decide"/>
  <bpmn:sequenceFlow id="f2" sourceRef="decide" targetRef="end"/>
</bpmn:process>{DRAWING.format(key=key)}"""


def without_condition(key: str) -> str:
    """A process that cannot be published: a diamond with two ways, and a condition on one only."""
    return f"""{BEGINNING}<bpmn:process id="{key}" name="Leave" isExecutable="true">
  <bpmn:startEvent id="start"><bpmn:outgoing>f1</bpmn:outgoing></bpmn:startEvent>
  <bpmn:exclusiveGateway id="how" name="How much?"><bpmn:incoming>f1</bpmn:incoming>
    <bpmn:outgoing>f2</bpmn:outgoing><bpmn:outgoing>f3</bpmn:outgoing></bpmn:exclusiveGateway>
  <bpmn:endEvent id="little"><bpmn:incoming>f2</bpmn:incoming></bpmn:endEvent>
  <bpmn:endEvent id="much"><bpmn:incoming>f3</bpmn:incoming></bpmn:endEvent>
  <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="how"/>
  <bpmn:sequenceFlow id="f2" sourceRef="how" targetRef="little"><bpmn:conditionExpression>days &lt; 3</bpmn:conditionExpression></bpmn:sequenceFlow>
  <bpmn:sequenceFlow id="f3" sourceRef="how" targetRef="much"/>
</bpmn:process>{DRAWING.format(key=key)}"""


def with_services(key: str) -> str:
    """A process with three service steps: one in order, one without its inputs, one of no known service."""
    steps = {
        "fine": '<bpm:connector name="notify"><bpm:input name="to" value="=initiator"/>'
        '<bpm:input name="text" value="Done"/></bpm:connector>',
        "empty": '<bpm:connector name="notify"><bpm:input name="text" value="Done"/></bpm:connector>',
        "unknown": '<bpm:connector name="teleport"/>',
    }
    tasks = "".join(
        f'<bpmn:serviceTask id="{name}" name="{name}"><bpmn:extensionElements>{told}</bpmn:extensionElements>'
        "</bpmn:serviceTask>"
        for name, told in steps.items()
    )
    way = ["start", *steps, "end"]
    flows = "".join(
        f'<bpmn:sequenceFlow id="f{number}" sourceRef="{source}" targetRef="{target}"/>'
        for number, (source, target) in enumerate(pairwise(way))
    )
    return f"""{BEGINNING}<bpmn:process id="{key}" name="Leave" isExecutable="true">
  <bpmn:startEvent id="start"/>{tasks}<bpmn:endEvent id="end"/>{flows}
</bpmn:process>{DRAWING.format(key=key)}"""
