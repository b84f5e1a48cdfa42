"""The Alphabetic Index, book by book."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import Response

from terminology.bundle.index.book import BookEntry, Outline, entries_of, find_entries, loaded_books, outline
from web.api.contract.problems import PROBLEM_RESPONSES
from web.api.schemas.index import BookOut, BookQuery, BooksOut
from web.opened import opened
from web.responses import answer

index = APIBlueprint("index", __name__, tag="Alphabetic Index")


@index.get("/index")
@index.output(BooksOut)
@index.doc(summary="Books of the Alphabetic Index", responses=PROBLEM_RESPONSES)
def books() -> Response:
    """Return the loaded books of ICD-10-CM's Alphabetic Index with their editions."""
    store = opened().store
    loaded = [outline(store, book.id) for book in loaded_books(store)]
    return answer({"items": [{**_head_of(one), "heads": len(one.heads)} for one in loaded]})


@index.get("/index/<book>")
@index.input(BookQuery, location="query")
@index.output(BookOut)
@index.doc(summary="Entries of one book", responses=PROBLEM_RESPONSES)
def entries(book: str, query_data: dict[str, Any]) -> Response:
    """Return a page of a book's entries, in order: all, those of a letter or a term, or those a phrase fits.

    Main terms have a path of one term, terms below them one of several. ``cells`` are a table's columns.
    """
    store, opened_book = opened().store, outline(opened().store, book)
    start, size = query_data["offset"], query_data["limit"]
    if query_data.get("q"):
        total, items = find_entries(store, opened_book, query_data["q"], size, start)
    else:
        every = entries_of(store, opened_book, _heads(opened_book, query_data))
        total, items = len(every), every[start : start + size]
    shown = [_shown(opened_book, entry) for entry in items]
    return answer({**_head_of(opened_book), "letters": opened_book.letters, "total": total, "items": shown})


def _heads(book: Outline, query: dict[str, Any]) -> Any:
    if query.get("term"):
        return book.named(query["term"])
    return book.under(query["letter"]) if query.get("letter") else book.heads


def _head_of(book: Outline) -> dict[str, Any]:
    return {"id": book.book.id, "title": book.book.title, "edition": book.edition, "columns": book.columns}


def _shown(book: Outline, entry: BookEntry) -> dict[str, Any]:
    cells = zip(book.columns, entry.cells, strict=True)
    return {
        "number": entry.number,
        "path": entry.path,
        "modifiers": entry.modifiers,
        "code": entry.code,
        "manifestation": entry.manifestation,
        "see": entry.see,
        "see_also": entry.see_also,
        "cells": [{"column": column, "code": code} for column, code in cells if code is not None],
    }
