"""Books and entries of the Alphabetic Index."""

from __future__ import annotations

from apiflask import Schema
from apiflask.fields import Boolean, Integer, List, Nested, String
from apiflask.validators import Length, Range

from web.api.contract.paging import LIMIT_DEFAULT, LIMIT_MAX


class BookQuery(Schema):
    """Which entries of a book are asked."""

    q = String(validate=Length(max=200), metadata={"description": "words that begin words of the entries"})
    letter = String(validate=Length(max=3), metadata={"description": "the letter heads begin with, or 0-9"})
    term = String(validate=Length(max=300), metadata={"description": "a main term (a site) as printed"})
    limit = Integer(
        load_default=LIMIT_DEFAULT,
        validate=Range(1, LIMIT_MAX),
        metadata={"description": "how many entries are returned"},
    )
    offset = Integer(
        load_default=0,
        validate=Range(0, 10_000_000),
        metadata={"description": "how many entries are passed over"},
    )


class IndexCodeOut(Schema):
    """A code as the book prints it, and the concept it names."""

    printed = String()
    code = String(allow_none=True)
    title = String(allow_none=True)
    in_use = Boolean()


class CellOut(Schema):
    """A cell of a table."""

    column = String()
    code = Nested(IndexCodeOut)


class EntryOut(Schema):
    """An entry: its terms from the main term down, and what they lead to."""

    number = Integer()
    path = List(String())
    modifiers = String(allow_none=True)
    code = Nested(IndexCodeOut, allow_none=True)
    manifestation = Nested(IndexCodeOut, allow_none=True)
    see = String(allow_none=True)
    see_also = String(allow_none=True)
    cells = List(Nested(CellOut))


class BookHeadOut(Schema):
    """A book."""

    id = String()
    title = String()
    edition = String()
    columns = List(String())


class LoadedBookOut(BookHeadOut):
    """A book and how many heads it has."""

    heads = Integer()


class BooksOut(Schema):
    """The loaded books."""

    items = List(Nested(LoadedBookOut))


class BookOut(BookHeadOut):
    """A page of a book."""

    letters = List(String())
    total = Integer()
    items = List(Nested(EntryOut))
