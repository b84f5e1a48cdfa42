"""Adds the crosswalk to a bundle: two tables of ``terminology.db`` and ``crosswalk.parquet``."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from terminology.bundle.manifest import CROSSWALK
from terminology.bundle.writer import DatabaseWriter, Row
from terminology.codes import code_key
from terminology.concept import Concept
from terminology.crosswalk import Corpus, Crosswalk
from terminology.crosswalk.engine import build_crosswalk
from terminology.crosswalk.overrides import Override
from terminology.edition import Edition, Library
from terminology.systems import ICD10, ICD10CM, ICD11

_BATCH = 4096
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
        ("stem", pa.string()),
        ("relationship", pa.string()),
        ("confidence", pa.float64()),
        *((name, pa.list_(pa.string())) for name in _LISTS),
    ]
)


@dataclass(frozen=True, slots=True)
class _Sources:
    """The corpus of a library, and the release each source code was last seen in."""

    corpus: Corpus
    release_of: dict[str, str]


def write_crosswalk(folder: Path, library: Library, overrides: Sequence[Override]) -> tuple[int, str]:
    """Map every ICD-10-CM code of the library and write the result; return rows and their hash.

    Codes of older releases that the newest no longer has are mapped too. Without both classifications there
    is nothing to map: the tables are then empty. Errors of the overrides pass through.
    """
    sources = _sources(library)
    with DatabaseWriter(folder, schema="crosswalk_schema.sql", indices="crosswalk_indices.sql") as writer:
        crosswalks = iter(()) if sources is None else _mapped(sources, overrides)
        number = 0
        with pq.ParquetWriter(folder / CROSSWALK, _SCHEMA, compression="zstd") as parquet:
            while batch := list(islice(crosswalks, _BATCH)):
                writer.insert("crosswalk", _rows(batch, number + 1))
                writer.insert("crosswalk_target", _target_rows(batch, number + 1))
                parquet.write_table(pa.Table.from_pylist(list(_flat(batch)), schema=_SCHEMA))
                number += len(batch)
        return number, writer.content_hash


def _sources(library: Library) -> _Sources | None:
    """Join the ICD-10-CM releases, newest first, and choose the newest ICD-11 release as target."""
    cm, eleven, ten = (_editions(library, system.id) for system in (ICD10CM, ICD11, ICD10))
    if not cm or not eleven:
        return None
    union: list[Concept] = []
    release_of: dict[str, str] = {}
    for edition in cm:
        for concept in edition.concepts:
            key = code_key(concept.code)
            if key not in release_of:
                release_of[key] = edition.release.id
                union.append(concept)
    corpus = Corpus(
        source_release=cm[0].release.id,
        source=union,
        target_release=eleven[0].release.id,
        target=eleven[0].concepts,
        icd10=ten[0].concepts if ten else (),
        mappings=library.mappings,
        earlier_targets={edition.release.id: edition.concepts for edition in eleven[1:]},
        index_terms=library.index_terms,
    )
    return _Sources(corpus, release_of)


def _editions(library: Library, system: str) -> list[Edition]:
    """The editions of a system, newest first."""
    return [edition for edition in reversed(library.in_order()) if edition.release.system == system]


def _mapped(sources: _Sources, overrides: Iterable[Override]) -> Iterator[Crosswalk]:
    for crosswalk in build_crosswalk(sources.corpus, overrides):
        release = sources.release_of[code_key(crosswalk.source_code)]
        yield crosswalk if release == crosswalk.source_release else replace(crosswalk, source_release=release)


def _rows(batch: Iterable[Crosswalk], first: int) -> Iterator[Row]:
    for number, c in enumerate(batch, first):
        record = zlib.compress(orjson.dumps(crosswalk_payload(c)), 6)
        yield number, code_key(c.source_code), c.source_code, c.representation, c.motif, record


def _target_rows(batch: Iterable[Crosswalk], first: int) -> Iterator[Row]:
    for number, c in enumerate(batch, first):
        for t in c.targets:
            yield number, t.rank, code_key(t.stem), t.expression, t.relationship, t.confidence


def _flat(batch: Iterable[Crosswalk]) -> Iterator[dict[str, object]]:
    for c in batch:
        source = {name: getattr(c, name) for name in _SCHEMA.names[:8]}
        for t in c.targets:
            yield source | {name: getattr(t, name) for name in _SCHEMA.names[8:]}
        if not c.targets:
            yield source


def crosswalk_payload(c: Crosswalk) -> dict[str, object]:
    """Return the JSON form of a crosswalk (DESIGN section 6)."""
    return {
        "source": {
            "system": c.source_system,
            "release": c.source_release,
            "code": c.source_code,
            "title": c.source_title,
        },
        "target": {"system": c.target_system, "release": c.target_release},
        "representation": c.representation,
        "motif": c.motif,
        "targets": c.targets,
    }
