"""Maps a column that is in memory: a series of pandas or polars, an Arrow array, or any list of codes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from terminology.attribution import NOTICES
from terminology.bundle.kept import kept_with_bundle
from terminology.bundle.store import Store
from terminology.exchange.mapping.answers import Answers
from terminology.exchange.mapping.rows import CodeCells, code_cells
from terminology.exchange.mapping.targets import ADDED, Recommended, recommended_targets

_CONFIDENCE = "icd11_confidence"
_COLUMN = "code"


def map_column(store: Store, column: Any, on: date | None = None) -> pa.Table:
    """Return the recommended ICD-11 target of each code of a column, a row for each in order.

    ``column`` is whatever Arrow can read: a series of pandas or polars, an Arrow array, a list; null is no
    code. The table has the columns of :data:`~terminology.exchange.mapping.targets.ADDED` and the attribution
    in its metadata. Every different cell is answered once, as in a file (:class:`Answers`). Codes are taken
    as of ``on`` (today). Raises :class:`DataNotAvailableError` for a bundle without crosswalk.
    """
    codes = _texts(column).dictionary_encode()
    different = [cell or "" for cell in codes.dictionary.to_pylist()]
    counts = pc.value_counts(codes.indices)
    seen = dict(zip(counts.field("values").to_pylist(), counts.field("counts").to_pylist(), strict=True))
    targets = _targets(store, on or date.today())
    cells = code_cells([_COLUMN], _COLUMN)
    answers = _answered(cells, different, seen, targets)
    places = pc.fill_null(codes.indices, len(different))
    columns = [pa.array(cells, _type(name)).take(places) for name, cells in zip(ADDED, answers, strict=True)]
    table = pa.Table.from_arrays(columns, names=list(ADDED))
    return table.replace_schema_metadata({"attribution": " ".join(NOTICES)})


def _answered(
    cells: CodeCells, different: list[str], seen: Mapping[int, int], targets: Mapping[str, Recommended]
) -> list[tuple[Any, ...]]:
    """The columns of the answers to the different cells; the last is the answer to no code."""
    for number, cell in enumerate(different):
        cells.see(cell, "", seen.get(number, 0))
    answers = Answers(targets, cells.looks_icd9)
    return list(zip(*(answers.to(cell, "") for cell in (*different, "")), strict=True))


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


def _type(name: str) -> Any:
    return pa.float64() if name == _CONFIDENCE else pa.string()


@kept_with_bundle(maxsize=4)
def _targets(store: Store, day: date) -> Mapping[str, Recommended]:
    return recommended_targets(store.folder, day)
