"""From answers to a process: one approval with its three ways out, and what comes before and after it."""

from __future__ import annotations

from bpm.designer.questions import words
from bpm.designer.questions.answers import SCHEDULES, Answers
from bpm.designer.questions.model import Arrow, Extension, Model, Step
from bpm.designer.questions.words import Words, about, spoken

_RULES = {
    "first": "given[1].decision",
    "majority": """if count(given[decision = "approve"]) * 2 > count(given) then "approve"
  else if count(given[decision = "reject"]) >= count(given[decision = "revise"]) then "reject"
  else "revise\"""",
    "all": """if some one in given satisfies one.decision = "reject" then "reject"
  else if some one in given satisfies one.decision = "revise" then "revise"
  else "approve\"""",
}
_REMARKS = """string join(for one in given[decision != "approve"]
  return name_of(one.who) + ": " + one.comment, "; ")"""


def process(answers: Answers, key: str) -> Model:
    """Return the process that was described.

    Args:
        answers: complete ones.
        key: of the process; its forms are named after it.
    """
    return _Maker(answers, key).model


def form_keys(answers: Answers, key: str) -> dict[str, str]:
    """Return the keys of the forms that a process needs: start, decision, rework."""
    if not answers.fields:
        return {"rework": f"{key}_rework"} if answers.send_back else {}
    kinds = ["start", "decision", *(["rework"] if answers.send_back else [])]
    return {kind: f"{key}_{kind}" for kind in kinds}


class _Maker:
    def __init__(self, answers: Answers, key: str) -> None:
        self.answers, self.key = answers, key
        self.forms = form_keys(answers, key)
        # a name is text, whatever braces stand in it
        self.name = answers.name.replace("{", "{{").replace("}", "}}")
        self.requester = "prepared_by" if answers.is_prepared else "initiator"
        case_title = f"{self.name}: {{name_of({self.requester})}}"
        self.model = Model(key, answers.name, self._process_extensions(), {"en": case_title})
        self.model.then(self._start())
        if answers.is_prepared:
            self.model.then(self._fill_in())
        if answers.send_back:
            self.model.then(Step("ask", "exclusiveGateway"))
        self.model.then(self._approval())
        if answers.asks_several:
            self.model.then(
                Step(
                    "count_votes",
                    "scriptTask",
                    words.COUNT,
                    attributes={"scriptFormat": "feel"},
                    script=self._count(),
                )
            )
        self.model.then(Step("decision", "exclusiveGateway", words.DECISION))
        self._ways()

    def _process_extensions(self) -> list[Extension]:
        given = self.answers
        if given.is_prepared:
            return []
        attributes = {"form": self.forms.get("start", ""), "groups": given.starters}
        if given.start == "record":
            attributes |= {"recordType": given.record_type, "recordStages": ", ".join(given.stages)}
        return [Extension("start", {**attributes, "button": given.name})]

    def _start(self) -> Step:
        given = self.answers
        if given.start == "schedule":
            return Step(
                "start", "startEvent", words.ASKED, timer=SCHEDULES[given.schedule].format(hour=given.hour)
            )
        return Step(
            "start", "startEvent", words.ASKED, message=given.message if given.start == "message" else ""
        )

    def _fill_in(self) -> Step:
        return Step(
            "fill_in",
            "userTask",
            about(words.FILL_IN, self.answers.name),
            [
                assignment(self.answers.prepared_by),
                *self._form("start"),
                outcomes("prepared", [("done", words.DONE, "none", "positive")]),
            ],
            title=about(words.FILL_IN, self.name),
        )

    def _form(self, kind: str) -> list[Extension]:
        return [Extension("formRef", {"key": self.forms[kind]})] if kind in self.forms else []

    def _approval(self) -> Step:
        given = self.answers
        buttons = [("approve", words.APPROVE, "optional", "positive")]
        if given.send_back:
            buttons.append(("revise", words.REVISE, "required", "neutral"))
        buttons.append(("reject", words.REJECT, "required", "negative"))
        who = [assignment("=approver")] if given.asks_several else [assignment(given.approvers[0])]
        extensions = [
            *who,
            *self._form("decision"),
            outcomes("decision", buttons, vote="vote"),
            self._deadline(),
        ]
        if given.asks_several:
            extensions.append(self._voting())
        title = {
            language: f"{text}, {{name_of({self.requester})}}"
            for language, text in about(words.APPROVE_WHAT, self.name).items()
        }
        return Step("approve", "userTask", about(words.APPROVE_WHAT, given.name), extensions, title=title)

    def _voting(self) -> Extension:
        given = self.answers
        voters = ", ".join(person(one, self.requester) for one in given.approvers)
        return Extension(
            "voting",
            {
                "rule": given.rule,
                "voters": f"=distinct values([{voters}][item != null])",
                "voter": "approver",
                "result": "votes",
                "order": given.order,
            },
        )

    def _deadline(self) -> Extension:
        given = self.answers
        remind = f"{given.remind}wd" if given.remind else ""
        escalate = given.escalate_to or "manager"
        return Extension(
            "deadline",
            {"due": f"{given.days}wd", "calendar": "working", "remindBefore": remind, "escalateTo": escalate},
        )

    def _count(self) -> str:
        """Return the script that makes one decision of the votes."""
        return f"given := votes[item != null]\ndecision := {_RULES[self.answers.rule]}\nremarks := {_REMARKS}"

    # ------------------------------------------------------------------ what comes of it

    def _ways(self) -> None:
        given = self.answers
        approved = [*self._stage(given.approved_stage, "approved"), *self._document(), *self._task()]
        approved += [
            *self._letter(words.LETTER_YES, "approved"),
            Step("approved", "endEvent", words.APPROVED),
        ]
        rejected = [
            *self._stage(given.rejected_stage, "rejected"),
            *self._letter(words.LETTER_NO, "rejected"),
        ]
        rejected.append(Step("rejected", "endEvent", words.REJECTED))
        self.model.branch("decision", approved, words.APPROVE, ("decision", "approve"))
        if given.send_back:
            self.model.branch("decision", [self._rework()], words.REVISE, ("decision", "revise"))
            self.model.arrows.append(Arrow("rework", "ask"))
        self.model.branch("decision", rejected, words.REJECT, None)

    def _rework(self) -> Step:
        again = outcomes("rework", [("resubmit", words.RESUBMIT, "optional", "positive")])
        title = {language: f"{text}: {self.name}" for language, text in words.REWORK.items()}
        deadline = Extension("deadline", {"due": f"{self.answers.days}wd", "calendar": "working"})
        who = assignment(f"={self.requester}" if self.answers.is_prepared else "initiator")
        return Step(
            "rework", "userTask", words.REWORK, [who, *self._form("rework"), again, deadline], title=title
        )

    def _stage(self, stage: str, end: str) -> list[Step]:
        if self.answers.start != "record" or not stage:
            return []
        inputs = {"record": f"={self.answers.record_type}", "stage": stage}
        return [Step(f"stage_{end}", "serviceTask", words.STAGE, [connector("record.update", inputs)])]

    def _document(self) -> list[Step]:
        if not self.answers.document:
            return []
        values = ", ".join(f"{key}: {key}" for key in self.answers.variables())
        inputs = {
            "template": self.answers.document,
            "name": self.name,
            "values": f"={{{values}}}",
            "pdf": "=true",
        }
        made = Extension("output", {"value": "=result.file", "target": "document"})
        return [Step("document", "serviceTask", words.DOCUMENT, [connector("document", inputs, [made])])]

    def _task(self) -> list[Step]:
        given = self.answers
        if not given.task:
            return []
        who = given.task_by if given.task_by != "initiator" or not given.is_prepared else f"={self.requester}"
        return [Step("task", "userTask", {"en": given.task}, [assignment(who), *self._form("decision")])]

    def _letter(self, text: Words, end: str) -> list[Step]:
        if not self.answers.letter:
            return []
        outcome = words.APPROVED if end == "approved" else words.REJECTED
        inputs = {
            "to": f"={self.requester}",
            "subject": f"{self.name}: {spoken(outcome).lower()}",
            "text": spoken(about(text, self.name)),
        }
        return [Step(f"letter_{end}", "sendTask", words.LETTER, [connector("letter", inputs)])]


