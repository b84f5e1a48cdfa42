"""Makes a bundle folder of a library: database and manifest."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

from terminology.bundle.concepts.designations import ENGLISH
from terminology.bundle.concepts.reference_writer import write_references
from terminology.bundle.crosswalk.crosswalk_writer import StoredCrosswalks, write_crosswalk
from terminology.bundle.index.pair_writer import write_index_pairs
from terminology.bundle.life.life_writer import write_lives
from terminology.bundle.life.lives import lives
from terminology.bundle.manifest import SCHEMA_VERSION, Manifest, ReleaseRecord, SourceRecord
from terminology.bundle.tables.edit_table_writer import write_edit_tables
from terminology.bundle.tables.facility_tables import write_facility_tables
from terminology.bundle.writer import DatabaseWriter
from terminology.edition import Edition, Library
from terminology.graph import GraphReport
from terminology.systems import code_system


def write_library(
    library: Library, graph: GraphReport, folder: Path, sources: Sequence[SourceRecord], tool_version: str
) -> Manifest:
    """Write the library into ``folder`` as a bundle and return its manifest.

    Editions are written in the order of system and release, so that the same input gives the same content
    hash. Raises :class:`IntegrityError` for an edition that contradicts itself.
    """
    with DatabaseWriter(folder) as writer:
        writer.write_library(library)
        writer.write_dangling(graph.dangling)
        concepts_hash = writer.content_hash
    content_hash = _joined(concepts_hash, write_facility_tables(folder, library))
    content_hash = _joined(content_hash, write_edit_tables(folder, library.edit_tables))
    content_hash = _joined(content_hash, write_lives(folder, lives(library)))
    content_hash = _joined(content_hash, write_references(folder))
    content_hash = _joined(content_hash, write_index_pairs(folder))
    counts = {
        "index_terms": len(library.index_terms),
        "mappings": len(library.mappings),
        "predecessors": len(library.predecessors),
        "is_a": graph.is_a,
        "mapped_to": graph.mapped_to,
        "predecessor_of": graph.predecessor_of,
        "dangling": len(graph.dangling),
        "volumes": len(library.volumes),
        "payment_statuses": len(library.payment_statuses),
        **_titles_in_languages(library),
        **_edit_table_counts(library),
    }
    manifest = Manifest(
        schema_version=SCHEMA_VERSION,
        tool_version=tool_version,
        content_hash=content_hash,
        built_at=datetime.now(UTC).isoformat(timespec="seconds"),
        releases=tuple(_release_record(edition) for edition in library.in_order()),
        sources=tuple(sources),
        counts=counts,
        notices=tuple(library.notices),
    )
    manifest.write(folder)
    return manifest


def add_crosswalk(manifest: Manifest, parts: Sequence[StoredCrosswalks], folder: Path) -> Manifest:
    """Add a crosswalk to the bundle that ``manifest`` describes and return its new manifest."""
    written = write_crosswalk(folder, parts)
    content = _joined(manifest.content_hash, written)
    counts = {**manifest.counts, "crosswalk": sum(len(part.rows) for part in parts)}
    completed = replace(manifest, content_hash=content, counts=counts)
    completed.write(folder)
    return completed


def _edit_table_counts(library: Library) -> dict[str, int]:
    """Rows of each edit table over all its releases."""
    counts: Counter[str] = Counter()
    for loaded in library.edit_tables:
        counts[f"edits.{loaded.table.name}"] += len(loaded.rows)
    return dict(sorted(counts.items()))


def _titles_in_languages(library: Library) -> dict[str, int]:
    """Concepts with a title in each language but English, by release: ``titles.icd-11.2025-01.es``."""
    counts: Counter[str] = Counter()
    for edition in library.in_order():
        for concept in edition.concepts:
            for language in {term.language for term in concept.synonyms} - {ENGLISH}:
                counts[f"titles.{edition.release.system}.{edition.release.id}.{language}"] += 1
    return dict(sorted(counts.items()))


def _joined(one: str, other: str) -> str:
    return hashlib.sha256(f"{one}{other}".encode()).hexdigest()


def _release_record(edition: Edition) -> ReleaseRecord:
    release, system = edition.release, code_system(edition.release.system)
    return ReleaseRecord(
        system=release.system,
        release=release.id,
        effective_from=_iso(release.effective_from),
        effective_to=_iso(release.effective_to),
        counts=concept_counts(edition),
        sources=release.sources,
        notices=release.notices,
        licence=system.licence,
        attribution=system.attribution,
        publisher=system.publisher,
    )


def concept_counts(edition: Edition) -> Mapping[str, int]:
    """Count the concepts of an edition: all, by kind, and those that are billable."""
    counts = Counter(concept.kind.value for concept in edition.concepts)
    billable = sum(1 for concept in edition.concepts if concept.billable)
    return {"concepts": len(edition.concepts), **dict(sorted(counts.items())), "billable": billable}


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
