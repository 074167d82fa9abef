"""Conversion functions (DMN 1.5, 10.3.4.1), clause by clause."""

from __future__ import annotations

import pytest

from tests.feel.cases import check, lines

NUMBERS_AND_STRINGS = r"""
number("1 000,0", " ", ",") => 1000.0
number("1,000.0", ",", ".") => 1000.0
number("1.000.000,5", ".", ",") => 1000000.5
number("1000.5") => 1000.5
number("1000.5", null, ".") => 1000.5
number("1000.5", null, null) => 1000.5
number("1 000", " ", null) => 1000
number("1,5", null, ",") => 1.5
number("-12") => -12
number("1e3") => 1000
number("1", ".", ".") => null
number("1", "x", ".") => null
number("1", ",", "x") => null
number("1", "", ".") => null
number("1.5", null, ",") => null
number("") => null
number("abc") => null
number(" 1") => null
number("1.2.3") => null
number("0x10") => null
number("Infinity") => null
number("NaN") => null
number("1_000") => null
number("١") => null
number("1e99999") => null
number(null) => null
number(true) => null
number(1, 2, 3) => null
number() => null
number(from: "1 000,5", grouping separator: " ", decimal separator: ",") => 1000.5
number(from: "1,000", grouping separator: ",") => 1000
number(text: "1") => null
string(1.1) => "1.1"
string(-0.5) => "-0.5"
string(1e3) => "1000"
string(10 ** 20) => "100000000000000000000"
string(1 / 4) => "0.25"
string(0.00000001) => "0.00000001"
string(null) => null
string("a\"b") => "a\"b"
string(true) => "true"
string(@"2020-01-02") => "2020-01-02"
string(@"-2020-01-02") => "-2020-01-02"
string(@"12345-01-02") => "12345-01-02"
string(@"10:00:00") => "10:00:00"
string(@"10:00:00.50") => "10:00:00.5"
string(@"10:00:00+00:00") => "10:00:00Z"
string(@"10:00:00-05:30") => "10:00:00-05:30"
string(@"10:00:00@Europe/Paris") => "10:00:00@Europe/Paris"
string(@"10:00:00@UTC") => "10:00:00@UTC"
string(number("-0")) => "0"
string(@"2020-01-02T10:00:00.000000001Z") => "2020-01-02T10:00:00.000000001Z"
string(@"2020-01-02T24:00:00") => "2020-01-03T00:00:00"
string(@"P1DT2H3M4.5S") => "P1DT2H3M4.5S"
string(@"PT49H2M123S") => "P2DT1H4M3S"
string(@"-PT0.5S") => "-PT0.5S"
string(@"P0D") => "PT0S"
string(@"P26M") => "P2Y2M"
string(-@"P1Y") => "-P1Y"
string(@"P0M") => "P0M"
string([1, "a", null, [true]]) => "[1, \"a\", null, [true]]"
string([]) => "[]"
string({a: "foo", b: @"P1D"}) => "{a: \"foo\", b: P1D}"
string({}) => "{}"
string([1..5]) => "[1..5]"
string((1..5]) => "(1..5]"
string((< 5)) => "(< 5)"
string(from: 1) => "1"
string(value: 1) => null
string() => null
string(1, 2) => null
"""

