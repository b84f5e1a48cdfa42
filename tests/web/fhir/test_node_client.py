"""fhir-kit-client, the client of web applications, against a served bundle.

Runs where node is, and ``npm ci`` was run in ``tests/web/fhir/node``.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from apiflask import APIFlask

from tests.loopback import served
from tests.web.fhir.resources import ICD11

FOLDER = Path(__file__).parent / "node"
NODE = shutil.which("node")
pytestmark = pytest.mark.skipif(
    NODE is None or not (FOLDER / "node_modules").is_dir(),
    reason="needs node, and npm ci in tests/web/fhir/node",
)


@pytest.fixture(scope="module")
def base(fhir_app: APIFlask) -> Iterator[str]:
    """The address of the R4 service on a free loopback port."""
    with served(fhir_app) as address:
        yield f"{address}/fhir/r4"


def test_fhir_kit_client_searches_reads_pages_and_calls_operations(base: str) -> None:
    assert NODE is not None
    told = subprocess.run([NODE, "ask.mjs", base], cwd=FOLDER, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
    assert json.loads(told.stdout) == {
        "canCreate": False,
        "canRead": True,
        "canSearchByCode": True,
        "versions": ["2027", "2026"],
        "posted": 2,
        "system": ICD11,
        "display": "Type 2 diabetes mellitus without complications",
        "valid": True,
        "batch": ["200 OK", "404 Not Found"],
        "refused": 404,
    }
