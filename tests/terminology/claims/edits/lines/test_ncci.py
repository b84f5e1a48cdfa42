"""NCCI edits: pairs, units, add-on codes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from terminology.bundle.store import Store
from terminology.claims.check import check
from terminology.claims.claim import Claim, ClaimLine, ClaimSetting, Patient
from terminology.claims.finding import Severity
from tests.payer_library import IN_QUARTER
from tests.terminology.claims.checking import checked, found, reasons

COLUMN2, BYPASSED, MUE, ADD_ON = "ptp.column2", "ptp.bypassed", "mue.exceeded", "aoc.no_primary"


def line(code: str, *modifiers: str, units: float | None = 1, day: date = IN_QUARTER) -> ClaimLine:
    """A line of the quarter that the tables are of."""
    return ClaimLine(code, modifiers, units=units, date_of_service=day)


def billed(*lines: ClaimLine, setting: ClaimSetting = ClaimSetting.PROFESSIONAL, **more: Any) -> Claim:
    """A claim with these lines."""
    return Claim(setting, Patient(60), (), lines, **more)


@pytest.mark.parametrize("order", [("G9901", "G9902"), ("G9902", "G9901")])
def test_the_table_says_which_code_is_not_paid_whatever_the_order_of_lines(
    claim_store: Store, order: tuple[str, str]
) -> None:
    (finding,) = found(COLUMN2, billed(*map(line, order)), claim_store)
    assert finding.line == (order.index("G9902") + 1,)
    assert (finding.severity, finding.source.row, finding.carc) == (Severity.ERROR, 5, ("97", "236"))
    assert finding.why == "Standards of practice"


def test_indicator_0_is_passed_by_no_modifier(claim_store: Store) -> None:
    assert found(COLUMN2, billed(line("G9901"), line("G9902", "59")), claim_store)


@pytest.mark.parametrize(
    ("first", "second", "passes"),
    [
        ((), ("59",), True),
        (("XU",), (), True),
        ((), ("LT",), True),
        (("LT",), (), False),
        ((), ("25",), True),
        ((), ("22",), False),
        ((), ("50",), False),
        ((), ("76",), False),
        ((), ("77",), False),
        ((), ("F10",), False),
    ],
)
def test_indicator_1_is_passed_by_associated_modifiers_only(
    claim_store: Store, first: tuple[str, ...], second: tuple[str, ...], passes: bool
) -> None:
    claim = billed(line("G9901", *first), line("G9903", *second))
    assert bool(found(BYPASSED, claim, claim_store)) is passes
    assert bool(found(COLUMN2, claim, claim_store)) is not passes


def test_59_counts_on_column_1_from_july_2019_on_only(claim_store: Store) -> None:
    before, after = date(2019, 6, 30), date(2019, 7, 1)
    for day, passes in ((before, False), (after, True)):
        claim = billed(line("G9901", "59", day=day), line("G9903", day=day))
        assert bool(found(BYPASSED, claim, claim_store)) is passes


def test_a_pair_that_passes_by_the_same_side_on_both_lines_says_so(claim_store: Store) -> None:
    (finding,) = found(BYPASSED, billed(line("G9901", "RT"), line("G9903", "RT")), claim_store)
    assert "does not show separate sites" in finding.message


def test_of_a_pair_in_both_orders_the_row_of_the_day_counts(claim_store: Store) -> None:
    july, august = date(2024, 7, 15), date(2024, 8, 15)
    in_july = found(COLUMN2, billed(line("G9901", day=july), line("G9904", day=july)), claim_store)
    assert {finding.line for finding in in_july} == {(1,), (2,)}
    (in_august,) = found(COLUMN2, billed(line("G9901", day=august), line("G9904", day=august)), claim_store)
    assert in_august.line == (1,)


def test_codes_of_different_days_are_no_pair(claim_store: Store) -> None:
    assert not found(COLUMN2, billed(line("G9901"), line("G9902", day=date(2024, 8, 16))), claim_store)


def test_a_pair_deleted_on_its_first_day_never_counts(claim_store: Store) -> None:
    assert not found(COLUMN2, billed(line("G9901"), line("G9905")), claim_store)


def test_a_quarter_says_nothing_of_later_days(claim_store: Store) -> None:
    later = date(2026, 8, 15)
    claim = billed(line("G9901", day=later), line("G9902", day=later))
    assert not found(COLUMN2, claim, claim_store)
    assert "not loaded for 2026-08-15" in reasons(COLUMN2, claim, claim_store)[0]


def test_a_table_with_a_part_missing_is_told(claim_store: Store) -> None:
    claim = billed(line("G9901"), line("G9902"), setting=ClaimSetting.OUTPATIENT)
    assert found(COLUMN2, claim, claim_store)
    assert reasons(COLUMN2, claim, claim_store) == [
        "only part 1, 2, 4 of CMS's files is loaded: pairs of the others are not known"
    ]


def test_cpt_codes_that_the_table_does_not_have_are_not_approved(claim_store: Store) -> None:
    claim = billed(line("G9901"), line("0000Z".replace("Z", "T")))
    assert reasons(COLUMN2, claim, claim_store) == ["0000T: in no row of the loaded table, which may be cut"]


@pytest.mark.parametrize("setting", [ClaimSetting.INPATIENT, ClaimSetting.DME])
def test_settings_without_a_table_of_pairs_say_so(claim_store: Store, setting: ClaimSetting) -> None:
    claim = billed(line("G9901"), line("G9902"), setting=setting)
    assert not found(COLUMN2, claim, claim_store)
    assert "no table of pairs" in reasons(COLUMN2, claim, claim_store)[0]


def test_an_abn_does_not_shift_an_ncci_denial(claim_store: Store) -> None:
    (finding,) = found(COLUMN2, billed(line("G9901"), line("G9902", "GA")), claim_store)
    assert finding.severity is Severity.ERROR
    assert "ABN" in finding.message


def test_a_line_limit_counts_each_line_by_itself(claim_store: Store) -> None:
    assert not found(MUE, billed(line("G9901", units=2), line("G9901", "59", units=2)), claim_store)
    (finding,) = found(MUE, billed(line("G9901", units=1), line("G9901", units=3)), claim_store)
    assert (finding.line, finding.carc) == ((2,), ("151", "222"))


@pytest.mark.parametrize(("code", "limit", "words"), [("G9902", 1, "absolute"), ("G9903", 3, "appeal")])
def test_a_day_limit_counts_all_lines_of_the_day(
    claim_store: Store, code: str, limit: int, words: str
) -> None:
    day = date(2024, 8, 16)
    apart = billed(line(code, "LT", units=limit), line(code, "RT", day=day))
    assert not found(MUE, apart, claim_store)
    (finding,) = found(MUE, billed(line(code, "LT", units=limit), line(code, "RT")), claim_store)
    assert finding.line == (1, 2)
    assert words in finding.message


def test_zero_units_are_a_limit(claim_store: Store) -> None:
    assert found(MUE, billed(line("G9904")), claim_store)


def test_a_code_without_a_limit_and_a_line_without_units_are_not_checked(claim_store: Store) -> None:
    assert "no published limit" in reasons(MUE, billed(line("G9999")), claim_store)[0]
    assert "line 1 has no units" in reasons(MUE, billed(line("G9901", units=None)), claim_store)


def test_suppliers_have_limits_of_their_own(claim_store: Store) -> None:
    claim = billed(line("G9902", units=2), line("G9901", units=9), setting=ClaimSetting.DME)
    assert [finding.line for finding in found(MUE, claim, claim_store)] == [(1,)]


def test_limits_answer_for_their_quarter(claim_store: Store) -> None:
    claim = billed(line("G9904", day=date(2024, 10, 1)))
    assert not found(MUE, claim, claim_store)
    assert reasons(MUE, claim, claim_store)
    assert checked(MUE, billed(line("G9904")), claim_store) == ["2024-07-01"]


@pytest.mark.parametrize(
    ("code", "severity"), [("G9911", Severity.ERROR), ("G9912", Severity.INFO), ("G9913", Severity.WARNING)]
)
def test_an_add_on_code_alone_is_found_by_its_type(claim_store: Store, code: str, severity: Severity) -> None:
    (finding,) = found(ADD_ON, billed(line(code)), claim_store)
    assert (finding.severity, finding.line, finding.carc) == (severity, (1,), ("107",))


@pytest.mark.parametrize("code", ["G9911", "G9913"])
def test_an_add_on_code_beside_a_primary_is_fine(claim_store: Store, code: str) -> None:
    assert not found(ADD_ON, billed(line(code), line("G9901")), claim_store)


def test_an_edit_that_has_ended_lists_no_primary(claim_store: Store) -> None:
    assert found(ADD_ON, billed(line("G9911"), line("G9902")), claim_store)
    july = date(2024, 7, 15)
    assert not found(ADD_ON, billed(line("G9911", day=july), line("G9902", day=july)), claim_store)


def test_a_primary_of_another_day_is_told(claim_store: Store) -> None:
    (finding,) = found(ADD_ON, billed(line("G9911"), line("G9901", day=date(2024, 8, 16))), claim_store)
    assert "G9901 stands on 2024-08-16 (line 2)" in finding.message


def test_what_a_contractor_accepts_is_not_known(claim_store: Store) -> None:
    claim = billed(line("G9912"), line("G9999"))
    assert not found(ADD_ON, claim, claim_store)
    assert "not published" in reasons(ADD_ON, claim, claim_store)[0]


def test_a_claim_of_one_line_is_checked_by_the_table_of_its_day_or_not_at_all(claim_store: Store) -> None:
    alone = check(billed(line("G9901")), claim_store)
    assert [one.release for one in alone.checked if one.edit == COLUMN2] == ["v30.2"]
    later = check(billed(line("G9901", day=date(2026, 7, 1))), claim_store)
    assert not [one for one in later.checked if one.edit == COLUMN2]
    assert "2026-07-01" in next(one.reason for one in later.not_checked if one.edit == COLUMN2)
