"""Payers' tables with a few invented rows each: NCCI of 2024 Q3, coverage, fee schedules."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from terminology.claims.tables.coverage import (
    DIAGNOSES,
    DOCUMENTS,
    GROUPS,
    SERVICES,
    CoverageDiagnosis,
    CoverageDocument,
    CoverageGroup,
    CoveredService,
)
from terminology.claims.tables.fee_schedule import (
    DRUG_LIMITS,
    DRUG_PRODUCTS,
    LOCALITIES,
    OUTPATIENT_RATES,
    RELATIVE_VALUES,
    DrugLimit,
    DrugProduct,
    Locality,
    OutpatientRate,
    RelativeValue,
)
from terminology.claims.tables.ncci import (
    ADD_ONS,
    CODE_PAIRS,
    UNIT_LIMITS,
    AddOn,
    CodePair,
    Service,
    UnitLimit,
)
from terminology.edit_table import LoadedTable, loaded_table

QUARTER = (date(2024, 7, 1), date(2024, 9, 30))
SINCE = date(1996, 1, 1)
IN_QUARTER = date(2024, 8, 15)


def pair(row: int, column1: str, column2: str, indicator: int, ends: date | None = None) -> CodePair:
    """A pair of 2010 that is active, or ended on a day."""
    return CodePair(row, column1, column2, False, date(2010, 1, 1), ends, indicator, "Standards of practice")


def payer_tables() -> Iterator[LoadedTable[Any]]:
    """Every table of the payers."""
    yield from _ncci()
    yield from _coverage()
    yield from _fees()


def _ncci() -> Iterator[LoadedTable[Any]]:
    pairs = [
        pair(5, "G9901", "G9902", 0),
        pair(6, "G9901", "G9903", 1),
        pair(7, "G9901", "G9904", 0, date(2024, 7, 31)),
        pair(8, "G9904", "G9901", 1, None),
        pair(9, "G9901", "G9905", 9),
    ]
    in_force = (SINCE, QUARTER[1])
    yield loaded_table(CODE_PAIRS[Service.PRACTITIONER], pairs, "v30.2", "ccipra-v302r0.txt", in_force)
    yield loaded_table(
        CODE_PAIRS[Service.OUTPATIENT],
        pairs[:1],
        "v30.2 (part 1, 2, 4 only)",
        "ccioph-v302r0-f1.txt",
        in_force,
    )
    limits = [
        UnitLimit(4, "G9901", 2, 1, "1 Line Edit", "Clinical: Data"),
        UnitLimit(5, "G9902", 1, 2, "2 Date of Service Edit: Policy", "Anatomic Consideration"),
        UnitLimit(6, "G9903", 3, 3, "3 Date of Service Edit: Clinical", "Clinical: Data"),
        UnitLimit(7, "G9904", 0, 3, "3 Date of Service Edit: Clinical", "CMS Policy"),
    ]
    for service, rows in ((Service.PRACTITIONER, limits), (Service.DME, limits[1:2])):
        yield loaded_table(UNIT_LIMITS[service], rows, "2024-07-01", "mue.csv", QUARTER)
    add_ons = [
        AddOn(3, "G9911", "G9901", 1, None, None, ""),
        AddOn(4, "G9911", "G9902", 1, None, date(2024, 7, 31), ""),
        AddOn(5, "G9912", "CCCCC", 2, None, None, "Contractor Defined"),
        AddOn(6, "G9913", "CCCCC", 3, None, None, ""),
        AddOn(7, "G9913", "G9901", 3, None, None, ""),
    ]
    yield loaded_table(ADD_ONS, add_ons, "2024Q3", "aoc.xlsx", QUARTER)


def _coverage() -> Iterator[LoadedTable[Any]]:
    documents = [
        CoverageDocument(2, "A900.1", "A900", 1, "Invented", SINCE, date(2023, 12, 31), "R", ("01111",)),
        CoverageDocument(3, "A900.2", "A900", 2, "Invented", date(2024, 1, 1), None, "A", ("01111",)),
        CoverageDocument(4, "A901.1", "A901", 1, "Two groups", SINCE, None, "A", ("01111",)),
        CoverageDocument(5, "A902.1", "A902", 1, "Of another contractor", SINCE, None, "A", ("02222",)),
    ]
    services = [
        CoveredService(2, "G9921", "A900.1", 1),
        CoveredService(3, "G9921", "A900.2", 1),
        CoveredService(4, "G9922", "A901.1", 1),
        CoveredService(5, "G9923", "A901.1", 1),
        CoveredService(6, "G9922", "A902.1", 1),
    ]
    diagnoses = [
        CoverageDiagnosis(2, "A900.1", "I10", "I10", 1, True, False),
        CoverageDiagnosis(3, "A900.2", "E119", "E11.9", 1, True, False),
        CoverageDiagnosis(4, "A900.2", "Z0000", "Z00.00", 1, False, False),
        CoverageDiagnosis(5, "A901.1", "E119", "E11.9", 1, True, False),
        CoverageDiagnosis(6, "A901.1", "I10", "I10", 2, True, False),
        CoverageDiagnosis(7, "A901.1", "N400", "N40.0", 3, True, True),
        CoverageDiagnosis(8, "A902.1", "P220", "P22.0", 1, True, False),
    ]
    groups = [
        CoverageGroup(2, "A900.2", 1, True, "One of these codes.", ""),
        CoverageGroup(3, "A901.1", 1, True, "For G9922 and G9923: report with a code from Group 2.", ""),
        CoverageGroup(4, "A901.1", 2, True, "These codes are for G9922.", ""),
        CoverageGroup(5, "A901.1", 3, True, "", "Only after another treatment failed."),
    ]
    for table, rows in (
        (DOCUMENTS, documents),
        (SERVICES, services),
        (DIAGNOSES, diagnoses),
        (GROUPS, groups),
    ):
        yield loaded_table(table, rows, "2024-01-01", "article.csv", (SINCE, None))


def value(row: int, code: str, status: str, **more: Any) -> RelativeValue:
    """A line of the fee schedule with these indicators."""
    cells: dict[str, Any] = {
        "modifier": "",
        "pctc": "0",
        "global_days": "010",
        "multiple": "2",
        "bilateral": "1",
        "assistant": "2",
    }
    cells |= {
        "co_surgeon": "0",
        "team": "0",
        "work": 1.0,
        "practice_non_facility": 2.0,
        "practice_facility": 0.5,
    }
    cells |= {"malpractice": 0.1, "practice_non_facility_na": False, "practice_facility_na": False} | more
    return RelativeValue(
        row=row, code=code, description="An invented service", status=status, conversion_factor=32.0, **cells
    )


def _fees() -> Iterator[LoadedTable[Any]]:
    year = (date(2024, 1, 1), date(2024, 12, 31))
    values = [
        value(11, "G9901", "A", bilateral="2", pctc="1"),
        value(12, "G9901", "A", modifier="26", work=0.4, practice_non_facility=0.2, pctc="1"),
        value(13, "G9902", "B"),
        value(14, "G9903", "A", practice_non_facility_na=True, global_days="XXX"),
    ]
    yield loaded_table(RELATIVE_VALUES, values, "2024-07", "PPRRVU2024_Jul.txt", year)
    places = [
        Locality(4, "01112", "CA", "05", "SAN FRANCISCO", 1.1, 1.3, 0.5),
        Locality(5, "02102", "AK", "01", "ALASKA", 1.5, 1.1, 0.6),
    ]
    yield loaded_table(LOCALITIES, places, "2024", "GPCI2024.csv", year)
    rates = [
        OutpatientRate(6, "G9901", "An invented service", "S", "5524", 14.2, 1062.94, None, 212.59, ""),
        OutpatientRate(7, "G9902", "A packaged one", "N", "", None, None, None, None, ""),
    ]
    yield loaded_table(OUTPATIENT_RATES, rates, "2024-07", "addendum_b_2024JUL.csv", QUARTER)
    limits = [DrugLimit(10, "J9901", "An invented drug", "1 MG", 3.298, 20.0, "")]
    yield loaded_table(DRUG_LIMITS, limits, "2024-07", "asp_pricing_2024JUL.csv", QUARTER)
    products = [
        DrugProduct(
            10, "00099000102", "J9901", "A drug", "A maker", "Inventol", "1 MG", "30", "25", 30.0, 750.0
        )
    ]
    yield loaded_table(DRUG_PRODUCTS, products, "2024-07", "asp_ndc_hcpcs_crosswalk_2024JUL.csv", QUARTER)
