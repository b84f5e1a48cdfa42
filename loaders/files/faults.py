"""Faults that cost less than their file: what a reader does about one is decided by whoever reads.

A reader of a format in which a detail or a repeated row can be done without takes a ``tell``: it calls it
with the error and goes on without that detail or row. :func:`refuse` raises the error instead, for a reader
that stands alone and for ``--strict``.
"""

from __future__ import annotations

from collections.abc import Callable

from terminology.errors import ReleaseFormatError

Tell = Callable[[ReleaseFormatError], None]


def refuse(error: ReleaseFormatError) -> None:
    """Raise ``error``: nothing is done without."""
    raise error
