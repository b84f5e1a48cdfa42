"""Real clients against a served bundle: fhirpy and fhirclient, as an integrator would use them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from apiflask import APIFlask
from fhirclient.client import FHIRClient
from fhirclient.models.codesystem import CodeSystem
from fhirclient.models.parameters import Parameters
from fhirclient.models.valueset import ValueSet
from fhirpy import AsyncFHIRClient, SyncFHIRClient
from fhirpy.base.exceptions import OperationOutcome, ResourceNotFound

from tests.loopback import served
from tests.web.fhir.resources import CM, ICD11, TREES, TREES_URL, parameters, values, valueset


@pytest.fixture(scope="module")
def address(fhir_app: APIFlask) -> Iterator[str]:
    """The address of a server on a free loopback port."""
    with served(fhir_app) as address:
        yield address


def test_fhirpy_searches_reads_and_calls_operations(address: str) -> None:
    client = SyncFHIRClient(f"{address}/fhir/r4")
    found = client.resources("CodeSystem").search(url=CM).fetch()
    assert [s["version"] for s in found] == ["2027", "2026"]
    assert client.reference("CodeSystem", "icd-11").to_resource()["url"] == ICD11
    answer = client.execute("CodeSystem/$lookup", method="get", params={"system": CM, "code": "E11.9"})
    assert values(answer)["display"] == "Type 2 diabetes mellitus without complications"


def test_fhirpy_posts_parameters_with_its_own_resources(address: str) -> None:
    client = SyncFHIRClient(f"{address}/fhir/r5")
    vs = valueset("all")
    body = parameters(TREES, vs, url=vs["url"], coding={"system": TREES_URL, "code": "oak"})
    assert values(client.execute("ValueSet/$validate-code", method="post", data=body))["result"] is True


def test_fhirpy_raises_on_operation_outcomes(address: str) -> None:
    client = SyncFHIRClient(f"{address}/fhir/r4")
    with pytest.raises((OperationOutcome, ResourceNotFound)):
        client.execute("CodeSystem/$lookup", method="get", params={"system": CM, "code": "NONE"})


def test_fhirpy_asks_asynchronously(address: str) -> None:
    async def expand() -> Any:
        client = AsyncFHIRClient(f"{address}/fhir")
        return await client.execute(
            "ValueSet/$expand", method="get", params={"url": f"{CM}?fhir_vs=isa/E11", "count": "2"}
        )

    assert [c["code"] for c in asyncio.run(expand())["expansion"]["contains"]] == ["E11", "E11.9"]


def test_fhirclient_checks_the_server_and_reads(address: str) -> None:
    smart = FHIRClient(settings={"app_id": "test", "api_base": f"{address}/fhir/r4"})
    smart.prepare()
    assert smart.server.capabilityStatement.fhirVersion == "4.0.1"
    system = CodeSystem.read("icd-10-cm-2027", smart.server)
    assert (system.url, system.content) == (CM, "not-present")


def test_fhirclient_parses_an_expansion_and_a_translation(address: str) -> None:
    smart = FHIRClient(settings={"app_id": "test", "api_base": f"{address}/fhir/r4"})
    expanded = ValueSet(smart.server.request_json(f"ValueSet/$expand?url={CM}?fhir_vs&count=2"))
    assert expanded.expansion.total == 10
    answer = Parameters(
        smart.server.request_json(f"ConceptMap/$translate?system={CM}&code=E11.9&targetsystem={ICD11}")
    )
    match = next(p for p in answer.parameter if p.name == "match")
    concept = next(p.valueCoding for p in match.part if p.name == "concept")
    assert (concept.system, concept.code) == (ICD11, "5A11")
