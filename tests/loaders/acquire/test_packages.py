"""What the installed package simple-icd-10-cm carries."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from loaders.acquire.packages import icd10cm_package_files
from terminology.errors import DataNotAvailableError


def test_the_tabular_list_and_code_list_of_the_installed_package_are_found() -> None:
    tabular, codes = icd10cm_package_files()
    assert tabular.name.endswith(".xml")
    assert "tabular" in tabular.name
    assert codes.name.startswith("code-list-")
    with codes.open() as content:
        assert b"A00" in content.read(1000).split()


def test_finding_the_package_does_not_import_it() -> None:
    program = (
        "import sys; from loaders.acquire.packages import icd10cm_package_files as f; "
        "f(); print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])},
    )
    assert "loaders.acquire.packages" in done.stdout.split()
    assert "simple_icd_10_cm" not in done.stdout.split()


def test_a_missing_package_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(DataNotAvailableError, match="pip install simple-icd-10-cm"):
        icd10cm_package_files()


def test_a_package_without_its_data_is_reported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    spec = ModuleSpec("simple_icd_10_cm", None, is_package=True)
    spec.submodule_search_locations = [str(tmp_path)]
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: spec)
    with pytest.raises(DataNotAvailableError, match=r"does not hold the Tabular List"):
        icd10cm_package_files()
