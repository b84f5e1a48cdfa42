"""Maps a column that is in memory: a series of pandas or polars, an Arrow array, or any list of codes."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from terminology.attribution import NOTICES
from terminology.bundle.kept import kept_with_bundle
from terminology.bundle.life.periods import not_in_use_on
from terminology.bundle.store import Store
from terminology.codes import read_code
from terminology.errors import InvalidRequestError
from terminology.exchange.exports.table import crosswalk_file
from terminology.exchange.mapping.answer_rows import AnswerRows
from terminology.exchange.mapping.answers import Answers
from terminology.exchange.mapping.icd_version import ColumnLook
from terminology.exchange.mapping.targets import ADDED, KEY, DatedTargets, PrintedTargets, printed_targets
from terminology.systems import ICD10CM

_KEPT = 262_144
_ONE_CODE = r"^[A-DF-UW-Za-df-uw-z][0-9A-Za-z][0-9A-Za-z.]*[0-9A-Za-z]$"
"""A code and nothing beside it; those that begin with E or V may be ICD-9-CM's too."""


def map_column(store: Store, column: Any, on: date | None = None) -> pa.Table:
    """Return the recommended ICD-11 target of each code of a column, a row for each in order.

    ``column`` is whatever Arrow can read: a series of pandas or polars, an Arrow array, a list; null is no
    code. The table has the columns of :data:`~terminology.exchange.mapping.targets.ADDED` and the attribution
    in its metadata. Every different cell is answered once, as in a file (:class:`Answers`): a code alone by
    Arrow, any other cell by reading it. Codes are taken as of ``on`` (today). Raises
    :class:`DataNotAvailableError` for a bundle without crosswalk.
    """
    day, codes = on or date.today(), texts_of(column).dictionary_encode()
    plain = _plain(store, day)
    known = _rows_of(codes.dictionary, plain[KEY])
    read = [cell or "" for cell in codes.dictionary.filter(pc.is_null(known)).to_pylist()]
    numbers, answered = _answer_rows(store, day, _look(codes, known).icd9).of([*read, ""])
    numbers = pc.add(numbers, pa.scalar(len(plain), pa.int32()))
    rows = pc.replace_with_mask(known, pc.is_null(known), numbers[:-1])
    places = pc.fill_null(rows.take(codes.indices), numbers[-1])
    arrays = [
        pa.concat_arrays([plain[name].combine_chunks(), more]).take(places)
        for name, more in zip(ADDED, answered, strict=True)
    ]
    table = pa.Table.from_arrays(arrays, names=list(ADDED))
    return table.replace_schema_metadata({"attribution": " ".join(NOTICES)})


def _rows_of(cells: Any, keys: Any) -> Any:
    """The rows of the cells that are a code and nothing else, by their keys; null for all others."""
    places = pc.index_in(pc.utf8_upper(pc.replace_substring(cells, ".", "")), keys)
    return pc.if_else(pc.match_substring_regex(cells, _ONE_CODE), places, pa.scalar(None, pa.int32()))


def _look(codes: Any, known: Any) -> ColumnLook:
    """What the column looks like, by its different cells and how often each stands in it."""
    look = ColumnLook()
    counts = pc.value_counts(codes.indices.drop_null())
    cells, often = counts.field("values"), counts.field("counts")
    odd = pc.is_null(known.take(cells))
    look.coded = pc.sum(often.filter(pc.invert(odd))).as_py() or 0
    for cell, count in zip(
        codes.dictionary.take(cells.filter(odd)).to_pylist(), often.filter(odd).to_pylist(), strict=True
    ):
        coded, sure, maybe = _look_of(cell)
        look.coded += coded * count
        look.sure += sure * count
        look.maybe += maybe * count
    return look


@lru_cache(maxsize=_KEPT)
def _look_of(cell: str) -> tuple[int, int, int]:
    """What one cell says of its column: whether it is a code, surely and maybe one of ICD-9-CM."""
    look, text = ColumnLook(), read_code(cell).text
    if text:
        look.add(text, 1)
    return look.coded, look.sure, look.maybe


def texts_of(column: Any, parameter: str = "column") -> Any:
    """Return a series, an array or a list as one Arrow array of texts; null where there is none.

    Raises :class:`InvalidRequestError` for what is no column.
    """
    if isinstance(column, str):
        raise InvalidRequestError(parameter, "is one text; give a list or a series")
    try:
        return _array(column)
    except (TypeError, ValueError, NotImplementedError) as fault:
        raise InvalidRequestError(parameter, f"is no list of texts: {fault}") from fault


def _array(column: Any) -> Any:
    array = column.to_arrow() if hasattr(column, "to_arrow") else column
    if not isinstance(array, pa.Array | pa.ChunkedArray):
        array = pa.array(array, from_pandas=True)
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    if isinstance(array, pa.DictionaryArray):
        array = array.dictionary_decode()
    return array if pa.types.is_string(array.type) else array.cast(pa.string())


@kept_with_bundle(maxsize=8)
def _answer_rows(store: Store, day: date, looks_icd9: bool) -> AnswerRows:
    targets = DatedTargets(store, PrintedTargets(_printed(store))).on((day,))
    return AnswerRows(Answers(targets, looks_icd9))


@kept_with_bundle(maxsize=4)
def _plain(store: Store, day: date) -> pa.Table:
    """The codes in use on a day that no other classification has, so that their cells need not be read."""
    printed = _printed(store)
    gone = pa.array(sorted(not_in_use_on(store, ICD10CM.id, day)), pa.string())
    usable = pc.and_(
        pc.match_substring_regex(printed[KEY], _ONE_CODE), pc.invert(pc.is_in(printed[KEY], gone))
    )
    return printed.filter(usable).combine_chunks()


@kept_with_bundle(maxsize=1)
def _printed(store: Store) -> pa.Table:
    return printed_targets(crosswalk_file(store.folder))
