"""Small faults: each kind changes what it says, in one place, and what is left is code or a table still."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from bench.mutation.__main__ import tried
from bench.mutation.faults import TABLES, Fault, code_faults, table_faults, with_fault
from bench.mutation.groups import GROUPS, drawn
from bench.mutation.nearest import nearest_tests

ROOT = Path(__file__).parents[2]
MODULE = '''
def worth(codes, limit):
    """What it says."""
    if codes and limit:
        first = max(codes, limit)
        return first
    rest = codes < 7
    print(rest)
    return rest
'''
TABLE = "# about\nword\tother\tsource\nupper\tlower\tanatomy\nleft\tright\tanatomy\n"


@pytest.mark.parametrize(
    ("kind", "before", "after"),
    [
        ("condition dropped", "if codes and limit:", "if codes:"),
        ("condition turned", "if codes and limit:", "if not (codes and limit):"),
        ("comparison flipped", "codes < 7", "codes <= 7"),
        ("constant", "codes < 7", "codes < 8"),
        ("arguments swapped", "max(codes, limit)", "max(limit, codes)"),
        ("statement dropped", "    print(rest)\n", ""),
        ("returned early", "return rest", "return None"),
    ],
)
def test_a_fault_of_a_kind_changes_one_place(kind: str, before: str, after: str) -> None:
    (fault,) = [f for f in code_faults("impact", Path("a.py"), MODULE) if f.kind == kind]
    text, _ = with_fault(fault, MODULE)
    assert text == ast.unparse(ast.parse(MODULE.replace(before, after)))


def test_a_cell_is_taken_from_the_row_below_and_the_source_is_left() -> None:
    faults = list(table_faults(Path("t.tsv"), TABLE))
    assert faults == [Fault(TABLES, Path("t.tsv"), 3, "cell", place) for place in (0, 1)]
    assert with_fault(faults[1], TABLE) == (TABLE.replace("lower", "right"), "lower -> right")


def test_each_group_has_its_share_and_a_seed_draws_the_same() -> None:
    groups = ["cluster grammar", TABLES]
    faults = drawn(ROOT, groups, 20, 1)
    assert [sum(fault.group == group for fault in faults) for group in groups] == [10, 10]
    assert drawn(ROOT, groups, 20, 1) == faults


def test_the_tests_of_a_module_begin_with_its_own() -> None:
    fault = Fault("impact", Path("terminology/impact/survival.py"), 1, "constant", 0)
    assert nearest_tests(ROOT, fault)[0] == "tests/terminology/impact/test_survival.py"
    assert all((ROOT / folder).is_dir() for folders, _ in GROUPS.values() for folder in folders)


@pytest.mark.parametrize(("test", "red"), [("assert False", True), ("assert limit() == 1", False)])
def test_a_test_that_fails_without_a_fault_too_ends_the_run(
    test: str, red: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "def limit():\n    return 1\n"
    (tmp_path / "room.py").write_text(text)
    (tmp_path / "test_room.py").write_text(f"from room import limit\n\ndef test_it():\n    {test}\n")
    monkeypatch.setattr("bench.mutation.__main__.nearest_tests", lambda *_: ["test_room.py"])
    fault = next(iter(code_faults("rooms", Path("room.py"), text)))
    if red:
        with pytest.raises(SystemExit, match="test_it fails without a fault too"):
            tried(tmp_path, fault, 60)
    else:
        assert tried(tmp_path, fault, 60)[0] == "noticed"
    assert (tmp_path / "room.py").read_text() == text
