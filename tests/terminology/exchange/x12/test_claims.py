"""Claims out of 837 files, and what real files break."""

from __future__ import annotations

import io
import logging
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terminology.claims.claim import ClaimSetting, Diagnosis, Sex
from terminology.errors import InvalidRequestError, ReleaseFormatError, TenElevenError
from terminology.exchange.x12.claims import X12Claim, read_x12_claims
from tests.terminology.exchange.x12.edi import INPATIENT, ISA, PROFESSIONAL, interchange


def claims(file: bytes, name: str = "claims.837") -> list[X12Claim]:
    return list(read_x12_claims(io.BytesIO(file), name))


def only(body: str, guide: str = "005010X222A1", isa: str = ISA) -> X12Claim:
    (found,) = claims(interchange(body, guide=guide, isa=isa))
    return found


def test_a_professional_claim_has_its_codes_lines_and_dates() -> None:
    claim = only(PROFESSIONAL).claim
    assert (claim.id, claim.setting, claim.payer) == ("CLAIM-1", ClaimSetting.PROFESSIONAL, "MB")
    assert claim.diagnoses == (Diagnosis("E119"), Diagnosis("I10"))
    first, second = claim.lines
    assert (first.code, first.modifiers, first.units, first.charge) == ("G0447", ("25", "RT"), 2, 80)
    assert (first.pointers, first.place_of_service, first.date_of_service) == (
        (1, 2),
        "11",
        date(2026, 8, 15),
    )
    assert (second.place_of_service, second.date_of_service) == ("22", date(2026, 8, 16))
    assert second.ndc == "00000000001"


def test_an_inpatient_claim_has_its_stay_and_present_on_admission() -> None:
    claim = only(INPATIENT, "005010X223A2").claim
    assert claim.setting is ClaimSetting.INPATIENT
    assert (claim.type_of_bill, claim.discharge_status) == ("111", "01")
    assert claim.admission_date == date(2026, 9, 1)
    assert claim.discharge_date == claim.statement_through == date(2026, 10, 3)
    assert claim.diagnoses == (Diagnosis("K3580", "Y"), Diagnosis("I10", "1"), Diagnosis("E119", "N"))
    assert claim.external_causes == (Diagnosis("W19XXXA", "Y"),)
    assert (claim.admitting_diagnosis, claim.procedures_icd10pcs) == ("R109", ("0DTJ4ZZ",))
    assert claim.condition_codes == ("C5", "45")
    assert (claim.lines[0].code, claim.lines[0].revenue_code, claim.lines[0].units) == (None, "0120", 3)


def test_one_still_a_patient_has_no_day_of_discharge() -> None:
    claim = only(INPATIENT.replace("CL1*1*1*01", "CL1*1*1*30"), "005010X223A2").claim
    assert claim.discharge_date is None


def test_the_age_is_the_one_at_service_and_at_admission_for_a_stay() -> None:
    assert only(PROFESSIONAL).claim.patient.age == 75  # the day before the birthday
    assert only(PROFESSIONAL).claim.patient.sex is Sex.FEMALE
    assert only(INPATIENT, "005010X223A2").claim.patient.age == 56


