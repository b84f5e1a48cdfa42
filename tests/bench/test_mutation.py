"""Small faults: each kind changes what it says, in one place, and what is left is code or a table still."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from coverage import CoverageData

from bench.mutation.__main__ import main, tried
from bench.mutation.faults import TABLES, Fault, code_faults, table_faults, with_fault
from bench.mutation.groups import GROUPS, drawn
from bench.mutation.nearest import RECORDS, nearest_tests
from bench.mutation.runs import Runs, read_runs, runs_of, write_runs

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
    assert "tests/terminology/impact/test_scenario.py" in nearest_tests(ROOT, fault)
    running = nearest_tests(ROOT, fault, ["tests/web/test_limits.py"])
    assert running[:2] == ["tests/terminology/impact/test_survival.py", "tests/web/test_limits.py"]
    assert "tests/terminology/impact/test_scenario.py" not in running
    assert running[2:] == [
        "tests/terminology/impact/test_recorded_report.py",
        "tests/test_recorded_answers.py",
    ]
    assert all((ROOT / test).is_file() for tests in RECORDS.values() for test in tests)
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


def test_of_the_tests_that_run_a_line_the_quickest_come_first(tmp_path: Path) -> None:
    traced = CoverageData(no_disk=True)
    for test, lines in (("t.py::slow", {1, 2}), ("t.py::quick", {2}), ("", {1, 2, 3})):
        traced.set_context(test)
        traced.add_lines({str(tmp_path / "a/room.py"): lines})
    runs = runs_of(tmp_path, traced, {"t.py::slow": 2.0, "t.py::quick": 0.1})
    write_runs(runs, tmp_path / "runs.json")
    read = read_runs(tmp_path / "runs.json")
    assert read.tests(Path("a/room.py"), 1) == ["t.py::slow"]
    assert read.tests(Path("a/room.py"), 2) == ["t.py::quick", "t.py::slow"]
    assert read.tests(Path("a/room.py"), 5) == ["t.py::quick", "t.py::slow"], "a statement that goes on"
    assert not read.tests(Path("a/room.py"), 0)
    assert not read.tests(Path("a/other.py"), 1)


def test_tests_that_run_the_line_come_before_those_that_import_the_module(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "def limit():\n    return 1\n"
    (tmp_path / "room.py").write_text(text)
    (tmp_path / "test_room.py").write_text(
        "from room import limit\n\ndef test_it():\n    assert limit() == 1\n"
    )
    (tmp_path / "test_far.py").write_text("raise SystemExit('not to be run')\n")
    monkeypatch.setattr("bench.mutation.__main__.nearest_tests", lambda *_: ["test_far.py"])
    fault = next(iter(code_faults("rooms", Path("room.py"), text)))
    runs = Runs({"room.py": {2: ["test_room.py::test_it"]}})
    assert tried(tmp_path, fault, 60, runs) == ("noticed", "1 -> 2")


def test_a_run_that_was_ended_goes_on_after_what_its_log_holds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "faults.tsv"
    monkeypatch.setattr("bench.mutation.__main__.is_clean", lambda root: True)
    monkeypatch.setattr("bench.mutation.__main__.tried", lambda *_: ("noticed", "1 -> 2"))
    arguments = ["--faults", "4", "--group", "cluster grammar", "--log", str(log)]
    main(arguments)
    lines = log.read_text().splitlines()
    assert len(lines) == 4
    log.write_text("\n".join(lines[:3]) + "\n")
    monkeypatch.setattr("bench.mutation.__main__.tried", lambda *_: ("unnoticed", "1 -> 2"))
    main(arguments)
    assert [line.split("\t")[0] for line in log.read_text().splitlines()] == [*["noticed"] * 3, "unnoticed"]
    assert capsys.readouterr().out.splitlines()[-1] == "all: 3 of 4 noticed, 0 out of time"
