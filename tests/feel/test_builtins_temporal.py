"""Date, time and range functions and ``is`` (DMN 1.5, 10.3.4.6-10.3.4.8 and 10.3.4.11), clause by clause."""

from __future__ import annotations

import pytest

from tests.feel.cases import check, lines

TEMPORAL = r"""
day of year(@"2019-09-17") => 260
day of year(@"2020-12-31") => 366
day of year(@"2019-12-31T23:00:00Z") => 365
day of year(date: @"2019-01-01") => 1
day of year("2019-09-17") => null
day of year(null) => null
day of year() => null
day of year(@"10:00:00") => null
day of week(@"2019-09-17") => "Tuesday"
day of week(@"2019-09-22T10:00:00") => "Sunday"
day of week(date: @"2019-09-16") => "Monday"
day of week(null) => null
day of week(@"2019-09-17", 1) => null
month of year(@"2019-09-17") => "September"
month of year(date: @"2019-12-17T00:00:00@Europe/Paris") => "December"
month of year(1) => null
week of year(@"2019-09-17") => 38
week of year(@"2003-12-29") => 1
week of year(@"2004-01-04") => 1
week of year(@"2005-01-01") => 53
week of year(@"2005-01-03") => 1
week of year(@"2005-01-09") => 1
week of year(date: @"2021-01-03") => 53
week of year(null) => null
now() => @"2026-03-03T08:00:00Z"
now(1) => null
today() => @"2026-03-03"
today(null) => null
is(@"2012-12-25", time("23:00:50")) => false
is(@"2012-12-25", @"2012-12-25") => true
is(@"23:00:50Z", @"23:00:50") => false
is(@"23:00:50Z", @"23:00:50+00:00") => true
is(@"23:00:50+01:00", @"22:00:50Z") => false
is(@"P1D", @"PT24H") => true
is(@"P1Y", @"P12M") => true
is(@"P0Y", @"P0D") => false
is(1, "1") => false
is([1], [1]) => true
is({a: 1}, {a: 1}) => true
is(null, null) => true
is(null, 1) => false
is(value1: 1, value2: 1) => true
is(1) => null
is(1, 2, 3) => null
"""

PROPERTIES = r"""
@"2020-02-03".year => 2020
@"2020-02-03".month => 2
@"2020-02-03".day => 3
@"2020-02-03".weekday => 1
@"2020-02-09".weekday => 7
@"2020-02-03".hour => null
@"2020-02-03T10:20:30.5Z".year => 2020
@"2020-02-03T10:20:30.5Z".weekday => 1
@"2020-02-03T10:20:30.5Z".hour => 10
@"2020-02-03T10:20:30.5Z".minute => 20
@"2020-02-03T10:20:30.5Z".second => 30.5
@"2020-02-03T10:20:30.5Z".time offset => @"PT0S"
@"2020-02-03T10:20:30".time offset => null
@"2020-02-03T10:20:30".timezone => null
@"2020-07-03T10:20:30@Europe/Paris".time offset => @"PT2H"
@"2020-01-03T10:20:30@Europe/Paris".time offset => @"PT1H"
@"2020-01-03T10:20:30@Europe/Paris".timezone => "Europe/Paris"
@"2020-01-03T10:20:30+01:00".timezone => null
@"10:20:30.25".second => 30.25
@"10:20:30".hour => 10
@"10:20:30".minute => 20
@"10:20:30".year => null
@"10:20:30".weekday => null
@"10:20:30-05:00".time offset => -@"PT5H"
@"10:20:30@Asia/Tokyo".timezone => "Asia/Tokyo"
@"P1DT2H3M4.5S".days => 1
@"P1DT2H3M4.5S".hours => 2
@"P1DT2H3M4.5S".minutes => 3
@"P1DT2H3M4.5S".seconds => 4.5
@"PT49H".days => 2
@"PT49H".hours => 1
@"-PT49H".days => -2
@"-PT49H".hours => -1
@"P1D".years => null
@"P1D".months => null
@"P26M".years => 2
@"P26M".months => 2
@"-P26M".years => -2
@"-P26M".months => -2
@"P1Y".days => null
[1..5].start => 1
[1..5].end => 5
[1..5).start included => true
[1..5).end included => false
(<= 5).start => null
(<= 5).end => 5
(<= 5).start included => false
(<= 5).end included => true
(> 5).start => 5
(> 5).end => null
(> 5).start included => false
(> 5).end included => false
(= 5).start => 5
(= 5).end => 5
(= 5).start included => true
[1..5].middle => null
[@"2020-02-03", @"2021-02-03"].year => [2020, 2021]
null.year => null
"text".year => null
5 .year => null
"""

