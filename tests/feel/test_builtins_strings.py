"""String functions (DMN 1.5, 10.3.4.3), clause by clause."""

from __future__ import annotations

import pytest

from tests.feel.cases import check, lines

STRINGS = r"""
substring("foobar", 3) => "obar"
substring("foobar", 3, 3) => "oba"
substring("foobar", -2, 1) => "a"
substring("foobar", -6) => "foobar"
substring("foobar", -7) => null
substring("foobar", 0) => null
substring("foobar", 6) => "r"
substring("foobar", 7) => null
substring("foobar", 3, 100) => "obar"
substring("foobar", 3, 0) => null
substring("foobar", 3, -1) => null
substring("foobar", 3.8) => "obar"
substring("foobar", 3, 2.9) => "ob"
substring("", 1) => null
substring("\U01F40Eab", 2) => "ab"
substring("\U01F40Eab", 1, 1) => "\U01F40E"
substring("\U01F40Eab", -1) => "b"
substring("foo", "1") => null
substring(null, 1) => null
substring("foo", null) => null
substring("foo") => null
substring("foo", 1, 2, 3) => null
substring(["foobar"], [3]) => "obar"
substring(["foo", "bar"], 1) => null
substring(string: "foobar", start position: 3) => "obar"
substring(length: 2, start position: 3, string: "foobar") => "ob"
substring(string: "foobar", start: 3) => null
substring(string: "foobar", length: 3) => null
string length("") => 0
string length("foo") => 3
string length("\U01F40Eab") => 3
string length("\uD83D\uDC0Eab") => 3
string length(string: "ab") => 2
string length(text: "ab") => null
string length() => null
string length("a", "b") => null
string length(5) => null
string length(null) => null
string length(["ab"]) => 2
upper case("aBc4") => "ABC4"
upper case("ß") => "SS"
upper case(string: "a") => "A"
upper case(1) => null
upper case(null) => null
upper case() => null
lower case("aBc4") => "abc4"
lower case("ŁÓDŹ") => "łódź"
lower case(string: "A") => "a"
lower case(true) => null
substring before("foobar", "bar") => "foo"
substring before("foobar", "xyz") => ""
substring before("foobar", "o") => "f"
substring before("foobar", "") => ""
substring before("", "a") => ""
substring before("", "") => ""
substring before(string: "foobar", match: "bar") => "foo"
substring before("foobar", null) => null
substring before("foobar", 1) => null
substring before("foobar") => null
substring after("foobar", "ob") => "ar"
substring after("", "a") => ""
substring after("foobar", "") => "foobar"
substring after("foobar", "xyz") => ""
substring after("foobar", "o") => "obar"
substring after("a\U01F40Eb", "\U01F40E") => "b"
substring after(match: "ob", string: "foobar") => "ar"
substring after(null, "a") => null
contains("foobar", "of") => false
contains("foobar", "ob") => true
contains("foobar", "") => true
contains("", "") => true
contains(string: "foobar", match: "ba") => true
contains("foobar", null) => null
contains(["foobar"], "o") => true
contains(1, "1") => null
starts with("foobar", "fo") => true
starts with("foobar", "Fo") => false
starts with("foobar", "") => true
starts with(match: "fo", string: "foobar") => true
starts with(null, null) => null
starts with("a") => null
ends with("foobar", "r") => true
ends with("foobar", "") => true
ends with(string: "foobar", match: "x") => false
ends with("foobar", 1) => null
string join(["a", "b", "c"], "_and_") => "a_and_b_and_c"
string join(["a", "b", "c"], "") => "abc"
string join(["a", "b", "c"], null) => "abc"
string join(["a", null, "c"]) => "ac"
string join(["a"], "X") => "a"
string join([], "X") => ""
string join([null], "X") => ""
string join("a", "X") => "a"
string join(list: ["a", "b"], delimiter: ",") => "a,b"
string join(list: ["a", "b"]) => "ab"
string join(delimiter: ",") => null
string join([1, 2], ",") => null
string join(["a", ["b"]], ",") => null
string join(null, ",") => null
string join(["a"], 1) => null
string join() => null
"""

