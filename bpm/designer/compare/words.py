"""How everything that the dialect and BPMN can say is called in people's words: the one descriptor.

For each of our elements: what it is, its attributes with their names and kinds of values, and by which
attribute those of which there are several are told apart. A test asks for every entry of ``dialect.json``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bpm.language import lazy


@dataclass(frozen=True)
class Attribute:
    """``kind``: how a value of it is told, see ``values.py``."""

    name: Any
    kind: str = "text"


@dataclass(frozen=True)
class Described:
    """One of our elements. ``key``: the attribute by which several are told apart; ``shown``: that which
    names one of them; ``parts``: tags of the elements within it."""

    name: Any
    attributes: dict[str, Attribute] = field(default_factory=dict)
    key: str = ""
    shown: str = ""
    parts: tuple[str, ...] = ()


_TEXT = lazy("text")
_YES_NO_COMMENT = "comment"

DESCRIBED: dict[str, Described] = {
    "translation": Described(
        lazy("translation"),
        {
            "language": Attribute(lazy("language"), "language"),
            "name": Attribute(lazy("name")),
            "title": Attribute(lazy("title in the list")),
        },
        key="language",
    ),
    "start": Described(
        lazy("Start"),
        {
            "form": Attribute(lazy("form to start with"), "form"),
            "recordType": Attribute(lazy("started from records"), "record_types"),
            "groups": Attribute(lazy("who may start"), "groups"),
            "persons": Attribute(lazy("who may start"), "people"),
            "button": Attribute(lazy("text of the button to start")),
            "recordStages": Attribute(lazy("stages of the record in which it may start"), "list"),
        },
        parts=("label",),
    ),
    "owner": Described(lazy("Owner"), {"person": Attribute(lazy("owner of the process"), "person")}),
    "help": Described(
        lazy("help text"),
        {"language": Attribute(lazy("language"), "language"), "text": Attribute(lazy("help text"), "long")},
        key="language",
    ),
    "title": Described(lazy("Title"), {"text": Attribute(lazy("title in the list"))}),
    "settings": Described(lazy("Settings"), parts=("setting",)),
    "setting": Described(
        lazy("setting"),
        {
            "name": Attribute(lazy("name in expressions")),
            "value": Attribute(lazy("value"), "term"),
            "label": Attribute(lazy("label")),
        },
        key="name",
        shown="label",
        parts=("label",),
    ),
    "searchable": Described(
        lazy("Search"), {"variables": Attribute(lazy("values by which cases are found"), "list")}
    ),
    "assignment": Described(
        lazy("Who does it"),
        {"to": Attribute(lazy("who does it"), "assignment"), "value": Attribute(lazy("who exactly"), "who")},
    ),
    "formRef": Described(lazy("Form"), {"key": Attribute(lazy("form"), "form")}),
    "outcomes": Described(
        lazy("Buttons"),
        {"variable": Attribute(lazy("name of the decision")), "vote": Attribute(lazy("name of the vote"))},
        parts=("outcome",),
    ),
    "outcome": Described(
        lazy("button"),
        {
            "key": Attribute(lazy("name in conditions")),
            "label": Attribute(lazy("text")),
            "comment": Attribute(lazy("comment"), "comment"),
            "tone": Attribute(lazy("meaning"), "tone"),
        },
        key="key",
        shown="label",
        parts=("label",),
    ),
    "label": Described(
        lazy("translation"),
        {"language": Attribute(lazy("language"), "language"), "text": Attribute(_TEXT)},
        key="language",
    ),
    "deadline": Described(
        lazy("Deadline"),
        {
            "due": Attribute(lazy("deadline"), "term"),
            "calendar": Attribute(lazy("deadline counts in"), "calendar"),
            "remindBefore": Attribute(lazy("reminder before the deadline"), "term"),
            "escalateAfter": Attribute(lazy("told others after being late for"), "term"),
            "escalateTo": Attribute(lazy("who is told when it is late"), "target"),
        },
    ),
    "priority": Described(lazy("Priority"), {"value": Attribute(lazy("priority"), "priority")}),
    "voting": Described(
        lazy("Vote"),
        {
            "rule": Attribute(lazy("rule of the vote"), "rule"),
            "voters": Attribute(lazy("who votes"), "expression"),
            "voter": Attribute(lazy("name of the one who votes")),
            "quorum": Attribute(lazy("how many approvals are enough"), "expression"),
            "result": Attribute(lazy("name of the list of votes")),
            "order": Attribute(lazy("order of voting"), "order"),
            "approvals": Attribute(lazy("buttons that say yes"), "list"),
            "revisions": Attribute(lazy("buttons that send back"), "list"),
            "refusals": Attribute(lazy("buttons that say no"), "list"),
        },
    ),
    "condition": Described(
        lazy("Condition"),
        {"match": Attribute(lazy("rows of the condition that must fit"), "match")},
        parts=("rule",),
    ),
    "rule": Described(
        lazy("row of the condition"),
        {
            "field": Attribute(lazy("field")),
            "op": Attribute(lazy("comparison")),
            "value": Attribute(lazy("value")),
        },
    ),
    "connector": Described(
        lazy("Service"),
        {"name": Attribute(lazy("what it does"), "connector")},
        parts=("input", "output", "error"),
    ),
    "error": Described(
        lazy("error that it reports"),
        {
            "when": Attribute(lazy("reported when"), "expression"),
            "code": Attribute(lazy("code")),
            "message": Attribute(lazy("message")),
        },
        key="code",
        shown="code",
    ),
    "retry": Described(
        lazy("Tries"),
        {
            "tries": Attribute(lazy("how often it is tried")),
            "wait": Attribute(lazy("wait between tries"), "term"),
            "timeout": Attribute(lazy("how long a try may take"), "term"),
        },
    ),
    "input": Described(
        lazy("input"),
        {"name": Attribute(lazy("name")), "value": Attribute(_TEXT, "long")},
        key="name",
        shown="name",
    ),
    "output": Described(
        lazy("result"),
        {"value": Attribute(lazy("value"), "expression"), "target": Attribute(lazy("kept as"))},
        key="target",
        shown="target",
    ),
    "decision": Described(
        lazy("Decision table"),
        {
            "key": Attribute(lazy("decision table"), "decision"),
            "result": Attribute(lazy("result is kept as")),
        },
    ),
    "loop": Described(
        lazy("repetition"),
        {
            "collection": Attribute(lazy("done once for each of"), "expression"),
            "item": Attribute(lazy("name of the one at hand")),
            "result": Attribute(lazy("name of the list of results")),
            "resultItem": Attribute(lazy("what each gives to the list"), "expression"),
        },
    ),
    "mapping": Described(lazy("Values handed over"), parts=("input", "output")),
    "called": Described(
        lazy("Called process"),
        {
            "binding": Attribute(lazy("which version is called"), "binding"),
            "version": Attribute(lazy("version that is called")),
        },
    ),
    "correlation": Described(
        lazy("Which message"), {"value": Attribute(lazy("by what the message finds its case"), "expression")}
    ),
    "timer": Described(lazy("Time"), {"calendar": Attribute(lazy("time counts in"), "calendar")}),
}

# attributes of BPMN elements; those that are not here are “other settings”
STANDARD: dict[str, Attribute] = {
    "default": Attribute(lazy("way taken otherwise"), "way"),
    "attachedToRef": Attribute(lazy("hangs at"), "element"),
    "cancelActivity": Attribute(lazy("ends the step when it happens"), "yes_no"),
    "isInterrupting": Attribute(lazy("ends what runs when it happens"), "yes_no"),
    "triggeredByEvent": Attribute(lazy("begins with an event"), "yes_no"),
    "isForCompensation": Attribute(lazy("runs only to undo something"), "yes_no"),
    "instantiate": Attribute(lazy("starts a case"), "yes_no"),
    "isExecutable": Attribute(lazy("can be run"), "yes_no"),
    "calledElement": Attribute(lazy("process that is called"), "process"),
    "messageRef": Attribute(lazy("message"), "element"),
    "signalRef": Attribute(lazy("signal"), "element"),
    "errorRef": Attribute(lazy("error"), "element"),
    "escalationRef": Attribute(lazy("escalation"), "element"),
    "dataObjectRef": Attribute(lazy("data object"), "element"),
    "dataStoreRef": Attribute(lazy("data store"), "element"),
    "processRef": Attribute(lazy("process of the pool"), "element"),
    "scriptFormat": Attribute(lazy("language of the script")),
    "errorCode": Attribute(lazy("code")),
    "escalationCode": Attribute(lazy("code")),
    "parallelMultiple": Attribute(lazy("waits for all of its events"), "yes_no"),
    "gatewayDirection": Attribute(lazy("direction of the diamond")),
    "ordering": Attribute(lazy("order of the steps inside")),
    "method": Attribute(lazy("kind of transaction")),
    "completionQuantity": Attribute(lazy("how many go on")),
    "startQuantity": Attribute(lazy("how many are needed")),
    "associationDirection": Attribute(lazy("direction of the line")),
    "implementation": Attribute(lazy("how it is done")),
    "isCollection": Attribute(lazy("holds many values"), "yes_no"),
}

# parts of BPMN elements that are told as a whole
PARTS: dict[str, Attribute] = {
    "documentation": Attribute(lazy("description"), "long"),
    "conditionExpression": Attribute(lazy("condition"), "condition"),
    "condition": Attribute(lazy("condition"), "condition"),
    "script": Attribute(lazy("what is computed"), "script"),
    "text": Attribute(lazy("text of the note")),
    "standardLoopCharacteristics": Attribute(lazy("repetition"), "block"),
    "multiInstanceLoopCharacteristics": Attribute(lazy("how often it is done"), "block"),
    "completionCondition": Attribute(lazy("when it is finished"), "condition"),
    "flowNodeRef": Attribute(lazy("steps in the lane"), "elements"),
    "ioSpecification": Attribute(lazy("data going in and out"), "block"),
    "dataInputAssociation": Attribute(lazy("data going in"), "block"),
    "dataOutputAssociation": Attribute(lazy("data going out"), "block"),
    "property": Attribute(lazy("data of its own"), "block"),
}

TIMES: dict[str, Any] = {
    "timeDuration": lazy("waits for"),
    "timeDate": lazy("waits until"),
    "timeCycle": lazy("again and again"),
}

KINDS: dict[str, Any] = {
    "process": lazy("Process"),
    "collaboration": lazy("Pools"),
    "participant": lazy("Pool"),
    "lane": lazy("Lane"),
    "startEvent": lazy("Start"),
    "endEvent": lazy("End"),
    "userTask": lazy("Task"),
    "manualTask": lazy("Task by hand"),
    "task": lazy("Empty step"),
    "serviceTask": lazy("Service step"),
    "sendTask": lazy("Letter"),
    "receiveTask": lazy("Wait for a message"),
    "scriptTask": lazy("Compute"),
    "businessRuleTask": lazy("Decision table"),
    "callActivity": lazy("Call a process"),
    "subProcess": lazy("Sub-process"),
    "transaction": lazy("Transaction"),
    "adHocSubProcess": lazy("Sub-process in any order"),
    "exclusiveGateway": lazy("One way"),
    "parallelGateway": lazy("All ways at once"),
    "inclusiveGateway": lazy("Every way that fits"),
    "eventBasedGateway": lazy("Whatever comes first"),
    "complexGateway": lazy("Diamond with a rule of its own"),
    "intermediateCatchEvent": lazy("Wait"),
    "intermediateThrowEvent": lazy("Event"),
    "boundaryEvent": lazy("Event at the edge"),
    "sequenceFlow": lazy("Way"),
    "messageFlow": lazy("Way of a message"),
    "association": lazy("Dotted line"),
    "textAnnotation": lazy("Note"),
    "group": lazy("Frame"),
    "dataObject": lazy("Data object"),
    "dataObjectReference": lazy("Data object"),
    "dataStore": lazy("Data store"),
    "dataStoreReference": lazy("Data store"),
    "message": lazy("Message"),
    "signal": lazy("Signal"),
    "error": lazy("Error"),
    "escalation": lazy("Escalation"),
}

EVENTS: dict[str, Any] = {
    "timerEventDefinition": lazy("a time"),
    "messageEventDefinition": lazy("a message"),
    "signalEventDefinition": lazy("a signal"),
    "errorEventDefinition": lazy("an error"),
    "escalationEventDefinition": lazy("an escalation"),
    "conditionalEventDefinition": lazy("a condition"),
    "compensateEventDefinition": lazy("undoing"),
    "cancelEventDefinition": lazy("a cancellation"),
    "linkEventDefinition": lazy("a jump"),
    "terminateEventDefinition": lazy("the end of everything"),
    "": lazy("nothing in particular"),
}

# words for values, by kind
VALUES: dict[str, dict[str, Any]] = {
    "calendar": {"clock": lazy("all time"), "working": lazy("working time")},
    "comment": {"required": lazy("required"), "optional": lazy("optional"), "none": lazy("none")},
    "tone": {"positive": lazy("says yes"), "neutral": lazy("neither"), "negative": lazy("says no")},
    "rule": {
        "all": lazy("all must agree"),
        "majority": lazy("the majority decides"),
        "first": lazy("the first answer decides"),
        "quorum": lazy("so many approvals are enough"),
    },
    "order": {"parallel": lazy("all at once"), "sequential": lazy("one after the other")},
    "match": {"all": lazy("all of them"), "any": lazy("one of them")},
    "binding": {
        "latest": lazy("the newest"),
        "version": lazy("a fixed one"),
        "deployment": lazy("the one of then"),
    },
    "assignment": {
        "person": lazy("a person"),
        "group": lazy("somebody of a group"),
        "initiator": lazy("who started it"),
        "manager_of_initiator": lazy("the manager of who started it"),
        "head_of_department": lazy("the head of a department"),
        "expression": lazy("somebody named by a value"),
    },
    "priority": {"0": lazy("normal"), "1": lazy("high"), "2": lazy("very high")},
    "yes_no": {"true": lazy("yes"), "false": lazy("no"), "1": lazy("yes"), "0": lazy("no")},
    "language": {"en": lazy("English"), "ru": lazy("Russian"), "pl": lazy("Polish")},
}
