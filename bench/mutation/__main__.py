"""Puts small faults into the code one at a time and counts how many the tests notice.

    git worktree add ../faults && cd ../faults && python -m bench.mutation [--faults 250] [--group NAME]

A fault drops or turns a condition, flips a comparison, changes a number, drops a statement, returns early,
swaps two arguments, or takes a cell of a rule table from the row below. As many are drawn for each group; of
a group each kind is as likely. Files of this checkout are changed and put back: it must be clean. The tests
run are those that import the changed module, the nearest first, then the group's; those on real files are
left out. A line is printed for every fault as it is tried, and the shares at the end. A run that takes longer
than ``--seconds`` of a processor is told apart and counts neither way. A test that fails without a fault too
ends the run: it would notice everything.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import cache, partial
from pathlib import Path

from bench.mutation.faults import Fault, with_fault
from bench.mutation.groups import GROUPS, drawn
from bench.mutation.nearest import nearest_tests

_FAILED = re.compile(r"^(?:FAILED|ERROR) (\S.*?)(?: - |$)", re.MULTILINE)
_CAUGHT, _OUT_OF_TIME = "noticed", "out of time"


def tried(root: Path, fault: Fault, seconds: int) -> tuple[str, str]:
    """Return whether the tests notice a fault, and what it is: put into its file, which is put back."""
    path, kept = root / fault.path, (root / fault.path).read_text("utf-8")
    text, what = with_fault(fault, kept)
    tests = [test for test in nearest_tests(root, fault) if "browser" not in test]
    try:
        path.write_text(text, encoding="utf-8")
        result = _run(root, tests, seconds)
    finally:
        path.write_text(kept, encoding="utf-8")
    if result.returncode < 0:
        return _OUT_OF_TIME, what
    if result.returncode == 0:
        return "unnoticed", what
    failed = _FAILED.search(result.stdout)
    if failed is not None and not _passes(root, failed[1]):
        sys.exit(f"{failed[1]} fails without a fault too")
    return _CAUGHT, what


@cache
def _passes(root: Path, test: str) -> bool:
    """Whether a test passes on the code as it is."""
    return _run(root, [test]).returncode == 0


def _run(root: Path, tests: Sequence[str], seconds: int | None = None) -> subprocess.CompletedProcess[str]:
    """Run tests until one fails, for some seconds of a processor at most."""
    options = ["-x", "-q", "-p", "no:cacheprovider", "-m", "not realdata"]
    limit = seconds or resource.RLIM_INFINITY
    return subprocess.run(
        [sys.executable, "-m", "pytest", *options, *tests],
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=partial(resource.setrlimit, resource.RLIMIT_CPU, (limit, limit)),
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Draw, try, and print the share of each group."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--faults", type=int, default=250)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=int, default=180, help="of a processor for one fault (180)")
    parser.add_argument("--group", action="append", choices=list(GROUPS), help="several times for several")
    options = parser.parse_args(arguments)
    root = Path(__file__).parents[2]
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
