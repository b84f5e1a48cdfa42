"""Foundation entities without a code fall under the code that the order of WHO's rows allows."""

from __future__ import annotations

from terminology.concept import Concept, Kind
from terminology.crosswalk.base.foundation import foundation_names
from terminology.crosswalk.base.tabulation import Tabulation
from terminology.mapping import Mapping, MapTable, TargetKind

_MMS, _ENTITY = "http://id.who.int/icd/release/11/mms", "http://id.who.int/icd/entity"
_STEMS = [
    ("3B62", "Qualitative platelet defects", "03", "1"),
    ("3B62.0", "Inherited qualitative platelet defects", "3B62", "2"),
    ("3B62.00", "Alpha-granule diseases", "3B62.0", "3"),
    ("3B62.0Y", "Other specified inherited qualitative platelet defects", "3B62.0", "2/other"),
    ("3B62.Y", "Other specified qualitative platelet defects", "3B62", "1/other"),
    ("2D86", "Malignant neoplasm metastasis in anus", "2D8", "5"),
    ("2D8Y", "Malignant neoplasm metastasis in other digestive organ", "2D8", "4/other"),
    ("MB55", "Monoplegia of lower extremity", "MB5", "11"),
    ("MB55.0", "Flaccid monoplegia of lower extremity", "MB55", "12"),
    ("MB5Y", "Other specified paralytic symptoms", "MB5", "10/other"),
    ("NB51", "Open wound of abdomen", "22", "21"),
    ("NB51.0", "Laceration without foreign body of abdomen", "NB51", "22"),
    ("NB51.3", "Puncture wound with foreign body of abdomen", "NB51", "23"),
    ("NB51.Y", "Other specified open wound of abdomen", "NB51", "21/other"),
]


def _tabulation() -> Tabulation:
    heads = [("03", "Blood", Kind.CHAPTER, None, "9"), ("02", "Neoplasms", Kind.CHAPTER, None, "8")]
    heads += [("21", "Symptoms", Kind.CHAPTER, None, "19"), ("22", "Injuries", Kind.CHAPTER, None, "29")]
    rows = [
        *heads,
        ("MB5", "Paralytic symptoms", Kind.BLOCK, "21", "10"),
        ("2D8", "Malignant neoplasm metastasis in digestive system", Kind.BLOCK, "02", "4"),
    ]
    rows += [(code, title, Kind.STEM, parent, entity) for code, title, parent, entity in _STEMS]
    concepts = [
        Concept(
            "icd-11",
            code,
            title,
            kind,
            parent,
            uri=f"{_MMS}/{entity}",
            foundation_uri=None if "/" in entity else f"{_ENTITY}/{entity}",
        )
        for code, title, kind, parent, entity in rows
    ]
    return Tabulation("2025-01", concepts, {})


def _row(entity: str, title: str, ten: str) -> Mapping:
    kind = TargetKind.BLOCK if "-" in ten else TargetKind.CODE
    return Mapping(
        table=MapTable.FOUNDATION_ELEVEN_TO_TEN,
        release="2024-01",
        row=1,
        source_system="icd-11",
        source_kind="foundation",
        source_code=None,
        source_title=title,
        source_uri=f"{_ENTITY}/{entity}",
        target_system="icd-10",
        target=ten,
        target_title=None,
        target_kind=kind,
        target_uri=None,
        target_foundation_uri=None,
        relation=None,
    )


def _placed(rows: list[Mapping]) -> dict[str, str]:
    return {name.title: name.code for name in foundation_names(_tabulation(), rows)}


def test_what_lies_between_a_category_and_its_first_child_is_in_the_category() -> None:
    rows = [
        _row("1", "Qualitative platelet defects", "D69.1"),
        _row("2", "Inherited qualitative platelet defects", "D69.1"),
        _row("77", "Glanzmann thrombasthenia", "D69.1"),
        _row("3", "Alpha-granule diseases", "D69.1"),
    ]
    assert _placed(rows)["Glanzmann thrombasthenia"] == "3B62.0Y"


def test_what_shares_only_the_words_of_a_block_with_the_code_before_it_is_in_the_rest_of_the_block() -> None:
    rows = [
        _row("5", "Malignant neoplasm metastasis in anus", "C76-C80"),
        _row("78", "Malignant neoplasm metastasis in oral cavity", "C76-C80"),
    ]
    assert _placed(rows)["Malignant neoplasm metastasis in oral cavity"] == "2D8Y"


def test_what_says_less_than_a_stem_is_not_below_it() -> None:
    rows = [
        _row("11", "Monoplegia of lower extremity", "G83.1"),
        _row("12", "Flaccid monoplegia of lower extremity", "G83.1"),
        _row("79", "Monoplegia, not elsewhere classified", "G83.3"),
    ]
    assert _placed(rows)[rows[2].source_title] == "MB5Y"


def test_what_says_a_kind_of_another_site_is_of_the_stem_of_that_kind() -> None:
    rows = [
        _row("21", "Open wound of abdomen", "S31.8"),
        _row("80", "Puncture wound with foreign body of external genital organs", "S31.5"),
        _row("81", "Open wound of external genital organs", "S31.5"),
    ]
    assert _placed(rows)[rows[1].source_title] == "NB51.3"
    assert _placed(rows)[rows[2].source_title] == "NB51.Y"
