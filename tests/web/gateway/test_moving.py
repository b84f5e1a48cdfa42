"""A request that turns out to be long begins again in a process of the pool."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Coroutine
from pathlib import Path
from typing import IO, Any

import pytest

from tests.web.fhir.resources import CM, parameters, valueset
from tests.web.gateway.exchange import Exchange
from web.app import create_app
from web.gateway.app import Gateway
from web.heavy.exchange import Answer, Environ, answered
from web.settings import Settings

BILLABLE = valueset(
    "billable",
    {"include": [{"system": CM, "filter": [{"property": "billable", "op": "=", "value": "true"}]}]},
)
BODY = json.dumps(parameters(BILLABLE, url=BILLABLE["url"])).encode()


class Pool:
    """Stands for the pool of processes: answers in this one, and notes what it was asked."""

    def __init__(self, gateway: Gateway) -> None:
        self._wsgi = gateway.app.wsgi_app
        self.asked: list[str] = []

    async def answer(
        self,
        environ: Environ,
        body: IO[bytes] | None,
        bundle: str,
        name: str,
        gone: Coroutine[Any, Any, None],
    ) -> Answer:
        gone.close()
        self.asked.append(environ["PATH_INFO"])
        return answered(self._wsgi, environ)


@pytest.fixture
def gateway(small_bundle: Path, tmp_path: Path) -> Gateway:
    settings = Settings(bundle=small_bundle, threads=2)
    return Gateway(create_app(small_bundle, settings), settings, tmp_path)


def asked(gateway: Gateway, exchange: Exchange) -> tuple[Any, list[str]]:
    """Return what the gateway answers, and which paths the pool was asked."""
    pool = Pool(gateway)
    gateway._pool = pool  # type: ignore[assignment]
    asyncio.run(gateway.__rsgi__(exchange.scope, exchange))
    status, body = exchange.answer
    assert status == 200, body
    return json.loads(body), pool.asked


EXPAND = "/fhir/r4/ValueSet/$expand"


def test_what_reads_a_large_system_is_answered_by_the_pool(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, paths = asked(gateway, Exchange("POST", EXPAND, body=BODY))
    assert paths == []
    monkeypatch.setattr("web.fhir.systems.bundle_system.LONG_READ", 1)
    there, paths = asked(gateway, Exchange("POST", EXPAND, body=BODY))
    assert paths == [EXPAND]
    assert there["expansion"]["contains"] == here["expansion"]["contains"]


def test_a_get_moves_too_and_a_page_of_a_release_does_not(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.fhir.systems.bundle_system.LONG_READ", 1)
    vs = f"{CM}?fhir_vs"
    assert asked(gateway, Exchange("GET", EXPAND, f"url={vs}&count=2"))[1] == []
    path = "/fhir/r4/CodeSystem/$find-matches"
    body = parameters(system=CM, exact=False)
    parts = [{"name": "code", "valueCode": "kind"}, {"name": "value", "valueString": "chapter"}]
    body["parameter"].append({"name": "property", "part": parts})
    assert asked(gateway, Exchange("POST", path, body=json.dumps(body).encode()))[1] == [path]


def test_a_small_batch_is_answered_here_until_one_of_it_is_long(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = [{"request": {"method": "GET", "url": "metadata"}}]
    batch = {"resourceType": "Bundle", "type": "batch", "entry": entries}
    assert asked(gateway, Exchange("POST", "/fhir/r4", body=json.dumps(batch).encode()))[1] == []
    large = json.dumps({**batch, "entry": entries * 50}).encode()
    assert asked(gateway, Exchange("POST", "/fhir/r4", body=large))[1] == ["/fhir/r4"]
    monkeypatch.setattr("web.fhir.systems.bundle_system.LONG_READ", 1)
    request = {"method": "POST", "url": "ValueSet/$expand"}
    batch["entry"] = [*entries, {"request": request, "resource": json.loads(BODY)}]
    there, paths = asked(gateway, Exchange("POST", "/fhir/r4", body=json.dumps(batch).encode()))
    assert paths == ["/fhir/r4"]
    assert [entry["response"]["status"] for entry in there["entry"]] == ["200 OK", "200 OK"]


def test_the_key_that_long_requests_need_is_asked_for_when_one_moves(
    small_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.fhir.systems.bundle_system.LONG_READ", 1)
    keys = tmp_path / "keys"
    keys.write_text("k" * 32)
    settings = Settings(bundle=small_bundle, api_key_file=str(keys))
    exchange = Exchange("POST", EXPAND, body=BODY)
    gateway = Gateway(create_app(small_bundle, settings), settings, tmp_path)
    asyncio.run(gateway.__rsgi__(exchange.scope, exchange))
    assert exchange.answer[0] == 401