PATTERNS = r"""
matches("foobar", "^fo*b") => true
matches("foobar", "FO", "i") => true
matches("foobar", "FO") => false
matches("foobar", "") => true
matches("", "") => true
matches("abc", "b", "") => true
matches("abc", "b", null) => true
matches("abc", "b", "z") => null
matches("abc", "[") => null
matches("abc", "(") => null
matches("abc", "a{2,1}") => null
matches("abc", "a**") => null
matches("abc", "\\b") => null
matches("abc", "(?=a)") => null
matches("abc", "a b c", "x") => true
matches("a c", "a[ ]c", "x") => true
matches("a\nb", "a.b") => false
matches("a\nb", "a.b", "s") => true
matches("a\nb", "^b$") => false
matches("a\nb", "^b$", "m") => true
matches("a.b", "a.b", "q") => true
matches("axb", "a.b", "q") => false
matches("AxB.", "xb.", "qi") => true
matches("abab", "(ab)\\1") => true
matches("abcd", "(ab)\\1") => false
matches("a", "(a)\\2") => null
matches("x-y", "[a-z-[y]]-y") => true
matches("y-y", "^[a-z-[y]]-y") => false
matches("Ł", "\\p{Lu}") => true
matches("Ł", "\\P{Lu}") => false
matches("Ж", "\\p{IsCyrillic}") => true
matches("a", "\\p{Nope}") => null
matches("١", "\\d") => true
matches("\U01F40E", "^.$") => true
matches("x", "[^x]") => false
matches("ab", "a{1}b{1,}") => true
matches("aaa", "^a{2}$") => false
matches("]", "\\]") => true
matches("a", "]") => null
matches(input: "foobar", pattern: "^fo*b") => true
matches(input: "foobar", pattern: "^FO*b", flags: "i") => true
matches(string: "foobar", pattern: "^fo*b") => null
matches("foobar") => null
matches(null, "a") => null
matches("a", null) => null
matches(1, "1") => null
matches(["foobar"], ["^fo*b"]) => true
replace("abcd", "(ab)|(a)", "[1=$1][2=$2]") => "[1=ab][2=]cd"
replace("abracadabra", "bra", "*") => "a*cada*"
replace("abracadabra", "a.*a", "*") => "*"
replace("abracadabra", "a.*?a", "*") => "*c*bra"
replace("abracadabra", "a", "") => "brcdbr"
replace("abracadabra", "a(.)", "a$1$1") => "abbraccaddabbra"
replace("AAAA", "A+", "b") => "b"
replace("AAAA", "A+?", "b") => "bbbb"
replace("darted", "^(.*?)d(.*)$", "$1c$2") => "carted"
replace("abc", ".*?", "x") => null
replace("abc", "", "x") => null
replace("abc", "b", "$") => null
replace("abc", "b", "\\") => null
replace("abc", "b", "\\$") => "a$c"
replace("abc", "b", "$0$0") => "abbc"
replace("abc", "b", "[$1]") => "a[]c"
replace("a.b.c", ".", "-", "q") => "a-b-c"
replace("a.b", ".", "$1", "q") => "a$1b"
replace("a.b", ".", "\\", "q") => "a\\b"
replace("aXb", "x", "-", "i") => "a-b"
replace("foobar", "^fo*b", "b", "ix") => "bar"
replace("abc", "[", "x") => null
replace("abc", "b", "x", "z") => null
replace(input: "abc", pattern: "b", replacement: "x") => "axc"
replace(input: "abc", pattern: "B", replacement: "x", flags: "i") => "axc"
replace("abc", "b") => null
replace("abc", "b", null) => null
replace(null, "b", "x") => null
replace("", "a", "x") => ""
split("John Doe", "\\s") => ["John", "Doe"]
split("a;b;c;;", ";") => ["a", "b", "c", "", ""]
split("", ";") => [""]
split("abc", "x") => ["abc"]
split("abc", "") => null
split("abc", "x*") => null
split("abc", "[") => null
split(string: "a;b", delimiter: ";") => ["a", "b"]
split(delimiter: ";", string: "a;b") => ["a", "b"]
split("a.b", "\\.") => ["a", "b"]
split("a\U01F40Eb", "\U01F40E") => ["a", "b"]
split("abc", null) => null
split(null, ";") => null
split("abc") => null
split("a", "b", "c") => null
"""


@pytest.mark.parametrize(("expression", "value"), lines(STRINGS))
def test_strings(expression: str, value: str) -> None:
    check(expression, value)


@pytest.mark.parametrize(("expression", "value"), lines(PATTERNS))
def test_regular_expressions(expression: str, value: str) -> None:
    """The patterns are those of XQuery 1.0 and XPath 2.0 Functions and Operators, 7.6."""
    check(expression, value)