def test_nothing_read_tells_who_the_patient_is(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        told = repr(only(PROFESSIONAL)) + caplog.text
    assert not [secret for secret in ("DOE", "JAN", "SECRET123", "1950", "0816") if secret in told]


def test_a_wrong_birth_date_is_not_repeated_in_the_error() -> None:
    with pytest.raises(ReleaseFormatError, match=r"segment 10 \(DMG\), element DMG02") as fault:
        only(PROFESSIONAL.replace("19500816", "19501399"))
    assert "1950" not in str(fault.value)


def test_a_dependent_is_the_patient_and_the_subscribers_payer_stays() -> None:
    dependent = "HL*3*2*23*0\nPAT*19\nDMG*D8*20200101*M\nCLM*"
    claim = only(PROFESSIONAL.replace("CLM*", dependent)).claim
    assert (claim.patient.age, claim.patient.sex, claim.payer) == (6, Sex.MALE, "MB")


def test_another_payers_subscriber_is_not_the_patient() -> None:
    other = "HI*ABK:E119*ABF:I10\nSBR*S*18*******CI\nDMG*D8*19900101*M\nDTP*573*D8*20260901"
    assert only(PROFESSIONAL.replace("HI*ABK:E119*ABF:I10", other)) == only(PROFESSIONAL)


def test_several_claims_of_a_subscriber_are_several_claims() -> None:
    second = PROFESSIONAL[PROFESSIONAL.index("CLM*") :].replace("CLAIM-1", "CLAIM-2")
    found = claims(interchange(PROFESSIONAL + second.strip()))
    assert [one.claim.id for one in found] == ["CLAIM-1", "CLAIM-2"]
    assert found[0].claim.patient == found[1].claim.patient
    assert [one.line for one in found] == [11, 20]


def test_what_real_files_break_is_read_all_the_same() -> None:
    whole = only(PROFESSIONAL)
    assert only(PROFESSIONAL, "005010X222A2") == whole
    assert only(PROFESSIONAL, isa=ISA.replace("00501", "00401")) == whole
    assert only(PROFESSIONAL.replace("*UN*2*", "*UN*2.00*").replace("1:2\n", "1.00:2.00\n")) == whole
    assert only(PROFESSIONAL.replace("HI*ABK:E119*ABF:I10", "HI*ABK:E119\nHI*ABK:I10")) == whole
    other_separator = PROFESSIONAL[: PROFESSIONAL.index("CLM*")] + PROFESSIONAL[
        PROFESSIONAL.index("CLM*") :
    ].replace(":", ">")
    assert only(other_separator) == whole


def test_a_line_without_its_lx_is_a_line() -> None:
    kept = "\n".join(line for line in PROFESSIONAL.splitlines() if not line.startswith("LX"))
    assert only(kept).claim.lines == only(PROFESSIONAL).claim.lines


def test_the_claim_says_whether_it_is_professional_whatever_guide_is_named() -> None:
    assert only(PROFESSIONAL, "005010X223A2").claim.setting is ClaimSetting.PROFESSIONAL


def test_a_hospitals_outpatient_bill_is_outpatient() -> None:
    claim = only(INPATIENT.replace("11:A:1", "13:A:7"), "005010X223A2").claim
    assert (claim.setting, claim.type_of_bill) == (ClaimSetting.OUTPATIENT, "137")


def test_a_line_with_a_certificate_of_equipment_is_a_suppliers() -> None:
    body = PROFESSIONAL.replace("LX*2", "CR3*I*MO*12\nLX*2")
    assert only(body).claim.setting is ClaimSetting.DME


def test_minutes_of_anesthesia_are_no_units_of_service() -> None:
    assert only(PROFESSIONAL.replace("*UN*2*", "*MJ*61*")).claim.lines[0].units == 1


def test_icd_9_is_told_by_its_qualifier_with_date_or_digits() -> None:
    body = PROFESSIONAL.replace("ABK:E119*ABF:I10", "BK:25000*BF:4019")
    assert only(body).icd9
    assert not only(PROFESSIONAL.replace("ABK", "BK").replace("ABF", "BF")).icd9
    assert only(PROFESSIONAL.replace("ABK:E119", "BK:E8888").replace("202608", "201408")).icd9


@pytest.mark.parametrize(
    ("wrong", "right", "place"),
    [
        ("20260815", "20261315", r"segment 15 \(DTP\), element DTP03"),
        ("*UN*2*", "*UN*two*", r"segment 14 \(SV1\), element SV104"),
        ("1:2\n", "A:2\n", r"segment 14 \(SV1\), element SV107"),
        ("SV1*HC:J1885*40*UN*1*22**2\n", "", r"segment 16 \(LX\): expected an SV1"),
    ],
)
def test_a_bad_file_gets_line_segment_and_element(wrong: str, right: str, place: str) -> None:
    with pytest.raises(ReleaseFormatError, match=rf"claims.837, line 1\d, {place}"):
        only(PROFESSIONAL.replace(wrong, right, 1))


def test_a_file_that_was_cut_is_refused() -> None:
    with pytest.raises(ReleaseFormatError, match="SE segment"):
        claims(interchange(PROFESSIONAL).partition(b"SE*")[0])


@pytest.mark.parametrize(
    ("number", "guide", "said"),
    [
        ("835", "005010X221A1", "a remittance advice: it holds no claims"),
        ("277", "005010X212", "a claim status answer: it holds no claims"),
        ("837", "004010X098A1", "GS08 004010X098A1"),
        ("837", "005010X224A2", "follows 005010X224A2"),
    ],
)
def test_what_is_no_claim_of_5010_is_said_in_one_line(number: str, guide: str, said: str) -> None:
    with pytest.raises(InvalidRequestError, match=said) as fault:
        claims(interchange(PROFESSIONAL, number=number, guide=guide))
    assert "\n" not in str(fault.value)


@given(st.integers(0, len(PROFESSIONAL)), st.text(":*~ABK0159.-\n", max_size=6))
def test_a_file_with_anything_in_it_is_read_or_refused_with_a_place(at: int, junk: str) -> None:
    try:
        claims(interchange(PROFESSIONAL[:at] + junk + PROFESSIONAL[at:]))
    except TenElevenError as fault:
        assert "claims.837" in str(fault)
        assert "SECRET" not in str(fault)
