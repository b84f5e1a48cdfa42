"""Quick requests are answered before granian's event loop is woken; all others go through it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from granian import _futures

from tests.web.gateway.exchange import Exchange
from web.app import create_app
from web.gateway.app import Gateway
from web.gateway.early import answer_early
from web.settings import Settings

LOOKUP = "/api/v1/codes/icd-10-cm/E11.9"


class Offered:
    """A request as granian hands it to what schedules it."""

    def __init__(self, path: str) -> None:
        self.proto = Exchange("GET", path)
        self.scope = self.proto.scope


@pytest.fixture
def scheduled(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The requests that granian's own scheduler gets."""
    requests: list[Any] = []
    monkeypatch.setattr(_futures, "_cbsched_aioschedule", lambda *_: requests.append)
    return requests


@pytest.fixture(scope="module")
def gateway(small_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Gateway:
    settings = Settings(bundle=small_bundle)
    return Gateway(create_app(small_bundle, settings), settings, tmp_path_factory.mktemp("scratch"))


def test_a_lookup_is_answered_without_the_event_loop(gateway: Gateway, scheduled: list[Any]) -> None:
    assert answer_early(gateway.at_once)
    schedule = vars(_futures)["_cbsched_aioschedule"](None, None, None)
    lookup, page = Offered(LOOKUP), Offered("/about")
    schedule(lookup)
    schedule(page)
    assert lookup.proto.answer[0] == 200
    assert scheduled == [page]


def test_the_granian_that_is_installed_lets_requests_be_answered_early(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_futures, "_cbsched_aioschedule", _futures._cbsched_aioschedule)
    assert answer_early(lambda *_: True)


def test_a_granian_without_a_place_for_it_answers_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(_futures, "_cbsched_aioschedule")
    assert not answer_early(lambda *_: True)
    monkeypatch.setattr("web.gateway.early._MODULE", "granian._renamed")
    assert not answer_early(lambda *_: True)


@pytest.mark.parametrize(
    "exchange",
    [
        Exchange("HEAD", LOOKUP),
        Exchange("POST", "/api/v1/crosswalk", body=b"{}"),
        Exchange("GET", LOOKUP + "/children"),
        Exchange("GET", "/api/v1/codes/icd-10-cm/ZZZ"),
        Exchange("GET", LOOKUP, headers={"if-none-match": "x"}),
        Exchange("GET", LOOKUP + "x" * 2048),
    ],
)
def test_what_is_not_quick_is_left_alone(gateway: Gateway, exchange: Exchange) -> None:
    assert not gateway.at_once(exchange.scope, exchange)
    assert exchange.answer == (0, b"")


def test_a_fault_is_left_to_the_long_way_which_tells_it(
    gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("web.http.shortcut.Shortcut.quick", broken)
    exchange = Exchange("GET", LOOKUP)
    assert not gateway.at_once(exchange.scope, exchange)
