"""Which column of an upload is which: recognised by name, or named by the user."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from terminology.errors import ReleaseFormatError

NAMES: dict[str, tuple[str, ...]] = {
    "code": (
        "code",
        "icd10",
        "icd10cm",
        "icd10cmcode",
        "icdcode",
        "dx",
        "dxcode",
        "diagnosis",
        "diagnosiscode",
    ),
    "count": ("count", "volume", "n", "total", "frequency", "cases", "encounters", "totaldiag"),
    "setting": ("setting", "caresetting", "patienttype", "placeofservice", "pos"),
    "payer": ("payer", "payor", "payername", "primarypayer", "insurer", "plan", "financialclass"),
    "department": ("department", "dept", "departmentname", "serviceline", "service", "unit", "ward"),
    "charge": ("charge", "charges", "totalcharge", "totalcharges", "billedamount"),
}
"""The parts of an upload, and the titles by which their columns are known (letters and digits only)."""


def named_columns(said: Mapping[str, str | None]) -> dict[str, str]:
    """Return the columns a user named: ``{"code": "Dx 1"}`` of ``{"code_column": "Dx 1"}``."""
    return {part: title for part in NAMES if (title := said.get(f"{part}_column"))}


def position(titles: Sequence[str], part: str, columns: Mapping[str, str], name: str) -> int | None:
    """Return where a part stands in the heading of the file ``name``, ``None`` when nowhere.

    Raises :class:`ReleaseFormatError` when the user named a column the file has not.
    """
    if part in columns:
        if columns[part] not in titles:
            raise ReleaseFormatError(
                name, 1, f"the column {columns[part]!r}", f"the columns {listed(titles)}"
            )
        return titles.index(columns[part])
    return next((i for word in NAMES[part] for i, t in enumerate(titles) if plain(t) == word), None)


def plain(text: str) -> str:
    """Return the letters and digits of a text, small."""
    return re.sub(r"[\W_]+", "", text).lower()


def listed(titles: Sequence[str]) -> str:
    """Return the first titles of a heading, for a message."""
    return ", ".join(repr(t[:30]) for t in titles[:8]) or "none"
