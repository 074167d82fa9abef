"""Tokens to syntax tree, by recursive descent (DMN 1.5, 10.3.1.2). Evaluates nothing."""

from __future__ import annotations

from decimal import Overflow

from bpm.feel import tree
from bpm.feel.errors import FeelError
from bpm.feel.lexer import unescape
from bpm.feel.limits import MAX_NESTING
from bpm.feel.names import KEYWORDS
from bpm.feel.texts import _
from bpm.feel.token_reader import TokenReader
from bpm.feel.values import NUMBERS, plain

COMPARISONS = {"=": "=", "==": "=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_CHAINS = ({"+", "-"}, {"*", "/"}, {"**"})
_ARITHMETIC = {"+", "-", "*", "/", "**"}
_CONSTANTS = {"true": True, "false": False, "null": None}
_ENDS_BEFORE = {"", ",", ")", "]", "}", ":", "and", "or", "then", "else", "return", "satisfies", "="}
_MAX_LINKS = 200


class Parser(TokenReader):
    """One pass over the tokens of one text."""

    # ------------------------------------------------------------ whole texts

    def whole(self) -> tree.Node:
        """Read an expression that takes the whole text."""
        node = self.expression()
        self.end()
        return node

    def cell(self) -> tree.Tests:
        """Read the content of a decision table's input cell (rules 14-18)."""
        if self.token.kind == "end":
            return tree.Tests((), start=0, end=0)
        if self.at("-") and self.tokens[1].kind == "end":
            self.take()
            return tree.Tests((), False, **self.span(0))
        if self.at("not") and self.tokens[1].text == "(":
            self.index = 2
            try:
                tests = self.tests()
                self.expect(")")
                self.end()
                return tree.Tests(tests, True, **self.span(0))
            except FeelError as error:
                self.retry(0, 0, error)  # "not(…)" was the beginning of an ordinary expression
        tests = self.tests()
        self.end()
        return tree.Tests(tests, False, **self.span(0))

    def tests(self) -> tuple[tree.Node, ...]:
        items = [self.expression()]
        while self.accept(","):
            items.append(self.expression())
        return tuple(items)

    def comparing(self) -> tree.Node:
        start = self.token.start
        operator = COMPARISONS[self.take().text]
        return tree.Comparing(operator, self.chain(0), **self.span(start))

    # ------------------------------------------------------------ by rank, loosest first

    def expression(self) -> tree.Node:
        self.depth += 1
        if self.depth > MAX_NESTING:
            raise FeelError(_("The expression is nested too deep."), self.token.start, self.text)
        bare = self.token.kind == "op" and self.token.text in COMPARISONS  # rule 2h: ``< 5`` is a range
        node = self.comparing() if bare else self.logic("or")
        self.depth -= 1
        return node

    def logic(self, word: str) -> tree.Node:
        start = self.token.start
        operands = [self.logic("and") if word == "or" else self.comparison()]
        while self.accept(word):
            operands.append(self.logic("and") if word == "or" else self.comparison())
        return operands[0] if len(operands) == 1 else tree.Logic(word, tuple(operands), **self.span(start))

    def comparison(self) -> tree.Node:
        start = self.token.start
        node = self.chain(0)
        for _link in range(_MAX_LINKS):
            if self.token.kind == "op" and self.token.text in COMPARISONS:
                operator = COMPARISONS[self.take().text]
                node = tree.Comparison(operator, node, self.chain(0), **self.span(start))
            elif self.accept("between"):
                low = self.chain(0)
                self.expect("and")
                node = tree.Between(node, low, self.chain(0), **self.span(start))
            elif self.accept("in"):
                node = tree.In(node, self.membership(), **self.span(start))
            else:
                return node
        raise self.too_long()

    def membership(self) -> tuple[tree.Node, ...]:
        """Read what follows ``in``: one test, or several in brackets."""
        start, depth = self.index, self.depth
        if self.accept("("):
            try:
                first = self.expression()
                if self.at(".."):
                    return (self.range_from(first, self.tokens[start].start, False),)
                tests = (first, *(self.tests() if self.accept(",") else ()))
                self.expect(")")
                if not self.at("+", "-", "*", "/", "**", "[", ".", "("):
                    return tests
                raise self.fault()
            except FeelError as error:
                # an expression that begins with a bracket
                self.retry(start, depth, error)
        if self.token.kind == "op" and self.token.text in COMPARISONS:
            return (self.comparing(),)
        return (self.chain(0),)

    def chain(self, rank: int) -> tree.Node:
        """Read an operand and the arithmetic operators behind it, those of ``rank`` and tighter ones."""
        start = self.token.start
        first = self.unary()
        token = self.token
        if token.kind != "op" or token.text not in _ARITHMETIC:
            return first  # most operands stand alone
        return self.climb(first, start, rank)

    def climb(self, first: tree.Node, start: int, rank: int) -> tree.Node:
        if rank < 2:
            first = self.climb(first, start, rank + 1)
        operators = _CHAINS[rank]
        terms = []
        while self.token.kind == "op" and self.token.text in operators:
            sign = self.take()
            operand = self.chain(rank + 1) if rank < 2 else self.unary()
            terms.append(tree.Term(sign.text, operand, **self.span(sign.start)))
        return tree.Chain(first, tuple(terms), **self.span(start)) if terms else first

    def unary(self) -> tree.Node:
        start = self.token.start
        signs = 0
        while self.accept("-"):
            signs += 1
        if signs > MAX_NESTING:
            raise FeelError(_("The expression is nested too deep."), start, self.text)
        node = self.postfix()
        for _sign in range(signs):
            node = tree.Negate(node, **self.span(start))
        while self.at("instance") and self.tokens[self.index + 1].text == "of":
            self.index += 2
            node = tree.InstanceOf(node, self.type(), **self.span(start))
        return node

    def postfix(self) -> tree.Node:
        start = self.token.start
        node = self.primary()
        for _link in range(_MAX_LINKS):
            if self.token.kind != "op":
                return node
            if self.accept("."):
                node = tree.Path(node, self.name(), **self.span(start))
            elif self.at("("):
                node = tree.Call(node, self.arguments(), **self.span(start))
            elif self.at("[") and not self.closes_range():
                self.take()
                condition = self.expression()
                self.expect("]")
                node = tree.Filter(node, condition, **self.span(start))
            else:
                return node
        raise self.too_long()

    def closes_range(self) -> bool:
        """Tell whether ``[`` is the open end of a range such as ``]1..5[``."""
        following = self.tokens[self.index + 1]
        return following.kind in ("op", "name", "end") and following.text in _ENDS_BEFORE

    # ------------------------------------------------------------ primaries

    def primary(self) -> tree.Node:
        token = self.token
        if token.kind == "name":
            return self.word()
        if token.kind == "number":
            return self.number()
        if token.kind == "string":
            self.take()
            return tree.Literal(unescape(token.text), **self.span(token.start))
        if token.text == "(":
            return self.bracket()
        if token.text in ("[", "]"):
            return self.square()
        if token.text == "{":
            return self.context()
        if token.text == "@":
            self.take()
            if self.token.kind != "string":
                raise self.fault(_("a text in quotation marks"))
            return tree.AtLiteral(unescape(self.take().text), **self.span(token.start))
        raise self.fault(_("a value"))

    def number(self) -> tree.Node:
        token = self.take()
        try:
            value = plain(NUMBERS.create_decimal(token.text))
        except Overflow:
            raise FeelError(_("This number is too big."), token.start, self.text) from None
        return tree.Literal(value, **self.span(token.start))

    def word(self) -> tree.Node:
        token = self.token
        known = self.known.find(self.tokens, self.index)
        if token.text in KEYWORDS and known is None:
            if token.text in _CONSTANTS and self.tokens[self.index + 1].kind not in ("name", "number"):
                self.take()
                return tree.Literal(_CONSTANTS[token.text], **self.span(token.start))
            match token.text:
                case "if":
                    return self.conditional()
                case "for":
                    return self.iteration()
                case "some" | "every":
                    return self.quantified()
                case "function":
                    return self.function()
                case "true" | "false" | "null":
                    self.take()
                    return tree.Literal(_CONSTANTS[token.text], **self.span(token.start))
            raise self.fault(_("a value"))
        return tree.Name(self.name(), **self.span(token.start))

    def conditional(self) -> tree.Node:
        start = self.expect("if").start
        condition = self.expression()
        self.expect("then")
        then = self.expression()
        self.expect("else")
        return tree.If(condition, then, self.expression(), **self.span(start))

    def iterators(self, closing: str) -> tuple[tree.Iterator, ...]:
        """Read ``name in source, …`` up to the word ``closing``."""
        found = []
        while True:
            start = self.token.start
            name = self.free_name("in")
            self.take()
            source = self.expression()
            last = self.expression() if closing == "return" and self.accept("..") else None
            found.append(tree.Iterator(name, source, last, **self.span(start)))
            self.known.add(name)
            if not self.accept(","):
                self.expect(closing)
                return tuple(found)

    def iteration(self) -> tree.Node:
        start = self.expect("for").start
        mark = self.known.mark()
        iterators = self.iterators("return")
        body = self.expression()
        self.known.forget(mark)
        return tree.For(iterators, body, **self.span(start))

    def quantified(self) -> tree.Node:
        word = self.take()
        mark = self.known.mark()
        iterators = self.iterators("satisfies")
        condition = self.expression()
        self.known.forget(mark)
        return tree.Quantified(word.text, iterators, condition, **self.span(word.start))

    def function(self) -> tree.Node:
        start = self.expect("function").start
        self.expect("(")
        mark = self.known.mark()
        parameters: list[tree.Parameter] = []
        while not self.at(")"):
            place = self.token.start
            name = self.parameter_name()
            kind = self.type() if self.accept(":") else None
            parameters.append(tree.Parameter(name, kind, **self.span(place)))
            self.known.add(name)
            if not self.accept(","):
                break
        self.expect(")")
        external = self.accept("external")
        body = self.expression()
        self.known.forget(mark)
        return tree.FunctionNode(tuple(parameters), body, external, **self.span(start))

    def parameter_name(self) -> str:
        start = self.index
        for closing in (":", ",", ")"):
            try:
                return self.free_name(closing)
            except FeelError:
                self.index = start
        raise self.fault(_("a name"))

    def arguments(self) -> tuple[tree.Argument, ...]:
        self.expect("(")
        found: list[tree.Argument] = []
        while not self.at(")"):
            start = self.token.start
            name = self.argument_name()
            if found and bool(name) != bool(found[0].name):
                raise FeelError(_("Name either all arguments of a call or none of them."), start, self.text)
            found.append(tree.Argument(name, self.expression(), **self.span(start)))
            if not self.accept(","):
                break
        self.expect(")")
        return tuple(found)

    def argument_name(self) -> str:
        """Read ``name :`` if it stands here."""
        start = self.index
        if self.token.kind in ("name", "string"):
            try:
                name = self.free_name(":")
                self.take()
                return name
            except FeelError:
                self.index = start
        return ""

    def bracket(self) -> tree.Node:
        """Read ``(expression)``, a range ``(1..5]`` or a range ``(< 5)``."""
        start = self.expect("(").start
        node = self.expression()
        if self.at(".."):
            return self.range_from(node, start, False)
        self.expect(")")
        return node

    def square(self) -> tree.Node:
        """Read a list, or a range that begins with ``[`` or ``]``."""
        opening = self.take()
        items: list[tree.Node] = []
        while opening.text == "]" or not self.at("]"):
            items.append(self.expression())
            if len(items) == 1 and self.at(".."):
                return self.range_from(items[0], opening.start, opening.text == "[")
            if opening.text == "]":
                raise self.fault("..")
            if not self.accept(","):
                break
        self.expect("]")
        return tree.ListNode(tuple(items), **self.span(opening.start))

    def range_from(self, low: tree.Node, start: int, low_included: bool) -> tree.Node:
        self.expect("..")
        high = self.expression()
        if not self.at("]", ")", "["):
            raise self.fault("]")
        closing = self.take().text
        return tree.RangeNode(low, high, low_included, closing == "]", **self.span(start))

    def context(self) -> tree.Node:
        start = self.expect("{").start
        mark = self.known.mark()
        entries: list[tree.Entry] = []
        while not self.at("}"):
            place = self.token.start
            key = self.free_name(":")
            self.take()
            entries.append(tree.Entry(key, self.expression(), **self.span(place)))
            self.known.add(key)
            if not self.accept(","):
                break
        self.expect("}")
        self.known.forget(mark)
        return tree.ContextNode(tuple(entries), **self.span(start))
