"""A small library for claim checks, written by hand: the edit tables of publishers with a few rows each."""

from __future__ import annotations

from datetime import date
from typing import Any

from loaders.cms.noc_list import noc_release
from loaders.cms.place_of_service import place_of_service_release
from loaders.icd10cm.poa_exempt import poa_exempt_release
from terminology.claims.tables.mce import MCE_DIAGNOSIS, MceDiagnosis
from terminology.claims.tables.place_of_service import PlaceOfService
from terminology.claims.tables.poa_exempt import PoaExempt
from terminology.claims.tables.unlisted import UnlistedCode
from terminology.concept import Concept, IndexTerm, Kind, Note, NoteKind, SeventhCharacter
from terminology.edit_table import LoadedTable, loaded_table
from terminology.edition import Edition, Library
from terminology.release import Release
from terminology.systems import HCPCS, ICD10CM
from tests.payer_library import payer_tables
from tests.risk_library import risk_tables
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
        mce_row(17, "W010XXA", "ecodepdx"),
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


def _notes(kind: NoteKind, *texts: str) -> tuple[Note, ...]:
    return tuple(Note(kind, text) for text in texts)


def _note_concepts() -> list[Concept]:
    """Codes whose notes, own and inherited, speak of each other."""
    return [
        _concept("E10", "Type 1 diabetes mellitus", "E08-E13", Kind.CATEGORY),
        _concept(
            "E10.9",
            "Type 1 diabetes mellitus without complications",
            "E10",
            notes=_notes(NoteKind.EXCLUDES1, "type 2 diabetes mellitus (E11.-)"),
        ),
        _concept("11", "Diseases of the digestive system", None, Kind.CHAPTER),
        _concept(
            "K50-K52",
            "Noninfective enteritis and colitis",
            "11",
            Kind.BLOCK,
            notes=_notes(NoteKind.EXCLUDES1, "irritable bowel syndrome (K58.-)")
            + _notes(NoteKind.EXCLUDES2, "megacolon (K59.3-)")
            + _notes(NoteKind.USE_ADDITIONAL, "psychotic disorder (F06.0)"),
        ),
        _concept("K51", "Ulcerative colitis", "K50-K52", Kind.CATEGORY),
        _concept("K51.9", "Ulcerative colitis, unspecified", "K51"),
        _concept("K55-K64", "Other diseases of intestines", "11", Kind.BLOCK),
        _concept("K58", "Irritable bowel syndrome", "K55-K64", Kind.CATEGORY),
        _concept("K58.0", "Irritable bowel syndrome with diarrhea", "K58"),
        _concept("E10.10", "Type 1 diabetes mellitus with ketoacidosis without coma", "E10"),
        _concept(
            "K59",
            "Other functional intestinal disorders",
            "K55-K64",
            Kind.CATEGORY,
            notes=_notes(NoteKind.EXCLUDES1, "diabetic ileus - see categories E10, E11 with ketoacidosis"),
        ),
        _concept("K59.3", "Megacolon", "K59"),
        _concept("T52", "Toxic effect of organic solvents", "19", Kind.CATEGORY),
        _concept("T52.8X1", "Toxic effect of other organic solvents, accidental", "T52", Kind.CATEGORY),
        _concept("T52.8X1A", "The same, initial encounter", "T52.8X1"),
        _concept(
            "T36-T50",
            "Poisoning by, adverse effect of and underdosing of drugs",
            "19",
            Kind.BLOCK,
            notes=_notes(
                NoteKind.CODE_FIRST, ", for adverse effects, what they are, such as:", "colitis (K51.-)"
            ),
        ),
        _concept("T45", "Some drugs", "T36-T50", Kind.CATEGORY),
        _concept("T45.511A", "Poisoning by anticoagulants, accidental, initial encounter", "T45"),
        _concept("T45.515A", "Adverse effect of anticoagulants, initial encounter", "T45"),
        _concept("T45.516A", "Underdosing of anticoagulants, initial encounter", "T45"),
        _concept("15", "Pregnancy, childbirth and the puerperium", None, Kind.CHAPTER),
        _concept("O80-O99", "Some of them", "15", Kind.BLOCK),
        _concept("O80", "Encounter for full-term uncomplicated delivery", "O80-O99"),
        _concept("O99", "Other maternal diseases", "O80-O99", Kind.CATEGORY),
        _concept("O99.03", "Anemia complicating the puerperium", "O99"),
        _concept("21", "Factors influencing health status", None, Kind.CHAPTER),
        _concept("Z30-Z39", "Circumstances related to reproduction", "21", Kind.BLOCK),
        _concept("Z3A", "Weeks of gestation", "Z30-Z39", Kind.CATEGORY),
        _concept("Z3A.40", "40 weeks gestation of pregnancy", "Z3A"),
        _concept("5", "Mental disorders", None, Kind.CHAPTER),
        _concept("F01-F09", "Mental disorders due to known conditions", "5", Kind.BLOCK),
        _concept(
            "F02",
            "Dementia in other diseases classified elsewhere",
            "F01-F09",
            Kind.CATEGORY,
            notes=_notes(NoteKind.CODE_FIRST, "Alzheimer's (G30.-)"),
        ),
        _concept("F02.80", "Dementia in other diseases classified elsewhere, mild", "F02"),
        _concept(
            "F06",
            "Other mental disorders due to known conditions",
            "F01-F09",
            Kind.CATEGORY,
            notes=_notes(NoteKind.CODE_FIRST, "the underlying condition, such as:", "epilepsy (G40.-)"),
        ),
        _concept("F06.0", "Psychotic disorder", "F06"),
        _concept(
            "F06.1", "Catatonia", "F06", notes=_notes(NoteKind.CODE_FIRST, "if applicable, migraine (G43.-)")
        ),
        _concept("6", "Diseases of the nervous system", None, Kind.CHAPTER),
        _concept("G30-G43", "Some of them", "6", Kind.BLOCK),
        _concept(
            "G30",
            "Alzheimer's disease",
            "G30-G43",
            Kind.CATEGORY,
            notes=_notes(NoteKind.USE_ADDITIONAL, "dementia (F02.-)"),
        ),
        _concept("G30.0", "Alzheimer's disease with early onset", "G30"),
        _concept("G30.9", "Alzheimer's disease, unspecified", "G30"),
        _concept("G40", "Epilepsy", "G30-G43", Kind.CATEGORY),
        _concept("G40.9", "Epilepsy, unspecified", "G40"),
        _concept("G43", "Migraine", "G30-G43", Kind.CATEGORY),
        _concept("G43.9", "Migraine, unspecified", "G43"),
    ]


