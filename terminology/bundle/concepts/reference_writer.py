"""Writes the codes that notes name into a bundle being built."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from terminology.bundle.writer import DatabaseWriter, Row
from terminology.icd10cm.note_references import named_codes
from terminology.systems import ICD10CM

_NOTES = (
    "SELECT n.concept_id, c.key, n.seq, n.kind, n.text "
    "FROM note AS n JOIN concept AS c ON c.id = n.concept_id "
    "WHERE n.concept_id BETWEEN ? AND ? ORDER BY n.concept_id, n.seq"
)


def write_references(folder: Path) -> str:
    """Add the table of ``references.sql``, read from the notes there; return the hash of what was written."""
    with DatabaseWriter(folder, schema="concepts/references.sql", indices=None) as writer:
        releases = writer.rows(
            "SELECT first_id, last_id FROM release WHERE system = ? ORDER BY id", ICD10CM.id
        )
        for first, last in list(releases):
            writer.insert("note_reference", _references(writer, first, last))
        return writer.content_hash


def _references(writer: DatabaseWriter, first: int, last: int) -> Iterator[Row]:
    """Yield the references of one release; its notes are read whole, since rows are written meanwhile."""
    known = {key for (key,) in writer.rows("SELECT key FROM concept WHERE id BETWEEN ? AND ?", first, last)}
    for concept, key, seq, kind, text in list(writer.rows(_NOTES, first, last)):
        for nth, codes in enumerate(named_codes(text, kind, known)):
            if (codes.first, codes.last) != (key, key):  # "category I69 is to be used ..." stands at I69
                yield concept, seq, nth, kind, codes.first, codes.last, codes.form, int(codes.excepted)
