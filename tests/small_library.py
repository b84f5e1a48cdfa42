"""A small library written by hand: a few codes of each system, with every kind of edge."""

from __future__ import annotations

from datetime import date

from terminology.concept import (
    Concept,
    IndexTerm,
    Kind,
    Note,
    NoteKind,
    SeventhCharacter,
    Synonym,
)
from terminology.edition import Edition, Library
from terminology.mapping import Mapping, MapTable, Predecessor, TargetKind
from terminology.release import Release, fiscal_year_dates

ENTITY = "http://id.who.int/icd/entity/"
MMS = "http://id.who.int/icd/release/11/mms/"


def icd10cm(year: int, *, with_new_code: bool) -> Edition:
    """A release of ICD-10-CM with two chapters; the newer one has one code more and one retitled."""
    system = "icd-10-cm"
    concepts = [
        Concept(system, "4", "Endocrine, nutritional and metabolic diseases", Kind.CHAPTER, None),
        Concept(system, "E08-E13", "Diabetes mellitus", Kind.BLOCK, "4"),
        Concept(
            system,
            "E11",
            "Type 2 diabetes mellitus",
            Kind.CATEGORY,
            "E08-E13",
            billable=False,
            notes=(Note(NoteKind.EXCLUDES1, "gestational diabetes (O24.4-)"),),
        ),
        Concept(
            system,
            "E11.9",
            "Type 2 diabetes mellitus without complications",
            Kind.CODE,
            "E11",
            billable=True,
            short_title="Type 2 diabetes w/o complications",
        ),
        Concept(system, "19", "Injury and poisoning", Kind.CHAPTER, None),
        Concept(system, "S50-S59", "Injuries to the elbow and forearm", Kind.BLOCK, "19"),
        Concept(
            system,
            "S52",
            "Fracture of forearm",
            Kind.CATEGORY,
            "S50-S59",
            billable=False,
            seventh_characters=(
                SeventhCharacter("A", "initial encounter for closed fracture"),
                SeventhCharacter("D", "subsequent encounter for closed fracture with routine healing"),
            ),
        ),
        Concept(system, "S52.5", "Fracture of lower end of radius", Kind.CATEGORY, "S52", billable=False),
        Concept(
            system,
            "S52.501A",
            "Unspecified fracture of the lower end of right radius, initial encounter"
            if with_new_code
            else "Unsp fracture of the lower end of right radius, initial encounter",
            Kind.CODE,
            "S52.5",
            billable=True,
        ),
    ]
    if with_new_code:
        concepts.append(
            Concept(system, "E11.A", "Type 2 diabetes in remission", Kind.CODE, "E11", billable=True)
        )
    else:
        concepts.append(
            Concept(system, "E11.8", "Type 2 diabetes, old code", Kind.CODE, "E11", billable=True)
        )
    return Edition(
        Release(system, str(year), *fiscal_year_dates(year), (f"icd10cm_order_{year}.txt",)), concepts
    )


def icd11() -> Edition:
    """A release of ICD-11 with a stem that has a residual, and extension codes."""
    system = "icd-11"

    def concept(code: str, title: str, kind: Kind, parent: str | None, entity: str) -> Concept:
        return Concept(
            system,
            code,
            title,
            kind,
            parent,
            uri=MMS + entity,
            foundation_uri=None if "/" in entity else ENTITY + entity,
        )

    concepts = [
        concept("05", "Endocrine, nutritional or metabolic diseases", Kind.CHAPTER, None, "21500692"),
        concept("BlockL1-5A1", "Diabetes mellitus", Kind.BLOCK, "05", "1697306310"),
        Concept(
            system,
            "5A11",
            "Type 2 diabetes mellitus",
            Kind.STEM,
            "BlockL1-5A1",
            uri=MMS + "119724091",
            foundation_uri=ENTITY + "119724091",
            synonyms=(Synonym("non-insulin-dependent diabetes", "test"),),
        ),
        concept(
            "5A1Z", "Diabetes mellitus, type unspecified", Kind.STEM, "BlockL1-5A1", "1697306310/unspecified"
        ),
        concept("22", "Injury, poisoning or certain other consequences", Kind.CHAPTER, None, "435227771"),
        concept("NC32.5", "Fracture of lower end of radius", Kind.STEM, "22", "1024139191"),
        concept("X", "Extension Codes", Kind.CHAPTER, None, "979408586"),
        concept("271422288", "Laterality", Kind.BLOCK, "X", "271422288"),
        concept("XK9K", "Right", Kind.EXTENSION, "271422288", "876572005"),
        concept("XK8G", "Left", Kind.EXTENSION, "271422288", "271422289"),
    ]
    return Edition(Release(system, "2025-01", date(2025, 1, 24), None, ("SimpleTabulation.txt",)), concepts)


def icd10() -> Edition:
    """WHO's ICD-10 with one category."""
    system = "icd-10"
    concepts = [
        Concept(system, "IV", "Endocrine, nutritional and metabolic diseases", Kind.CHAPTER, None),
        Concept(system, "E10-E14", "Diabetes mellitus", Kind.BLOCK, "IV"),
        Concept(system, "E11", "Type 2 diabetes mellitus", Kind.CATEGORY, "E10-E14"),
        Concept(system, "E11.9", "Type 2 diabetes mellitus without complications", Kind.CODE, "E11"),
    ]
    return Edition(Release(system, "2019", date(2019, 1, 1), None, ("codes.txt",)), concepts)


def mapping(
    source: str, kind: TargetKind, target: str | None, row: int, relation: str | None = None
) -> Mapping:
    """A row of WHO's ICD-10 to ICD-11 table."""
    return Mapping(
        table=MapTable.TEN_TO_ELEVEN_ONE,
        release="2025-01",
        row=row,
        source_system="icd-10",
        source_kind="category",
        source_code=source,
        source_title="",
        target_system="icd-11",
        target_kind=kind,
        target=target,
        target_title=None,
        relation=relation,
    )


def small_library() -> Library:
    """The editions above with mappings, a predecessor and an index term; two rows dangle."""
    return Library(
        editions=[icd10cm(2026, with_new_code=False), icd10cm(2027, with_new_code=True), icd11(), icd10()],
        mappings=[
            mapping("E11.9", TargetKind.CODE, "5A11", 2),
            mapping("E11", TargetKind.CLUSTER, "5A11&XK9K", 3),
            mapping("E11.8", TargetKind.NO_MAPPING, None, 4),
            mapping("E11", TargetKind.CODE, "9Z99", 5),
        ],
        predecessors=[Predecessor("E11.A", "E11.8", 2026, 3), Predecessor("E11.8", "E11.6", 2017, 4)],
        index_terms=[
            IndexTerm("Index to Diseases and Injuries", "2017", ("Diabetes", "type 2"), code="E11.9"),
            IndexTerm("Index to Diseases and Injuries", "2017", ("Sugar",), see="Diabetes"),
        ],
    )
