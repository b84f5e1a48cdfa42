"""Whether an order file goes on to the end: a file cut at a line end has no other sign.

The Tabular List and the order files of other years tell: the book's last code, and the last code by letter,
stand in every later edition too.
"""

from __future__ import annotations

from collections.abc import Sequence

from loaders.icd10cm.order import OrderEntry
from loaders.icd10cm.tabular import Tabular
from terminology.codes import dotted
from terminology.errors import ReleaseFormatError
from terminology.systems import ICD10CM

_MOST_ABSENT = 0.02
_MOST_ABSENT_YEARLY = 0.01
"""Of the Tabular List's codes, the share that the order file of another year may lack: new codes of FY2016 to
FY2026 are 7 % of the Tabular List of FY2026."""


def check_end(
    path: str, year: int, entries: Sequence[OrderEntry], tabular: Tabular, tabular_year: int
) -> None:
    """Raise :class:`ReleaseFormatError` for an order file without an end that the Tabular List has."""
    keys = {entry.key for entry in entries}
    absent = [key for key in tabular.diags if key not in keys]
    allowed = _MOST_ABSENT + _MOST_ABSENT_YEARLY * abs(year - tabular_year)
    if len(absent) > max(1.0, allowed * len(tabular.diags)):
        found = f"{len(absent):,} of its {len(tabular.diags):,} codes are missing: the file may be cut off"
        raise ReleaseFormatError(path, None, f"the codes of the Tabular List {tabular.version}", found)
    lasts = [max(tabular.diags)] + ([next(reversed(tabular.diags))] if year >= tabular_year else [])
    for last in lasts:
        if last not in keys:
            raise _cut(path, last, f"the Tabular List {tabular.version}", entries)


def check_after(path: str, entries: Sequence[OrderEntry], before: Sequence[OrderEntry]) -> None:
    """Raise :class:`ReleaseFormatError` for an order file without the last code of the one a year older."""
    last = before[-1].key
    if all(entry.key != last for entry in entries):
        raise _cut(path, last, "the order file of the year before", entries)


def _cut(path: str, last: str, whole: str, entries: Sequence[OrderEntry]) -> ReleaseFormatError:
    expected = f"{dotted(ICD10CM.id, last)}, the last code of {whole}"
    return ReleaseFormatError(
        path, len(entries), expected, f"{entries[-1].key} as the last entry: the file may be cut off"
    )
