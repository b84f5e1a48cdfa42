"""Notes that name codes, in both directions, as a bundle gives them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from terminology.bundle.assemble import write_library
from terminology.bundle.concepts.references import references
from terminology.bundle.store import Store
from terminology.concept import Concept, Kind, Note, NoteKind
from terminology.edition import Edition, Library
from terminology.graph import TerminologyGraph
from terminology.release import Release, fiscal_year_dates


def concept(code: str, kind: Kind, parent: str | None, *notes: Note, title: str = "Thing") -> Concept:
    return Concept("icd-10-cm", code, title, kind, parent, billable=kind is Kind.CODE, notes=notes)


@pytest.fixture
def noted(tmp_path: Path) -> Iterator[Store]:
    """A release whose chapter, category and code carry notes that name each other."""
    concepts = [
        concept("1", Kind.CHAPTER, None, Note(NoteKind.EXCLUDES2, "other things (B20-B30)")),
        concept("A00-A09", Kind.BLOCK, "1"),
        concept(
            "A01",
            Kind.CATEGORY,
            "A00-A09",
            Note(NoteKind.EXCLUDES1, "the other thing (B20.-)"),
            Note(NoteKind.USE_ADDITIONAL, "code to identify organism, such as:"),
            Note(NoteKind.USE_ADDITIONAL, "this organism (B21.1)"),
            Note(NoteKind.INCLUSION_TERM, "Thing in B30"),
            title="Carrier",
        ),
        concept("A01.0", Kind.CODE, "A01"),
        concept("2", Kind.CHAPTER, None),
        concept("B20-B30", Kind.BLOCK, "2"),
        concept("B20", Kind.CATEGORY, "B20-B30", Note(NoteKind.CODING_NOTE, "Category B20 is for things")),
        concept("B20.1", Kind.CODE, "B20"),
        concept("B21", Kind.CATEGORY, "B20-B30"),
        concept("B21.1", Kind.CODE, "B21"),
        concept("B30", Kind.CODE, "B20-B30"),
    ]
    library = Library(editions=[Edition(Release("icd-10-cm", "2027", *fiscal_year_dates(2027)), concepts)])
    write_library(library, TerminologyGraph.of(library).report, tmp_path, (), "test")
    store = Store(tmp_path)
    yield store
    store.close()


def naming(store: Store, code: str) -> list[tuple[str, str]]:
    found = references(store).naming(store.concept("icd-10-cm", code, "2027"))
    return [(reference.code, reference.kind.value) for reference in found]


def test_who_names_a_code_is_told_narrowest_first(noted: Store) -> None:
    assert naming(noted, "B20.1") == [("A01", "excludes1"), ("1", "excludes2")]
    assert naming(noted, "B21.1") == [("A01", "use_additional"), ("1", "excludes2")]
    assert naming(noted, "A01.0") == []


def test_a_category_that_its_own_note_names_does_not_count(noted: Store) -> None:
    assert ("B20", "coding_notes") not in naming(noted, "B20.1")


def test_an_item_of_a_list_has_the_line_that_leads_it(noted: Store) -> None:
    found = references(noted).naming(noted.concept("icd-10-cm", "B21.1", "2027"))
    assert (found[0].lead, found[0].said) == ("code to identify organism, such as:", "B21.1")


def test_what_a_code_names_are_its_own_notes_and_the_inherited_ones(noted: Store) -> None:
    of = references(noted).of
    child, parent = (noted.concept("icd-10-cm", code, "2027") for code in ("A01.0", "A01"))
    assert [r.said for r in of(child)] == ["B20", "B21.1", "B20-B30"]
    assert [r.said for r in of(parent)] == ["B20", "B21.1", "B30", "B20-B30"]
    assert [r.code for r in of(child, (NoteKind.EXCLUDES1,))] == ["A01"]
    assert of(child)[0].names("B201") and not of(child)[0].names("B211")
