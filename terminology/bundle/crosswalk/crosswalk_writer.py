"""Adds the crosswalk to a bundle: two tables of ``terminology.db`` and ``crosswalk.parquet``."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from terminology.attribution import NOTICES
from terminology.bundle.manifest import CROSSWALK
from terminology.bundle.writer import DatabaseWriter, Row
from terminology.codes import code_key
from terminology.crosswalk import Crosswalk
from terminology.crosswalk.record import encode

_BATCH = 4096
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


def write_crosswalk(folder: Path, crosswalks: Sequence[Crosswalk]) -> str:
    """Write crosswalks into a bundle that is being built; return the hash of what was written."""
    with (
        DatabaseWriter(folder, schema="crosswalk/schema.sql", indices="crosswalk/indices.sql") as writer,
        pq.ParquetWriter(folder / CROSSWALK, _SCHEMA, compression="zstd") as parquet,
    ):
        for start in range(0, len(crosswalks), _BATCH):
            batch = crosswalks[start : start + _BATCH]
            writer.insert("crosswalk", _rows(batch, start + 1))
            writer.insert("crosswalk_target", _target_rows(batch, start + 1))
            parquet.write_table(pa.Table.from_pylist(list(_flat(batch)), schema=_SCHEMA))
        return writer.content_hash


def _rows(batch: Iterable[Crosswalk], first: int) -> Iterator[Row]:
    for number, c in enumerate(batch, first):
        record = zlib.compress(encode(c), 6)
        yield number, code_key(c.source_code), c.source_code, c.representation, c.motif, record


def _target_rows(batch: Iterable[Crosswalk], first: int) -> Iterator[Row]:
    for number, c in enumerate(batch, first):
        for t in c.targets:
            yield number, t.rank, code_key(t.stem), t.expression, t.relationship, t.confidence


def _flat(batch: Iterable[Crosswalk]) -> Iterator[dict[str, object]]:
    for c in batch:
        source = {name: getattr(c, name) for name in _SCHEMA.names[:8]}
        for t in c.targets:
            groups = [{"stem": g.stem, "extensions": g.extensions, "optional": g.optional} for g in t.groups]
            yield source | {name: getattr(t, name) for name in _SCHEMA.names[8:]} | {"groups": groups}
        if not c.targets:
            yield source
