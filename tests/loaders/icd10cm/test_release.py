"""A release of ICD-10-CM is joined from an order file and a Tabular List."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from loaders.icd10cm.order import OrderEntry
from loaders.icd10cm.release import join_release, same_edition
from terminology.codes import code_key
from terminology.concept import Concept, Kind, Synonym
from terminology.edition import Edition, place
from terminology.errors import IntegrityError
from terminology.release import Release
from tests.loaders.icd10cm_files import entries, real_entries, real_tabular, tabular


def joined(
    changed: Iterable[OrderEntry] | None = None, carried_from: str | None = None
) -> dict[str, Concept]:
    concepts = list(
        join_release(entries() if changed is None else changed, tabular(), carried_from=carried_from)
    )
    assert len({c.code for c in concepts}) == len(concepts)
    return {c.code: c for c in concepts}


def with_entry(key: str, after: str, title: str = "Invented", billable: bool = True) -> list[OrderEntry]:
    """The fixture's entries with one more, as the next edition might have it."""
    found = entries()
    at = next(i for i, e in enumerate(found) if e.key == after) + 1
    return [*found[:at], OrderEntry(0, key, billable, title, title), *found[at:]]


def without_entries(*keys: str) -> list[OrderEntry]:
    return [e for e in entries() if e.key not in keys]


def test_concepts_come_in_the_publishers_order_parents_first() -> None:
    assert list(joined()) == [
        "1", "A00-A09", "A00", "A00.0", "A00.9", "B10-B10", "B10", "B10.81",
        "2", "C00-C96", "C00-C14", "C00", "C00.0",
        "7", "H53-H54", "H54", "H54.8",
        "13", "M30-M36", "M35", "M35.2",
        "19", "T51-T65", "T52", "T52.8", "T52.8X", "T52.8X1", "T52.8X1A", "T52.8X1S",
        "T66-T78", "T71", "T71.9", "T71.9XXA",
    ]  # fmt: skip


def test_the_order_is_that_of_a_walk_through_the_tree() -> None:
    concepts = list(joined().values())
    placed = place(Edition(Release("icd-10-cm", "2026", None, None), concepts))
    assert [p.concept for p in placed] == concepts


def test_kinds_follow_the_billable_flag() -> None:
    concepts = joined()
    assert [(concepts[c].kind, concepts[c].billable) for c in ("1", "A00-A09", "A00", "A00.0")] == [
        (Kind.CHAPTER, None),
        (Kind.BLOCK, None),
        (Kind.CATEGORY, False),
        (Kind.CODE, True),
    ]


def test_a_code_has_the_order_files_titles_and_the_tabular_lists_notes() -> None:
    code = joined()["A00.0"]
    assert code.title == code.short_title == "Cholera due to Vibrio cholerae 01, biovar cholerae"
    assert [n.text for n in code.notes] == [
        "Classical cholera",
        "invented note: that first",
        "invented note: this also",
    ]
    assert code.properties == {}


def test_a_seventh_character_code_stands_below_the_code_it_extends() -> None:
    assert joined()["T52.8X1A"].parent == "T52.8X1"


def test_placeholders_are_skipped_to_find_the_parent() -> None:
    assert joined()["T71.9XXA"].parent == "T71.9"


def test_seventh_characters_stay_at_the_code_that_defines_them() -> None:
    assert [c.code for c in joined().values() if c.seventh_characters] == ["T52", "T71"]


def test_the_accented_form_of_a_title_is_a_synonym() -> None:
    code = joined()["M35.2"]
    assert code.title == "Behcet's disease"
    assert code.synonyms == (Synonym("Behçet's disease", "Tabular List 2026"),)


def test_another_title_in_the_same_edition_is_a_synonym_and_keeps_its_notes() -> None:
    retitled = [replace(e, long_title="Cholera, retitled") if e.key == "A00" else e for e in entries()]
    code = joined(retitled)["A00"]
    assert (code.title, code.synonyms[0].text, len(code.notes)) == ("Cholera, retitled", "Cholera", 5)


def test_ranges_and_placeholders_are_kept_as_properties() -> None:
    concepts = joined()
    assert concepts["B10-B10"].properties == {"range": "B10"}
    assert concepts["T52.8X"].properties == {"placeholder": "true"}


