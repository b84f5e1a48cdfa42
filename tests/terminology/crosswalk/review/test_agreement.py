"""Two reviewers' sheets, compared."""

from __future__ import annotations

from datetime import date

from terminology.crosswalk.review.agreement import compare_reviews
from terminology.crosswalk.review.overrides import Override


def _sheet(**decisions: str) -> list[Override]:
    return [Override(code, said, "A. Coder", date(2026, 11, 1), "") for code, said in decisions.items()]


def test_order_of_stems_and_extension_codes_makes_no_difference() -> None:
    found = compare_reviews(_sheet(A00="1A00/1G40&XN6P4&XK9K"), _sheet(A00="1G40&XK9K&XN6P4/1A00"))
    assert found.differences == ()
    assert found.share == 1.0
    assert found.stem_share == 0.0


def test_differences_and_what_one_alone_decided_are_told() -> None:
    found = compare_reviews(
        _sheet(A00="1A00", A01="1A07", A02=""), _sheet(A00="1A00", A01="1A0Z", A03="1A02")
    )
    assert [(pair.source, pair.first, pair.second) for pair in found.differences] == [("A01", "1A07", "1A0Z")]
    assert found.only_first == ("A02",)
    assert found.only_second == ("A03",)


def test_kappa_takes_off_what_chance_would_agree_on() -> None:
    first = _sheet(A1="1A00", A2="1A00", A3="1B00", A4="1B00")
    second = _sheet(A1="1A00", A2="1B00", A3="1B00", A4="1B00")
    found = compare_reviews(first, second)
    assert found.share == 0.75
    assert round(found.kappa, 2) == 0.5
