"""Range functions: how points and intervals lie to each other (DMN 1.5, 10.3.4.7)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bpm.feel.functions.registry import builtin
from bpm.feel.limits import Run
from bpm.feel.operators import compare, within
from bpm.feel.values import Range

_POINTS = "point1: point, point2: point"
_POINT_RANGE = "point: point, range: range"
_RANGE_POINT = "range: range, point: point"
_RANGES = "range1: range, range2: range"


class _Incomparable(Exception):
    """Two points have no order."""


def _order(run: Run, left: Any, right: Any) -> int:
    order = compare(run, left, right)
    if order is None:
        raise _Incomparable
    return order


def _declared(name: str, signature: str) -> Callable[[Callable[..., bool]], Callable[..., bool | None]]:
    """As ``builtin``; points without an order and open ends give null."""

    def declare(test: Callable[..., bool]) -> Callable[..., bool | None]:
        def call(run: Run, *values: Any) -> bool | None:
            try:
                return test(run, *values)
            except _Incomparable:
                return None

        call.__doc__ = test.__doc__
        builtin(name, f"{signature} -> boolean")(call)
        return call

    return declare


@_declared("before", _POINTS)
def before_points(run: Run, left: Any, right: Any) -> bool:
    """The first point comes before the second (10.3.4.7)."""
    return _order(run, left, right) < 0


@_declared("before", _POINT_RANGE)
def before_point_range(run: Run, point: Any, interval: Range) -> bool:
    """The point comes before everything in the range (10.3.4.7)."""
    order = _order(run, point, interval.low)
    return order < 0 or (order == 0 and not interval.low_included)


@_declared("before", _RANGE_POINT)
def before_range_point(run: Run, interval: Range, point: Any) -> bool:
    """Everything in the range comes before the point (10.3.4.7)."""
    order = _order(run, interval.high, point)
    return order < 0 or (order == 0 and not interval.high_included)


@_declared("before", _RANGES)
def before_ranges(run: Run, first: Range, second: Range) -> bool:
    """The first range ends before the second begins (10.3.4.7)."""
    order = _order(run, first.high, second.low)
    return order < 0 or (order == 0 and not (first.high_included and second.low_included))


@_declared("after", _POINTS)
def after_points(run: Run, left: Any, right: Any) -> bool:
    """The first point comes after the second (10.3.4.7)."""
    return _order(run, left, right) > 0


@_declared("after", _POINT_RANGE)
def after_point_range(run: Run, point: Any, interval: Range) -> bool:
    """The point comes after everything in the range (10.3.4.7)."""
    order = _order(run, point, interval.high)
    return order > 0 or (order == 0 and not interval.high_included)


@_declared("after", _RANGE_POINT)
def after_range_point(run: Run, interval: Range, point: Any) -> bool:
    """Everything in the range comes after the point (10.3.4.7)."""
    order = _order(run, interval.low, point)
    return order > 0 or (order == 0 and not interval.low_included)


@_declared("after", _RANGES)
def after_ranges(run: Run, first: Range, second: Range) -> bool:
    """The first range begins after the second ends (10.3.4.7)."""
    order = _order(run, first.low, second.high)
    return order > 0 or (order == 0 and not (first.low_included and second.high_included))


@_declared("meets", _RANGES)
def meets(run: Run, first: Range, second: Range) -> bool:
    """The first range ends with the point the second begins with (10.3.4.7)."""
    return first.high_included and second.low_included and _order(run, first.high, second.low) == 0


@_declared("met by", _RANGES)
def met_by(run: Run, first: Range, second: Range) -> bool:
    """The first range begins with the point the second ends with (10.3.4.7)."""
    return meets(run, second, first) is True


def _begins(run: Run, first: Range, second: Range) -> int:
    """Order the beginnings; of equal points the included one comes first."""
    order = _order(run, first.low, second.low)
    return order or second.low_included - first.low_included


def _ends(run: Run, first: Range, second: Range) -> int:
    """Order the ends; of equal points the included one comes last."""
    order = _order(run, first.high, second.high)
    return order or first.high_included - second.high_included


def _touches(run: Run, first: Range, second: Range) -> bool:
    """The first range ends at or behind the point where the second begins."""
    order = _order(run, first.high, second.low)
    return order > 0 or (order == 0 and first.high_included and second.low_included)


@_declared("overlaps", _RANGES)
def overlaps(run: Run, first: Range, second: Range) -> bool:
    """The ranges have a point in common (10.3.4.7)."""
    return _touches(run, first, second) and _touches(run, second, first)


@_declared("overlaps before", _RANGES)
def overlaps_before(run: Run, first: Range, second: Range) -> bool:
    """The first range begins before the second and ends inside it (10.3.4.7)."""
    return _begins(run, first, second) < 0 and _touches(run, first, second) and _ends(run, first, second) <= 0


@_declared("overlaps after", _RANGES)
def overlaps_after(run: Run, first: Range, second: Range) -> bool:
    """The first range begins inside the second and ends after it (10.3.4.7)."""
    return overlaps_before(run, second, first) is True


@_declared("finishes", _POINT_RANGE)
def finishes_point(run: Run, point: Any, interval: Range) -> bool:
    """The point is the range's last (10.3.4.7)."""
    return interval.high_included and _order(run, interval.high, point) == 0


