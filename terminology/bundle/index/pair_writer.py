"""Writes the pairs of codes that the Alphabetic Index joins by "with" into a bundle being built."""

from __future__ import annotations

from pathlib import Path

from terminology.bundle.index.pairs import INDEX_BOOK, INDEX_ROWS, joined_pairs
from terminology.bundle.writer import DatabaseWriter


def write_index_pairs(folder: Path) -> str:
    """Add the table of ``pairs.sql``, worked out from the Index there; return the hash of its rows."""
    with DatabaseWriter(folder, schema="index/pairs.sql", indices=None) as writer:
        writer.insert("index_pair", joined_pairs(list(writer.rows(INDEX_ROWS, *INDEX_BOOK))))
        return writer.content_hash
