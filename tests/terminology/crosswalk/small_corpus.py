"""A corpus small enough to read: a handful of codes, in the shape of the real classifications."""

from __future__ import annotations

from dataclasses import replace

from terminology.concept import Concept, Kind, Note, NoteKind
from terminology.crosswalk.corpus import Corpus
from terminology.mapping import Mapping, MapTable, TargetKind

MMS = "http://id.who.int/icd/release/11/mms"


def _eleven() -> list[Concept]:
    rows = [
        ("05", "Endocrine, nutritional or metabolic diseases", Kind.CHAPTER, None, "1"),
        ("5A10", "Type 1 diabetes mellitus", Kind.STEM, "05", "10"),
        ("5A11", "Type 2 diabetes mellitus", Kind.STEM, "05", "11"),
        ("08", "Diseases of the nervous system", Kind.CHAPTER, None, "2"),
        ("8A80", "Migraine", Kind.STEM, "08", "20"),
        ("8A80.Y", "Other specified migraine", Kind.STEM, "8A80", "20/other"),
        ("8A80.Z", "Migraine, unspecified", Kind.STEM, "8A80", "20/unspecified"),
        ("8C03.0", "Diabetic polyneuropathy", Kind.STEM, "08", "21"),
        ("11", "Diseases of the circulatory system", Kind.CHAPTER, None, "3"),
        ("BA00", "Essential hypertension", Kind.STEM, "11", "30"),
        ("BA00.Y", "Other specified essential hypertension", Kind.STEM, "BA00", "30/other"),
        ("BA00.Z", "Essential hypertension, unspecified", Kind.STEM, "BA00", "30/unspecified"),
        ("15", "Diseases of the musculoskeletal system or connective tissue", Kind.CHAPTER, None, "4"),
        ("FA01", "Osteoarthritis of knee", Kind.STEM, "15", "40"),
        ("FA01.0", "Primary osteoarthritis of knee", Kind.STEM, "FA01", "41"),
        ("FA01.Z", "Osteoarthritis of knee, unspecified", Kind.STEM, "FA01", "40/unspecified"),
        ("16", "Diseases of the genitourinary system", Kind.CHAPTER, None, "5"),
        ("GB61", "Chronic kidney disease", Kind.STEM, "16", "50"),
        ("GB61.0", "Chronic kidney disease, stage 1", Kind.STEM, "GB61", "51"),
        ("GB61.Z", "Chronic kidney disease, stage unspecified", Kind.STEM, "GB61", "50/unspecified"),
        ("21", "Symptoms, signs or clinical findings, not elsewhere classified", Kind.CHAPTER, None, "6"),
        ("ME82", "Pain in joint", Kind.STEM, "21", "60"),
        ("MD12", "Cough", Kind.STEM, "21", "61"),
        ("MD1Z", "Symptoms of the respiratory system, unspecified", Kind.STEM, "21", "6/unspecified"),
        ("22", "Injury, poisoning or certain other consequences of external causes", Kind.CHAPTER, None, "7"),
        ("NC92", "Fracture of lower leg, including ankle", Kind.STEM, "22", "70"),
        ("NC92.2", "Fracture of shaft of tibia", Kind.STEM, "NC92", "71"),
        (
            "NC92.Z",
            "Fracture of lower leg, including ankle, unspecified",
            Kind.STEM,
            "NC92",
            "70/unspecified",
        ),
        ("X", "Extension Codes", Kind.CHAPTER, None, "8"),
        ("XK9J", "Bilateral", Kind.EXTENSION, "X", "81"),
        ("XK8G", "Left", Kind.EXTENSION, "X", "82"),
        ("XK9K", "Right", Kind.EXTENSION, "X", "83"),
        ("XK70", "Unilateral, unspecified", Kind.EXTENSION, "X", "84"),
        ("XA8RL1", "Knee joint", Kind.EXTENSION, "X", "85"),
        ("XJ44E", "Closed fracture", Kind.EXTENSION, "X", "86"),
        ("XJ8PQ", "Displaced fracture", Kind.EXTENSION, "X", "87"),
        ("XT5R", "Acute", Kind.EXTENSION, "X", "88"),
        ("XS25", "Severe", Kind.EXTENSION, "X", "89"),
    ]
    return [
        Concept(
            "icd-11",
            code,
            title,
            kind,
            parent,
            uri=f"{MMS}/{entity}",
            foundation_uri=None if "/" in entity else f"http://id.who.int/icd/entity/{entity}",
        )
        for code, title, kind, parent, entity in rows
    ]


