"""From answers to a process: one approval with its three ways out, and what comes before and after it."""

from __future__ import annotations

from bpm.designer.questions import words
from bpm.designer.questions.answers import SCHEDULES, Answers
from bpm.designer.questions.model import Extension, Model, Rule, Step
from bpm.designer.questions.words import Words, about, spoken, with_outcome
from bpm.language import format_number

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

_OUTCOMES = {"approved": words.APPROVED, "rejected": words.REJECTED}


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
        who = [assignment("=approver")] if given.asks_several else [assignment(given.approvers[0])]
        voting = [self._voting()] if given.asks_several else []
        return self._decided_by("approve", words.APPROVE_WHAT, "decision", [*who, *voting], vote="vote")

    def _decided_by(
        self, step: str, name: Words, variable: str, people: list[Extension], *, vote: str = ""
    ) -> Step:
        """Return a step with the buttons of a decision."""
        buttons = [("approve", words.APPROVE, "optional", "positive")]
        if self.answers.send_back:
            buttons.append(("revise", words.REVISE, "required", "neutral"))
        buttons.append(("reject", words.REJECT, "required", "negative"))
        assigned, *voting = people
        extensions = [
            assigned,
            *self._form("decision"),
            outcomes(variable, buttons, vote=vote),
            self._deadline(),
            *voting,
        ]
        title = {
            language: f"{text}, {{name_of({self.requester})}}"
            for language, text in about(name, self.name).items()
        }
        return Step(step, "userTask", about(name, self.answers.name), extensions, title=title)

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
        approved = [*self._stage(given.approved_stage, "approved"), *self._document(), *self._tasks()]
        approved += [
            *self._letter(words.LETTER_YES, "approved"),
            Step("approved", "endEvent", words.APPROVED),
        ]
        rejected = [
            *self._stage(given.rejected_stage, "rejected"),
            *self._letter(words.LETTER_NO, "rejected"),
        ]
        rejected.append(Step("rejected", "endEvent", words.REJECTED))
        if given.large_variable:
            self._confirmed(approved[0].id, rejected[0].id)
            last = "confirmation"
        else:
            last = "decision"
        self.model.branch(last, approved, words.APPROVE, Rule(last, "=", "approve"))
        if given.send_back:
            self._sent_back()
        self.model.branch("decision", rejected, words.REJECT, None)

    def _confirmed(self, approved: str, rejected: str) -> None:
        """What is large is decided a second time, with the same ways out."""
        given, model = self.answers, self.model
        name = about(words.LARGE, format_number(given.large_above))
        model.branch("decision", [Step("large", "exclusiveGateway", name)], words.APPROVE,
                     Rule("decision", "=", "approve"))  # fmt: skip
        confirm = self._decided_by("confirm", words.CONFIRM, "confirmation", [assignment(given.large_by)])
        diamond = Step("confirmation", "exclusiveGateway", words.DECISION)
        above = Rule(given.large_variable, ">", str(given.large_above))
        model.branch("large", [confirm, diamond], words.LARGE_YES, above)
        model.lead("large", approved, words.LARGE_NO, None)
        if given.send_back:
            model.lead("confirmation", "rework", words.REVISE, Rule("confirmation", "=", "revise"))
        model.lead("confirmation", rejected, words.REJECT, None)

    def _sent_back(self) -> None:
        """Whoever asked changes it and submits it again, or gives it up."""
        diamond = Step("again", "exclusiveGateway", words.AGAIN)
        self.model.branch(
            "decision", [self._rework(), diamond], words.REVISE, Rule("decision", "=", "revise")
        )
        self.model.lead("again", "ask", words.RESUBMIT, None)
        withdrawn = Step("withdrawn", "endEvent", words.WITHDRAWN)
        self.model.branch("again", [withdrawn], words.WITHDRAW, Rule("rework", "=", "withdraw"))

    def _rework(self) -> Step:
        buttons = [
            ("resubmit", words.RESUBMIT, "optional", "positive"),
            ("withdraw", words.WITHDRAW, "optional", "negative"),
        ]
        title = {language: f"{text}: {self.name}" for language, text in words.REWORK.items()}
        deadline = Extension("deadline", {"due": f"{self.answers.days}wd", "calendar": "working"})
        who = assignment(f"={self.requester}" if self.answers.is_prepared else "initiator")
        extensions = [who, *self._form("rework"), outcomes("rework", buttons), deadline]
        return Step("rework", "userTask", words.REWORK, extensions, title=title)

    def _stage(self, stage: str, end: str) -> list[Step]:
        if self.answers.start != "record" or not stage:
            return []
        inputs = {"record": f"={self.answers.record_type}", "stage": stage}
        name = with_outcome(words.STAGE, _OUTCOMES[end])
        return [Step(f"stage_{end}", "serviceTask", name, [connector("record.update", inputs)])]

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

    def _tasks(self) -> list[Step]:
        given = self.answers
        wanted = [("task", given.task, given.task_by), ("next_task", given.next_task, given.next_task_by)]
        return [self._task(step, name, who) for step, name, who in wanted if name]

    def _task(self, step: str, name: str, who: str) -> Step:
        if who == "initiator" and self.answers.is_prepared:
            who = f"={self.requester}"
        extensions = [assignment(who), *self._form("decision"), self._deadline()]
        return Step(step, "userTask", {"en": name}, extensions)

    def _letter(self, text: Words, end: str) -> list[Step]:
        if not self.answers.letter:
            return []
        outcome = _OUTCOMES[end]
        inputs = {
            "to": f"={self.requester}",
            "subject": f"{self.name}: {spoken(outcome).lower()}",
            "text": spoken(about(text, self.name)),
        }
        name = with_outcome(words.LETTER, outcome)
        return [Step(f"letter_{end}", "sendTask", name, [connector("letter", inputs)])]


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
            "outcome", {"key": key, "label": spoken(texts), "comment": comment, "tone": tone}, labels=texts
        )
        for key, texts, comment, tone in buttons
    ]
    return Extension("outcomes", {"variable": variable, "vote": vote}, rows)


def connector(name: str, inputs: dict[str, str], outputs: list[Extension] | None = None) -> Extension:
    """Return the call of a service."""
    rows = [Extension("input", {"name": key, "value": value}) for key, value in inputs.items()]
    return Extension("connector", {"name": name}, [*rows, *(outputs or [])])
