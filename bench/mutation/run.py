"""Runs tests in a process of their own that has read every library already: most of a short run is imports.

The process is forked from a server that never imports a module of ours, so that each run reads them anew.
"""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

_LIBRARIES = [
    *("pytest", "hypothesis", "numpy", "duckdb", "pyarrow.parquet", "flask", "apiflask", "lxml.html"),
    *(
        "openpyxl",
        "orjson",
        "jinja2",
        "networkx",
        "httpx",
        "click",
        "rich.progress",
        "re2",
        "bench.mutation.run",
    ),
]
_OPTIONS = ("-x", "-q", "-p", "no:cacheprovider", "-m", "not realdata")


@dataclass(frozen=True, slots=True)
class TestRun:
    """How a run of tests ended: pytest's exit code, below 0 for a signal, and what it said."""

    code: int
    said: str


def run_tests(root: Path, tests: Sequence[str], seconds: int | None = None) -> TestRun:
    """Run tests of a checkout until one fails, for some seconds of a processor at most."""
    forking = get_context("forkserver")
    forking.set_forkserver_preload(_LIBRARIES)
    with TemporaryDirectory() as folder:
        said = Path(folder) / "said.txt"
        process = forking.Process(target=_pytest, args=(str(root), [*_OPTIONS, *tests], str(said), seconds))
        process.start()
        process.join()
        return TestRun(process.exitcode or 0, said.read_text("utf-8", errors="replace"))


def _pytest(root: str, arguments: list[str], said: str, seconds: int | None) -> None:
    import pytest  # noqa: PLC0415  # the server has read it

    limit = seconds or resource.RLIM_INFINITY
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
    output = os.open(said, os.O_WRONLY | os.O_CREAT)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.chdir(root)
    os.environ["PYTHONPATH"] = root
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    sys.path[:] = [root, *(path for path in sys.path if path not in ("", root))]
    code = pytest.main(arguments)
    sys.stdout.flush()
    os._exit(code)
