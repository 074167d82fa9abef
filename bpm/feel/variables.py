"""Which names an expression reads, found without evaluating it."""

from __future__ import annotations

from bpm.feel import tree


class _Names:
    def __init__(self) -> None:
        self.read: set[str] = set()
        self.called: set[str] = set()
        self.maybe: set[str] = set()


def names_of(node: tree.Node) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Return (variables, possible variables, called names).

    A name in a filter's condition may belong to the list's items, so it is only possible.
    """
    found = _Names()
    _visit(node, frozenset(), found, False)
    return frozenset(found.read), frozenset(found.maybe - found.read), frozenset(found.called)


def _visit(node: tree.Node, bound: frozenset[str], found: _Names, filtering: bool) -> None:
    match node:
        case tree.Name(name):
            if name not in bound:
                (found.maybe if filtering else found.read).add(name)
        case tree.Call(tree.Name(name), arguments):
            if name not in bound:
                found.called.add(name)
            for argument in arguments:
                _visit(argument.value, bound, found, filtering)
        case tree.For(iterators, body) | tree.Quantified(_, iterators, body):
            for iterator in iterators:
                _visit(iterator.source, bound, found, filtering)
                if iterator.last is not None:
                    _visit(iterator.last, bound, found, filtering)
                bound = bound | {iterator.name}
            _visit(body, bound | {"partial"} if isinstance(node, tree.For) else bound, found, filtering)
        case tree.FunctionNode(parameters, body, external):
            if not external:
                _visit(body, bound | {parameter.name for parameter in parameters}, found, filtering)
        case tree.ContextNode(entries):
            for entry in entries:
                _visit(entry.value, bound, found, filtering)
                bound = bound | {entry.key}
        case tree.In(value, tests):
            _visit(value, bound, found, filtering)
            for test in tests:
                _visit(test, bound | {"?"}, found, filtering)
        case tree.Filter(source, condition):
            _visit(source, bound, found, filtering)
            _visit(condition, bound | {"item"}, found, True)
        case _:
            for child in tree.children(node):
                _visit(child, bound, found, filtering)
