"""How far a long request is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.client import client_of
from web.app import create_app
from web.heavy.board import WorkBoard
from web.process.serving import SCRATCH_VARIABLE


def test_a_request_waits_then_runs_then_is_gone(
    small_bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SCRATCH_VARIABLE, str(tmp_path))
    client = client_of(create_app(small_bundle))

    def told(name: str = "mine") -> tuple[str, int]:
        answer = client.get(f"/api/v1/progress/{name}")
        assert answer.headers.getlist("Cache-Control") == ["no-store"]
        assert "ETag" not in answer.headers
        return answer.json["state"], answer.json["before"]

    board = WorkBoard(tmp_path)
    board.waiting("other", 1)
    board.waiting("mine", 2)
    assert told() == ("waiting", 1)
    board.running("other")
    assert told() == ("waiting", 0)
    board.running("mine")
    assert told() == ("running", 0)
    board.gone("mine")
    assert told() == ("none", 0)


def test_a_server_without_long_requests_knows_of_none(
    small_bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(SCRATCH_VARIABLE, raising=False)
    answer = client_of(create_app(small_bundle)).get("/api/v1/progress/any")
    assert answer.json == {"request": "any", "state": "none", "seconds": None, "before": 0}