def test_the_same_edition_is_recognised() -> None:
    assert same_edition(entries(), tabular())


def test_seventh_character_codes_do_not_make_another_edition() -> None:
    assert same_edition(with_entry("T528X1D", "T528X1A"), tabular())
    assert same_edition(without_entries("T719XXA"), tabular())


@pytest.mark.parametrize(
    "other", [without_entries("A009"), with_entry("A001", "A000")], ids=["code missing", "code added"]
)
def test_another_edition_is_recognised(other: list[OrderEntry]) -> None:
    assert not same_edition(other, tabular())


def test_a_code_of_the_tabular_list_that_the_order_file_lacks_is_reported() -> None:
    with pytest.raises(IntegrityError, match=r"1 codes of the Tabular List 2026 .* order file: A00\.9"):
        joined(without_entries("A009"))


def test_a_code_of_the_order_file_that_the_tabular_list_lacks_is_reported() -> None:
    with pytest.raises(IntegrityError, match=r"1 codes of the order file .* Tabular List 2026: A00\.1"):
        joined(with_entry("A001", "A000"))


@pytest.mark.parametrize("key", ["T528X1B", "A000XXA", "T528Y1A"])
def test_a_seventh_character_that_is_not_defined_is_reported(key: str) -> None:
    with pytest.raises(IntegrityError, match="1 codes of the order file"):
        joined(with_entry(key, "T528X1S"))


def test_a_code_without_a_category_is_reported() -> None:
    with pytest.raises(IntegrityError, match=r"code Z99\.1 has no category"):
        joined(with_entry("Z991", "T719XXA"), carried_from="April 2026")


def test_a_category_without_a_chapter_is_reported() -> None:
    alone = [OrderEntry(1, "Z99", True, "Invented", "Invented")]
    with pytest.raises(IntegrityError, match="category Z99 stands in no chapter"):
        joined(alone, carried_from="April 2026")


def test_carried_notes_name_the_edition_they_are_from() -> None:
    code = joined(carried_from="April 2026")["A00.0"]
    assert len(code.notes) == 3
    assert code.properties == {"notes_from": "April 2026"}


def test_a_concept_with_nothing_carried_names_no_edition() -> None:
    assert "notes_from" not in joined(carried_from="April 2026")["A00.9"].properties


def test_carried_notes_of_chapters_and_blocks_name_their_edition_too() -> None:
    concepts = joined(carried_from="April 2026")
    assert concepts["1"].properties == {"range": "A00-B99", "notes_from": "April 2026"}
    assert concepts["A00-A09"].properties == {"range": "A00-A09", "notes_from": "April 2026"}


def test_notes_are_not_carried_to_a_code_that_is_called_something_else() -> None:
    retitled = [replace(e, long_title="Cholera, retitled") if e.key == "A00" else e for e in entries()]
    code = joined(retitled, carried_from="April 2026")["A00"]
    assert (code.notes, code.synonyms, code.properties) == ((), (), {})


def test_seventh_characters_are_carried_even_so() -> None:
    retitled = [replace(e, long_title="Retitled") if e.key == "T52" else e for e in entries()]
    code = joined(retitled, carried_from="April 2026")["T52"]
    assert [c.character for c in code.seventh_characters] == ["A", "D", "S"]
    assert (code.notes, code.properties) == ((), {"notes_from": "April 2026"})


def test_a_code_the_carried_tabular_list_does_not_know_has_no_notes() -> None:
    code = joined(with_entry("A001", "A000"), carried_from="April 2026")["A00.1"]
    assert (code.parent, code.notes, code.properties) == ("A00", (), {})


def test_a_new_category_goes_to_the_block_whose_range_holds_it() -> None:
    concepts = joined(with_entry("M31", "T719XXA"), carried_from="April 2026")
    assert concepts["M31"].parent == "M30-M36"
    assert concepts["M31"].properties == {"block_inferred": "true"}


def test_a_new_category_in_no_range_goes_to_the_block_of_the_one_before_it() -> None:
    concepts = joined(with_entry("A0B", "A009"), carried_from="April 2026")
    assert concepts["A0B"].parent == "A00-A09"
    assert concepts["A0B"].properties == {"block_inferred": "true"}