def _cm() -> list[Concept]:
    rows = [
        ("E11", "Type 2 diabetes mellitus", Kind.CATEGORY, None),
        ("E11.4", "Type 2 diabetes mellitus with neurological complications", Kind.CATEGORY, "E11"),
        ("E11.42", "Type 2 diabetes mellitus with diabetic polyneuropathy", Kind.CODE, "E11.4"),
        ("E11.9", "Type 2 diabetes mellitus without complications", Kind.CODE, "E11"),
        ("G43", "Migraine", Kind.CATEGORY, None),
        ("G43.8", "Other migraine", Kind.CODE, "G43"),
        ("G43.9", "Migraine, unspecified", Kind.CODE, "G43"),
        ("I10", "Essential (primary) hypertension", Kind.CODE, None),
        ("M17", "Osteoarthritis of knee", Kind.CATEGORY, None),
        ("M17.1", "Unilateral primary osteoarthritis of knee", Kind.CATEGORY, "M17"),
        ("M17.11", "Unilateral primary osteoarthritis, right knee", Kind.CODE, "M17.1"),
        ("M17.12", "Unilateral primary osteoarthritis, left knee", Kind.CODE, "M17.1"),
        ("M25", "Other joint disorder, not elsewhere classified", Kind.CATEGORY, None),
        ("M25.5", "Pain in joint", Kind.CATEGORY, "M25"),
        ("M25.562", "Pain in left knee", Kind.CODE, "M25.5"),
        ("N18", "Chronic kidney disease (CKD)", Kind.CATEGORY, None),
        ("N18.1", "Chronic kidney disease, stage 1", Kind.CODE, "N18"),
        ("R05", "Cough", Kind.CATEGORY, None),
        ("R05.9", "Cough, unspecified", Kind.CODE, "R05"),
        ("S82", "Fracture of lower leg, including ankle", Kind.CATEGORY, None),
        ("S82.2", "Fracture of shaft of tibia", Kind.CATEGORY, "S82"),
        (
            "S82.201A",
            "Displaced fracture of shaft of right tibia, initial encounter for closed fracture",
            Kind.CODE,
            "S82.2",
        ),
        ("Z99", "Zzyzx, not heard of elsewhere", Kind.CODE, None),
    ]
    notes = {"R05.9": (Note(NoteKind.INCLUSION_TERM, "Tussis"),)}
    return [
        Concept("icd-10-cm", code, title, kind, parent, billable=kind is Kind.CODE, notes=notes.get(code, ()))
        for code, title, kind, parent in rows
    ]


def _row(number: int, ten: str, title: str, eleven: str, entity: str, **more: str) -> Mapping:
    table = MapTable(more.get("table", MapTable.TEN_TO_ELEVEN_ONE))
    return Mapping(
        table,
        "2024-01",
        number,
        "icd-10",
        "category",
        ten,
        title,
        "icd-11",
        TargetKind.CLUSTER if "&" in eleven else TargetKind.CODE,
        eleven,
        None,
        target_uri=f"http://id.who.int/icd/release/11/2024-01/mms/{entity}",
        target_foundation_uri=f"http://id.who.int/icd/entity/{entity.partition('/')[0]}",
    )


def small_corpus() -> Corpus:
    """All rows together."""
    mappings = [
        _row(2, "E11", "Non-insulin-dependent diabetes mellitus", "5A11", "11"),
        _row(3, "E11.9", "Non-insulin-dependent diabetes mellitus without complications", "5A11", "11"),
        _row(4, "G43", "Migraine", "8A80.Z", "20/unspecified"),
        _row(5, "G43.8", "Other migraine", "8A80.Z", "20/unspecified"),
        _row(6, "I10", "Essential (primary) hypertension", "BA00.Z", "30/unspecified"),
        _row(7, "M17", "Gonarthrosis", "FA01.Z", "40/unspecified"),
        _row(8, "M25.5", "Pain in joint", "ME82", "60"),
        _row(9, "N18", "Chronic renal failure", "GB61.Z", "50/unspecified"),
        _row(10, "R05", "Cough", "MD1Z", "6/unspecified"),
        _row(11, "S82.2", "Fracture of shaft of tibia", "NC92.2&XK9K", "71"),
    ]
    return Corpus("2027", _cm(), "2025-01", _eleven(), (), mappings)


def corpus_without_tables() -> Corpus:
    """The same without WHO's tables."""
    return replace(small_corpus(), mappings=())
