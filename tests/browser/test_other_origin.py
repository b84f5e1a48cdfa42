"""A page of another origin asks the API in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.loopback import served
from web.app import create_app
from web.settings import Settings

_ASK = """async ([address, headers]) => {
  try {
    const answer = await fetch(address, {headers});
    return {status: answer.status, tag: answer.headers.get('ETag'), body: await answer.json()};
  } catch (fault) { return {refused: String(fault)}; }
}"""


@pytest.fixture
def stranger(browser: Any, tmp_path: Path) -> Iterator[Any]:
    """A page that another server serves: of another origin, as its port is another."""
    (tmp_path / "index.html").write_text("<!doctype html><title>Viewer</title>")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(tmp_path)))
    Thread(target=server.serve_forever, daemon=True).start()
    page = browser.new_page()
    page.goto(f"http://127.0.0.1:{server.server_port}/")
    yield page
    page.close()
    server.shutdown()
    server.server_close()


def test_it_reads_answers_tags_and_errors(stranger: Any, address: str) -> None:
    path = f"{address}/api/v1/codes/icd-10-cm"
    found = stranger.evaluate(_ASK, [f"{path}/E11.9", {}])
    assert (found["status"], found["body"]["code"]) == (200, "E11.9")
    assert found["tag"].startswith('W/"')
    missing = stranger.evaluate(_ASK, [f"{path}/E11.99", {}])
    assert (missing["status"], missing["body"]["type"]) == (404, "/docs#unknown-code")
    asked_first = stranger.evaluate(_ASK, [f"{path}/E11.9", {"X-Request-ID": "viewer-1"}])
    assert asked_first["status"] == 200


def test_it_asks_fhir(stranger: Any, address: str) -> None:
    url = f"{address}/fhir/r4/CodeSystem/$lookup?system=http://hl7.org/fhir/sid/icd-10-cm&code=E11.9"
    assert stranger.evaluate(_ASK, [url, {}])["body"]["resourceType"] == "Parameters"


def test_it_reads_nothing_where_that_is_switched_off(stranger: Any, small_bundle: Path) -> None:
    with served(create_app(small_bundle, Settings(cors_origins="off"))) as address:
        assert "refused" in stranger.evaluate(_ASK, [f"{address}/api/v1/systems", {}])
