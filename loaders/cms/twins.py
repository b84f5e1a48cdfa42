"""CMS ships one table in several forms, in one zip even: the form that is read, the others told."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

from loaders.files.catalog import ReleaseFile
from loaders.files.reading import Reading

K = TypeVar("K", bound=Hashable)

_PREFERENCE = (".txt", ".csv", ".xlsx")


def one_of_each(
    reading: Reading, files: Iterable[ReleaseFile], key: Callable[[str], K | None]
) -> list[tuple[K, ReleaseFile]]:
    """Return one file per ``key`` of its name, text before workbook; a file without a key is told of too."""
    chosen: dict[K, ReleaseFile] = {}
    for file in sorted(files, key=_rank):
        named = key(file.source.name)
        if named is None:
            reading.notice(f"{file.label} is not read: its name does not tell the quarter or year it is for")
        elif named in chosen:
            reading.notice(f"{file.label} is not read: {chosen[named].label} is the same table")
        else:
            chosen[named] = file
    return sorted(chosen.items(), key=lambda item: item[1].label)


def _rank(file: ReleaseFile) -> tuple[int, str]:
    name = file.source.name.lower()
    return next(n for n, ending in enumerate((*_PREFERENCE, "")) if name.endswith(ending)), file.label
