"""Checks by the thousand find what single checks find."""

from __future__ import annotations

import json
import random
from dataclasses import fields
from datetime import date, timedelta
from pathlib import Path

import pytest

from terminology.bundle.store import Store
from terminology.claims.bulk import parts
from terminology.claims.bulk.checker import BulkChecker
from terminology.claims.bulk.grains import Plan, grains
from terminology.claims.bulk.known_pairs import KnownPairs
from terminology.claims.bulk.parts import MORE_REASONS, Prober, keep_reason
from terminology.claims.check import check
from terminology.claims.claim import Claim, ClaimLine, ClaimSetting, Diagnosis, Patient, Sex
from terminology.claims.edits import EDITS
from terminology.claims.encoding.claim_json import claims_of
from terminology.claims.finding import NotChecked
from terminology.claims.requested import ADVICE
from terminology.claims.tables.ncci import CODE_PAIRS

MODIFIERS = ("RT", "LT", "50", "25", "59", "XS", "GA", "GZ", "JW", "JZ", "76", "RH", "ZZ")
SPREAD = 3900


def drawn(pick: random.Random, diagnoses: list[str], services: list[str]) -> Claim:
    """A claim of up to five diagnoses and four lines; all that can be wrong is wrong now and then."""
    setting = pick.choice(list(ClaimSetting))
    day = date(2019, 7, 1) + timedelta(days=pick.randrange(SPREAD))
    one_day = pick.random() < 0.6
    inpatient = setting is ClaimSetting.INPATIENT
    codes = pick.choices(diagnoses, k=pick.randrange(1, 6))
    if pick.random() < 0.1:
        codes += codes[:1]
    lines = tuple(
        ClaimLine(
            pick.choice(services),
            tuple(pick.sample(MODIFIERS, pick.choice((0, 0, 1, 2)))),
            pick.choice((None, 0, 1, 1, 2, 40, 500)),
            date_of_service=day + timedelta(days=0 if one_day else pick.choice((0, 0, 1, 40)))
            if pick.random() < 0.9
            else None,
            pointers=tuple(pick.sample((1, 2, 3, 9), pick.randrange(3))),
            place_of_service=pick.choice((None, "11", "00")),
            description=pick.choice((None, "a service")),
        )
        for _ in range(pick.randrange(5))
    )
    return Claim(
        setting,
        Patient(pick.choice((None, 0, 5, 30, 70, 126)), pick.choice((None, *Sex))),
        tuple(Diagnosis(code, pick.choice((None, "Y", "N", "1"))) for code in codes),
        lines,
        date_of_service=day if pick.random() < 0.9 else None,
        discharge_date=day if inpatient else None,
        statement_from=None if inpatient or pick.random() < 0.5 else day,
        statement_through=None
        if inpatient or pick.random() < 0.5
        else day + timedelta(days=0 if one_day else pick.choice((0, 1, 30))),
        condition_codes=pick.choice(((), ("45",))),
        admitting_diagnosis=pick.choice(codes) if pick.random() < 0.1 else None,
        external_causes=(Diagnosis(pick.choice(codes)),) if pick.random() < 0.1 else (),
    )


def compare(store: Store, claims: list[Claim], requested: tuple[str, ...] = ()) -> int:
    """Hold the two executions together; returns how many findings there were."""
    checker, count = BulkChecker(store, requested=requested), 0
    for claim in claims:
        expected = check(claim, store, requested).findings
        assert tuple(found.finding() for found in checker.findings(claim)) == expected, claim
        count += len(expected)
    return count


def test_bulk_finds_what_single_checks_find(claim_store: Store) -> None:
    keys = [key for (key,) in claim_store.query("SELECT DISTINCT key FROM life WHERE system = 'icd-10-cm'")]
    services = ["G0447", "J1885", "A0999", "0000T", "Z9999"]
    pick = random.Random(11)
    claims = [drawn(pick, [*keys, "ZZ9", "E11", "e11.9"], services) for _ in range(2_000)]
    assert compare(claim_store, claims) > 1_000


def test_bulk_gives_the_advice_that_is_asked_for(claim_store: Store) -> None:
    keys = [key for (key,) in claim_store.query("SELECT DISTINCT key FROM life WHERE system = 'icd-10-cm'")]
    pick = random.Random(12)
    claims = [drawn(pick, keys, ["G0447"]) for _ in range(400)]
    assert compare(claim_store, claims, ADVICE) > compare(claim_store, claims)