def _sided_concepts() -> list[Concept]:
    """Codes of one side, of both, and of a side in another sense."""
    return [
        _concept("13", "Diseases of the musculoskeletal system", None, Kind.CHAPTER),
        _concept("M15-M19", "Osteoarthritis", "13", Kind.BLOCK),
        _concept("M17", "Osteoarthritis of knee", "M15-M19", Kind.CATEGORY),
        _concept("M17.0", "Bilateral primary osteoarthritis of knee", "M17"),
        _concept("M17.11", "Unilateral primary osteoarthritis, right knee", "M17"),
        _concept("M17.12", "Unilateral primary osteoarthritis, left knee", "M17"),
        _concept("9", "Diseases of the circulatory system", None, Kind.CHAPTER),
        _concept("I10-I52", "Some of them", "9", Kind.BLOCK),
        _concept("I10", "Essential (primary) hypertension", "I10-I52"),
        _concept("I50", "Heart failure", "I10-I52", Kind.CATEGORY),
        _concept("I50.1", "Left ventricular failure, unspecified", "I50"),
        _concept("I50.9", "Heart failure, unspecified", "I50"),
        _concept("I50.814", "Right heart failure due to left heart failure", "I50"),
    ]


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
        *_note_concepts(),
        *_sided_concepts(),
        _concept("S52.502", "Fracture of lower end of left radius", "S52.5", Kind.CATEGORY),
        _concept("S52.502A", "Fracture of lower end of left radius, initial encounter", "S52.502"),
        _concept("S52.502D", "Fracture of lower end of left radius, subsequent encounter", "S52.502"),
        _concept("S52.502S", "Fracture of lower end of left radius, sequela", "S52.502"),
    ]
    if split:
        concepts.append(_concept("D69.11", "Platelet storage pool deficiency", "D69.1"))
        concepts.append(_concept("D69.19", "Other qualitative platelet defects", "D69.1"))
    return concepts


