"""The bundle that a command answers from."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from terminology.bundle.store import Store


@contextmanager
def open_store(bundle: Path) -> Iterator[Store]:
    """Open the bundle in a folder for the block. Raises :class:`BundleError`."""
    store = Store(bundle)
    try:
        yield store
    finally:
        store.close()
