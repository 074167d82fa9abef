"""Numeric, boolean and context functions (DMN 1.5, 10.3.4.2, 10.3.4.5 and 10.3.4.10), clause by clause."""

from __future__ import annotations

import pytest

from tests.feel.cases import check, lines

NUMBERS = r"""
decimal(1/3, 2) => 0.33
decimal(1.5, 0) => 2
decimal(2.5, 0) => 2
decimal(-2.5, 0) => -2
decimal(125, -1) => 120
decimal(135, -1) => 140
decimal(1.115, 2.9) => 1.12
decimal(1, 6176) => 1
decimal(1, 6177) => null
decimal(1, -6111) => 0
decimal(1, -6112) => null
decimal(n: 2.5, scale: 0) => 2
decimal(2.5) => null
decimal(null, 1) => null
decimal(1, null) => null
decimal("1", 1) => null
decimal([1.55], [1]) => 1.6
floor(1.5) => 1
floor(-1.5) => -2
floor(-1.56, 1) => -1.6
floor(15, -1) => 10
floor(1.5, 6177) => null
floor(n: 1.5) => 1
floor(n: -1.56, scale: 1) => -1.6
floor() => null
floor(null) => null
floor("1") => null
floor(1.5, null) => null
ceiling(1.5) => 2
ceiling(-1.5) => -1
ceiling(-1.56, 1) => -1.5
ceiling(n: 1.2) => 2
ceiling(n: 1.21, scale: 1) => 1.3
ceiling(null) => null
round up(5.5, 0) => 6
round up(-5.5, 0) => -6
round up(1.121, 2) => 1.13
round up(-1.126, 2) => -1.13
round up(5, 0) => 5
round up(5.5) => null
round up(n: 1.121, scale: 2) => 1.13
round up(null, 0) => null
round up(1, 6177) => null
round down(5.5, 0) => 5
round down(-5.5, 0) => -5
round down(1.129, 2) => 1.12
round down(n: -1.129, scale: 2) => -1.12
round down(5.5, null) => null
round half up(5.5, 0) => 6
round half up(-5.5, 0) => -6
round half up(1.125, 2) => 1.13
round half up(1.1249, 2) => 1.12
round half up(n: 5.5, scale: 0) => 6
round half down(5.5, 0) => 5
round half down(-5.5, 0) => -5
round half down(1.126, 2) => 1.13
round half down(n: 5.5, scale: 0) => 5
abs(10) => 10
abs(-10) => 10
abs(@"PT5H") => @"PT5H"
abs(-@"PT5H") => @"PT5H"
abs(@"-P2M") => @"P2M"
abs(n: -1) => 1
abs("1") => null
abs(null) => null
abs() => null
modulo(12, 5) => 2
modulo(-12, 5) => 3
modulo(12, -5) => -3
modulo(-12, -5) => -2
modulo(10.1, 4.5) => 1.1
modulo(-10.1, 4.5) => 3.4
modulo(10.1, -4.5) => -3.4
modulo(-10.1, -4.5) => -1.1
modulo(1, 0) => null
modulo(dividend: 12, divisor: 5) => 2
modulo(1e33, 3) => 1
modulo(null, 1) => null
modulo(1) => null
sqrt(16) => 4
sqrt(0) => 0
sqrt(-1) => null
sqrt(number: 4) => 2
sqrt("4") => null
sqrt(null) => null
decimal(log(10), 8) => 2.30258509
log(1) => 0
log(0) => null
log(-1) => null
log(number: 1) => 0
log(null) => null
decimal(exp(5), 8) => 148.41315910
exp(0) => 1
exp(number: 0) => 1
exp(1e10) => null
exp(-1e10) => 0
exp(null) => null
odd(5) => true
odd(2) => false
odd(0) => false
odd(-1) => true
odd(5.5) => false
odd(number: 5) => true
odd(null) => null
odd("5") => null
even(5) => false
even(2) => true
even(0) => true
even(-2) => true
even(2.5) => false
even(1e40) => true
odd(1e40) => false
even(number: 2) => true
even(null) => null
not(true) => false
not(false) => true
not(null) => null
not(0) => null
not("true") => null
not(negand: true) => false
not() => null
not(true, false) => null
not([true]) => false
"""

CONTEXTS = r"""
get value({key1: "value1"}, "key1") => "value1"
get value({key1: "value1"}, "unexistent-key") => null
get value(m: {a: 1}, key: "a") => 1
get value({a: {b: 1}}, "a") => {b: 1}
get value({a: 1}, null) => null
get value(null, "a") => null
get value({a: 1}, 1) => null
get value({a: 1}) => null
get value("a", "a") => null
get value({"a b": 1}, "a b") => 1
get entries({key1: "value1", key2: 2}) => [{key: "key1", value: "value1"}, {key: "key2", value: 2}]
get entries({}) => []
get entries(m: {a: null}) => [{key: "a", value: null}]
get entries({a: 1})[key = "a"].value => [1]
get entries(null) => null
get entries("a") => null
get entries() => null
context([{key: "a", value: 1}, {key: "b", value: 2}]) => {a: 1, b: 2}
context([{key: "a", value: null}]) => {a: null}
context([]) => {}
context([{key: "a"}]) => null
context([{value: "a"}]) => null
context([{key: 1, value: 1}]) => null
context([{key: null, value: 1}]) => null
context([{key: "a", value: 1}, {key: "a", value: 2}]) => null
context([{key: "a", value: 1, other: 3}]) => {a: 1}
context([1]) => null
context([null]) => null
context(null) => null
context({key: "a", value: 1}) => {a: 1}
context(entries: [{key: "a", value: 1}]) => {a: 1}
context(get entries({a: 1})) => {a: 1}
context put({x: 1}, "y", 2) => {x: 1, y: 2}
context put({x: 1}, "x", 2) => {x: 2}
context put({x: 1}, "y", null) => {x: 1, y: null}
context put({}, "y", 2) => {y: 2}
context put({x: 1, y: {a: 0}}, ["y", "a"], 2) => {x: 1, y: {a: 2}}
context put({x: 1}, ["y"], 2) => {x: 1, y: 2}
context put({x: 1}, [], 2) => null
context put({x: 1}, [1], 2) => null
context put({x: 1}, [null], 2) => null
context put({x: 1}, null, 2) => null
context put(null, "y", 2) => null
context put({x: 1}, 1, 2) => null
context put({x: 1}, "y") => null
context put(context: {x: 1}, key: "y", value: 2) => {x: 1, y: 2}
context put(context: {x: 1}, keys: ["y"], value: 2) => {x: 1, y: 2}
context merge([{x: 1}, {y: 2}]) => {x: 1, y: 2}
context merge([{x: 1, y: 0}, {y: 2}]) => {x: 1, y: 2}
context merge([]) => {}
context merge({x: 1}) => {x: 1}
context merge([{x: 1}, null]) => null
context merge([1]) => null
context merge(null) => null
context merge(contexts: [{x: 1}]) => {x: 1}
"""


@pytest.mark.parametrize(("expression", "value"), lines(NUMBERS))
def test_numbers(expression: str, value: str) -> None:
    check(expression, value)


@pytest.mark.parametrize(("expression", "value"), lines(CONTEXTS))
def test_contexts(expression: str, value: str) -> None:
    check(expression, value)
