"""The tests to run for a fault: those that import the changed module, the nearest first, then its group's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import chain
from pathlib import Path

from bench.mutation.faults import TABLES, Fault
from bench.mutation.groups import GROUPS, PACKAGES

_ROWS = ("tests/test_table_records.py", "tests/test_golden_rows.py")
_ANSWERS = ("tests/test_recorded_answers.py",)
#: The records that the modules of a folder are held to.
RECORDS: dict[str, tuple[str, ...]] = {
    "terminology/crosswalk": ("tests/terminology/crosswalk/test_made_answers.py", *_ANSWERS, *_ROWS),
    "terminology/impact": ("tests/terminology/impact/test_recorded_report.py", *_ANSWERS),
    "terminology/exchange": (
        "tests/terminology/exchange/test_sent_files.py",
        "tests/terminology/impact/test_recorded_report.py",
        "tests/test_recorded_commands.py",
        *_ANSWERS,
    ),
    "terminology/claims": ("tests/test_recorded_operations.py", *_ANSWERS),
    "web/pages": ("tests/web/pages/test_recorded_forms.py", *_ANSWERS),
    "web": ("tests/test_recorded_operations.py", *_ANSWERS),
    "indexes": ("tests/indexes/test_made_answers.py", *_ANSWERS, *_ROWS),
    "": (*_ANSWERS, *_ROWS),
}
_IMPORTED = re.compile(r"^ *from ([\w.]+) import \(?([\w, \n]+)", re.MULTILINE)
_MOST_FILES = 12


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


def nearest_tests(root: Path, fault: Fault, running: Sequence[str] = ()) -> list[str]:
    """Return the test files to run: by how many imports they are from the changed file, then the group's.

    Where tests are known to be ``running`` the changed line, their files take the place of the others.
    """
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
    first = _ROWS if fault.group == TABLES else ()
    mirrored = [path for path in rest if Path(path).stem == f"test_{fault.path.stem}"]
    others = running or [*near[:_MOST_FILES], *rest]
    records = next(tests for folder, tests in RECORDS.items() if str(fault.path).startswith(folder))
    return list(dict.fromkeys([*first, *mirrored, *others, *records]))


def _module(path: str) -> str:
    return (
        Path(path).name
        if path.endswith(".tsv")
        else path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    )
