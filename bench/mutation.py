"""Puts small faults into the code one at a time and counts how many the tests notice.

    git worktree add ../faults && cd ../faults && python -m bench.mutation [--faults 250] [--group NAME]

A fault drops or turns a condition, flips a comparison, changes a number, drops a statement, returns early,
swaps two arguments, or takes a cell of a rule table from the row below. As many are drawn for each group; of
a group each kind is as likely. Files of this checkout are changed and put back: it must be clean. The tests
run are those that import the changed module, the nearest first, then the group's; those on real files are
left out. A line is printed for every fault as it is tried, and the shares at the end. A run that takes longer
than ``--seconds`` of a processor is told apart and counts neither way.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import re
import resource
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain, pairwise
from pathlib import Path

PACKAGES = ("terminology", "indexes", "loaders", "web", "teneleven")
#: By group: the folders of its modules, and the tests to run after those near a changed module.
GROUPS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "FHIR": (("web/fhir",), ("tests/web/fhir/**/test_*.py",)),
    "cluster grammar": (("terminology/cluster",), ("tests/terminology/test_cluster.py",)),
    "indexes": (("indexes",), ("tests/indexes/**/test_*.py", "tests/web/test_search.py")),
    "pages and API": (("web/pages", "web/api"), ("tests/web/pages/test_*.py", "tests/web/test_*.py")),
    "impact": (
        ("terminology/impact",),
        ("tests/terminology/impact/**/test_*.py", "tests/test_impact_command.py"),
    ),
    "crosswalk": (("terminology/crosswalk",), ("tests/terminology/crosswalk/**/test_*.py",)),
    "claims": (
        ("terminology/claims",),
        ("tests/terminology/claims/**/test_*.py", "tests/web/test_claims.py"),
    ),
    "exchange": (("terminology/exchange",), ("tests/terminology/exchange/**/test_*.py",)),
    "rule tables": ((), ()),
}
TABLES = "rule tables"
_RECORDS = ("tests/test_recorded_answers.py", "tests/test_golden_rows.py")
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
_IMPORTED = re.compile(r"^ *from ([\w.]+) import \(?([\w, \n]+)", re.MULTILINE)
_CAUGHT, _OUT_OF_TIME = "noticed", "out of time"
_MOST_FILES = 12


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
        yield Fault(group, path, getattr(node, "lineno", 0), kind, number)


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


def drawn(root: Path, groups: Sequence[str], count: int, seed: int) -> list[Fault]:
    """Return as many faults of each group, its kinds alike, in an order that mixes the groups."""
    chance = random.Random(seed)
    chosen: list[Fault] = []
    for group in groups:
        by_kind: defaultdict[str, list[Fault]] = defaultdict(list)
        for fault in _faults_of(root, group):
            by_kind[str(fault.path.parent) if group == TABLES else fault.kind].append(fault)
        for faults in by_kind.values():
            chance.shuffle(faults)
        kinds = sorted(by_kind)
        while kinds and sum(f.group == group for f in chosen) < count // len(groups):
            kind = kinds[sum(f.group == group for f in chosen) % len(kinds)]
            chosen.append(by_kind[kind].pop())
            kinds = [kind for kind in kinds if by_kind[kind]]
    chance.shuffle(chosen)
    return chosen


def _faults_of(root: Path, group: str) -> Iterator[Fault]:
    if group == TABLES:
        for package in PACKAGES:
            for path in sorted((root / package).rglob("*.tsv")):
                yield from table_faults(path.relative_to(root), path.read_text("utf-8"))
        return
    for folder in GROUPS[group][0]:
        for path in sorted((root / folder).rglob("*.py")):
            yield from code_faults(group, path.relative_to(root), path.read_text("utf-8"))


@cache
def _imports(root: Path) -> dict[str, frozenset[str]]:
    """By file of modules and tests: the modules that it imports, and the tables that it names."""
    found = {}
    for package in (*PACKAGES, "tests"):
        for path in (root / package).rglob("*.py"):
            text = path.read_text("utf-8")
            names = {f"{m[1]}.{name.strip()}" for m in _IMPORTED.finditer(text) for name in m[2].split(",")}
            found[str(path.relative_to(root))] = frozenset(
                names | {name.rpartition(".")[0] for name in names} | set(re.findall(r'"([\w]+\.tsv)"', text))
            )
    return found


def nearest_tests(root: Path, fault: Fault) -> list[str]:
    """Return the test files to run: by how many imports they are from the changed file, then the group's."""
    imports = _imports(root)
    wanted, seen, near = {_module(str(fault.path))}, set[str](), list[str]()
    for _ in range(3):
        users = sorted(path for path, names in imports.items() if names & wanted and path not in seen)
        seen.update(users)
        near += [path for path in users if Path(path).name.startswith("test_")]
        wanted = {_module(path) for path in users}
    beside = tuple(f"tests/{folder}/**/test_*.py" for folder in fault.path.parents[:-1])
    patterns = GROUPS[fault.group][1] or beside
    groups = ([str(p.relative_to(root)) for p in sorted(root.glob(pattern))] for pattern in patterns)
    rest = next(filter(None, groups), []) if fault.group == TABLES else list(chain.from_iterable(groups))
    mirrored = [path for path in rest if Path(path).stem == f"test_{fault.path.stem}"]
    return list(dict.fromkeys([*mirrored, *near[:_MOST_FILES], *rest, *_RECORDS]))


