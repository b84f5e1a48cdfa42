"""Whoosh keeps parts of its files as pickles, and a pickle can run code: here nothing but data is read.

Importing this module replaces the functions by which Whoosh reads pickles. A bundle is data: opening one
that somebody else made must not run what they put into it.
"""

from __future__ import annotations

import pickle
from io import BytesIO
from typing import IO, Any

from whoosh.codec import whoosh3
from whoosh.filedb import structfile

from terminology.errors import BundleError

#: The classes in the files that Whoosh writes for our schema; everything else is plain data.
_ALLOWED = frozenset(
    (
        ("whoosh.codec.whoosh3", "W3Codec"),
        ("whoosh.codec.whoosh3", "W3Segment"),
        ("collections", "defaultdict"),
        ("builtins", "int"),
        ("builtins", "set"),
    )
)


class DataUnpickler(pickle.Unpickler):
    """An unpickler that knows no names but those of Whoosh's own records."""

    def find_class(self, module: str, name: str) -> Any:
        """Return an allowed class; raise :class:`BundleError` for any other name."""
        if (module, name) in _ALLOWED:
            return super().find_class(module, name)
        raise BundleError(f"the search index names {module}.{name}, which is no data; it is not opened")

    def persistent_load(self, pid: Any) -> Any:
        """Raise :class:`BundleError`: nothing outside the file is read."""
        raise BundleError("the search index refers to something outside itself; it is not opened")


def read_data(file: IO[bytes]) -> Any:
    """Read one pickle of plain data from a file."""
    return DataUnpickler(file).load()


def read_bytes(data: bytes) -> Any:
    """Read one pickle of plain data."""
    return DataUnpickler(BytesIO(data)).load()


structfile.load = read_data  # type: ignore[attr-defined, assignment]
whoosh3.loads = read_bytes  # type: ignore[attr-defined, assignment]
