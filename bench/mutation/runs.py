"""Which tests run which lines, recorded once: a fault then meets the tests that run its line first.

    python -m bench.mutation.runs --out runs.json

runs the whole suite but its tests on real files, as slow as that is under a tracer. Lines are those of the
checkout as it was; after a change of code the record is less near, and no less true.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import coverage
import pytest

from bench.mutation.groups import PACKAGES

# Of the tests that run a line as many are kept, the quickest.
_KEPT = 25


@dataclass(frozen=True, slots=True)
class Runs:
    """By module and line: the tests that run it, the quickest first."""

    by_line: Mapping[str, Mapping[int, Sequence[str]]]

    def tests(self, path: Path, line: int) -> Sequence[str]:
        """Return the tests that run a line, or the statement that goes on in it."""
        lines = self.by_line.get(str(path), {})
        begun = max((number for number in lines if number <= line), default=None)
        return () if begun is None else lines[begun]


class _Recorder:
    """Tells the tracer which test is running, and how long each took of a processor."""

    def __init__(self, tracer: coverage.Coverage) -> None:
        self.seconds: dict[str, float] = {}
        self._tracer = tracer

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._tracer.switch_context(item.nodeid)
        begun = time.process_time()
        yield
        self.seconds[item.nodeid] = time.process_time() - begun
        self._tracer.switch_context("")


def record(root: Path, tests: Sequence[str]) -> Runs:
    """Run tests under the tracer, and return which run which lines of the packages."""
    tracer = coverage.Coverage(
        data_file=None, config_file=False, source=[str(root / package) for package in PACKAGES]
    )
    recorder = _Recorder(tracer)
    tracer.start()
    pytest.main(["-q", "-p", "no:cacheprovider", "-m", "not realdata", *tests], plugins=[recorder])
    tracer.stop()
    return runs_of(root, tracer.get_data(), recorder.seconds)


def runs_of(root: Path, traced: coverage.CoverageData, seconds: Mapping[str, float]) -> Runs:
    """Return what a tracer saw, with as many tests of each line as are kept."""
    by_line: defaultdict[str, dict[int, Sequence[str]]] = defaultdict(dict)
    for file in traced.measured_files():
        for line, contexts in traced.contexts_by_lineno(file).items():
            tests = sorted(filter(seconds.__contains__, contexts), key=lambda test: (seconds[test], test))
            if tests:
                by_line[str(Path(file).relative_to(root))][line] = tests[:_KEPT]
    return Runs(by_line)


def write_runs(runs: Runs, path: Path) -> None:
    """Write a record to a file of JSON, each test's name once."""
    names = sorted({test for lines in runs.by_line.values() for tests in lines.values() for test in tests})
    number = {name: place for place, name in enumerate(names)}
    lines = {
        file: {line: [number[test] for test in tests] for line, tests in by_line.items()}
        for file, by_line in runs.by_line.items()
    }
    path.write_text(json.dumps({"tests": names, "lines": lines}), encoding="utf-8")


def read_runs(path: Path) -> Runs:
    """Read what :func:`write_runs` wrote."""
    read = json.loads(path.read_text("utf-8"))
    names = read["tests"]
    return Runs(
        {
            file: {int(line): [names[place] for place in tests] for line, tests in by_line.items()}
            for file, by_line in read["lines"].items()
        }
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Record the suite, or the tests that are named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("tests", nargs="*", default=["tests"])
    options = parser.parse_args(arguments)
    write_runs(record(Path(__file__).parents[2], options.tests), options.out)


if __name__ == "__main__":
    main()
