"""The Alphabetic Index as books."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from terminology.bundle.index.book import entries_of, find_entries, loaded_books, outline
from terminology.bundle.index.reference import follow_reference, leads_somewhere
from terminology.bundle.store import Store
from terminology.errors import DataNotAvailableError, InvalidRequestError


@pytest.fixture
def books(book_bundle: Path) -> Iterator[Store]:
    opened = Store(book_bundle)
    yield opened
    opened.close()


def test_the_newest_edition_of_a_book_is_read(books: Store) -> None:
    book = outline(books, "diseases")
    assert book.edition == "2026"
    assert [head.term for head in book.under("d")] == ["Diabetes, diabetic"]


def test_a_letter_with_a_mark_stands_under_its_letter_and_a_digit_under_0_9(books: Store) -> None:
    assert [head.term for head in outline(books, "diseases").under("O")] == ["Östrus"]
    assert outline(books, "drugs").letters == ("0-9",)


def test_an_entry_has_its_own_modifiers_its_code_and_what_the_code_is_today(books: Store) -> None:
    book = outline(books, "diseases")
    main, _, ketosis, *_ = entries_of(books, book, book.named("diabetes, DIABETIC"))
    assert main.modifiers == "(mellitus) (sugar)"
    assert ketosis.modifiers == "(acute)"
    assert ketosis.code is not None
    assert (ketosis.code.code, ketosis.code.in_use) == ("E11.8", False)
    assert main.code is not None and main.code.in_use and main.code.title


def test_a_code_that_no_release_has_names_nothing(books: Store) -> None:
    book = outline(books, "diseases")
    (entry,) = entries_of(books, book, book.under("O"))
    assert entry.code is not None
    assert (entry.code.printed, entry.code.code) == ("Q99.9", None)


def test_a_table_has_a_row_per_site_with_a_cell_per_column(books: Store) -> None:
    book = outline(books, "neoplasms")
    assert [head.term for head in book.heads] == ["Neoplasm, neoplastic", "bone", "lung"]
    lung, lobe = entries_of(books, book, book.named("lung"))
    assert book.columns == ("Malignant", "Benign")
    assert [cell and cell.printed for cell in lung.cells] == ["E11.9", "E11"]
    assert [cell and cell.printed for cell in lobe.cells] == [None, "S52.5"]


def test_words_find_entries_whose_words_they_begin_those_of_heads_first(books: Store) -> None:
    book = outline(books, "diseases")
    found = find_entries(books, book, "diab keto", 10)
    assert [entry.path for entry in found.entries] == [("Diabetes, diabetic", "with", "ketosis")]
    assert find_entries(books, book, "etosis", 10).total == 0
    assert [e.path[0] for e in find_entries(books, book, "d", 10).entries] == ["Diabetes, diabetic"]
    assert find_entries(books, book, "%%%", 10).total == 0


def test_a_page_of_what_is_found_says_how_much_there_is_in_all(books: Store) -> None:
    found = find_entries(books, outline(books, "diseases"), "diabetes", 1, 1)
    assert (found.total, [e.term for e in found.entries]) == (4, ["with"])


def test_a_reference_leads_to_the_deepest_entry_it_names(books: Store) -> None:
    place = follow_reference(books, "diseases", "Diabetes, with, ketosis (acute)")
    assert place is not None
    book = outline(books, "diseases")
    ketosis = next(e for e in entries_of(books, book, book.under("D")) if e.term == "ketosis")
    assert place == ("diseases", "Diabetes, diabetic", ketosis.number)


def test_a_reference_to_a_table_or_to_another_book_leads_there(books: Store) -> None:
    assert follow_reference(books, "diseases", "Neoplasm, lung, by site") == ("neoplasms", "lung", None)
    assert follow_reference(books, "diseases", "Neoplasm, by site") == ("neoplasms", None, None)
    assert follow_reference(books, "diseases", "Falls") == ("external-causes", "Fall, falling", None)
    assert not leads_somewhere(books, "diseases", "condition")


def test_a_book_that_is_not_there_is_said(books: Store, store: Store) -> None:
    with pytest.raises(InvalidRequestError):
        outline(books, "cookery")
    with pytest.raises(DataNotAvailableError):
        outline(store, "drugs")
    assert [book.id for book in loaded_books(store)] == ["diseases"]
