"""Puts small faults into the code one at a time and counts how many the tests notice.

    git worktree add ../faults && cd ../faults
    python -m bench.mutation.runs --out ../runs.json   # once: which tests run which lines
    python -m bench.mutation --faults 250 --runs ../runs.json --log ../faults.tsv [--group NAME]

A fault drops or turns a condition, flips a comparison, changes a number, drops a statement, returns early,
swaps two arguments, or takes a cell of a rule table from the row below. As many are drawn for each group; of
a group each kind is as likely. Files of this checkout are changed and put back: it must be clean. The tests
run are those that ran the changed line when ``--runs`` was recorded, the quickest first, then their files;
where none did, those that import the changed module, the nearest first, then the group's; the records last.
Those on real files are left out. A line is
printed for every fault as it is tried, and the shares at the end. A run that takes longer than ``--seconds``
of a processor is told apart and counts neither way. A test that fails without a fault too ends the run: it
would notice everything. With ``--log`` the lines stand in a file too, and a run that was ended goes on after
them.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from bench.mutation.faults import Fault, with_fault
from bench.mutation.groups import GROUPS, drawn
from bench.mutation.nearest import nearest_tests
from bench.mutation.run import run_tests
from bench.mutation.runs import Runs, read_runs

_FAILED = re.compile(r"^(?:FAILED|ERROR) (\S.*?)(?: - |$)", re.MULTILINE)
_CAUGHT, _OUT_OF_TIME = "noticed", "out of time"
# Group, place, kind, and the number of the fault in its file.
_Key = tuple[str, str, str, str]


def tried(root: Path, fault: Fault, seconds: int, runs: Runs | None = None) -> tuple[str, str]:
    """Return whether the tests notice a fault, and what it is: put into its file, which is put back."""
    path, kept = root / fault.path, (root / fault.path).read_text("utf-8")
    text, what = with_fault(fault, kept)
    begin = list(runs.tests(fault.path, fault.line)) if runs is not None else []
    files = list(dict.fromkeys(test.partition("::")[0] for test in begin))
    rest = nearest_tests(root, fault, files)
    begin, rest = ([test for test in tests if "browser" not in test] for tests in (begin, rest))
    try:
        path.write_text(text, encoding="utf-8")
        result = run_tests(root, begin, seconds) if begin else None
        if result is None or not result.code:
            result = run_tests(root, rest, seconds)
    finally:
        path.write_text(kept, encoding="utf-8")
    if result.code < 0:
        return _OUT_OF_TIME, what
    if result.code == 0:
        return "unnoticed", what
    failed = _FAILED.search(result.said)
    if failed is not None and not _passes(root, failed[1]):
        sys.exit(f"{failed[1]} fails without a fault too")
    return _CAUGHT, what


@cache
def _passes(root: Path, test: str) -> bool:
    """Whether a test passes on the code as it is."""
    return run_tests(root, [test]).code == 0


def main(arguments: Sequence[str] | None = None) -> None:
    """Draw, try, and print the share of each group."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--faults", type=int, default=250)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=int, default=180, help="of a processor for one fault (180)")
    parser.add_argument("--group", action="append", choices=list(GROUPS), help="several times for several")
    parser.add_argument("--runs", type=Path, help="what bench.mutation.runs recorded")
    parser.add_argument("--log", type=Path, help="a file of the lines; those in it are not tried again")
    options = parser.parse_args(arguments)
    root = Path(__file__).parents[2]
    if not is_clean(root):
        sys.exit(f"{root} has changes of its own; take a checkout for this alone")
    faults = drawn(root, options.group or list(GROUPS), options.faults, options.seed)
    runs = read_runs(options.runs) if options.runs else None
    outcomes = _logged(options.log)
    for fault in faults:
        if _key(fault) in outcomes:
            continue
        outcome, what = tried(root, fault, options.seconds, runs)
        outcomes[_key(fault)] = outcome
        line = "\t".join((outcome, *_key(fault), what))
        print(line, flush=True)
        if options.log:
            with options.log.open("a", encoding="utf-8") as log:
                print(line, file=log)
    _print_shares(faults, outcomes)


def is_clean(root: Path) -> bool:
    """Whether a checkout is as it was committed."""
    status = ["git", "status", "--porcelain"]
    return not subprocess.run(status, cwd=root, capture_output=True, check=True).stdout


def _key(fault: Fault) -> _Key:
    return (fault.group, f"{fault.path}:{fault.line}", fault.kind, str(fault.number))


def _logged(log: Path | None) -> dict[_Key, str]:
    """The outcomes that stand in a log already, by fault."""
    outcomes = {}
    if log is not None and log.exists():
        for line in log.read_text("utf-8").splitlines():
            outcome, group, place, kind, number, _ = line.split("\t", 5)
            outcomes[(group, place, kind, number)] = outcome
    return outcomes


def _print_shares(faults: Sequence[Fault], outcomes: Mapping[_Key, str]) -> None:
    """Print how many of the faults of each group were noticed, and of all."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for fault in faults:
        counts[fault.group][outcomes[_key(fault)]] += 1
    counts["all"] = sum(counts.values(), Counter())
    for group, count in counts.items():
        whole = count.total() - count[_OUT_OF_TIME]
        print(f"{group}: {count[_CAUGHT]} of {whole} noticed, {count[_OUT_OF_TIME]} out of time", flush=True)


if __name__ == "__main__":
    main()