MOMENTS = r"""
date("2012-12-25") => @"2012-12-25"
date("2012-12-25") - date("2012-12-24") => duration("P1D")
date("2012-13-25") => null
date("2012-02-30") => null
date("2011-02-29") => null
date("2012-02-29") => @"2012-02-29"
date("1900-02-29") => null
date("2000-02-29") => @"2000-02-29"
date("2012-1-2") => null
date("12-01-02") => null
date("2012-12-25T00:00:00") => null
date("02012-12-25") => null
date("+2012-12-25") => null
date("-2012-12-25").year => -2012
date("999999999-12-31").year => 999999999
date("-999999999-12-31").year => -999999999
date("1000000000-01-01") => null
date("２０１２-12-25") => null
date("") => null
date(" 2012-12-25") => null
date(null) => null
date(1) => null
date() => null
date(from: "2012-12-25") => @"2012-12-25"
date(day: 1, month: 2, year: 2012) => @"2012-02-01"
date(year: 2012, month: 2) => null
date(2012, 12, 25) => @"2012-12-25"
date(2012, 13, 1) => null
date(2012, 2, 30) => null
date(2012, 0, 1) => null
date(2012, 1, 0) => null
date(2012, 1, null) => null
date(2012, 1) => null
date(2012, 1, 1, 1) => null
date("2012", 1, 1) => null
date(-1000, 1, 1) => @"-1000-01-01"
date(1000000000, 1, 1) => null
date(@"2012-12-25T11:00:00Z") => @"2012-12-25"
date(@"2012-12-25") => @"2012-12-25"
date(["2012-12-25"]) => @"2012-12-25"
time("23:59:00") => @"23:59:00"
time("23:59:00z") => null
time("11:59:45Z").time offset => @"PT0S"
time("11:59:45+02:45:55").time offset => @"PT2H45M55S"
time("11:59:45-14:00").time offset => -@"PT14H"
time("11:59:45+14:00") => @"11:59:45+14:00"
time("11:59:45+14:01") => null
time("11:59:45-15:00") => null
time("11:59:45+05:60") => null
time("11:59:45+5") => null
time("11:59:45+0500") => null
time("13:20:00@Etc/UTC").timezone => "Etc/UTC"
time("13:20:00@Europe/Paris").timezone => "Europe/Paris"
time("13:20:00+01:00@Europe/Paris") => null
time("13:20:00@xyz/abc") => null
time("13:20:00@") => null
time("25:00:00") => null
time("10:60:00") => null
time("10:00:60") => null
time("24:00:01") => null
time("10:00") => null
time("1:00:00") => null
time("10:00:00.123456789").second => 0.123456789
time("10:00:00.1234567899") = time("10:00:00.123456789") => true
time("10:00:00,5") => null
time("") => null
time(null) => null
time(from: "10:00:00") => @"10:00:00"
time(@"2020-01-01T10:00:00Z") => @"10:00:00Z"
time(@"2020-01-01T10:00:00@Europe/Paris") => @"10:00:00@Europe/Paris"
time(@"2020-01-01") => @"00:00:00Z"
time(@"10:00:00") => @"10:00:00"
time(10, 20, 30) => @"10:20:30"
time(10, 20, 30, null) => @"10:20:30"
time(10, 20, 30.5) => @"10:20:30.5"
time(10, 20, 30.123456789, @"PT1H") => @"10:20:30.123456789+01:00"
time(10, 20, 30, -@"PT1H30M") => @"10:20:30-01:30"
time(10, 20, 30, @"PT0S") => @"10:20:30Z"
time(10, 20, 30, @"PT14H1M") => null
time(10, 20, 30, @"P1Y") => null
time(hour: 10, minute: 20, second: 30, offset: @"PT1H") => @"10:20:30+01:00"
time(24, 0, 0) => null
time(10, 60, 0) => null
time(10, 0, 60) => null
time(-1, 0, 0) => null
time(10, null, 0) => null
time(10, 20) => null
date and time("2012-12-24T23:59:00") => @"2012-12-24T23:59:00"
date and time("2012-12-24T24:00:00") => @"2012-12-25T00:00:00"
date and time("2012-12-31T24:00:00Z") => @"2013-01-01T00:00:00Z"
date and time("2012-12-24T24:00:01") => null
date and time("2012-12-24T23:59:00@Europe/Paris") => @"2012-12-24T23:59:00@Europe/Paris"
date and time("2012-12-24T23:59:00-08:00").time offset => -@"PT8H"
date and time("2012-12-24 23:59:00") => null
date and time("2012-12-24T23:59") => null
date and time("2012-12-24T") => null
date and time("2012-02-30T10:00:00") => null
date and time("99999-12-24T23:59:00").year => 99999
date and time("-2012-12-24T23:59:00.5Z") => @"-2012-12-24T23:59:00.5Z"
date and time(null) => null
date and time(1) => null
date and time() => null
date and time(from: "2012-12-24T23:59:00") => @"2012-12-24T23:59:00"
date and time(@"2012-12-24", @"23:59:00") => @"2012-12-24T23:59:00"
date and time(@"2012-12-24T10:00:00Z", @"23:59:00") => @"2012-12-24T23:59:00"
date and time(@"2012-12-24", @"23:59:00@Europe/Paris") => @"2012-12-24T23:59:00@Europe/Paris"
date and time(date: @"2012-12-24", time: @"23:59:00") => @"2012-12-24T23:59:00"
date and time(@"2012-12-24", null) => null
date and time(null, @"23:59:00") => null
date and time("2012-12-24", "23:59:00") => null
"""

