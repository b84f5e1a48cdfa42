"""HL7's validator (of HAPI's libraries) with TenEleven as its terminology server.

Runs where Java is, ``TENELEVEN_FHIR_VALIDATOR`` names ``validator_cli.jar`` and FHIR's core packages can be
had (from ``~/.fhir/packages``, or over the network).
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask

from tests.loopback import served
from tests.web.fhir.resources import CM, ICD11

JAVA, JAR = shutil.which("java"), os.environ.get("TENELEVEN_FHIR_VALIDATOR", "")
pytestmark = pytest.mark.skipif(
    JAVA is None or not Path(JAR).is_file(), reason="needs Java, and TENELEVEN_FHIR_VALIDATOR to name the jar"
)
MOUNTS = {"4.0": "/fhir/r4", "5.0": "/fhir/r5"}


@pytest.fixture(scope="module")
def address(fhir_app: APIFlask) -> Iterator[str]:
    """The address of a server on a free loopback port."""
    with served(fhir_app) as address:
        yield address


def errors(address: str, version: str, folder: Path, system: str, code: str) -> list[str]:
    """Validate a Condition with one coding; return the texts of the errors about its code."""
    condition: dict[str, Any] = {
        "resourceType": "Condition",
        "clinicalStatus": {
            "coding": [
                {"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}
            ]
        },
        "code": {"coding": [{"system": system, "code": code}]},
        "subject": {"display": "nobody"},
    }
    (folder / "condition.json").write_text(json.dumps(condition))
    command = [str(JAVA), "-jar", JAR, "condition.json", "-version", version, "-output", "outcome.json"]
    command += ["-tx", address + MOUNTS[version], "-txLog", "tx.txt"]
    told = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600, check=False)
    assert (folder / "outcome.json").is_file(), told.stdout[-3000:] + told.stderr[-3000:]
    outcome = json.loads((folder / "outcome.json").read_text())
    return [
        each["details"]["text"]
        for each in outcome["issue"]
        if each["severity"] in ("fatal", "error") and "Condition.code" in str(each.get("expression"))
    ]


@pytest.mark.parametrize("version", MOUNTS)
@pytest.mark.parametrize(("system", "code"), [(CM, "E11.9"), (ICD11, "NC32.5&XK9K")])
def test_a_code_of_ours_is_valid(address: str, version: str, tmp_path: Path, system: str, code: str) -> None:
    assert errors(address, version, tmp_path, system, code) == []


@pytest.mark.parametrize("version", MOUNTS)
@pytest.mark.parametrize(("system", "code"), [(CM, "E11.99"), (ICD11, "XK9K&NC32.5")])
def test_what_is_no_code_is_an_error(
    address: str, version: str, tmp_path: Path, system: str, code: str
) -> None:
    assert any(code in text for text in errors(address, version, tmp_path, system, code))