def test_what_is_remembered_has_an_end(claim_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "MOST_KEPT", 3)
    pick = random.Random(5)
    assert compare(claim_store, [drawn(pick, ["E119", "E28310", "O80"], ["G0447"]) for _ in range(200)])


def test_what_was_not_checked_is_told_once_for_all(claim_store: Store) -> None:
    checker = BulkChecker(claim_store)
    claim = Claim(ClaimSetting.INPATIENT, diagnoses=(Diagnosis("E119"),), discharge_date=date(2020, 1, 15))
    checker.findings(claim)
    notes = checker.notes()
    alone = check(claim, claim_store)
    assert {note.edit for note in alone.not_checked} <= {note.edit for note in notes.not_checked}
    assert {one.edit for one in alone.checked} <= {one.edit for one in notes.checked} | {
        one.edit for one in notes.not_checked
    }
    assert not checker.notes().checked


def test_reasons_beyond_those_kept_are_told_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "MOST_NOTES", 2)
    kept: dict[NotChecked, None] = {}
    for reason in ("a", "b", "c", "d", "a"):
        keep_reason(kept, NotChecked("dx.not_found", reason))
    assert [each.reason for each in kept] == ["a", "b", MORE_REASONS]


def test_every_grain_is_of_an_edit_that_exists() -> None:
    named = [row.edit for row in grains()]
    assert len(set(named)) == len(named)
    assert set(named) <= {edit.id for edit in EDITS}
    assert {row.grain for row in grains()} <= {each.name for each in fields(Plan)} - {"always", "alone"}
    assert {row.told for row in grains()} == {"alone", "on_claim"}


def test_what_a_part_finds_is_found_once_for_all_days_of_a_period(
    claim_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    checker = BulkChecker(claim_store)
    claims = [
        Claim(
            ClaimSetting.PROFESSIONAL,
            Patient(40, Sex.MALE),
            (Diagnosis("E119"),),
            (ClaimLine("J3370", date_of_service=day, pointers=(1,)),),
        )
        for day in (date(2025, 8, n) for n in range(1, 6))
    ]
    told = [[each.finding() for each in checker.findings(claim)] for claim in claims[:3]]
    assert [found[0].message for found in told[1:]] == [
        f"J3370 is not valid on {claim.lines[0].date_of_service}: it ended on 2025-06-30."
        for claim in claims[1:3]
    ]
    monkeypatch.setattr(Prober, "run", None)  # what is known is told without an edit
    assert [each.edit for each in (f.finding() for f in checker.findings(claims[4]))] == [
        each.edit for each in told[2]
    ]


def test_a_pair_is_known_in_either_order_and_by_whichever_code_comes_first(claim_store: Store) -> None:
    for table in CODE_PAIRS.values():
        held = [entry.row for entry in claim_store.edit_tables.rows(table)]
        assert held
        for pair in held:
            assert KnownPairs(claim_store, table).among((pair.column1, pair.column2))
            assert KnownPairs(claim_store, table).among((pair.column2, pair.column1))
            assert not KnownPairs(claim_store, table).among((pair.column1, "Z9999"))


@pytest.mark.realdata
def test_bulk_finds_what_single_checks_find_on_real_tables(real_bundle: Path, data_dir: Path) -> None:
    store = Store(real_bundle)
    cases = json.loads((data_dir.parent / "dev_sets" / "claim_cases.json").read_text())["cases"]
    compare(store, [claim for case in cases for claim in claims_of(case["claim"])])
    keys = [
        key
        for (key,) in store.query("SELECT key FROM volume GROUP BY key ORDER BY sum(count) DESC LIMIT 4000")
    ]
    services = [key for (key,) in store.query("SELECT DISTINCT key FROM life WHERE system = 'hcpcs'")]
    pairs = store.query(
        "SELECT column1 FROM edit_ptp_practitioner UNION ALL SELECT column2 FROM edit_ptp_outpatient"
    )
    services += [code for (code,) in pairs]  # as often as they stand in pairs
    pick = random.Random(18)
    claims = [drawn(pick, [*keys, "ZZ9", "S72001", "D691"], [*services, "0000T"]) for _ in range(10_000)]
    assert compare(store, claims) > 10_000
    store.close()
