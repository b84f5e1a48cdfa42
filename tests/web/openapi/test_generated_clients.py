"""Clients made from the document of a running server ask it, and read its answers and its errors."""

from __future__ import annotations

import importlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.loopback import served
from tests.needs import missing
from web.app import create_app

DAY = date(2026, 11, 2)
TYPESCRIPT = Path(__file__).with_name("typescript")


@pytest.fixture(scope="module")
def address(small_bundle: Path) -> Iterator[str]:
    """The address of a running server."""
    with served(create_app(small_bundle)) as address:
        yield address


@pytest.fixture(scope="module")
def document(address: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the server says of itself, in a file."""
    path = tmp_path_factory.mktemp("document") / "openapi.json"
    path.write_bytes(answer(f"{address}/api/openapi.json"))
    return path


def answer(address: str, body: Any = None) -> bytes:
    """Return the body of an answer, an error's too."""
    return (httpx.get(address) if body is None else httpx.post(address, json=body)).content


def run(*command: str | Path) -> str:
    """Run a command and return what it printed; it must not fail."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def test_openapi_python_client(
    document: Path, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generator = Path(sys.executable).with_name("openapi-python-client")
    run(generator, "generate", "--path", document, "--output-path", tmp_path / "client", "--meta", "none")
    monkeypatch.syspath_prepend(str(tmp_path))
    made, models = importlib.import_module("client"), importlib.import_module("client.models")
    client = made.Client(base_url=address)

    def call(name: str, **arguments: Any) -> Any:
        return importlib.import_module(f"client.api.{name}").sync(client=client, **arguments)

    code = call("codes.lookup_code", system="icd-10-cm", code="E11.9")
    assert (type(code), code.title) == (
        models.ConceptOut,
        "Type 2 diabetes mellitus without complications",
    )
    none = call("codes.lookup_code", system="icd-10-cm", code="E11.99")
    assert (type(none), none.status, none.suggestions) == (models.ProblemOut, 404, ["E11.9"])
    mapped = call("crosswalk.map_code", system="icd-10-cm", code="E11.9")
    assert mapped.representation is models.Representation.FULL
    assert mapped.targets[0].expression == "5A11"
    batch = models.CrosswalkBatchIn(system="icd-10-cm", codes=["E11.9", "nonsense"])
    results = call("crosswalk.map_codes", body=batch).results
    assert results[1].error.type_ == "/docs#unknown-code"
    claim = models.ClaimIn(
        setting=models.ClaimInSetting.PROFESSIONAL,
        diagnoses=[models.DiagnosisIn(code="E11")],
        date_of_service=DAY,
    )
    report = call("claims.check_claims", body=claim)
    assert "dx.not_billable" in [finding.edit for finding in report.findings]


def test_datamodel_code_generator(
    document: Path, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generator = Path(sys.executable).with_name("datamodel-codegen")
    output = tmp_path / "made_models.py"
    run(
        *(generator, "--input", document, "--input-file-type", "openapi", "--output", output),
        *("--output-model-type", "pydantic_v2.BaseModel", "--formatters", "builtin"),
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    models = importlib.import_module("made_models")
    here = f"{address}/api/v1"
    code = models.ConceptOut.model_validate_json(answer(f"{here}/codes/icd-10-cm/E11.9"))
    assert code.kind.value == "code"
    mapped = models.CrosswalkOut.model_validate_json(answer(f"{here}/crosswalk/icd-10-cm/E11.9"))
    assert mapped.targets[0].expression == "5A11"
    problem = models.ProblemOut.model_validate_json(answer(f"{here}/codes/icd-10-cm/E11.99"))
    assert problem.suggestions == ["E11.9"]
    claim = models.ClaimIn(setting="professional", diagnoses=[{"code": "E11"}], date_of_service=DAY)
    told = answer(f"{here}/claims/check", claim.model_dump(mode="json", exclude_none=True))
    assert models.CheckOut.model_validate_json(told).findings


def test_models_take_members_that_a_later_version_adds(document: Path, address: str, tmp_path: Path) -> None:
    """The document does not close answers: within version 1 members may be added."""
    schemas = json.loads(document.read_text())["components"]["schemas"]
    closed = [
        name
        for name, schema in schemas.items()
        if name.endswith("Out") and schema.get("additionalProperties") is False
    ]
    assert closed == []


def test_openapi_typescript(document: Path, address: str, tmp_path: Path) -> None:
    if not (TYPESCRIPT / "node_modules").is_dir() or shutil.which("node") is None:
        missing(f"no openapi-typescript: run 'npm ci' in {TYPESCRIPT}")
    for name in ("use.ts", "node.d.ts", "tsconfig.json", "package.json"):
        shutil.copy(TYPESCRIPT / name, tmp_path / name)
    (tmp_path / "node_modules").symlink_to(TYPESCRIPT / "node_modules")
    binaries = TYPESCRIPT / "node_modules" / ".bin"
    run("node", binaries / "openapi-typescript", document, "-o", tmp_path / "api.d.ts")
    run("node", binaries / "tsc", "-p", tmp_path / "tsconfig.json")
    told = json.loads(run("node", tmp_path / "use.js", address))
    assert told == {
        "title": "Type 2 diabetes mellitus without complications",
        "begins": told["begins"],
        "status": 404,
        "suggestions": ["E11.9"],
        "representation": "full",
        "edits": told["edits"],
        "errors": [None, 404],
    }
    assert "dx.not_billable" in told["edits"]
