"""HCPCS codes for what no other code describes, which need a description on the claim (CMS's NOC list)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from terminology.edit_table import EditTable, TableRow


@dataclass(frozen=True, slots=True)
class UnlistedCode(TableRow):
    """A not-otherwise-classified code with the days it exists on; ``None`` is open."""

    code: str
    valid_from: date | None
    valid_to: date | None

    def covers(self, day: date) -> bool:
        """Return whether the code exists on a day."""
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or day <= self.valid_to)


UNLISTED_CODE = EditTable(
    name="unlisted_code",
    publisher="CMS",
    title="HCPCS not otherwise classified (NOC) codes",
    row_type=UnlistedCode,
    keys=(("code",),),
)
