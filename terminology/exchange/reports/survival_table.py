"""A list that moves to ICD-11, read from what a user has and written as a table."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pyarrow as pa

from terminology.bundle.life.code_list import list_entries
from terminology.errors import DataNotAvailableError
from terminology.exchange.tables.table import Row
from terminology.exchange.tables.write import writer_for
from terminology.exchange.tables.writing import AS_IT_IS
from terminology.exchange.volumes import read_upload
from terminology.facility import Setting
from terminology.impact.survival import Survival

COLUMNS = (
    "level",
    "icd_11",
    "exact",
    "codes_inside",
    "codes_outside",
    "volume_inside",
    "volume_outside",
    "inside",
    "outside",
)
_TEXTS = {".txt", ""}
_MOST_BYTES = 20_000_000


def read_list(path: Path) -> tuple[list[str], int]:
    """Return the codes of a list's file and how many words were left out as titles; see :func:`listed_in`.

    Raises :class:`DataNotAvailableError` for a file that is not there, and as :func:`read_upload`.
    """
    try:
        with path.open("rb") as file:
            return listed_in(file, path.name)
    except FileNotFoundError:
        raise DataNotAvailableError(f"{path}: there is no such file") from None


def listed_in(file: BinaryIO, name: str) -> tuple[list[str], int]:
    """Return the codes of a list and how many words of it were left out as titles.

    A list is a text (``.txt``) with anything between the codes, or a table with a column of codes. Raises as
    :func:`read_upload`.
    """
    if Path(name).suffix.lower() in _TEXTS:
        codes, words = list_entries(file.read(_MOST_BYTES).decode("utf-8-sig", "replace"))
        return codes, len(words)
    read = read_upload(file, name)
    return [key for weights in read.volumes.values() for key in weights], 0


def read_volumes(path: Path, setting: Setting | None = None) -> dict[str, int]:
    """Return the volume of each code key of a user's table, in one setting or all; raises as `read_list`."""
    try:
        with path.open("rb") as file:
            read = read_upload(file, path.name)
    except FileNotFoundError:
        raise DataNotAvailableError(f"{path}: there is no such file") from None
    summed: dict[str, int] = {}
    for own, weights in read.volumes.items():
        for key, count in weights.items() if setting in (None, own) else ():
            summed[key] = summed.get(key, 0) + count
    return summed


def survival_rows(found: Survival) -> Iterator[Row]:
    """Yield a row per ICD-11 form, by whole expression and by stems, leaks by volume first."""
    for level in (found.expression, found.stem):
        for row in level.replacements:
            yield [
                level.level,
                row.target,
                "yes" if row.exact else "no",
                len(row.inside),
                len(row.outside),
                row.volume_inside,
                row.volume_outside,
                ", ".join(row.inside),
                ", ".join(row.outside),
            ]


def write_survival(found: Survival, destination: Path) -> None:
    """Write what becomes of a list; the suffix of ``destination`` is the format.

    Raises :class:`InvalidRequestError` for a suffix that is not known.
    """
    numbers = ("codes_inside", "codes_outside", "volume_inside", "volume_outside")
    schema = pa.schema([(name, pa.int64() if name in numbers else pa.string()) for name in COLUMNS])
    writer_for(destination.name)(destination, COLUMNS, survival_rows(found), schema, AS_IT_IS)
