"""What may be done about a finding."""

from __future__ import annotations

from datetime import date

import pytest

from terminology.claims.claim import Claim, ClaimSetting
from terminology.claims.encoding.claim_text import claim_text, read_claim_text
from terminology.claims.finding import Finding, Severity, Source
from terminology.claims.fixes import MOST, fixes

TEXT = "A00.0 B00.0 C00.0 / G0447 >2 / J1885 >1,3"
SOURCE = Source("NCHS", "Tabular List")


def claim(text: str = TEXT, setting: ClaimSetting = ClaimSetting.PROFESSIONAL) -> Claim:
    return read_claim_text(text, setting, date(2026, 8, 15))


def offered(
    edit: str,
    text: str = TEXT,
    dx: tuple[int, ...] = (),
    line: tuple[int, ...] = (),
    suggest: tuple[str, ...] = (),
) -> dict[str, str]:
    finding = Finding(edit, Severity.ERROR, "", SOURCE, dx=dx, line=line, suggest=suggest)
    return {fix.words: claim_text(fix.claim) for fix in fixes(claim(text), finding)}


def test_a_suggested_code_takes_the_place_of_the_other() -> None:
    assert offered("dx.not_billable", dx=(2,), suggest=("B00.1",)) == {
        "Use B00.1 in place of B00.0": "A00.0 B00.1 C00.0 / G0447 >2 / J1885 >1,3"
    }


def test_pointers_follow_the_diagnoses_they_meant() -> None:
    assert offered("dx.manifestation_first", dx=(1,)) == {
        "List A00.0 last": "B00.0 C00.0 A00.0 / G0447 >1 / J1885 >3,2"
    }
    assert (
        offered("dx.sequela_first", dx=(3,))["List C00.0 first"]
        == "C00.0 A00.0 B00.0 / G0447 >3 / J1885 >2,1"
    )


def test_of_two_that_exclude_each_other_either_may_go() -> None:
    assert offered("dx.excludes1", dx=(1, 2)) == {
        "Take B00.0 out (number 2)": "A00.0 C00.0 / G0447 / J1885",
        "Take A00.0 out (number 1)": "B00.0 C00.0 / G0447 >1 / J1885 >2",
    }


def test_what_is_coded_first_is_added_before_and_what_is_added_behind() -> None:
    assert offered("dx.code_first", "A00.0 B00.0 / G0447", dx=(2,), suggest=("E11.9",)) == {
        "Add E11.9": "A00.0 E11.9 B00.0 / G0447"
    }
    assert offered("dx.use_additional", "A00.0", dx=(1,), suggest=("Z79.4",)) == {"Add Z79.4": "A00.0 Z79.4"}


def test_a_missing_indicator_may_be_any_of_four() -> None:
    found = offered("dx.poa_missing", "A00.0", dx=(1,))
    assert list(found.values()) == ["A00.0=Y", "A00.0=N", "A00.0=U", "A00.0=W"]


@pytest.mark.parametrize(
    ("edit", "text", "fixed"),
    [
        ("line.duplicate", "A00.0 / G0447 / G0447", "A00.0 / G0447"),
        ("line.units", "A00.0 / G0447 x0", "A00.0 / G0447"),
        ("line.pointer", "A00.0 / G0447 >4", "A00.0 / G0447"),
    ],
)
def test_a_line_is_put_right(edit: str, text: str, fixed: str) -> None:
    number = text.count("/")
    assert fixed in offered(edit, text, line=(number,)).values()


def test_nothing_is_offered_where_the_record_must_tell() -> None:
    assert offered("dx.age_conflict", dx=(1,)) == {}


def test_few_fixes_are_offered() -> None:
    many = tuple(f"B00.{n}" for n in range(1, 10))
    assert len(offered("dx.not_billable", dx=(1,), suggest=many)) == MOST
