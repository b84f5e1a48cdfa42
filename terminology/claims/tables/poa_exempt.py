"""The diagnosis codes that need no present-on-admission indicator, by fiscal year."""

from __future__ import annotations

from dataclasses import dataclass

from terminology.edit_table import EditTable, TableRow


@dataclass(frozen=True, slots=True)
class PoaExempt(TableRow):
    """A code on the list of a fiscal year; ``order`` is its number in that year's order file."""

    key: str
    order: int


POA_EXEMPT = EditTable(
    name="poa_exempt",
    publisher="NCHS",
    title="Present on Admission exempt list",
    row_type=PoaExempt,
    keys=(("key",),),
)
