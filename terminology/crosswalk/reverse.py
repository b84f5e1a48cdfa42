"""The crosswalk read backwards: which source codes an ICD-11 code may come from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass

from terminology.codes import code_key
from terminology.crosswalk.model import Crosswalk, Relationship
from terminology.mapping import Mapping, MapTable

_INVERSE = {
    Relationship.SOURCE_NARROWER: Relationship.SOURCE_BROADER,
    Relationship.SOURCE_BROADER: Relationship.SOURCE_NARROWER,
}


@dataclass(frozen=True, slots=True)
class Origin:
    """One source code an ICD-11 stem may come from; ``relationship`` is read from the stem to the source.

    ``attested`` tells that WHO's 11To10 table names the ICD-10 code of that source.
    """

    source_code: str
    source_title: str
    expression: str
    rank: int
    relationship: Relationship
    confidence: float
    attested: bool


def reverse_crosswalk(
    crosswalks: Iterable[Crosswalk], mappings: Iterable[Mapping] = ()
) -> Dictionary[str, tuple[Origin, ...]]:
    """Return, by ICD-11 stem, the source codes with a target on it: attested and recommended ones first."""
    attested = {
        (code_key(row.source_code), code_key(row.target))
        for row in mappings
        if row.table is MapTable.ELEVEN_TO_TEN_ONE and row.source_code and row.target
    }
    found: dict[str, list[Origin]] = defaultdict(list)
    for stem, origin in _origins(crosswalks, attested):
        found[stem].append(origin)
    return {
        stem: tuple(sorted(origins, key=lambda o: (o.rank, not o.attested, -o.confidence, o.source_code)))
        for stem, origins in found.items()
    }


def _origins(crosswalks: Iterable[Crosswalk], attested: set[tuple[str, str]]) -> Iterator[tuple[str, Origin]]:
    for crosswalk in crosswalks:
        key = code_key(crosswalk.source_code)
        for target in crosswalk.targets:
            yield (
                target.stem,
                Origin(
                    crosswalk.source_code,
                    crosswalk.source_title,
                    target.expression,
                    target.rank,
                    _INVERSE.get(target.relationship, target.relationship),
                    target.confidence,
                    (code_key(target.stem), key) in attested,
                ),
            )
