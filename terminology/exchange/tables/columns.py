"""Which column of a file holds the codes, and names for the columns that are added."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from terminology.errors import InvalidRequestError

USUAL_NAMES = (
    "icd10cm",
    "icd10cmcode",
    "icd10code",
    "icd10",
    "icd10dx",
    "dxcode",
    "diagnosiscode",
    "principaldiagnosiscode",
    "principaldiagnosis",
    "primarydiagnosis",
    "diagnosis",
    "dx",
    "dx1",
    "icdcode",
    "icd",
    "sourcecode",
    "code",
    "source",
)
"""Names of columns of codes, letters and digits only, the surest first."""


def code_column(columns: Sequence[str], wanted: str | None = None) -> str:
    """Return the column that holds the codes: the one that is ``wanted``, else one with a usual name.

    Case, blanks and punctuation do not matter, unless two columns differ in nothing else. Raises
    :class:`InvalidRequestError` naming the columns there are.
    """
    plain = {_plain(name): name for name in reversed(columns)}
    if wanted is not None:
        if wanted in columns:
            return wanted
        found = plain.get(_plain(wanted))
    else:
        found = next((plain[name] for name in USUAL_NAMES if name in plain), None)
    if found is None:
        there = ", ".join(name[:40] for name in columns[:30])
        said = f"there is no column '{wanted}'" if wanted else "no column has a usual name for codes"
        raise InvalidRequestError("column", f"{said}; name one with --column; columns: {there}")
    return found


def distinct(names: Iterable[object]) -> list[str]:
    """Return column names without gaps and doubles: a blank third is ``column_3``, a second ``x`` ``x_2``."""
    made: list[str] = []
    taken: set[str] = set()
    for place, name in enumerate(names, 1):
        plain = str(name).strip() if name is not None else ""
        base = plain or f"column_{place}"
        candidate, number = base, 2
        while candidate in taken:
            candidate, number = f"{base}_{number}", number + 1
        taken.add(candidate)
        made.append(candidate)
    return made


def _plain(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum())
