"""What some tests need and not every machine has: real release files, a browser, Java, a package index."""

from __future__ import annotations

import os
from typing import NoReturn

import pytest

#: Set in continuous integration, where everything is there and nothing may be skipped.
IN_CI = bool(os.environ.get("TENELEVEN_CI"))


def missing(what: str) -> NoReturn:
    """Skip the test for want of something; in continuous integration fail it."""
    if IN_CI:
        pytest.fail(f"{what}: in continuous integration this test must run")
    pytest.skip(what)
