"""Files that are written under a temporary name and put in their place when they are whole."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from terminology.errors import InvalidRequestError


@contextmanager
def put_in_place(destination: Path) -> Iterator[Path]:
    """Yield a path beside ``destination`` to write to; afterwards the file there takes its place.

    When the block fails, what it wrote is removed and an older file at ``destination`` stays as it was.
    Raises :class:`InvalidRequestError` when nothing can be written there.
    """
    if destination.is_dir():
        raise InvalidRequestError("output", f"{destination} is a folder; name a file")
    if not destination.parent.is_dir():
        raise InvalidRequestError("output", f"{destination}: there is no folder {destination.parent}")
    partial = destination.with_name(f".{destination.stem}.{secrets.token_hex(4)}{destination.suffix}")
    try:
        yield partial
        partial.replace(destination)
    except OSError as error:
        raise InvalidRequestError("output", f"{destination}: cannot be written: {error.strerror}") from error
    finally:
        partial.unlink(missing_ok=True)
