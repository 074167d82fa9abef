"""A token game on structured diagrams, played without the engine, and the same diagrams as BPMN.

The game knows nothing of flows and gateways: it works on the tree that a diagram was made from, so
that a mistake of the engine cannot be made here a second time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count, pairwise

from tests.engine.diagrams import boundary, diagram, end, flow, node, script, start, sub, timer, user

Done = Callable[[], None]


@dataclass
class Step:
    """One part of a diagram. ``kind`` says which; the rest counts where the kind uses it."""

    kind: str  # task, many, sequence, exclusive, parallel, inclusive, loop, sub, guarded
    parts: list[Step] = field(default_factory=list)
    chosen: list[int] = field(default_factory=list)
    times: int = 1
    flag: bool = False  # many: one after the other; guarded: the timer interrupts
    key: str = ""


class Container:
    """The process, a sub-process or one guarded activity: it ends when its last token has ended."""

    def __init__(self, parent: Container | None, done: Done) -> None:
        self.parent, self.done, self.tokens, self.dead = parent, done, 0, False

    @property
    def alive(self) -> bool:
        return not self.dead and (self.parent is None or self.parent.alive)

    def end_token(self) -> None:
        self.tokens -= 1
        if self.tokens == 0 and self.alive:
            self.dead = True
            self.done()


class Game:
    """Plays one diagram: who works, what may fire, and whether all is over."""

    def __init__(self, tree: Step) -> None:
        self.over = False
        self._work: list[tuple[str, Container, Done]] = []
        self._timers: list[tuple[str, Container, Done]] = []
        self._open(tree, None, self._finish)

    def _finish(self) -> None:
        self.over = True

    def tasks(self) -> list[str]:
        return sorted(key for key, container, _done in self._work if container.alive)

    def timers(self) -> list[str]:
        return sorted(key for key, container, _fire in self._timers if container.alive)

    def complete(self, key: str) -> None:
        self._take(self._work, key)()

    def fire(self, key: str) -> None:
        self._take(self._timers, key)()

    @staticmethod
    def _take(entries: list[tuple[str, Container, Done]], key: str) -> Done:
        found = next(one for one in entries if one[0] == key and one[1].alive)
        entries.remove(found)
        return found[2]

    def _open(self, body: Step, parent: Container | None, done: Done) -> Container:
        inside = Container(parent, done)
        inside.tokens = 1
        self._begin(body, inside, inside.end_token)
        return inside

    def _begin(self, step: Step, here: Container, done: Done) -> None:
        getattr(self, f"_{step.kind}")(step, here, done)

    def _task(self, step: Step, here: Container, done: Done) -> None:
        self._work.append((step.key, here, done))

    def _many(self, step: Step, here: Container, done: Done) -> None:
        if step.flag:
            self._repeat(lambda next_one: self._work.append((step.key, here, next_one)), step.times, done)
        else:
            joined = _after(step.times, done)
            for _number in range(step.times):
                self._work.append((step.key, here, joined))

    def _sequence(self, step: Step, here: Container, done: Done) -> None:
        def go_on(index: int) -> None:
            if index == len(step.parts):
                done()
            else:
                self._begin(step.parts[index], here, lambda: go_on(index + 1))

        go_on(0)

    def _exclusive(self, step: Step, here: Container, done: Done) -> None:
        self._begin(step.parts[step.chosen[0]], here, done)

    def _parallel(self, step: Step, here: Container, done: Done) -> None:
        joined = _after(len(step.parts), done)
        for part in step.parts:
            self._begin(part, here, joined)

    def _inclusive(self, step: Step, here: Container, done: Done) -> None:
        joined = _after(len(step.chosen), done)
        for index in step.chosen:
            self._begin(step.parts[index], here, joined)

    def _loop(self, step: Step, here: Container, done: Done) -> None:
        self._repeat(lambda next_one: self._begin(step.parts[0], here, next_one), step.times, done)

    def _repeat(self, once: Callable[[Done], None], times: int, done: Done) -> None:
        def again(left: int) -> None:
            if left == 0:
                done()
            else:
                once(lambda: again(left - 1))

        again(times)

    def _sub(self, step: Step, here: Container, done: Done) -> None:
        self._open(step.parts[0], here, done)

    def _guarded(self, step: Step, here: Container, done: Done) -> None:
        body, handler = step.parts

        def fire() -> None:
            if step.flag:
                inside.dead = True
                self._begin(handler, here, done)
            else:
                here.tokens += 1
                self._begin(handler, here, here.end_token)

        inside = Container(here, done)
        inside.tokens = 1
        self._timers.append((f"{step.key}_t", inside, fire))
        self._begin(body, inside, inside.end_token)


def _after(times: int, done: Done) -> Done:
    """Return a callback that calls ``done`` when it was called so often: a join."""
    left = count(times - 1, -1)
    return lambda: done() if next(left) == 0 else None


# ------------------------------------------------------------------------------ the same as BPMN


class Drawing:
    """The elements of one container and the variables its conditions read."""

    def __init__(self, variables: dict[str, object]) -> None:
        self.content: list[str] = []
        self.variables = variables

    def add(self, *elements: str) -> None:
        self.content.extend(elements)

    def link(self, source: str, target: str, condition: str = "") -> None:
        self.content.append(flow(source, target, condition))

    def draw(self, step: Step) -> tuple[str, str]:
        """Draw a part; return where it begins and where it ends."""
        first, last = getattr(self, f"_{step.kind}")(step)
        return first, last

    def inside(self, body: Step, key: str) -> list[str]:
        inner = Drawing(self.variables)
        inner.add(start(f"{key}_s"), end(f"{key}_e"))
        first, last = inner.draw(body)
        inner.link(f"{key}_s", first)
        inner.link(last, f"{key}_e")
        return inner.content

    def _task(self, step: Step) -> tuple[str, str]:
        self.add(user(step.key))
        return step.key, step.key

    def _many(self, step: Step) -> tuple[str, str]:
        looped = (
            f'<multiInstanceLoopCharacteristics isSequential="{str(step.flag).lower()}">'
            f"<loopCardinality>{step.times}</loopCardinality></multiInstanceLoopCharacteristics>"
        )
        self.add(user(step.key, looped))
        return step.key, step.key

    def _sequence(self, step: Step) -> tuple[str, str]:
        ends = [self.draw(part) for part in step.parts]
        for (_first, before), (after, _last) in pairwise(ends):
            self.link(before, after)
        return ends[0][0], ends[-1][1]

    def _exclusive(self, step: Step) -> tuple[str, str]:
        return self._split(step, "exclusiveGateway", lambda index: f"{step.key}_way = {index}")

    def _inclusive(self, step: Step) -> tuple[str, str]:
        return self._split(step, "inclusiveGateway", lambda index: f"list contains({step.key}_way, {index})")

    def _parallel(self, step: Step) -> tuple[str, str]:
        return self._split(step, "parallelGateway", lambda index: "")

    def _split(self, step: Step, tag: str, condition: Callable[[int], str]) -> tuple[str, str]:
        split, join = f"{step.key}_a", f"{step.key}_z"
        self.add(node(tag, split), node(tag, join))
        self.variables[f"{step.key}_way"] = step.chosen[0] if step.kind == "exclusive" else step.chosen
        for index, part in enumerate(step.parts):
            first, last = self.draw(part)
            self.link(split, first, condition(index))
            self.link(last, join)
        return split, join

    def _loop(self, step: Step) -> tuple[str, str]:
        zero, begin, plus, again = (f"{step.key}_{one}" for one in ("zero", "begin", "plus", "again"))
        rounds = f"{step.key}_rounds"
        self.add(
            script(zero, f"{rounds} := 0"),
            node("exclusiveGateway", begin),
            script(plus, f"{rounds} := {rounds} + 1"),
        )
        self.add(node("exclusiveGateway", again, default=f"{again}_{step.key}_on"))
        self.add(node("task", f"{step.key}_on"))
        first, last = self.draw(step.parts[0])
        self.link(zero, begin)
        self.link(begin, first)
        self.link(last, plus)
        self.link(plus, again)
        self.link(again, begin, f"{rounds} < {step.times}")
        self.link(again, f"{step.key}_on")
        return zero, f"{step.key}_on"

    def _sub(self, step: Step) -> tuple[str, str]:
        self.add(sub(step.key, *self.inside(step.parts[0], step.key)))
        return step.key, step.key

    def _guarded(self, step: Step) -> tuple[str, str]:
        body, handler = step.parts
        self.add(sub(step.key, *self.inside(body, step.key)))
        self.add(boundary(f"{step.key}_t", step.key, timer("PT1H"), interrupting=step.flag))
        first, last = self.draw(handler)
        self.link(f"{step.key}_t", first)
        after = f"{step.key}_on" if step.flag else f"{step.key}_aside"
        self.add(node("exclusiveGateway", after) if step.flag else end(after))
        self.link(last, after)
        if not step.flag:
            return step.key, step.key
        self.link(step.key, after)
        return step.key, after


def named(tree: Step) -> Step:
    """Give every part a key of its own."""
    numbers = count(1)

    def name(step: Step) -> None:
        step.key = f"n{next(numbers)}"
        for part in step.parts:
            name(part)

    name(tree)
    return tree


def drawn(tree: Step) -> tuple[str, dict[str, object]]:
    """Return the diagram of a tree, and the variables to start it with."""
    variables: dict[str, object] = {}
    return diagram(*Drawing(variables).inside(tree, "top")), variables
