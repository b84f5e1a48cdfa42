"""Remittance advices: what was paid, what was not, and the numbers that say why."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest

from terminology.errors import InvalidRequestError, ReleaseFormatError
from terminology.exchange.x12.remittance import Adjustment, PaidClaim, read_remittances
from tests.terminology.exchange.x12.edi import PROFESSIONAL, interchange

ADVICE = """
BPR*I*60*C*CHK***********20260901
LX*1
CLP*CLAIM-1*1*120*60*20*MB*PAYERS1*11*1
CAS*CO*45*40
NM1*QC*1*DOE*JAN****MI*SECRET123
MOA***MA02*N1
DTM*232*20260815
SVC*HC:G0447:25:RT*80*60**2
DTM*472*20260815
CAS*PR*1*15**2*5*1
REF*6R*LINE1
LQ*HE*M51
SVC*HC:J1885*40*0**1
CAS*CO*50*40
LX*2
CLP*CLAIM-2*4*75*0**MB*PAYERS2
CAS*CO*16*75
"""


def read(body: str, number: str = "835", guide: str = "005010X221A1") -> list[PaidClaim]:
    return list(read_remittances(io.BytesIO(interchange(body, number=number, guide=guide)), "pay.835"))


def test_a_claim_has_its_amounts_lines_reasons_and_remarks() -> None:
    first, second = read(ADVICE)
    assert (first.claim_id, first.status, first.charged, first.paid) == (
        "CLAIM-1",
        "1",
        Decimal(120),
        Decimal(60),
    )
    assert (first.patient_share, first.type_of_bill, first.served_from) == (
        Decimal(20),
        "111",
        date(2026, 8, 15),
    )
    assert first.adjustments == (Adjustment("CO", "45", Decimal(40)),)
    assert first.remarks == ("MA02", "N1")
    assert (second.claim_id, second.denied, second.adjustments[0].reason) == ("CLAIM-2", True, "16")


def test_a_line_has_its_code_reasons_and_remarks() -> None:
    paid, denied = read(ADVICE)[0].lines
    assert (paid.code, paid.modifiers, paid.units, paid.number) == (
        "G0447",
        ("25", "RT"),
        Decimal(2),
        "LINE1",
    )
    assert paid.adjustments == (
        Adjustment("PR", "1", Decimal(15)),
        Adjustment("PR", "2", Decimal(5), Decimal(1)),
    )
    assert paid.remarks == ("M51",)
    assert (denied.code, denied.paid, denied.adjustments[0]) == (
        "J1885",
        Decimal(0),
        Adjustment("CO", "50", Decimal(40)),
    )


def test_no_name_or_member_number_is_kept() -> None:
    assert not [secret for secret in ("DOE", "SECRET123") if secret in repr(read(ADVICE))]


def test_a_procedure_written_as_two_elements_or_with_another_separator_is_read() -> None:
    split = ADVICE.replace("SVC*HC:J1885*", "SVC*HC*J1885*")
    other = ADVICE.replace("HC:J1885", "HC>J1885")
    assert [claim.lines for claim in read(split)] == [claim.lines for claim in read(ADVICE)]
    assert [claim.lines for claim in read(other)] == [claim.lines for claim in read(ADVICE)]


def test_claims_are_no_remittance_and_say_so() -> None:
    with pytest.raises(InvalidRequestError, match="claims: it holds no remittance advices"):
        read(PROFESSIONAL, "837", "005010X222A1")


def test_a_wrong_amount_has_its_place() -> None:
    with pytest.raises(ReleaseFormatError, match=r"segment 8 \(CAS\), element CAS03"):
        read(ADVICE.replace("CAS*CO*45*40", "CAS*CO*45*much"))
