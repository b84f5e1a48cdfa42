"""A Whoosh index without chance and time in it: the same release files give the same files of a bundle.

Whoosh names a segment at random, and keeps in it when its parts were written, in the order of the folder.
"""
# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

from pathlib import Path

from whoosh.codec.whoosh3 import W3Codec, W3Segment
from whoosh.fields import Schema
from whoosh.filedb.filestore import FileStorage
from whoosh.writing import IndexWriter

SEGMENT = "bundle"


def index_writer(folder: Path, schema: Schema, memory_mb: int) -> IndexWriter:
    """Return the writer of a new index in an empty folder; commit it once."""
    writer: IndexWriter = (
        _Timeless(str(folder)).create_index(schema).writer(limitmb=memory_mb, codec=_OneSegment())
    )
    return writer


class _OneSegment(W3Codec):
    """Writes what W3Codec writes, under one name."""

    def new_segment(self, storage: object, indexname: str) -> W3Segment:
        return W3Segment(W3Codec(), indexname, segid=SEGMENT)


class _Timeless(FileStorage):
    """A folder in the order of names, whose files have no time."""

    def list(self) -> list[str]:
        return sorted(super().list())

    def file_modified(self, name: str) -> float:
        return 0.0
