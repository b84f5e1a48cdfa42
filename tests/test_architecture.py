"""The house rules that a machine can check."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGES = ("terminology", "loaders", "indexes", "web")
FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc", "manager", "handler"}


def test_imports_run_one_way() -> None:
    """Contracts are in pyproject.toml, section importlinter."""
    linter = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_modules_are_named_for_what_they_own() -> None:
    modules = [p for package in PACKAGES for p in (ROOT / package).rglob("*.py")]
    assert modules
    assert not [p for p in modules if p.stem in FORBIDDEN_NAMES]


def test_every_module_says_what_it_is() -> None:
    undocumented = [
        p.relative_to(ROOT)
        for package in PACKAGES
        for p in (ROOT / package).rglob("*.py")
        if not p.read_text(encoding="utf-8").startswith('"""')
    ]
    assert not undocumented


def test_sql_on_the_bundles_database_stands_in_the_bundles_room_alone() -> None:
    outside = [
        p.relative_to(ROOT)
        for package in (*PACKAGES, "teneleven", "bench")
        for p in (ROOT / package).rglob("*.py")
        if (ROOT / "terminology" / "bundle") not in p.parents
    ]
    assert outside
    asking = [p for p in outside if re.search(r"import sqlite3|\.query\(", (ROOT / p).read_text("utf-8"))]
    assert not asking