INTERVALS = r"""
before(1, 10) => true
before(10, 1) => false
before(1, 1) => false
before(1, [1..10]) => false
before(1, (1..10]) => true
before(1, [5..10]) => true
before([1..10], 10) => false
before([1..10), 10) => true
before([1..10], 15) => true
before([1..10], [15..20]) => true
before([1..10], [10..20]) => false
before([1..10), [10..20]) => true
before([1..10], (10..20]) => true
before(1, "a") => null
before(1, null) => null
before(null, [1..2]) => null
before(1) => null
before(point1: 1, point2: 2) => true
before(point: 1, range: [2..3]) => true
before(range: [2..3], point: 4) => true
before(range1: [1..2], range2: [3..4]) => true
before([1..2], ["a".."b"]) => null
before(@"2020-01-01", @"2020-01-02") => true
after(10, 5) => true
after(5, 10) => false
after(12, [1..10]) => true
after(10, [1..10)) => true
after(10, [1..10]) => false
after([11..20], 12) => false
after([11..20], 10) => true
after((11..20], 11) => true
after([11..20], 11) => false
after([11..20], [1..10]) => true
after([1..10], [11..20]) => false
after([11..20], [1..11)) => true
after((11..20], [1..11]) => true
after(point: 12, range: [1..10]) => true
meets([1..5], [5..10]) => true
meets([1..5), [5..10]) => false
meets([1..5], (5..10]) => false
meets([1..5], [6..10]) => false
meets(range1: [1..5], range2: [5..10]) => true
meets(1, [1..2]) => null
met by([5..10], [1..5]) => true
met by([5..10], [1..5)) => false
met by((5..10], [1..5]) => false
overlaps([1..5], [3..8]) => true
overlaps([3..8], [1..5]) => true
overlaps([1..8], [3..5]) => true
overlaps([1..5], [6..8]) => false
overlaps([1..5], [5..8]) => true
overlaps([1..5], (5..8]) => false
overlaps([1..5), [5..8]) => false
overlaps([5..8], [1..5)) => false
overlaps before([1..5], [3..8]) => true
overlaps before([1..5], [6..8]) => false
overlaps before([1..5], [5..8]) => true
overlaps before([1..5], (5..8]) => false
overlaps before([1..5), (1..5]) => true
overlaps before([1..5], (1..5]) => true
overlaps before([1..5], [1..5]) => false
overlaps before([1..5], (1..5)) => false
overlaps after([3..8], [1..5]) => true
overlaps after([6..8], [1..5]) => false
overlaps after([5..8], [1..5]) => true
overlaps after((5..8], [1..5]) => false
overlaps after((1..5], [1..5)) => true
overlaps after([1..5], [1..5]) => false
overlaps after((1..5), [1..5]) => false
finishes(10, [1..10]) => true
finishes(10, [1..10)) => false
finishes([5..10], [1..10]) => true
finishes([5..10), [1..10]) => false
finishes([5..10), [1..10)) => true
finishes([1..10], [1..10]) => true
finishes((1..10], [1..10]) => true
finishes([1..10], (1..10]) => false
finished by([1..10], 10) => true
finished by([1..10), 10) => false
finished by([1..10], [5..10]) => true
finished by([1..10], (1..10]) => true
finished by((1..10], [1..10]) => false
includes([1..10], 5) => true
includes([1..10], 12) => false
includes([1..10], 1) => true
includes((1..10], 1) => false
includes([1..10), 10) => false
includes([1..10], [4..6]) => true
includes([1..10], [1..10]) => true
includes((1..10], (1..5]) => true
includes((1..10], [1..5]) => false
includes([1..10), [5..10]) => false
includes((< 10), 5) => true
includes((>= 10), 5) => false
during(5, [1..10]) => true
during(12, [1..10]) => false
during(1, (1..10]) => false
during([4..6], [1..10]) => true
during([1..10], [1..10]) => true
during([1..10], (1..10)) => false
starts(1, [1..10]) => true
starts(1, (1..10]) => false
starts(2, [1..10]) => false
starts([1..5], [1..10]) => true
starts((1..5], (1..10]) => true
starts((1..5], [1..10]) => false
starts([1..10], [1..10]) => true
starts([1..10), [1..10]) => true
starts([1..10], [1..10)) => false
started by([1..10], 1) => true
started by((1..10], 1) => false
started by([1..10], [1..5]) => true
started by([1..10], (1..5]) => false
started by([1..10], [1..10)) => true
started by([1..10), [1..10]) => false
coincides(5, 5) => true
coincides(3, 4) => false
coincides([1..5], [1..5]) => true
coincides((1..5), [1..5]) => false
coincides([1..5], [2..6]) => false
coincides(5, [5..5]) => null
coincides(5, "5") => null
coincides(point1: 5, point2: 5) => true
"""


@pytest.mark.parametrize(("expression", "value"), lines(TEMPORAL))
def test_days_and_identity(expression: str, value: str) -> None:
    check(expression, value)


@pytest.mark.parametrize(("expression", "value"), lines(PROPERTIES))
def test_properties(expression: str, value: str) -> None:
    """The parts of values (DMN 1.5, 10.3.2.6 and table 65)."""
    check(expression, value)


@pytest.mark.parametrize(("expression", "value"), lines(INTERVALS))
def test_intervals(expression: str, value: str) -> None:
    check(expression, value)
