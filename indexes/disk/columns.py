"""Columns on disk: arrays, arrays of rows of any length, texts. Opened memory-mapped and read-only."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Floats = NDArray[np.float32]


class TextColumn:
    """A column of byte strings being written."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def append(self, text: bytes) -> None:
        """Add the next row."""
        self._parts.append(text)

    def save(self, folder: Path, name: str) -> None:
        """Write ``<name>.bin`` and the ends of its rows."""
        (folder / f"{name}.bin").write_bytes(b"".join(self._parts))
        save_column(folder, f"{name}_end", np.cumsum([len(p) for p in self._parts], dtype=np.int64))


def save_column(folder: Path, name: str, values: NDArray[Any]) -> None:
    """Write ``<name>.npy``."""
    np.save(folder / f"{name}.npy", values, allow_pickle=False)


def save_ragged(folder: Path, name: str, rows: Sequence[array[int]], dtype: Any) -> None:
    """Write rows of any length end to end, and their ends."""
    save_column(folder, f"{name}_end", np.cumsum([len(r) for r in rows], dtype=np.int64))
    joined = np.concatenate([np.asarray(r, dtype) for r in rows]) if rows else np.zeros(0, dtype)
    save_column(folder, name, joined)


def open_column(folder: Path, name: str) -> NDArray[Any]:
    """Return a column as a plain view: indexing a memmap object costs several times an ndarray's."""
    loaded = np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False)
    return np.asarray(loaded).view(np.ndarray)


class OpenTexts:
    """A column of byte strings, opened for reading."""

    def __init__(self, folder: Path, name: str) -> None:
        path = folder / f"{name}.bin"
        empty = path.stat().st_size == 0
        self._bytes = np.zeros(0, np.uint8) if empty else np.memmap(path, np.uint8, mode="r").view(np.ndarray)
        self._ends: NDArray[np.int64] = open_column(folder, f"{name}_end")

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, row: int) -> bytes:
        start = int(self._ends[row - 1]) if row else 0
        return self._bytes[start : int(self._ends[row])].tobytes()
