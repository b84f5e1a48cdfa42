"""What both readers give against the crosswalk is listed for the fold that may be read."""

from __future__ import annotations

from dataclasses import replace

from bench.double_coding.adjudicated import DoubleCoding, adjudicate
from bench.double_coding.compared import DoubleReading
from bench.double_coding.evaluation import measure
from bench.double_coding.proposals import Proposal, confidence, proposals
from bench.double_coding.readings import Reading
from bench.double_coding.sample import Drawn
from bench.recommended import Recommended
from terminology.bundle.store import Store

TARGETS = {"E11.9": Recommended("5A11", 0.9, "full", "equivalent")}


def coding(first: str, second: str, accepted: tuple[str, ...] = (), fold: str = "fit") -> DoubleCoding:
    drawn = Drawn("E11.9", "new", 1.0, fold, 1, "")
    readings = (Reading("E11.9", first, accepted, "full"), Reading("E11.9", second, (), "full"))
    return adjudicate([DoubleReading(drawn, *readings)], {})[0]


def proposed(store: Store, given: DoubleCoding) -> list[Proposal]:
    return proposals(store, measure([given], TARGETS), "2027", "2025-01")


def test_agreement_against_the_crosswalk_is_proposed_for_the_family(store: Store) -> None:
    assert proposed(store, coding("5A11&XK9K", "5A11&XK9K")) == [
        Proposal("E11.9", "5A11&XK9K", "5A11", {"E11.9": "5A11&XK9K"}, "")
    ]


def test_no_row_is_proposed_where_the_readers_differ_or_one_accepts_the_crosswalks(store: Store) -> None:
    assert proposed(store, coding("5A11&XK9K", "5A11")) == []
    assert proposed(store, coding("5A11&XK9K", "5A11&XK9K", ("5A11",))) == []


def test_fold_that_is_reported_is_never_listed(store: Store) -> None:
    assert proposed(store, coding("5A11&XK9K", "5A11&XK9K", fold="report")) == []


def test_expression_that_no_release_holds_is_told(store: Store) -> None:
    (refused,) = proposed(store, coding("5A99", "5A99"))
    assert refused.family == {}
    assert "5A99" in refused.refused


def test_row_is_as_sure_as_the_readers_agree_on_stems() -> None:
    agreed, not_agreed = coding("5A10", "5A10"), coding("5A10", "5A11")
    other = replace(agreed, double=replace(agreed.double, drawn=replace(agreed.drawn, fold="report")))
    assert confidence(measure([agreed, not_agreed, other], {})) == 0.5
