"""The lines of claims or stays: a diagnosis of a claim counts once, on however many lines it stands."""

from __future__ import annotations

from dataclasses import dataclass, field

from terminology.facility import Setting
from terminology.impact.records import Records


@dataclass(slots=True)
class ClaimLines:
    """Claims by their number, of which nothing is kept once the file is read.

    The setting of a claim is that of its first line; its codes stand in the order of its lines.
    """

    _claims: dict[str, tuple[Setting, list[str]]] = field(default_factory=dict)
    _alone: Records = field(default_factory=Records)

    def add(self, claim: str, where: Setting, keys: list[str]) -> tuple[Setting, list[str]]:
        """Add a line; return the setting of its claim and the codes that the claim did not have before.

        A line without a claim's number is a claim of its own.
        """
        if not claim:
            self._alone.add(where, keys)
            return where, list(dict.fromkeys(keys))
        setting, held = self._claims.setdefault(claim, (where, []))
        new = [key for key in dict.fromkeys(keys) if key not in held]
        held += new
        return setting, new

    def into(self, records: Records) -> None:
        """Add each claim as a record, and let go of their numbers."""
        for setting, keys in self._claims.values():
            records.add(setting, keys)
        records.extend(self._alone)
        self._claims.clear()