def assignment(who: str) -> Extension:
    """Return who does it: ``person:login``, ``group:key``, ``head:department``, ``manager``, ``=FEEL``."""
    kind, _colon, value = who.partition(":")
    known = {"person": "person", "group": "group", "head": "head_of_department"}
    if who.startswith("="):
        return Extension("assignment", {"to": "expression", "value": who})
    if who == "manager":
        return Extension("assignment", {"to": "manager_of_initiator"})
    return Extension("assignment", {"to": known.get(kind, "initiator"), "value": value})


def person(who: str, requester: str) -> str:
    """Return who it is as FEEL gives it."""
    kind, _colon, value = who.partition(":")
    if kind == "person":
        return f'"{value}"'
    if kind == "head":
        return f'head_of("{value}")'
    return (
        f"manager_of({requester})"
        if kind == "manager"
        else f'"group:{value}"'
        if kind == "group"
        else requester
    )


def outcomes(variable: str, buttons: list[tuple[str, Words, str, str]], vote: str = "") -> Extension:
    """Return the buttons of a step: key, words, whether a comment is asked, tone."""
    rows = [
        Extension(
            "outcome", {"key": key, "label": texts["en"], "comment": comment, "tone": tone}, labels=texts
        )
        for key, texts, comment, tone in buttons
    ]
    return Extension("outcomes", {"variable": variable, "vote": vote}, rows)


def connector(name: str, inputs: dict[str, str], outputs: list[Extension] | None = None) -> Extension:
    """Return the call of a service."""
    rows = [Extension("input", {"name": key, "value": value}) for key, value in inputs.items()]
    return Extension("connector", {"name": name}, [*rows, *(outputs or [])])