def test_a_new_category_never_goes_straight_to_a_block_of_blocks() -> None:
    concepts = joined(with_entry("C50", "C000"), carried_from="April 2026")
    assert concepts["C50"].parent == "C00-C14"


def test_blocks_that_the_other_edition_has_no_code_for_are_left_out() -> None:
    concepts = joined(without_entries("C00", "C000"), carried_from="April 2026")
    assert not {"2", "C00-C96", "C00-C14"} & concepts.keys()


@cache
def real_release(data_dir: Path, year: int) -> tuple[Concept, ...]:
    edition = "April 2025" if year < 2026 else "April 2026"
    codes, book = real_entries(data_dir, year), real_tabular(data_dir, edition)
    carried_from = None if same_edition(codes, book) else edition
    return tuple(join_release(codes, book, carried_from=carried_from))


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("year", "edition", "same"),
    [
        (2024, "April 2025", False),
        (2025, "April 2025", True),
        (2026, "April 2025", False),
        (2026, "April 2026", True),
        (2027, "April 2026", False),
    ],
)
def test_the_publishers_editions_are_told_apart(data_dir: Path, year: int, edition: str, same: bool) -> None:
    assert same_edition(real_entries(data_dir, year), real_tabular(data_dir, edition)) is same


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("year", "codes", "categories", "blocks"),
    [
        (2024, 74_044, 23_252, 296),
        (2025, 74_260, 23_324, 296),
        (2026, 74_719, 23_467, 297),
        (2027, 74_879, 23_524, 297),
    ],
)
def test_every_release_is_one_tree_in_its_own_order(
    data_dir: Path, year: int, codes: int, categories: int, blocks: int
) -> None:
    concepts = real_release(data_dir, year)
    assert Counter(c.kind for c in concepts) == {
        Kind.CHAPTER: 22,
        Kind.BLOCK: blocks,
        Kind.CATEGORY: categories,
        Kind.CODE: codes,
    }
    placed = place(Edition(Release("icd-10-cm", str(year), None, None), concepts))
    assert [p.concept.code for p in placed] == [c.code for c in concepts]


@pytest.mark.realdata
@pytest.mark.parametrize("year", [2025, 2026])
def test_every_seventh_character_is_one_that_holds_for_its_code(data_dir: Path, year: int) -> None:
    placed = place(Edition(Release("icd-10-cm", str(year), None, None), real_release(data_dir, year)))
    listed = real_tabular(data_dir, f"April {year}").diags
    extended = [p for p in placed if p.concept.billable and code_key(p.concept.code) not in listed]
    assert len(extended) == {2025: 51_086, 2026: 51_305}[year]
    for p in extended:
        assert p.seventh_from is not None
        allowed = {c.character for c in placed[p.seventh_from].concept.seventh_characters}
        assert p.concept.code[-1] in allowed, p.concept.code


@pytest.mark.realdata
def test_all_notes_of_april_2026_stand_in_the_release_of_2026(data_dir: Path) -> None:
    concepts = real_release(data_dir, 2026)
    book = real_tabular(data_dir, "April 2026")
    printed = [*book.chapters.values(), *book.sections.values(), *book.diags.values()]
    assert sum(len(c.notes) for c in concepts) == sum(len(e.notes) for e in printed) == 25_176
    assert not any("notes_from" in c.properties for c in concepts)
    assert sum(bool(c.synonyms) for c in concepts) == 109


@pytest.mark.realdata
def test_the_three_new_categories_of_2027_are_put_into_blocks(data_dir: Path) -> None:
    inferred = {c.code: c.parent for c in real_release(data_dir, 2027) if "block_inferred" in c.properties}
    assert inferred == {"J4B": "J40-J4A", "K6A": "K65-K68", "QA1": "QA0-QA0"}


@pytest.mark.realdata
def test_carried_notes_of_2027_are_marked_and_new_codes_have_none(data_dir: Path) -> None:
    concepts = {c.code: c for c in real_release(data_dir, 2027)}
    noted = [c for c in concepts.values() if c.notes or c.seventh_characters]
    assert len(noted) == sum("notes_from" in c.properties for c in concepts.values()) == 10_285
    assert all(c.properties["notes_from"] == "April 2026" for c in noted)
    assert concepts["E89.830"].notes == ()