@_declared("finishes", _RANGES)
def finishes(run: Run, first: Range, second: Range) -> bool:
    """Both ranges end alike and the first begins no earlier (10.3.4.7)."""
    return _ends(run, first, second) == 0 and _begins(run, first, second) >= 0


@_declared("finished by", _RANGE_POINT)
def finished_by_point(run: Run, interval: Range, point: Any) -> bool:
    """The range's last point is the point (10.3.4.7)."""
    return finishes_point(run, point, interval) is True


@_declared("finished by", _RANGES)
def finished_by(run: Run, first: Range, second: Range) -> bool:
    """Both ranges end alike and the second begins no earlier (10.3.4.7)."""
    return _ends(run, first, second) == 0 and _begins(run, second, first) >= 0


def _inside(run: Run, point: Any, interval: Range) -> bool:
    answer = within(run, point, interval)
    if answer is None:
        raise _Incomparable
    return answer


@_declared("includes", _RANGE_POINT)
def includes_point(run: Run, interval: Range, point: Any) -> bool:
    """The point lies in the range (10.3.4.7)."""
    return _inside(run, point, interval)


@_declared("includes", _RANGES)
def includes(run: Run, first: Range, second: Range) -> bool:
    """The second range lies in the first (10.3.4.7)."""
    return _begins(run, first, second) <= 0 and _ends(run, first, second) >= 0


@_declared("during", _POINT_RANGE)
def during_point(run: Run, point: Any, interval: Range) -> bool:
    """The point lies in the range (10.3.4.7)."""
    return _inside(run, point, interval)


@_declared("during", _RANGES)
def during(run: Run, first: Range, second: Range) -> bool:
    """The first range lies in the second (10.3.4.7)."""
    return includes(run, second, first) is True


@_declared("starts", _POINT_RANGE)
def starts_point(run: Run, point: Any, interval: Range) -> bool:
    """The point is the range's first (10.3.4.7)."""
    return interval.low_included and _order(run, interval.low, point) == 0


@_declared("starts", _RANGES)
def starts(run: Run, first: Range, second: Range) -> bool:
    """Both ranges begin alike and the first ends no later (10.3.4.7)."""
    return _begins(run, first, second) == 0 and _ends(run, first, second) <= 0


@_declared("started by", _RANGE_POINT)
def started_by_point(run: Run, interval: Range, point: Any) -> bool:
    """The range's first point is the point (10.3.4.7)."""
    return starts_point(run, point, interval) is True


@_declared("started by", _RANGES)
def started_by(run: Run, first: Range, second: Range) -> bool:
    """Both ranges begin alike and the second ends no later (10.3.4.7)."""
    return starts(run, second, first) is True


@_declared("coincides", _POINTS)
def coincides_points(run: Run, left: Any, right: Any) -> bool:
    """Both points are the same (10.3.4.7)."""
    return _order(run, left, right) == 0


@_declared("coincides", _RANGES)
def coincides(run: Run, first: Range, second: Range) -> bool:
    """Both ranges begin and end alike (10.3.4.7)."""
    return _begins(run, first, second) == 0 and _ends(run, first, second) == 0
