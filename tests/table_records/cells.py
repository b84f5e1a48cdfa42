"""A row of a table as a line."""

from __future__ import annotations

from dataclasses import fields
from typing import Any


def cells(row: Any, name: str | None = None) -> tuple[str, str]:
    """Return the field ``name`` of a row, the first without it, and all others."""
    said = {field.name: _text(getattr(row, field.name)) for field in fields(row)}
    return said.pop(name or next(iter(said))), " | ".join(said.values())


def _text(cell: Any) -> str:
    if isinstance(cell, tuple | frozenset):
        return " ".join(cell if isinstance(cell, tuple) else sorted(cell))
    return str(getattr(cell, "pattern", cell))
