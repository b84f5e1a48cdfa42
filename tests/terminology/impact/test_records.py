"""Records: what codes that stand together say, with answers counted by hand."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

import pytest

from terminology.claims.payment.exclusions import Exclusions
from terminology.crosswalk.model import Motif, Representation
from terminology.facility import Setting
from terminology.impact.coded import Coded, Destination, Facility, State
from terminology.impact.measures import stays as stays_module
from terminology.impact.measures.record_comparability import record_comparability
from terminology.impact.measures.stays import level_of, stays
from terminology.impact.records import Records

STEPS = {"none": 0.0, "CC": 0.5, "MCC": 2.0}


def coded(key: str, expression: str) -> Coded:
    stem = expression.split("/", maxsplit=1)[0].split("&", maxsplit=1)[0]
    target = Destination(expression, stem, "", 1, 1.0)
    return Coded(key, key, "", "", State.VALID, Representation.FULL, Motif.IDENTITY, (target,))


def place(records: Records, *codes: Coded) -> Facility:
    volumes: dict[Setting, dict[str, int]] = {}
    for setting, keys in records:
        for key in keys:
            weights = volumes.setdefault(setting, {})
            weights[key] = weights.get(key, 0) + 1
    return Facility({c.key: c for c in codes}, volumes, "2027")


@pytest.fixture
def records() -> Records:
    found = Records()
    found.add(Setting.INPATIENT, ["I509", "N179", "I5033", "N179"])
    found.add(Setting.INPATIENT, ["I110", "N19"])
    found.add(Setting.OFFICE, ["I110"])
    return found


I509, I5033, I110 = coded("I509", "BD1Z"), coded("I5033", "BD1Z"), coded("I110", "BA01/BD1Z")
N179, N19 = coded("N179", "GB60.Z"), coded("N19", "GB60.Z")


def test_a_code_counts_once_in_its_record_and_the_first_stays_first(records: Records) -> None:
    assert len(records) == 3
    assert next(iter(records)) == (Setting.INPATIENT, ["I509", "N179", "I5033"])
    both = Records()
    both.extend(records)
    assert list(both) == list(records)


def test_a_record_counts_once_for_a_condition(records: Records) -> None:
    table = record_comparability(place(records, I509, I5033, I110, N179, N19), records)
    rows = {(str(row[0]), str(row[1])): row[2:] for row in table.rows}
    assert rows["all settings", "Heart failure"] == (1, 1, 3, 1.0, 3.0)
    assert rows["inpatient", "Heart failure"] == (1, 1, 2, 1.0, 2.0)
    assert ("office", "Heart failure") not in rows
    assert rows["office", "Hypertensive diseases"] == (1, 1, 1, 1.0, 1.0)


def test_the_level_of_a_stay_is_its_highest_status() -> None:
    assert [level_of(each) for each in ([], ["CC"], ["CC", "MCC", "x"])] == ["none", "CC", "MCC"]


def test_a_sole_cc_that_icd_11_does_not_tell_from_others_moves_its_stay() -> None:
    found = Records()
    found.add(Setting.INPATIENT, ["A01", "N179"])  # CC alone, lost: N17.9 becomes what N19 becomes
    found.add(Setting.INPATIENT, ["A01", "N179", "I5033"])  # an MCC beside it: the level stays
    for _ in range(3):
        found.add(Setting.INPATIENT, ["A01", "N19"])
    found.add(Setting.OFFICE, ["A01", "N179"])  # no inpatient stay
    status = {"N179": "CC", "I5033": "MCC"}
    codes = (coded("A01", "1A00"), N179, N19, replace(I5033, destinations=I110.destinations))
    summary, sole = stays(place(found, *codes), found, status, STEPS, 1000.0)
    rows = {str(row[0]): row[1:] for row in summary.rows}
    assert rows["inpatient stays"] == (5, None, None)
    assert rows["stays with MCC as highest"][0] == rows["stays with CC as highest"][0] == 1
    assert rows["stays whose CC is one diagnosis alone"][0] == 1
    assert rows["of these, the code is no longer told from others"][0] == 1
    assert rows["level CC to none"] == rows["in all, net"] == (1, -0.5, -500)
    assert rows["in all, gross"] == (1, 0.5, 500)
    assert [row[0] for row in sole.rows] == ["N179"]
    assert sole.rows[0][4:] == (1, -0.5, -500)


Beside = Mapping[str, Collection[str]]


def excluding(monkeypatch: pytest.MonkeyPatch, known: Exclusions | None) -> list[Beside]:
    asked: list[Beside] = []

    def exclusions(beside: Beside, day: date | None) -> Exclusions | None:
        asked.append(beside)
        return known

    monkeypatch.setattr(stays_module, "exclusions", exclusions)
    return asked


def test_a_cc_that_the_principal_diagnosis_excludes_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    found = Records()
    found.add(Setting.INPATIENT, ["I509", "I5033", "N179"])  # the MCC is excluded, the CC stays
    found.add(Setting.INPATIENT, ["A01", "I5033"])
    found.add(Setting.INPATIENT, ["Q99", "N179"])
    for _ in range(5):
        found.add(Setting.INPATIENT, ["I509", "N19"])
    codes = (coded("A01", "1A00"), coded("Q99", "LD5Z"), I509, replace(I5033, destinations=I110.destinations))
    asked = excluding(monkeypatch, Exclusions("v44", {"I509": frozenset({"I5033"})}, frozenset({"Q99"})))
    summary, _ = stays(
        place(found, *codes, N179, N19), found, {"N179": "CC", "I5033": "MCC"}, STEPS, day=date(2026, 12, 31)
    )
    rows = {str(row[0]): row[1] for row in summary.rows}
    assert asked == [{"I509": {"I5033", "N179"}, "A01": {"I5033"}, "Q99": {"N179"}}]
    assert rows["CC and MCC diagnoses beside a principal one"] == 4
    assert rows["of these, excluded by the principal diagnosis"] == 1
    assert rows["stays whose level an exclusion lowers"] == 1
    assert rows["stays whose principal diagnosis the grouper does not know: nothing excluded"] == 1
    assert (rows["stays with MCC as highest"], rows["stays with CC as highest"]) == (1, 2)
    assert "v44" in summary.note


def test_a_code_taken_for_another_takes_its_exclusions(monkeypatch: pytest.MonkeyPatch) -> None:
    found = Records()
    for principal in ("A01", "I110"):
        found.add(Setting.INPATIENT, [principal, "I5033"])
        for _ in range(3):
            found.add(Setting.INPATIENT, [principal, "I509"])
    codes = (coded("A01", "1A00"), I509, I5033, I110)
    excluding(monkeypatch, Exclusions("v44", {"I110": frozenset({"I509"})}, frozenset()))
    summary, _ = stays(place(found, *codes), found, {"I509": "CC", "I5033": "MCC"}, STEPS)
    rows = {str(row[0]): row[1] for row in summary.rows}
    assert (rows["level MCC to CC"], rows["level MCC to none"]) == (1, 1)


def test_without_the_grouper_the_report_says_that_no_exclusion_is_applied(
    monkeypatch: pytest.MonkeyPatch, records: Records
) -> None:
    excluding(monkeypatch, None)
    summary, _ = stays(place(records, I509, I5033, I110, N179, N19), records, {"N179": "CC"}, STEPS)
    assert "CC exclusions are not applied" in summary.note
    assert not any("exclu" in str(row[0]) for row in summary.rows)


def test_without_a_base_rate_there_are_no_dollars(records: Records) -> None:
    facility = place(records, I509, I5033, I110, N179, N19)
    summary, _ = stays(facility, records, {"N179": "CC"}, STEPS)
    assert {row[3] for row in summary.rows} == {None}
