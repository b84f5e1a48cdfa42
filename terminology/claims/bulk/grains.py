"""What the findings of each edit rest on (``grains.tsv``), as masks of edits."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields

from terminology.claims.edit import Edit
from terminology.rule_tables import read_rules


@dataclass(frozen=True, slots=True)
class Grain:
    """A row of ``grains.tsv``."""

    edit: str
    grain: str
    told: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Edits as bits of a mask, by their grain; those of no grain are ``always`` run.

    ``alone`` are those whose findings on a part are their findings on every claim with that part.
    """

    always: int = 0
    alone: int = 0
    code: int = 0
    notes: int = 0
    patient: int = 0
    first: int = 0
    indicator: int = 0
    sides: int = 0
    repeat: int = 0
    category: int = 0
    service: int = 0
    modifiers: int = 0
    line: int = 0
    detail: int = 0
    units: int = 0
    repeated: int = 0
    pair: int = 0
    listed: int = 0
    sided: int = 0
    shape: int = 0
    request: int = 0


def grains() -> tuple[Grain, ...]:
    """Return the rows of the table."""
    return read_rules(__package__, "grains.tsv", Grain)


def plan_of(edits: tuple[Edit, ...]) -> Plan:
    """Return the plan of some edits, whose numbers are those of the bits."""
    rows = grains()
    named = {row.edit for row in rows}
    kinds = {each.name for each in fields(Plan)} - {"always", "alone"}
    masks = {kind: mask_of(edits, {row.edit for row in rows if row.grain == kind}) for kind in kinds}
    masks["alone"] = mask_of(edits, {row.edit for row in rows if row.told == "alone"})
    return Plan(always=mask_of(edits, {edit.id for edit in edits} - named), **masks)


def mask_of(edits: tuple[Edit, ...], wanted: Collection[str]) -> int:
    """Return the mask of the edits with these ids."""
    return sum(1 << number for number, edit in enumerate(edits) if edit.id in wanted)