DURATIONS = r"""
duration("P1D") => @"P1D"
duration("-P1DT2H") => -@"P1DT2H"
duration("P") => null
duration("PT") => null
duration("P1YT") => null
duration("P1DT") => null
duration("P1Y2M3D") => null
duration("P1YT1H") => null
duration("P1W") => null
duration("+P1D") => null
duration("P-1D") => null
duration("p1d") => null
duration("P1.5D") => null
duration("PT1.5H") => null
duration("PT1.5S") => @"PT1.5S"
duration("PT.5S") => null
duration("P14M") = duration("P1Y2M") => true
duration("PT36H") = duration("P1DT12H") => true
duration("PT0S") = duration("P0D") => true
duration("P0Y") = duration("P0D") => null
duration("") => null
duration(null) => null
duration(1) => null
duration() => null
duration(from: "P1D") => @"P1D"
years and months duration(@"2011-12-22", @"2013-08-24") => @"P1Y8M"
years and months duration(@"2013-08-24", @"2011-12-22") => -@"P1Y8M"
years and months duration(@"2015-01-31", @"2015-02-28") => @"P0M"
years and months duration(@"2015-01-15", @"2015-02-15") => @"P1M"
years and months duration(@"2015-01-16", @"2015-02-15") => @"P0M"
years and months duration(@"2015-02-15", @"2015-01-16") => @"P0M"
years and months duration(@"2011-12-22T10:00:00Z", @"2013-08-24") => @"P1Y8M"
years and months duration(from: @"2011-12-22", to: @"2013-08-24") => @"P1Y8M"
years and months duration(@"2011-12-22", null) => null
years and months duration(null, @"2011-12-22") => null
years and months duration("2011-12-22", "2013-08-24") => null
years and months duration(@"2011-12-22") => null
years and months duration(@"-0001-01-01", @"0001-01-01") => @"P2Y"
"""

RANGES = r"""
range("[18..21)") => [18..21)
range("[18..21]") => [18..21]
range("(18..21]") => (18..21]
range("]18..21[") => (18..21)
range("[2..)").start => 2
range("[2..)").end => null
range("(..2)").end => 2
5 in range("[2..)") => true
1 in range("[2..)") => false
2 in range("(2..)") => false
2 in range("(..2]") => true
range("(..)") => null
range("[..2]") => null
range("[2..]") => null
range("") => null
range("[]") => null
range("[1]") => null
range("[5..1]") => null
range("[1..\"a\"]") => null
range("[\"a\"..\"c\"]") => ["a".."c"]
range("[date(\"2020-01-01\")..date(\"2020-12-31\")]") => [@"2020-01-01"..@"2020-12-31"]
range("[@\"2020-01-01\"..@\"2020-12-31\"]") => [@"2020-01-01"..@"2020-12-31"]
range("[duration(\"P1D\")..duration(\"P2D\")]") => [@"P1D"..@"P2D"]
range("[1+1..5]") => null
range("[a..5]") => null
range(null) => null
range(1) => null
range() => null
range(from: "[1..2]") => [1..2]
"""


@pytest.mark.parametrize(("expression", "value"), lines(NUMBERS_AND_STRINGS))
def test_numbers_and_strings(expression: str, value: str) -> None:
    check(expression, value)


@pytest.mark.parametrize(("expression", "value"), lines(MOMENTS))
def test_dates_and_times(expression: str, value: str) -> None:
    check(expression, value)


@pytest.mark.parametrize(("expression", "value"), lines(DURATIONS))
def test_durations(expression: str, value: str) -> None:
    check(expression, value)


@pytest.mark.parametrize(("expression", "value"), lines(RANGES))
def test_ranges_from_text(expression: str, value: str) -> None:
    check(expression, value)
