"""Maps a column that is in memory: a series of pandas or polars, an Arrow array, or any list of codes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from terminology.attribution import NOTICES
from terminology.bundle.kept import kept_with_bundle
from terminology.bundle.store import Store
from terminology.codes import read_code
from terminology.exchange.mapping.answer_rows import AnswerRows
from terminology.exchange.mapping.answers import Answers
from terminology.exchange.mapping.icd_version import ColumnLook
from terminology.exchange.mapping.targets import ADDED, Recommended, recommended_targets

_KEPT = 262_144


def map_column(store: Store, column: Any, on: date | None = None) -> pa.Table:
    """Return the recommended ICD-11 target of each code of a column, a row for each in order.

    ``column`` is whatever Arrow can read: a series of pandas or polars, an Arrow array, a list; null is no
    code. The table has the columns of :data:`~terminology.exchange.mapping.targets.ADDED` and the attribution
    in its metadata. Every different cell is answered once, as in a file (:class:`Answers`), and its answer
    kept with the bundle. Codes are taken as of ``on`` (today). Raises :class:`DataNotAvailableError` for a
    bundle without crosswalk.
    """
    codes = _texts(column).dictionary_encode()
    different = [cell or "" for cell in codes.dictionary.to_pylist()]
    rows = _answer_rows(store, on or date.today(), _look(codes.indices, different).icd9)
    numbers, columns = rows.of([*different, ""])
    places = numbers.take(pc.fill_null(codes.indices, len(different)))
    arrays = [answer.dictionary.take(answer.indices.take(places)) for answer in columns]
    table = pa.Table.from_arrays(arrays, names=list(ADDED))
    return table.replace_schema_metadata({"attribution": " ".join(NOTICES)})


def _look(indices: Any, different: list[str]) -> ColumnLook:
    """What the column looks like, by its different cells and how often each stands in it."""
    look = ColumnLook()
    counts = pc.value_counts(indices)
    pairs = zip(counts.field("values").to_pylist(), counts.field("counts").to_pylist(), strict=True)
    for number, count in pairs:
        if number is not None:
            coded, sure, maybe = _look_of(different[number])
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


def _texts(column: Any) -> Any:
    """The column as one Arrow array of texts."""
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
    return AnswerRows(Answers(_targets(store, day), looks_icd9))


@kept_with_bundle(maxsize=4)
def _targets(store: Store, day: date) -> Mapping[str, Recommended]:
    return recommended_targets(store.folder, day)