def _module(path: str) -> str:
    return (
        Path(path).name
        if path.endswith(".tsv")
        else path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    )


def tried(root: Path, fault: Fault, seconds: int) -> tuple[str, str]:
    """Return whether the tests notice a fault, and what it is: put into its file, which is put back."""
    path, kept = root / fault.path, (root / fault.path).read_text("utf-8")
    text, what = with_fault(fault, kept)
    tests = [test for test in nearest_tests(root, fault) if "browser" not in test]
    options = ["-x", "-q", "-p", "no:cacheprovider", "-m", "not realdata"]
    try:
        path.write_text(text, encoding="utf-8")
        result = subprocess.run(
            [sys.executable, "-m", "pytest", *options, *tests],
            cwd=root,
            env={**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=partial(resource.setrlimit, resource.RLIMIT_CPU, (seconds, seconds)),
        )
    finally:
        path.write_text(kept, encoding="utf-8")
    if result.returncode < 0:
        return _OUT_OF_TIME, what
    return "unnoticed" if result.returncode == 0 else _CAUGHT, what


def main(arguments: Sequence[str] | None = None) -> None:
    """Draw, try, and print the share of each group."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--faults", type=int, default=250)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=int, default=180, help="of a processor for one fault (180)")
    parser.add_argument("--group", action="append", choices=list(GROUPS), help="several times for several")
    options = parser.parse_args(arguments)
    root = Path(__file__).parent.parent
    if subprocess.run(["git", "status", "--porcelain"], cwd=root, capture_output=True, check=True).stdout:
        sys.exit(f"{root} has changes of its own; take a checkout for this alone")
    outcomes: defaultdict[str, Counter[str]] = defaultdict(Counter)
    groups = options.group or list(GROUPS)
    for fault in drawn(root, groups, options.faults, options.seed):
        outcome, what = tried(root, fault, options.seconds)
        outcomes[fault.group][outcome] += 1
        place = f"{fault.path}:{fault.line}"
        print(outcome, fault.group, place, fault.kind, what, sep="\t", flush=True)
    for group, counts in outcomes.items():
        whole = counts.total() - counts[_OUT_OF_TIME]
        print(
            f"{group}: {counts[_CAUGHT]} of {whole} noticed, {counts[_OUT_OF_TIME]} out of time", flush=True
        )


if __name__ == "__main__":
    main()
