"""A query is read as a chart says it."""

from __future__ import annotations

import pytest

from indexes.text.chart import read_chart
from indexes.text.context import Context


def _asserted(text: str) -> list[str]:
    return [w.word for w in read_chart(text).words if not w.denied]


@pytest.mark.parametrize(
    "text",
    [
        "pt here with gout and wants refill",
        "67 yo male with gout",
        "gout x 3 days",
        "gout for the past 2 weeks",
        "gout since last tuesday",
        "3 day history of gout",
        "gout, colchicine 0.6 mg daily, follow up in 3 months".replace("colchicine ", ""),
    ],
)
def test_ages_durations_doses_and_instructions_are_not_searched(text: str) -> None:
    assert _asserted(text) == ["gout"]


@pytest.mark.parametrize(
    "text", ["gout controlled with allopurinol", "gout, started allopurinol and colchicine"]
)
def test_a_drug_that_treats_the_disease_is_not_searched(text: str) -> None:
    assert [w.word for w in read_chart(text, {"allopurinol", "colchicin"}).words if w.weight == 1] == ["gout"]


def test_words_that_were_left_out_are_kept_to_be_shown() -> None:
    assert read_chart("pt with gout x 3 days").left_out == ("x", "3", "days", "pt")


@pytest.mark.parametrize(
    ("text", "context"),
    [
        ("h/o dvt", Context.PERSONAL),
        ("quit smoking", Context.PERSONAL),
        ("fhx colon cancer", Context.FAMILY),
        ("mother had breast cancer", Context.FAMILY),
        ("s/p cabg", Context.STATUS),
        ("penicillin allergy history", Context.PERSONAL),
        ("status asthmaticus", None),
        ("chest pain", None),
    ],
)
def test_history_and_status_are_said_before_or_after_the_disease(text: str, context: Context | None) -> None:
    assert read_chart(text).context is context


def test_a_history_in_passing_does_not_turn_the_complaint_into_a_history() -> None:
    reading = read_chart("chest pain with history of stroke")
    assert reading.context is None
    assert [(w.word, w.weight) for w in reading.words] == [("chest", 1.0), ("pain", 1.0), ("stroke", 0.3)]


def test_what_only_denies_keeps_the_words_that_deny_and_says_so() -> None:
    reading = read_chart("no chest pain")
    assert [(w.word, w.denies) for w in reading.words] == [("no", True), ("chest", False), ("pain", False)]
    assert reading.denied == ("chest", "pain")
    assert reading.only_denies
    assert not read_chart("gout, no chest pain").only_denies


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("asthma stable on metformin", ["asthma"]),
        ("asthma on metformin and lisinopril", ["asthma"]),
        ("overdose on metformin", ["overdose", "metformin"]),
        ("metformin", ["metformin"]),
    ],
)
def test_a_drug_that_is_taken_beside_a_disease_is_left_out(text: str, words: list[str]) -> None:
    drugs = frozenset(("metformin", "lisinopril"))
    assert [w.word for w in read_chart(text, drugs).words] == words
