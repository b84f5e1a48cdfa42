"""The Alphabetic Index as a book: by letter and by typing; the tables as grids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from terminology.bundle.index.book import (
    SHORTEST_SEARCHED,
    BookEntry,
    Outline,
    entries_of,
    find_entries,
    loaded_books,
    outline,
)
from terminology.bundle.index.reference import follow_reference, leads_somewhere
from terminology.errors import DataNotAvailableError, InvalidRequestError
from web.opened import opened
from web.pages.parts.frame import asks_for_part, page

MOST_FOUND = 100

index = Blueprint("index", __name__)


@dataclass(slots=True)
class Branch:
    """An entry with the entries below it."""

    entry: BookEntry
    below: list[Branch]


@index.get("/index")
def begin() -> AnyResponse:
    """Lead to the first book that is loaded."""
    books = loaded_books(opened().store)
    if not books:
        raise DataNotAvailableError("no Alphabetic Index is loaded; NCHS's Index files hold it")
    return redirect(url_for("pages.index.show", book=books[0].id))


@index.get("/index/<book>")
def show(book: str) -> Response:
    """Answer with a letter of a book, one of its terms whole, or what was typed."""
    store, opened_book = opened().store, outline(opened().store, book)
    query, term = request.args.get("q", "").strip()[:200], request.args.get("term", "").strip()
    letter = request.args.get("letter", "").strip().upper()
    if term and not opened_book.named(term):  # a main term of another edition, or one typed by hand
        query, term = term[:200], ""
    entries, total, heads = _asked(opened_book, query, term, letter)
    response = page(
        "index.html",
        "partials/book.html",
        outline=opened_book,
        books=loaded_books(store),
        query=query,
        term=term,
        letter=letter or ("" if query or term else opened_book.letters[0]),
        entries=entries,
        total=total,
        heads=heads,
        branches=_branches(entries) if term and not opened_book.columns else [],
        leads=lambda reference: leads_somewhere(store, book, reference),
        shortest=SHORTEST_SEARCHED,
        most=MOST_FOUND,
    )
    if asks_for_part():
        response.headers["HX-Replace-Url"] = url_for("pages.index.show", book=book, q=query or None)
    return response


@index.get("/index/<book>/see")
def follow(book: str) -> AnyResponse:
    """Lead to the place that a *see* or *see also* of a book names."""
    to = request.args.get("to", "")
    place = follow_reference(opened().store, outline(opened().store, book).book.id, to)
    if place is None:
        raise InvalidRequestError("to", f"no loaded book has a main term for '{to[:80]}'")
    anchor = None if place.number is None else f"t{place.number}"
    return redirect(url_for("pages.index.show", book=place.book, term=place.term, _anchor=anchor))


def _asked(book: Outline, query: str, term: str, letter: str) -> tuple[list[BookEntry], int, list[Any]]:
    """The entries to show, how many there are in all, and for a letter of a book of terms its heads."""
    store = opened().store
    if query:
        found = find_entries(store, book, query, MOST_FOUND)
        return found.entries, found.total, []
    heads = book.named(term) if term else book.under(letter or book.letters[0])
    if not heads:
        raise InvalidRequestError("letter", f"the {book.book.title} has no main term under '{letter[:20]}'")
    if not term and not book.columns:
        return [], len(heads), heads
    entries = entries_of(store, book, heads)
    return entries, len(entries), heads


def _branches(entries: Sequence[BookEntry]) -> list[Branch]:
    """Entries as a tree by their paths; an entry whose heading is not among them stands by itself."""
    roots: list[Branch] = []
    placed: dict[tuple[str, ...], Branch] = {}
    for entry in entries:
        branch = placed[entry.path] = Branch(entry, [])
        above = placed.get(entry.path[:-1])
        (roots if above is None else above.below).append(branch)
    return roots
