"""What each kind of event says, one function a kind, and the table that finds it.

Names of steps stand in quotation marks, so that no language has to bend them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bpm.engine.models import HistoryEvent
from bpm.engine.operations.incidents import cause_text
from bpm.history.names import Names
from bpm.history.operator_tellers import OPERATORS
from bpm.history.telling import Data, Reason, Told, change_of
from bpm.language import _, in_quotes, ngettext


def _instance_started(event: HistoryEvent, data: Data, names: Names, who: str) -> Told:
    if event.actor is None:
        return Told(_("The case began by itself."), "circle-play", "running")
    return Told(_("%(person)s started the case.", person=who), "circle-play", "running")


def _instance_ended(event: HistoryEvent, data: Data, names: Names, who: str) -> Told:
    status, reason = data.get("status"), str(data.get("reason") or "")
    if status == "cancelled":
        text = _("%(person)s stopped the case.", person=who) if event.actor else _("The case was stopped.")
        return Told(text, "circle-x", "idle", reason)
    if status == "failed":
        error = data.get("error") or {}
        return Told(
            _("The case ended with an error."), "circle-alert", "failed", str(error.get("message") or "")
        )
    end = names.end(data.get("outcome"))
    if end:
        return Told(_("The case is finished: %(end)s.", end=end), "circle-check", "done")
    return Told(_("The case is finished."), "circle-check", "done")


def _task_created(event: HistoryEvent, data: Data, names: Names, who: str) -> Told:
    step = names.element(event.element)
    if data.get("assignee"):
        person = names.person(data["assignee"])
        original = data.get("original")
        if original and original != data["assignee"] and data.get("why") == "own_request":
            text = _(
                "“%(step)s” went to %(person)s, because nobody decides on his own request (%(original)s).",
                step=step,
                person=person,
                original=names.person(original),
            )
        elif original and original != data["assignee"]:
            text = _(
                "“%(step)s” went to %(person)s, who stands in for %(original)s.",
                step=step,
                person=person,
                original=names.person(original),
            )
        else:
            text = _("“%(step)s” went to %(person)s.", step=step, person=person)
        return Told(text, "inbox", "waiting")
    offered = [names.group(key) for key in data.get("groups") or ()]
    offered += [names.person(login) for login in data.get("persons") or ()]
    if not offered:
        return Told(
            _("“%(step)s” waits; nobody was found who could do it.", step=step), "circle-alert", "late"
        )
    return Told(
        _("“%(step)s” was offered to: %(people)s.", step=step, people=", ".join(offered)), "users", "waiting"
    )


def _task_claimed(event: HistoryEvent, data: Data, names: Names, who: str) -> Told:
    return Told(
        _("%(person)s took “%(step)s”.", person=who, step=names.element(event.element)), "hand", "running"
    )


def _task_released(event: HistoryEvent, data: Data, names: Names, who: str) -> Told:
    return Told(
        _("%(person)s put “%(step)s” back for the others.", person=who, step=names.element(event.element)),
        "undo-2",
        comment=str(data.get("comment") or ""),
    )


def _task_delegated(event: HistoryEvent, data: Data, names: Names, who: str) -> Told:
    receiver = data.get("to") or data.get("assignee") or ""
    return Told(
        _(
            "%(person)s handed “%(step)s” over to %(other)s.",
            person=who,
            step=names.element(event.element),
            other=names.person(receiver),
        ),
        "user-check",
        comment=str(data.get("comment") or data.get("reason") or ""),
    )


def _task_completed(event: HistoryEvent, data: Data, names: Names, who: str) -> Told:
    step, outcome = names.element(event.element), names.outcome(event.element, data.get("outcome"))
    if outcome:
        text = _("%(person)s decided in “%(step)s”: %(outcome)s.", person=who, step=step, outcome=outcome)
    else:
        text = _("%(person)s finished “%(step)s”.", person=who, step=step)
    return Told(text, "circle-check", "done", str(data.get("comment") or ""))


def _task_withdrawn(event: HistoryEvent, data: Data, names: Names, who: str) -> Told:
    step = names.element(event.element)
    texts = {
        "decided": _("“%(step)s” was withdrawn: the matter is decided.", step=step),
        "timer": _("“%(step)s” was withdrawn: its time was over.", step=step),
        "event": _("“%(step)s” was withdrawn: something else happened first.", step=step),
        "cancelled": _("“%(step)s” was withdrawn: the case was stopped.", step=step),
        "error": _("“%(step)s” was withdrawn: an error ended its part of the case.", step=step),
    }
    fallback = _("“%(step)s” was withdrawn.", step=step)
    return Told(texts.get(str(data.get("why")), fallback), "minus")


def _task_reminded(event: HistoryEvent, data: Data, names: Names, who: str) -> Told:
    told, step = list(data.get("persons") or ()), names.element(event.element)
    text = ngettext(
        "%(people)s was reminded of “%(step)s”.",
        "%(people)s were reminded of “%(step)s”.",
        len(told),
        people=names.people(told),
        step=step,
    )
    return Told(text if told else _("Nobody could be reminded of “%(step)s”.", step=step), "bell", "waiting")


def _task_escalated(event: HistoryEvent, data: Data, names: Names, who: str) -> Told:
    told, step = list(data.get("persons") or ()), names.element(event.element)
    text = ngettext(
        "%(people)s was told that the task is late: “%(step)s”.",
        "%(people)s were told that the task is late: “%(step)s”.",
        len(told),
        people=names.people(told),
        step=step,
    )
    return Told(text if told else _("The task is late: “%(step)s”.", step=step), "bell", "late")


def _gateway_decided(event: HistoryEvent, data: Data, names: Names, who: str) -> Told:
    taken = [str(flow) for flow in data.get("taken") or ()]
    reasons = tuple(_reason(one, names) for one in data.get("conditions") or () if isinstance(one, Mapping))
    ways = [names.flow(flow) or names.target(flow) for flow in taken]
    question = names.element(event.element)
    if not ways:
        return Told(
            _("“%(question)s” found no way to go on.", question=question),
            "circle-alert",
            "failed",
            "",
            False,
            reasons,
        )
    text = _("“%(question)s” → %(ways)s", question=question, ways=", ".join(ways))
    return Told(text, "git-branch", "idle", "", not reasons, reasons)


def _reason(condition: Data, names: Names) -> Reason:
    seen = condition.get("values") or {}
    flow = str(condition.get("flow") or "")
    return Reason(
        way=names.flow(flow) or names.target(flow),
        text=str(condition.get("text") or "").removeprefix("=").strip(),
        seen=tuple((names.variable(name), names.value(value, name) or "—") for name, value in seen.items()),
        result=condition.get("result"),
    )


def _vote_ended(event: HistoryEvent, data: Data, names: Names, who: str) -> Told:
    parts = [
        ngettext("%(num)s for", "%(num)s for", int(data.get("n_approve") or 0)),
        ngettext("%(num)s for revision", "%(num)s for revision", int(data.get("n_revise") or 0)),
        ngettext("%(num)s against", "%(num)s against", int(data.get("n_reject") or 0)),
    ]
    return Told(
        _(
            "The vote in “%(step)s” is over: %(result)s.",
            step=names.element(event.element),
            result=", ".join(parts),
        ),
        "list-checks",
        "done",
    )


def _decision_made(event: HistoryEvent, data: Data, names: Names, who: str) -> Told:
    return Told(
        _(
            "The table “%(step)s” gave: %(result)s.",
            step=names.element(event.element),
            result=names.value(data.get("value")) or "—",
        ),
        "table",
    )


def _message_received(event: HistoryEvent, data: Data, names: Names, who: str) -> Told:
    return Told(_("“%(event)s” arrived.", event=_event_name(event, data, names)), "mail", "running")


def _message_thrown(event: HistoryEvent, data: Data, names: Names, who: str) -> Told:
    return Told(_("The case told others: “%(event)s”.", event=_event_name(event, data, names)), "send")


def _event_name(event: HistoryEvent, data: Data, names: Names) -> str:
    return (
        names.element(event.element)
        if names.is_named(event.element)
        else str(data.get("name") or event.element or "")
    )


def _timer_set(event: HistoryEvent, data: Data, names: Names, who: str) -> Told:
    when = names.value(data.get("due_at"))
    return Told(
        _("“%(step)s” is set for %(when)s.", step=names.element(event.element), when=when),
        "timer",
        technical=True,
    )


def _timer_fired(event: HistoryEvent, data: Data, names: Names, who: str) -> Told:
    return Told(_("The time of “%(step)s” has come.", step=names.element(event.element)), "timer", "waiting")


def _error_thrown(event: HistoryEvent, data: Data, names: Names, who: str) -> Told:
    return Told(
        _("“%(step)s” reported a problem.", step=names.element(event.element)),
        "triangle-alert",
        "late",
        str(data.get("message") or data.get("code") or ""),
    )


def _step_failed(event: HistoryEvent, data: Data, names: Names, who: str) -> Told:
    return Told(
        _("“%(step)s” could not be done.", step=names.element(event.element)),
        "circle-alert",
        "failed",
        str(data.get("text") or ""),
        technical=True,
    )


def _service_failed(event: HistoryEvent, data: Data, names: Names, who: str) -> Told:
    text = _("“%(step)s” did not succeed; it is tried again.", step=names.element(event.element))
    return Told(text, "triangle-alert", "late", str(data.get("why") or ""))


def _call_started(event: HistoryEvent, data: Data, names: Names, who: str) -> Told:
    text = _("“%(step)s” began as a case of its own.", step=names.element(event.element))
    return Told(text, "corner-down-right", "running")


def _call_ended(event: HistoryEvent, data: Data, names: Names, who: str) -> Told:
    return Told(_("The case that this one had begun is over."), "corner-down-right", technical=True)


def _incident_opened(event: HistoryEvent, data: Data, names: Names, who: str) -> Told:
    cause = data.get("cause")
    text = cause_text(cause) if isinstance(cause, Mapping) else str(data.get("text") or "")
    if event.element:
        told = _("The case stands still at “%(step)s”.", step=names.element(event.element))
    else:
        told = _("The case stands still.")
    return Told(told, "circle-alert", "failed", text)


def _incident_resolved(event: HistoryEvent, data: Data, names: Names, who: str) -> Told:
    step = names.element(event.element) if event.element else ""
    how = str(data.get("how") or data.get("resolution") or "")
    texts = {
        "retry": _("%(person)s let “%(step)s” try again.", person=who, step=step),
        "retried": _("%(person)s let “%(step)s” try again.", person=who, step=step),
        "skip": _("%(person)s skipped “%(step)s”.", person=who, step=step),
        "skipped": _("%(person)s skipped “%(step)s”.", person=who, step=step),
        "cancel": _(
            "%(person)s stopped the case because of the problem at “%(step)s”.", person=who, step=step
        ),
    }
    fallback = _("%(person)s settled the problem at “%(step)s”.", person=who, step=step)
    return Told(texts.get(how, fallback), "wrench", "running")


def _commented(event: HistoryEvent, data: Data, names: Names, who: str) -> Told:
    return Told(
        _("%(person)s wrote:", person=who),
        "message-square",
        "idle",
        str(data.get("text") or data.get("comment") or ""),
    )


def _suspended(event: HistoryEvent, data: Data, names: Names, who: str) -> Told:
    return Told(
        _("%(person)s paused the case.", person=who), "circle-pause", "idle", str(data.get("reason") or "")
    )


def _resumed(event: HistoryEvent, data: Data, names: Names, who: str) -> Told:
    return Told(_("%(person)s let the case go on.", person=who), "circle-play", "running")


def _variable_changed(event: HistoryEvent, data: Data, names: Names, who: str) -> Told:
    change = change_of(event, names)
    return Told(
        _("%(name)s: %(old)s → %(new)s", name=change.name, old=change.old or "—", new=change.new or "—"),
        "pencil",
        technical=True,
    )


def _element_entered(event: HistoryEvent, data: Data, names: Names, who: str) -> Told:
    return Told(_("“%(step)s” began.", step=names.element(event.element)), "log-in", technical=True)


def _element_left(event: HistoryEvent, data: Data, names: Names, who: str) -> Told:
    step = names.element(event.element)
    done_by_program = names.kind(event.element) in ("serviceTask", "sendTask", "callActivity")
    if done_by_program and names.is_named(event.element):
        return Told(_("“%(step)s” is done.", step=step), "cog")
    return Told(_("“%(step)s” is over.", step=step), "log-out", technical=True)


def _element_cancelled(event: HistoryEvent, data: Data, names: Names, who: str) -> Told:
    return Told(_("“%(step)s” was broken off.", step=names.element(event.element)), "minus", technical=True)


def _flow_taken(event: HistoryEvent, data: Data, names: Names, who: str) -> Told:
    flow = str(data.get("flow") or event.element or "")
    words = names.flow(flow)
    target = names.target(flow)
    text = (
        _("On the way “%(words)s” to “%(target)s”.", words=words, target=target)
        if words
        else _("On to “%(target)s”.", target=target)
    )
    return Told(text, "arrow-right", technical=True)


def unknown(event: HistoryEvent, data: Data, names: Names, who: str) -> Told:
    """Tell of a kind that nobody taught us: its name has to do."""
    about = f" {in_quotes(names.element(event.element))}" if event.element else ""
    words = event.kind.replace("_", " ")
    return Told(
        f"{who}: {words}{about}", technical=event.actor is None, comment=str(data.get("comment") or "")
    )


TELLERS: dict[str, Callable[[HistoryEvent, Data, Names, str], Told]] = {
    **OPERATORS,
    "instance_started": _instance_started,
    "instance_ended": _instance_ended,
    "instance_suspended": _suspended,
    "instance_resumed": _resumed,
    "suspended": _suspended,
    "resumed": _resumed,
    "task_created": _task_created,
    "task_assigned": _task_created,
    "task_claimed": _task_claimed,
    "task_released": _task_released,
    "task_delegated": _task_delegated,
    "task_completed": _task_completed,
    "task_withdrawn": _task_withdrawn,
    "task_reminded": _task_reminded,
    "task_escalated": _task_escalated,
    "gateway_decided": _gateway_decided,
    "vote_ended": _vote_ended,
    "decision_made": _decision_made,
    "message_received": _message_received,
    "signal_received": _message_received,
    "message_thrown": _message_thrown,
    "signal_thrown": _message_thrown,
    "timer_set": _timer_set,
    "timer_fired": _timer_fired,
    "error_thrown": _error_thrown,
    "escalation_thrown": _error_thrown,
    "step_failed": _step_failed,
    "service_failed": _service_failed,
    "call_started": _call_started,
    "call_ended": _call_ended,
    "incident_opened": _incident_opened,
    "incident_resolved": _incident_resolved,
    "incident_retried": _incident_resolved,
    "comment_added": _commented,
    "commented": _commented,
    "variable_changed": _variable_changed,
    "element_entered": _element_entered,
    "element_left": _element_left,
    "element_cancelled": _element_cancelled,
    "flow_taken": _flow_taken,
    "process_ended": lambda event, data, names, who: Told(_("The process came to its end."), technical=True),
}
