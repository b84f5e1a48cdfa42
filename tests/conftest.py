"""Fixtures shared by all tests."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The folder of the publishers' real release files, named by TENELEVEN_DATA."""
    named = os.environ.get("TENELEVEN_DATA")
    if not named:
        if os.environ.get("CI"):
            pytest.fail("TENELEVEN_DATA is not set: in CI the tests on real release files must run")
        pytest.skip("TENELEVEN_DATA is not set: no real release files to test on")
    path = Path(named).resolve()
    if not path.is_dir():
        pytest.fail(f"TENELEVEN_DATA names {path}, which is not a folder")
    return path


@pytest.fixture(scope="session")
def fixtures() -> Path:
    """The folder of hand-written files in the publishers' formats."""
    return FIXTURES