def unlisted_codes_of_2019() -> LoadedTable[UnlistedCode]:
    """An older list, of a code that the newer one no longer has."""
    rows = [UnlistedCode(2, "L1833", date(2014, 1, 1), None)]
    return noc_release(rows, "hcpcs_noc_2019.csv", "noc_2019.csv")


def unlisted_codes() -> LoadedTable[UnlistedCode]:
    """An unlisted code that is in use and one that ended."""
    rows = [
        UnlistedCode(2, "A0999", date(1987, 1, 1), None),
        UnlistedCode(3, "A4649", date(1982, 1, 1), date(2020, 12, 31)),
    ]
    return noc_release(rows, "hcpcs_noc_2024JUL.csv", "noc.csv")


def hcpcs() -> Edition:
    """HCPCS Level II of one quarter: codes and modifiers with the days they were added and ended."""

    def concept(code: str, kind: Kind, start: date | None, end: date | None = None) -> Concept:
        parent = "modifiers" if kind is Kind.MODIFIER else "A"
        return Concept(HCPCS.id, code, f"Title of {code}", kind, parent, valid_from=start, valid_to=end)

    old = date(2000, 1, 1)
    concepts = [
        Concept(HCPCS.id, "A", "Codes", Kind.CHAPTER, None),
        Concept(HCPCS.id, "modifiers", "Modifiers", Kind.CHAPTER, None),
        *(concept(code, Kind.CODE, old) for code in ("G0447", "A0999", "A4649", "L1833")),
        concept("J3370", Kind.CODE, old, date(2025, 6, 30)),
        concept("G9999", Kind.CODE, date(2026, 7, 1)),
        *(
            concept(code, Kind.MODIFIER, old)
            for code in ("RT", "LT", "GA", "GZ", "JW", "JZ", "XU", "NU", "RR")
        ),
        concept("CH", Kind.MODIFIER, old, date(2020, 12, 31)),
    ]
    return Edition(Release(HCPCS.id, "2026-07", date(2026, 7, 1), date(2026, 9, 30)), concepts)


def claim_library() -> Library:
    """The small library with edit tables beside it."""
    library = small_library()
    library.editions = [_with_claim_codes(edition) for edition in library.editions]
    library.editions.append(hcpcs())
    library.index_terms = _index()
    unlisted = (unlisted_codes_of_2019(), unlisted_codes())
    library.edit_tables = [mce_master(), poa_exempt(), places(), *unlisted, *payer_tables(), *risk_tables()]
    return library


def _index() -> list[IndexTerm]:
    """Diabetes and migraine, alone and joined, as no Index has them, and a joint code of another category."""
    book = ("Index to Diseases and Injuries", "2026")
    return [
        IndexTerm(*book, ("Diabetes, diabetic",), code="E11.9"),
        IndexTerm(*book, ("Diabetes, diabetic", "with", "migraine NEC"), code="E11.8"),
        IndexTerm(*book, ("Epilepsy",), code="G40.9"),
        IndexTerm(*book, ("Epilepsy", "with", "migraine"), code="F06.0"),
        IndexTerm(*book, ("Migraine",), code="G43.9"),
    ]


def _with_claim_codes(edition: Edition) -> Edition:
    if edition.release.system != ICD10CM.id:
        return edition
    return Edition(edition.release, [*edition.concepts, *_concepts(int(edition.release.id))])
