"""Fee schedules, hand-written in CMS's layouts and as published."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest

from loaders.cms.fees.addendum_b import rates_quarter, read_outpatient_rates
from loaders.cms.fees.drugs import limits_quarter, products_quarter, read_drug_limits, read_drug_products
from loaders.cms.fees.fee_schedule import read_localities, read_relative_values, values_release
from loaders.cms.fees.fee_tables import fee_tables
from loaders.files.archive import find_source_files
from loaders.files.catalog import Origin, release_files
from loaders.files.printed_rows import MOST_FAULTS
from loaders.files.reading import Reading
from loaders.progress import Silent
from terminology.claims.tables.fee_schedule import DrugLimit, DrugProduct, Locality, OutpatientRate
from terminology.errors import ReleaseFormatError

COPYRIGHT = b"HDR CODES ARE COPYRIGHT                           \r\n"


def fixed(**cells: str) -> bytes:
    """A line of the relative value text with these cells at their first columns (from 1)."""
    line = bytearray(b" " * 170)
    places = {"code": 1, "mod": 6, "title": 8, "status": 58, "work": 62, "pe": 69, "na": 73, "facility": 78}
    places |= {"mp": 86, "pctc": 103, "days": 104, "flags": 116, "factor": 134}
    for name, text in cells.items():
        line[places[name] - 1 : places[name] - 1 + len(text)] = text.encode()
    return bytes(line).rstrip() + b"\r\n"


LINE = fixed(
    code="G9901",
    mod="26",
    title="An invented service",
    status="A",
    work="0.84",
    pe="4.60",
    facility="0.74",
    mp="0.12",
    pctc="1",
    days="010",
    flags="21012",
    factor="32.3465",
)


def test_relative_values_are_read_from_fixed_columns() -> None:
    (value,) = read_relative_values(BytesIO(COPYRIGHT + LINE), "PPRRVU2025_Oct.txt")
    assert (value.row, value.code, value.modifier, value.status, value.global_days) == (
        2,
        "G9901",
        "26",
        "A",
        "010",
    )
    assert (value.work, value.practice_non_facility, value.practice_facility, value.malpractice) == (
        0.84,
        4.60,
        0.74,
        0.12,
    )
    assert (value.multiple, value.bilateral, value.assistant, value.co_surgeon, value.team) == tuple("21012")
    assert value.conversion_factor == 32.3465


def test_a_relative_value_that_is_no_number_names_its_line() -> None:
    with pytest.raises(ReleaseFormatError, match="line 2, work: expected a number"):
        list(read_relative_values(BytesIO(COPYRIGHT + LINE.replace(b"0.84", b"much")), "PPRRVU2025_Oct.txt"))


def test_releases_of_2026_tell_the_quality_programme() -> None:
    found = [
        values_release(name)
        for name in ("PPRRVU25_JUL.csv", "PPRRVU2026_Jan_nonQPP.csv", "PPRRVU2026_Jan_QPP.csv")
    ]
    assert [release and release.name for release in found] == ["2025-07", "2026-01 nonqpp", "2026-01 qpp"]


GPCI = (
    b"ADDENDUM E\n\nMedicare Administrative Contractor (MAC),State,Locality Number,Locality Name,"
    b"2025 PW GPCI (with 1.0 Floor),2025 PE GPCI,2025 MP GPCI\n2102,AK,1,ALASKA*,1.5,1.081,0.592\n"
    b",,,,,,\n*A footnote,,,,,,\n"
)


def test_localities_end_at_the_footnotes() -> None:
    assert list(read_localities(BytesIO(GPCI), "GPCI2025.csv")) == [
        Locality(4, "02102", "AK", "01", "ALASKA", 1.5, 1.081, 0.592)
    ]


RATES = (
    b",Addendum B.-- OPPS Payment by HCPCS Code,,,,,,\n,Prose,,,,,,\n"
    b"HCPCS Code,Short Descriptor,SI,APC,Relative Weight,Payment Rate,National Unadjusted Copayment,"
    b"Minimum Unadjusted Copayment,Note\n"
    b'G9901,A service,S ,5524,14.2,"$1,062.940",.,$212.59,\nG9902,Packaged,N,, ,,,,\n'
)


def test_rates_lose_their_dollar_signs_and_points_are_blanks() -> None:
    assert list(read_outpatient_rates(BytesIO(RATES), "addendum_b_2025OCT.csv")) == [
        OutpatientRate(4, "G9901", "A service", "S", "5524", 14.2, 1062.94, None, 212.59, ""),
        OutpatientRate(5, "G9902", "Packaged", "N", "", None, None, None, None, ""),
    ]
    assert rates_quarter("2025_October_Web_Addendum_B.09082025.xlsx") == (
        date(2025, 10, 1),
        date(2025, 12, 31),
    )


LIMITS = (
    b"Payment Allowance Limits\nNote 1: prose\nHCPCS Code,Short Description,HCPCS Code Dosage,Payment Limit,"
    b"Co-insurance Percentage,Vaccine AWP%,Notes\n"
    b"J9901,A drug,1 MG,3.298,20.000,,\nJ9902,Another,1 MG,N/A,,,by invoice\n"
)
PRODUCTS = (
    b"January 2026 crosswalk,,,,\n"
    b"_2026_CODE,Short Description,LABELER NAME,NDC2,Drug Name,HCPCS dosage,PKG SIZE,"
    b"PKG QTY,BILLUNITS,BILLUNITSPKG,,,,\nJ9901,A drug,A maker,00099-0001-02,Inventol,1 MG,30,25,30,750,,,,\n"
)


def test_a_drug_without_a_limit_has_none() -> None:
    assert list(read_drug_limits(BytesIO(LIMITS), "asp_pricing_2026JAN.csv")) == [
        DrugLimit(4, "J9901", "A drug", "1 MG", 3.298, 20.0, ""),
        DrugLimit(5, "J9902", "Another", "1 MG", None, None, "by invoice"),
    ]


def test_a_package_is_known_by_its_ndc_without_hyphens() -> None:
    assert list(read_drug_products(BytesIO(PRODUCTS), "asp_ndc_hcpcs_crosswalk_2026JAN.csv")) == [
        DrugProduct(
            3, "00099000102", "J9901", "A drug", "A maker", "Inventol", "1 MG", "30", "25", 30.0, 750.0
        )
    ]


def test_limits_and_crosswalk_are_told_apart_by_name() -> None:
    quarter = (date(2026, 1, 1), date(2026, 3, 31))
    crosswalk, limits = (
        "January 2026 ASP NDC-HCPCS Crosswalk 121525.xlsx",
        "January 2026 ASP Pricing File 121525.xlsx",
    )
    assert (products_quarter(crosswalk), limits_quarter(crosswalk)) == (quarter, None)
    assert (limits_quarter(limits), products_quarter(limits)) == (quarter, None)


def test_a_bad_price_costs_its_cell_and_a_bad_row_its_row(tmp_path: Path) -> None:
    (tmp_path / "asp_pricing_2026JAN.csv").write_bytes(LIMITS.replace(b"3.298", b"3.2x"))
    (tmp_path / "PPRRVU2025_Oct.txt").write_bytes(COPYRIGHT + LINE.replace(b"0.84", b"much") + LINE)
    reading = Reading(list(release_files(find_source_files(tmp_path), Origin.DATA)), Silent())
    values, limits = fee_tables(reading)
    assert [(row.row, row.work) for row in values.rows] == [(3, 0.84)]
    assert [(row.code, row.limit) for row in limits.rows] == [("J9901", None), ("J9902", None)]
    assert len(reading.faults) == 2
    assert "1 detail is doubtful, repeated or left out" in reading.faults[0]
    strict = Reading(reading.files, Silent(), strict=True)
    with pytest.raises(ReleaseFormatError):
        list(fee_tables(strict))


def test_a_file_of_another_layout_is_not_read_row_by_row() -> None:
    faults: list[ReleaseFormatError] = []
    with pytest.raises(ReleaseFormatError, match="expected a number"):
        broken = BytesIO(LINE.replace(b"0.84", b"much") * 20)
        list(read_relative_values(broken, "PPRRVU2025_Oct.txt", faults.append))
    assert len(faults) == MOST_FAULTS


def test_a_broken_schedule_costs_itself(tmp_path: Path) -> None:
    (tmp_path / "PPRRVU2025_Oct.txt").write_bytes(COPYRIGHT + LINE.replace(b"0.84", b"much") * 20)
    (tmp_path / "GPCI2025.csv").write_bytes(GPCI)
    reading = Reading(list(release_files(find_source_files(tmp_path), Origin.DATA)), Silent())
    assert [table.table.name for table in fee_tables(reading)] == ["locality"]
    assert reading.notices == [
        "PPRRVU2025_Oct.txt, line 7, work: expected a number, found 'much'; this table is not loaded"
    ]


@pytest.mark.realdata
def test_the_published_schedules_have_the_published_counts(data_dir: Path) -> None:
    sources = find_source_files(data_dir / "claims")
    reading = Reading(list(release_files(sources, Origin.DATA)), Silent())
    assert {table.table.name: (len(table.rows), table.release.release) for table in fee_tables(reading)} == {
        "relative_value": (5183, "2025-10"),
        "locality": (109, "2025"),
        "addendum_b": (6541, "2025-10"),
        "drug_limit": (844, "2026-01"),
        "drug_product": (7098, "2026-01"),
    }


@pytest.mark.realdata
def test_the_published_text_and_csv_of_relative_values_agree(data_dir: Path) -> None:
    folder = data_dir / "claims" / "pfs"
    sources = {s.name: s for s in find_source_files(folder) if s.name.startswith("PPRRVU")}
    read = []
    for name in ("PPRRVU2025_Oct_level2.txt", "PPRRVU2025_Oct_level2.csv"):
        with sources[name].open() as file:
            read.append([replace(v, row=0, description="") for v in read_relative_values(file, name)])
    assert read[0] == read[1]
