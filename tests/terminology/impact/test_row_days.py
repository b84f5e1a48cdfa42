"""Rows of an upload judged each by its own day: E11.8 ended on 2026-09-30, E11.A began the day after."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest

from terminology.bundle.store import Store
from terminology.exchange.reports.write import measured
from terminology.exchange.volume_codes import Uploaded
from terminology.exchange.volumes import merged, read_upload
from terminology.facility import Setting
from terminology.impact.report import Report

ROWS = (
    "code,count,setting,service_date",
    "E11.8,5,inpatient,2026-09-30",
    "E11.8,2,inpatient,2026-10-01",
    "E11.A,3,office,09/15/2026",
    "E11.A,4,office,2026-11-02",
    "E11.9,7,office,",
    "ZZ9,1,office,2026-11-02",
    "S52,6,inpatient,2026",
)


@pytest.fixture
def read() -> Uploaded:
    return read_upload(io.BytesIO("\n".join(ROWS).encode()), "claims.csv")


def states(report: Report, scope: str = "all settings") -> dict[object, tuple[object, object]]:
    rows = report.table("accounted").rows
    return {row[1]: (row[2], row[3]) for row in rows if row[0] == scope}


def test_volume_not_in_use_on_its_row_s_day_is_accounted_so(store: Store, read: Uploaded) -> None:
    found = states(measured(store, read))
    assert found["valid"] == (3, 5 + 4 + 7)
    assert found["not in use"] == (2, 2 + 3)
    assert found["not billable"] == (1, 6)
    assert found["unknown"] == (1, 1)
    assert found["total"] == (5, 28)


def test_each_setting_has_its_own(store: Store, read: Uploaded) -> None:
    report = measured(store, read)
    assert states(report, "inpatient")["not in use"] == (1, 2)
    assert states(report, "office")["not in use"] == (1, 3)


def test_such_codes_are_listed_and_the_report_says_how_rows_were_judged(store: Store, read: Uploaded) -> None:
    report = measured(store, read)
    listed = {(row[0], row[2]): row[3] for row in report.table("rejected").rows}
    assert listed["E11.8", "not in use on the day of its row"] == 2
    assert listed["E11.A", "not in use on the day of its row"] == 3
    assert "each row judged by its own day" in report.release
    (notice,) = [notice for notice in report.notices if "service_date" in notice]
    assert "each row by its own day, 1 rows without a day by all of it" in notice


def test_a_year_that_is_named_rules_all_rows_and_that_is_said(store: Store, read: Uploaded) -> None:
    report = measured(store, read, (date(2026, 1, 1), date(2026, 12, 31)))
    assert states(report)["not in use"] == (0, 0)
    assert any("The days of the file's rows are not read" in notice for notice in report.notices)


def test_files_are_merged_with_their_days() -> None:
    text = "\n".join(ROWS[:2]).encode()
    whole = merged(read_upload(io.BytesIO(text), "a.csv") for _ in range(2))
    assert whole.dated == {(Setting.INPATIENT, "E118"): {date(2026, 9, 1): 10}}


def test_codes_left_out_as_icd_9_leave_no_days() -> None:
    rows = [
        "dx,date",
        *(f"V76.2,2026-01-0{day}" for day in range(1, 9)),
        "250.00,2026-01-09",
        "I10,2026-01-09",
    ]
    found = read_upload(io.BytesIO("\n".join(rows).encode()), "old.csv")
    assert {key for _, key in found.dated} == set(found.volumes[Setting.UNSPECIFIED])


def test_the_column_of_dates_may_be_named(store: Store) -> None:
    text = "code,count,seen on\nE11.8,2,2026-10-01\nE11.8,5,2026-09-30"
    found = read_upload(io.BytesIO(text.encode()), "a.csv", columns={"date": "Seen On"})
    assert states(measured(store, found))["not in use"] == (1, 2)


def test_a_code_that_only_a_dated_table_knows_is_told_apart_from_unknown_ones(dated_bundle: Path) -> None:
    store = Store(dated_bundle)
    found = read_upload(io.BytesIO(b"code,count,date\nE11.7,4,2016-01-01\nZZ9,1,2016-01-01"), "a.csv")
    notices = measured(store, found).notices
    store.close()
    assert any("2 codes that ICD-10-CM does not know: 'E11.7', 'ZZ9'" in notice for notice in notices)
    assert any("1 of these codes, of 4 diagnoses, are known to a dated table" in n for n in notices)
