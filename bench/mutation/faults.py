"""Small faults: what can be changed in a module or a rule table, and the text with the change in it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

TABLES = "rule tables"
"""The group of the faults of tables."""

_FLIPPED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_NEVER_RUN = ("TYPE_CHECKING", "__name__ == '__main__'")


@dataclass(frozen=True, slots=True)
class Fault:
    """A place that can be changed: the file, its line, the kind of change, and its ``number`` there."""

    group: str
    path: Path
    line: int
    kind: str
    number: int


def code_faults(group: str, path: Path, text: str) -> Iterator[Fault]:
    """Yield every fault that can be put into a module."""
    for number, (node, kind) in enumerate(_places(ast.parse(text))):
        yield Fault(group, path, _line(node, kind), kind, number)


def _line(node: ast.AST, kind: str) -> int:
    """The line of what is changed: of a function its last statement, or the one before."""
    if isinstance(node, ast.FunctionDef):
        return node.body[-2 if kind == "statement dropped" else -1].lineno
    return getattr(node, "lineno", 0)


def table_faults(path: Path, text: str) -> Iterator[Fault]:
    """Yield for every cell of a rule table but its source the fault that it is taken from the row below."""
    rows = [line.split("\t") for line in text.splitlines()]
    lines = [n for n, row in enumerate(rows) if row != [""] and not row[0].startswith("#")][1:]
    for here, below in pairwise(lines):
        for place, cell in enumerate(rows[here][:-1]):
            if cell != rows[below][place]:
                yield Fault(TABLES, path, here + 1, "cell", place)


def with_fault(fault: Fault, text: str) -> tuple[str, str]:
    """Return the text of the file with the fault in it, and what was changed in words."""
    if fault.group == TABLES:
        lines = text.splitlines()
        here = fault.line - 1
        below = next(n for n in range(here + 1, len(lines)) if lines[n] and not lines[n].startswith("#"))
        cells, another = lines[here].split("\t"), lines[below].split("\t")[fault.number]
        before, cells[fault.number] = cells[fault.number], another
        lines[here] = "\t".join(cells)
        return "\n".join(lines) + "\n", f"{before[:50]} -> {another[:50]}"
    tree = ast.parse(text)
    node, kind = next(pair for n, pair in enumerate(_places(tree)) if n == fault.number)
    before = ast.unparse(node)
    _CHANGES[kind](node)
    ast.fix_missing_locations(tree)
    return ast.unparse(tree), f"{before.splitlines()[0][:50]} -> {ast.unparse(node).splitlines()[0][:50]}"


def _places(tree: ast.AST) -> Iterator[tuple[ast.AST, str]]:
    """The nodes that can be changed, with the kind of change; nothing in annotations and decorators."""
    for node in _walk(tree):
        if isinstance(node, ast.BoolOp):
            yield node, "condition dropped"
        elif isinstance(node, ast.If | ast.IfExp):
            yield node, "condition turned"
        elif isinstance(node, ast.Compare) and type(node.ops[0]) in _FLIPPED:
            yield node, "comparison flipped"
        elif isinstance(node, ast.Constant) and type(node.value) in (int, float, bool):
            yield node, "constant"
        elif isinstance(node, ast.Call) and len(node.args) > 1 and not isinstance(node.args[0], ast.Starred):
            yield node, "arguments swapped"
        elif isinstance(node, ast.FunctionDef):
            first = 1 if ast.get_docstring(node) else 0
            if len(node.body) > first + 1:
                yield node, "statement dropped"
                yield node, "returned early"


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "type_params", "format_spec"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.If) and ast.unparse(child.test) in _NEVER_RUN:
                continue
            if isinstance(child, ast.AST):
                yield child
                yield from _walk(child)


def _drop_condition(node: ast.AST) -> None:
    assert isinstance(node, ast.BoolOp)
    node.values = node.values[:-1]


def _turn(node: ast.AST) -> None:
    assert isinstance(node, ast.If | ast.IfExp)
    node.test = ast.UnaryOp(ast.Not(), node.test)


def _flip(node: ast.AST) -> None:
    assert isinstance(node, ast.Compare)
    node.ops[0] = _FLIPPED[type(node.ops[0])]()


def _change_constant(node: ast.AST) -> None:
    assert isinstance(node, ast.Constant)
    node.value = not node.value if isinstance(node.value, bool) else node.value + 1  # type: ignore[operator]


def _swap(node: ast.AST) -> None:
    assert isinstance(node, ast.Call)
    node.args[0], node.args[1] = node.args[1], node.args[0]


def _drop_statement(node: ast.AST) -> None:
    assert isinstance(node, ast.FunctionDef)
    del node.body[-2]


def _return_early(node: ast.AST) -> None:
    assert isinstance(node, ast.FunctionDef)
    node.body[-1] = ast.Return(ast.Constant(None))


_CHANGES: dict[str, Callable[[ast.AST], None]] = {
    "condition dropped": _drop_condition,
    "condition turned": _turn,
    "comparison flipped": _flip,
    "constant": _change_constant,
    "arguments swapped": _swap,
    "statement dropped": _drop_statement,
    "returned early": _return_early,
}
