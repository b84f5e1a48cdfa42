"""A small library for claim checks, written by hand: the edit tables of publishers with a few rows each."""

from __future__ import annotations

from datetime import date
from typing import Any

from loaders.cms.place_of_service import place_of_service_release
from loaders.icd10cm.poa_exempt import poa_exempt_release
from terminology.claims.tables.mce import MCE_DIAGNOSIS, MceDiagnosis
from terminology.claims.tables.place_of_service import PlaceOfService
from terminology.claims.tables.poa_exempt import PoaExempt
from terminology.concept import Concept, Kind, SeventhCharacter
from terminology.edit_table import LoadedTable, loaded_table
from terminology.edition import Edition, Library
from terminology.systems import ICD10CM
from tests.payer_library import payer_tables
from tests.small_library import small_library

BEGIN = date(2015, 10, 1)


def mce_row(
    row: int, key: str, flags: str = "", start: date = BEGIN, end: date | None = None
) -> MceDiagnosis:
    """A row of the Medicare Code Editor's master; ``flags`` stand apart by blanks."""
    return MceDiagnosis(row, key, start, end, tuple(flags.split()))


def mce_master() -> LoadedTable[MceDiagnosis]:
    """Codes that carry each of the editor's flags, one of them only for a time."""
    rows = [
        mce_row(2, "B9561", "", BEGIN, date(2017, 9, 30)),
        mce_row(3, "B9561", "unacceptable", date(2017, 10, 1)),
        mce_row(4, "Z5189", "reqsdx unacceptable"),
        mce_row(5, "I10", "qadm"),
        mce_row(6, "Y6551", "ecodepdx wrngproc"),
        mce_row(7, "H4010X0", "unspecified"),
        mce_row(8, "E28310", "adult female", BEGIN, date(2024, 9, 30)),
        mce_row(9, "E28310", "adult", date(2024, 10, 1)),
        mce_row(10, "O80", "maternity"),
        mce_row(11, "P220", "newborn"),
        mce_row(12, "L704", "pediatric"),
        mce_row(13, "N400", "male", BEGIN, date(2024, 9, 30)),
        mce_row(14, "N400", "", date(2024, 10, 1)),
        mce_row(15, "F0280", "manifestation"),
        mce_row(16, "E119"),
    ]
    return loaded_table(MCE_DIAGNOSIS, rows, "v44", "mce_v44_icd10cm_master.csv", (BEGIN, None))


def poa_exempt() -> LoadedTable[PoaExempt]:
    """One exempt code of fiscal year 2025."""
    return poa_exempt_release([PoaExempt(7, "Z794", 90001)], "POAexemptCodesFY25.txt", "poa.txt")


def places() -> LoadedTable[PlaceOfService]:
    """Office, home and a hospital."""
    rows = [
        PlaceOfService(2, "11", "Office", facility=False),
        PlaceOfService(3, "12", "Home", facility=False),
        PlaceOfService(4, "21", "Inpatient Hospital", facility=True),
    ]
    return place_of_service_release(rows, "pos_codes_2024.csv", "pos.csv")


def _concept(code: str, title: str, parent: str | None, kind: Kind | None = None, **more: Any) -> Concept:
    """A concept of ICD-10-CM: a code, unless ``kind`` says otherwise."""
    kind = kind or Kind.CODE
    billable = None if kind in (Kind.CHAPTER, Kind.BLOCK) else kind is Kind.CODE
    return Concept(ICD10CM.id, code, title, kind, parent, billable=billable, **more)


ENCOUNTERS = (SeventhCharacter("A", "initial encounter"), SeventhCharacter("D", "subsequent encounter"))


def _concepts(year: int) -> list[Concept]:
    """Codes of one year: D69.1 is divided in 2027; falls need placeholders, fractures a 7th character."""
    split = year > 2026
    concepts = [
        _concept("3", "Diseases of the blood", None, Kind.CHAPTER),
        _concept("D65-D69", "Coagulation defects", "3", Kind.BLOCK),
        _concept("D69", "Purpura", "D65-D69", Kind.CATEGORY),
        _concept("D69.1", "Qualitative platelet defects", "D69", Kind.CATEGORY if split else Kind.CODE),
        _concept("20", "External causes of morbidity", None, Kind.CHAPTER),
        _concept("W00-W19", "Falls", "20", Kind.BLOCK),
        _concept("W01", "Fall on same level", "W00-W19", Kind.CATEGORY, seventh_characters=ENCOUNTERS),
        _concept("W01.0", "Fall without striking", "W01", Kind.CATEGORY),
        _concept("W01.0XXA", "Fall without striking, initial encounter", "W01.0"),
        _concept("W01.0XXD", "Fall without striking, subsequent encounter", "W01.0"),
        _concept("S52.502", "Fracture of lower end of left radius", "S52.5", Kind.CATEGORY),
        _concept("S52.502A", "Fracture of lower end of left radius, initial encounter", "S52.502"),
        _concept("S52.502D", "Fracture of lower end of left radius, subsequent encounter", "S52.502"),
    ]
    if split:
        concepts.append(_concept("D69.11", "Platelet storage pool deficiency", "D69.1"))
        concepts.append(_concept("D69.19", "Other qualitative platelet defects", "D69.1"))
    return concepts


def claim_library() -> Library:
    """The small library with edit tables beside it."""
    library = small_library()
    library.editions = [_with_claim_codes(edition) for edition in library.editions]
    library.edit_tables = [mce_master(), poa_exempt(), places(), *payer_tables()]
    return library


def _with_claim_codes(edition: Edition) -> Edition:
    if edition.release.system != ICD10CM.id:
        return edition
    return Edition(edition.release, [*edition.concepts, *_concepts(int(edition.release.id))])
