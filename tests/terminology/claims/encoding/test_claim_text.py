"""A claim in one line of text."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.claims.claim import ClaimLine, ClaimSetting, Diagnosis
from terminology.claims.encoding.claim_text import claim_text, read_claim_text
from terminology.errors import InvalidRequestError

DAY = date(2026, 8, 15)
PROFESSIONAL, INPATIENT, OUTPATIENT = (
    ClaimSetting.PROFESSIONAL,
    ClaimSetting.INPATIENT,
    ClaimSetting.OUTPATIENT,
)

diagnoses = st.from_regex(r"[A-TV-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?(=[YNUW1])?", fullmatch=True)
lines = st.from_regex(
    r"[A-V][0-9]{4}( x[2-9])?( (RT|LT|25)){0,2}( >[1-3](,[1-3])?)?( @(11|22))?", fullmatch=True
)


@given(st.lists(diagnoses, max_size=6), st.lists(lines, max_size=4), st.sampled_from(ClaimSetting))
def test_what_is_written_is_read_back(heads: list[str], services: list[str], setting: ClaimSetting) -> None:
    claim = read_claim_text(" / ".join([" ".join(heads), *services]), setting, DAY)
    assert (len(claim.diagnoses), len(claim.lines)) == (len(heads), len(services))
    assert read_claim_text(claim_text(claim), setting, DAY) == claim


@given(st.text(max_size=60))
def test_any_text_is_a_claim_or_an_error_with_the_word(text: str) -> None:
    try:
        read_claim_text(text, PROFESSIONAL)
    except InvalidRequestError as fault:
        assert fault.parameter == "codes"


def test_units_modifiers_diagnoses_and_place_stand_in_any_order() -> None:
    claim = read_claim_text("e11.9, i10 / g0447 RT x2 >2 @11", PROFESSIONAL, DAY)
    assert claim.diagnoses == (Diagnosis("E11.9"), Diagnosis("I10"))
    assert claim.lines == (ClaimLine("G0447", ("RT",), 2, None, DAY, (2,), "11"),)


def test_a_line_is_for_all_diagnoses_unless_it_says_so() -> None:
    claim = read_claim_text("A B C D E / G0447", PROFESSIONAL)
    assert claim.lines[0].pointers == (1, 2, 3, 4)
    assert read_claim_text("A / G0447", OUTPATIENT).lines[0].pointers == ()


def test_the_day_is_the_one_that_counts_for_the_setting() -> None:
    assert read_claim_text("I10", INPATIENT, DAY).discharge_date == DAY
    outpatient = read_claim_text("I10 / G0447", OUTPATIENT, DAY)
    assert (outpatient.statement_from, outpatient.statement_through) == (DAY, DAY)


def test_present_on_admission_stands_behind_its_code() -> None:
    assert read_claim_text("i10=y", INPATIENT).diagnoses == (Diagnosis("I10", "Y"),)


def test_a_service_before_the_slash_begins_a_line() -> None:
    claim = read_claim_text("I10 G0447 x2", PROFESSIONAL, is_procedure="G0447".__eq__)
    assert [line.code for line in claim.lines] == ["G0447"]
    assert read_claim_text("I10 0000T", PROFESSIONAL).lines[0].code == "0000T"


@pytest.mark.parametrize("text", ["I10 / G0447 three", "I10 / G!", "I10=YES", "A" * 3000])
def test_a_word_that_means_nothing_is_named(text: str) -> None:
    with pytest.raises(InvalidRequestError):
        read_claim_text(text, PROFESSIONAL)
