"""Adds the crosswalk to a bundle: two tables of ``terminology.db`` and ``crosswalk.parquet``."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from terminology.attribution import NOTICES
from terminology.bundle.manifest import CROSSWALK
from terminology.bundle.writer import DatabaseWriter, Row
from terminology.codes import code_key
from terminology.crosswalk import Crosswalk
from terminology.crosswalk.record import encode

BATCH = 4096
"""As many crosswalks are written, and best made ready for it, at a time."""
Place = tuple[int, int, int]
"""Of a crosswalk: its place among all, its part, and its place in that."""
_GROUP = pa.struct(
    [("stem", pa.string()), *((name, pa.list_(pa.string())) for name in ("extensions", "optional"))]
)
_LISTS = ("extensions", "titles", "facets_kept", "facets_lost", "facets_added")
_SCHEMA = pa.schema(
    [
        ("source_system", pa.string()),
        ("source_release", pa.string()),
        ("source_code", pa.string()),
        ("source_title", pa.string()),
        ("target_system", pa.string()),
        ("target_release", pa.string()),
        ("representation", pa.string()),
        ("motif", pa.string()),
        ("rank", pa.int16()),
        ("expression", pa.string()),
        ("groups", pa.list_(_GROUP)),
        ("stem", pa.string()),
        ("relationship", pa.string()),
        ("confidence", pa.float64()),
        *((name, pa.list_(pa.string())) for name in _LISTS),
    ],
    metadata={"attribution": " ".join(NOTICES)},
)


@dataclass(frozen=True, slots=True)
class StoredCrosswalks:
    """Crosswalks in the form a bundle keeps them in, each with its place among all of the bundle.

    ``rows`` and ``targets`` are those of the database's tables without the number in front, ``widths`` how
    many rows of ``table``, the published one, each crosswalk has.
    """

    places: Sequence[int]
    rows: Sequence[Row]
    targets: Sequence[Sequence[Row]]
    widths: Sequence[int]
    table: pa.Table


def stored_crosswalks(crosswalks: Sequence[Crosswalk], places: Sequence[int]) -> StoredCrosswalks:
    """Bring crosswalks into the form a bundle keeps them in: the long part of writing them."""
    return StoredCrosswalks(
        places,
        list(map(_row, crosswalks)),
        list(map(_target_rows, crosswalks)),
        [max(len(c.targets), 1) for c in crosswalks],
        pa.Table.from_pylist(list(_flat(crosswalks)), schema=_SCHEMA),
    )


def write_crosswalk(folder: Path, parts: Sequence[StoredCrosswalks]) -> str:
    """Write crosswalks into a bundle that is being built; return the hash of what was written."""
    order = sorted((place, part, at) for part, p in enumerate(parts) for at, place in enumerate(p.places))
    table = pa.concat_tables([_SCHEMA.empty_table(), *(part.table for part in parts)])
    starts = _starts(parts)
    with (
        DatabaseWriter(folder, schema="crosswalk/schema.sql", indices="crosswalk/indices.sql") as writer,
        pq.ParquetWriter(folder / CROSSWALK, _SCHEMA, compression="zstd") as parquet,
    ):
        for start in range(0, len(order), BATCH):
            batch = [(number, parts[part], at) for number, (_, part, at) in _numbered(order, start)]
            writer.insert("crosswalk", ((number, *part.rows[at]) for number, part, at in batch))
            writer.insert(
                "crosswalk_target",
                ((number, *target) for number, part, at in batch for target in part.targets[at]),
            )
            places = (starts[part][at : at + 2] for _, (_, part, at) in _numbered(order, start))
            parquet.write_table(table.take([row for first, end in places for row in range(first, end)]))
        return writer.content_hash


def _numbered(order: Sequence[Place], start: int) -> Iterator[tuple[int, Place]]:
    """The crosswalks of a batch with their numbers in the database."""
    return enumerate(order[start : start + BATCH], start + 1)


def _starts(parts: Sequence[StoredCrosswalks]) -> list[list[int]]:
    """Where the rows of each crosswalk of each part begin when their tables follow each other."""
    starts: list[list[int]] = []
    begin = 0
    for part in parts:
        starts.append(list(accumulate(part.widths, initial=begin)))
        begin = starts[-1][-1]
    return starts


def _row(c: Crosswalk) -> Row:
    record = zlib.compress(encode(c), 6)
    return code_key(c.source_code), c.source_code, c.representation, c.motif, record


def _target_rows(c: Crosswalk) -> list[Row]:
    return [(t.rank, code_key(t.stem), t.expression, t.relationship, t.confidence) for t in c.targets]


def _flat(batch: Iterable[Crosswalk]) -> Iterator[dict[str, object]]:
    for c in batch:
        source = {name: getattr(c, name) for name in _SCHEMA.names[:8]}
        for t in c.targets:
            groups = [{"stem": g.stem, "extensions": g.extensions, "optional": g.optional} for g in t.groups]
            yield source | {name: getattr(t, name) for name in _SCHEMA.names[8:]} | {"groups": groups}
        if not c.targets:
            yield source
