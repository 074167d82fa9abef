"""Random structured diagrams: the engine and a token game that knows only their trees agree at every step."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.engine.runtime.token_game import Game, Step, drawn, named
from tests.engine.runtime.world import Case, World

MOST_STEPS = 60

tasks = st.builds(Step, st.just("task"))
many = st.builds(Step, st.just("many"), times=st.integers(1, 3), flag=st.booleans())


def _composed(parts: st.SearchStrategy[Step]) -> st.SearchStrategy[Step]:
    some = st.lists(parts, min_size=2, max_size=3)
    one = st.lists(parts, min_size=1, max_size=1)
    return st.one_of(
        st.builds(Step, st.just("sequence"), some),
        some.flatmap(
            lambda found: st.builds(
                Step,
                st.just("exclusive"),
                st.just(found),
                st.lists(st.integers(0, len(found) - 1), min_size=1, max_size=1),
            )
        ),
        st.builds(Step, st.just("parallel"), some),
        some.flatmap(
            lambda found: st.builds(
                Step,
                st.just("inclusive"),
                st.just(found),
                st.lists(st.integers(0, len(found) - 1), min_size=1, unique=True),
            )
        ),
        st.builds(Step, st.just("loop"), one, times=st.integers(1, 3)),
        st.builds(Step, st.just("sub"), one),
        st.builds(Step, st.just("guarded"), st.lists(parts, min_size=2, max_size=2), flag=st.booleans()),
    )


trees = st.recursive(st.one_of(tasks, many), _composed, max_leaves=8)


def _agree(case: Case, game: Game) -> None:
    assert case.run.failures() == [] and not case.run.stalled()
    assert case.tasks() == game.tasks()
    assert sorted(wait.element for wait in case.waits("timer")) == game.timers()
    assert case.run.completed == game.over


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(tree=trees, data=st.data())
def test_engine_and_game_agree(tree: Step, data: st.DataObject) -> None:
    """Given a diagram, when tasks are done and timers fire in any order, then both stand alike at each step."""
    text, variables = drawn(named(tree))
    case, game = World(text).start(**variables), Game(tree)
    _agree(case, game)
    for number in range(MOST_STEPS):
        if game.over:
            break
        moves = [("complete", key) for key in sorted(set(game.tasks()))]
        if number < MOST_STEPS // 2:
            moves += [("fire", key) for key in game.timers()]
        kind, key = data.draw(st.sampled_from(moves))
        if kind == "complete":
            game.complete(key)
            case.complete(key)
        else:
            game.fire(key)
            case.world.now += timedelta(hours=2)
            case.run.fire_timer(case.wait(key, "timer").token, case.world.now)
            case.advance()
        _agree(case, game)
