"""CMS's place of service codes."""

from __future__ import annotations

from dataclasses import dataclass

from terminology.edit_table import EditTable, TableRow


@dataclass(frozen=True, slots=True)
class PlaceOfService(TableRow):
    """An assigned place; ``facility`` tells which of the fee schedule's two rates it pays."""

    code: str
    name: str
    facility: bool


PLACE_OF_SERVICE = EditTable(
    name="place_of_service",
    publisher="CMS",
    title="Place of Service code set",
    row_type=PlaceOfService,
    keys=(("code",),),
)
