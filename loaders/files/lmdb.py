"""Values of an LMDB file (Lightning Memory-Mapped Database), read as data without its library.

The layout is that of ``mdb.c`` of LMDB 0.9 on a 64-bit little-endian machine: pages of equal size, the first
two hold what the last two transactions left, the main database is a tree of branch and leaf pages, and a
value too large for a leaf lies on overflow pages. Sub-databases and duplicate keys are not read.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from terminology.errors import ReleaseFormatError

_MAGIC = 0xBEEFC0DE
_HEADER = 16
_BRANCH, _LEAF, _OVERFLOW = 1, 2, 4
_BIG = 1
_NO_PAGE = 2**64 - 1
_DEEPEST = 32
_MOST_BYTES = 256 * 2**20


def lmdb_values(file: BinaryIO, path: Path | str) -> dict[str, bytes]:
    """Return the values of a file's main database by key, trailing NUL bytes of a key left out.

    Raises :class:`ReleaseFormatError` for a file that is no LMDB or points outside itself.
    """
    try:
        return dict(_Pages(file).values())
    except (struct.error, ValueError, UnicodeDecodeError) as error:
        raise ReleaseFormatError(
            path, None, "an LMDB file of 64-bit little-endian layout", f"{error}"
        ) from None


class _Pages:
    """The pages of one file."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._size = file.seek(0, 2)
        magic, version, _, _, self._page_size = struct.unpack_from("<IIQQI", self._at(0, 64), _HEADER)
        if magic != _MAGIC or version != 1 or not 256 <= self._page_size <= 65536:
            raise ValueError("no meta page at its beginning")
        metas = [self._at(number * self._page_size, 152) for number in (0, 1)]
        newest = max(metas, key=lambda meta: struct.unpack_from("<Q", meta, 144))
        (self._root,) = struct.unpack_from("<Q", newest, 128)

    def values(self) -> Iterator[tuple[str, bytes]]:
        """Yield keys and values in the order of keys."""
        if self._root != _NO_PAGE:
            yield from self._below(self._root, _DEEPEST)

    def _below(self, number: int, depth: int) -> Iterator[tuple[str, bytes]]:
        page = self._at(number * self._page_size, self._page_size)
        flags, lower = struct.unpack_from("<HH", page, 10)
        if not depth or not flags & (_BRANCH | _LEAF):
            raise ValueError(f"page {number} is no branch and no leaf")
        for place in range(_HEADER, lower, 2):
            (start,) = struct.unpack_from("<H", page, place)
            low, high, kind, length = struct.unpack_from("<4H", page, start)
            key = page[start + 8 : start + 8 + length]
            if flags & _BRANCH:
                yield from self._below(low | high << 16 | kind << 32, depth - 1)
                continue
            data, size = page[start + 8 + length :], low | high << 16
            if kind & ~_BIG:
                continue  # a database inside the database
            value = self._overflow(struct.unpack_from("<Q", data)[0], size) if kind else data[:size]
            yield key.rstrip(b"\0").decode("ascii"), value

    def _overflow(self, number: int, size: int) -> bytes:
        page = self._at(number * self._page_size, _HEADER + size)
        if not struct.unpack_from("<H", page, 10)[0] & _OVERFLOW:
            raise ValueError(f"page {number} is no overflow page")
        return page[_HEADER:]

    def _at(self, start: int, size: int) -> bytes:
        if start + size > self._size or size > _MOST_BYTES:
            raise ValueError(f"it ends before byte {start + size:,}")
        self._file.seek(start)
        return self._file.read(size)
