"""What is answered to a cell, whichever way it came in."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from terminology.exchange.mapping.answers import Answers
from terminology.exchange.mapping.choose import BatchOptions, map_batch
from terminology.exchange.mapping.join import map_claims
from terminology.exchange.mapping.progress_bar import BatchDisplay
from terminology.exchange.mapping.rows import map_file
from terminology.exchange.mapping.scan import read_claims
from terminology.exchange.mapping.targets import ADDED, Recommended
from terminology.exchange.tables.writing import Writing


def target(expression: str) -> Recommended:
    return Recommended(expression, f"Title of {expression}", "full", "equivalent", 0.9, None, "mapped")


TARGETS = {
    "I10": target("BA00"),
    "E119": target("5A11"),
    "V762": target("PA0Z"),
    "W2189": target("PA8Y"),
    "W2189XA": target("PA8Z"),
    "E11": target("5A1Z"),
}


def status(cell: str, version: str | None = None, looks_icd9: bool = False) -> str:
    return Answers(TARGETS, looks_icd9).to(cell, version).status


@pytest.mark.parametrize("cell", ["E11.9,", "e119", "ICD10:E11.9", "[E11.9]", "I10X", "I10.-", "\u200bI10"])
def test_a_code_is_answered_as_people_write_it(cell: str) -> None:
    assert status(cell) == "mapped"


def test_only_a_category_without_codes_below_it_is_filled_up() -> None:
    assert status("E11X") == "unknown-code"


def test_an_unknown_code_carries_what_it_may_mean() -> None:
    found = Answers(TARGETS).to("W21.89A")
    assert (found.status, found.suggestion) == ("unknown-code", "W21.89XA")


@pytest.mark.parametrize("cell", ["250.00", "4019", "E849.7", "icd9:V76.2", "ICD-9-CM|V76.2"])
def test_a_code_of_icd_9_is_named_as_one(cell: str) -> None:
    assert status(cell) == "icd-9-code"


def test_a_code_that_both_have_is_read_by_its_column() -> None:
    assert status("V76.2") == "mapped"
    assert status("V76.2", looks_icd9=True) == "icd-9-code"
    assert status("V762", "9") == "icd-9-code"
    assert status("V762", "10", looks_icd9=True) == "mapped"
    assert status("E11.9", looks_icd9=True) == "mapped"


@pytest.mark.parametrize(
    "version", ["9", "09", "ICD-9-CM", "ICD9CM", "BK", "urn:oid:2.16.840.1.113883.6.103"]
)
def test_what_a_version_column_says_is_obeyed(version: str) -> None:
    assert status("V762", version) == "icd-9-code"


@pytest.mark.parametrize("version", ["SNOMED", "11", "CPT4"])
def test_codes_of_other_systems_are_not_read_as_icd_10_cm(version: str) -> None:
    assert status("E119", version) == "other-system"


def test_each_code_of_a_cell_is_answered() -> None:
    found = Answers(TARGETS).to("I10;E119")
    assert (found.expression, found.status, found.confidence) == ("BA00; 5A11", "several-codes", 0.9)
    assert Answers(TARGETS).to("I10|Z99.9X").expression == "BA00; ?"


@pytest.mark.parametrize("cell", ["", "-", " . ", "\ufeff"])
def test_a_cell_without_a_code_is_empty(cell: str) -> None:
    assert status(cell) == "no-code"


CELLS = [
    "E11.9,",
    "e119",
    "250.00",
    "V76.2",
    "E11;E119",
    "ZZZ",
    "",
    "S52501A",
    "icd9:V762",
    "W21.89A",
    "1E30",
]
FORMS = {
    "plain.csv": "\n".join(["dx,n", *(f"{cell},1" for cell in CELLS)]).replace("E11.9,,", '"E11.9,",'),
    "sep.csv": "\n".join(["sep=;", "dx;n", *(f'"{cell}";1' for cell in CELLS)]),
    "tab.txt": "\n".join(["dx\tn", *(f"{cell}\t1" for cell in CELLS)]),
    "pipe.csv": "\n".join(["dx|n", *(f"{cell}|1" for cell in CELLS)]),
    "lines.ndjson": "\n".join(orjson.dumps({"dx": c, "n": "1"}).decode() for c in CELLS),
    "list.json": orjson.dumps([{"dx": c, "n": "1"} for c in CELLS]).decode(),
}


def answers_of(content: bytes, name: str, folder: Path, bundle: Path) -> list[tuple[str, ...]]:
    """The added cells by the engine that a batch chooses."""
    (folder / name).write_bytes(content)
    with BatchDisplay() as display:
        map_batch(folder / name, folder / "out.parquet", bundle, BatchOptions(), display)
    rows = pq.read_table(folder / "out.parquet").to_pylist()
    return [tuple(row[column] for column in ("dx", *ADDED)) for row in rows]


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_every_form_and_engine_gives_the_same_answers(
    name: str, encoding: str, small_bundle: Path, tmp_path: Path
) -> None:
    table = pa.table({"dx": CELLS, "n": ["1"] * len(CELLS)})
    pq.write_table(table, tmp_path / "claims.parquet")
    claims = read_claims([tmp_path / "claims.parquet"])
    assert claims is not None
    map_claims(claims, tmp_path / "joined.parquet", small_bundle)
    rows = pq.read_table(tmp_path / "joined.parquet").to_pylist()
    expected = [tuple(row[column] or None for column in ("dx", *ADDED)) for row in rows]
    found = answers_of(FORMS[name].encode(encoding), name, tmp_path, small_bundle)
    assert [tuple(cell or None for cell in row) for row in found] == expected


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_version_column_is_obeyed_by_both_engines(suffix: str, small_bundle: Path, tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text("icd_code,icd_version\nE11.9,9\nE11.9,10\nE11.9,\nE11.9,primary\n")
    claims = read_claims([tmp_path / "c.csv"])
    assert claims is not None
    joined = map_claims(claims, tmp_path / f"j.{suffix}", small_bundle)
    with (tmp_path / "c.csv").open("rb") as file:
        by_row = map_file(file, "c.csv", tmp_path / f"r.{suffix}", small_bundle)
    assert joined.statuses == by_row.statuses == {"icd-9-code": 1, "mapped": 3}
    assert joined.notices == by_row.notices
    assert any("'icd_version' says primary" in notice for notice in joined.notices)


def test_columns_that_are_not_mapped_are_named(small_bundle: Path, tmp_path: Path) -> None:
    report = map_file(io.BytesIO(b"DX1,DX2,DX3\nE11.9,I10,\n"), "c.csv", tmp_path / "o.csv", small_bundle)
    assert report.notices[0].startswith("2 further columns of codes were not mapped: DX2, DX3;")


def test_columns_of_other_kinds_of_codes_are_named_too(small_bundle: Path, tmp_path: Path) -> None:
    header = b"DX1,I10_DX2,Admitting DX,I9_DX1,Code\n"
    report = map_file(
        io.BytesIO(header + b"E11.9,I10,R05,25000,x\n"), "c.csv", tmp_path / "o.csv", small_bundle
    )
    assert (report.column, report.statuses) == ("DX1", {"mapped": 1})
    assert report.notices[0] == (
        "4 further columns of codes were not mapped: I10_DX2, Admitting DX, I9_DX1, Code; "
        "name one with --column"
    )


@pytest.mark.parametrize("joins", [True, False])
def test_codes_like_numbers_may_be_written_for_spreadsheets(
    joins: bool, small_bundle: Path, tmp_path: Path
) -> None:
    (tmp_path / "c.csv").write_text("dx,other\nE11.9,1E30\n")
    writing = Writing(spreadsheet=True)
    if joins:
        claims = read_claims([tmp_path / "c.csv"])
        assert claims is not None
        map_claims(claims, tmp_path / "o.csv", small_bundle, writing=writing)
    else:
        with (tmp_path / "c.csv").open("rb") as file:
            map_file(file, "c.csv", tmp_path / "o.csv", small_bundle, writing=writing)
    assert (tmp_path / "o.csv").read_text().splitlines()[1].startswith('E11.9,"=""1E30"""')


@pytest.mark.parametrize(
    ("day", "old", "new"), [("2026-09-30", "mapped", "not-yet-valid"), ("2026-10-01", "retired", "mapped")]
)
@pytest.mark.parametrize("way", ["join", "rows"])
def test_codes_are_mapped_as_of_a_day_by_row_and_by_join(
    small_bundle: Path, tmp_path: Path, way: str, day: str, old: str, new: str
) -> None:
    source, out = tmp_path / "codes.csv", tmp_path / "mapped.csv"
    source.write_text("code\nE11.8\nE11.A\n")
    options = BatchOptions(encoding="utf-8" if way == "rows" else None, on=date.fromisoformat(day))
    with BatchDisplay() as display:
        report, _ = map_batch(source, out, small_bundle, options, display)
    rows = list(csv.DictReader(out.open()))
    assert [row["icd11_status"] for row in rows] == [old, new]
    for row in rows:
        assert bool(row["icd11_expression"]) is (row["icd11_status"] == "mapped")
    if old == "retired":
        assert rows[0]["icd10cm_suggestion"] == "E11.A"
    assert [
        note
        for note in report.notices
        if f"not in use on {day}, and so not mapped: the codes of 1 row;" in note
    ]
