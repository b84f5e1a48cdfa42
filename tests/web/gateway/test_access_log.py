"""The access log has a line for every request: its route as a pattern, and nothing of what was asked."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.web.gateway.exchange import Exchange
from web.app import create_app
from web.gateway.app import Gateway
from web.settings import Settings

LINES = {
    Exchange("GET", "/api/v1/codes/icd-10-cm/E11.9"): ("GET", "/api/v1/codes/<system>/<code>", 200),
    Exchange("GET", "/api/v1/search", "q=private"): ("GET", "/api/v1/search", 200),
    Exchange("HEAD", "/api/v1/codes/icd-10-cm/ZZZ"): ("HEAD", "/api/v1/codes/<system>/<code>", 404),
    Exchange("GET", "/nothing/private"): ("GET", "unrouted", 404),
    Exchange("POST", "/api/v1/crosswalk", body=b"private"): ("POST", "/api/v1/crosswalk", 400),
}


@pytest.mark.parametrize("exchange", LINES, ids=lambda exchange: exchange.scope.path)
def test_a_line_names_the_route_and_nothing_of_what_was_asked(
    small_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exchange: Exchange
) -> None:
    lines: list[tuple[object, ...]] = []
    monkeypatch.setattr("web.process.logs.log_access", lambda *said: lines.append(said))
    settings = Settings(bundle=small_bundle, access_log=True)
    gateway = Gateway(create_app(small_bundle, settings), settings, tmp_path)
    asyncio.run(gateway.__rsgi__(exchange.scope, exchange))
    (line,) = lines
    _, route, method, status, *_ = line
    assert (method, route, status) == LINES[exchange]
    assert "private" not in str(line)
