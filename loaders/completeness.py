"""Whether a code list is all there: compared with what its publisher states, and with its neighbours.

A list cut off at a line end has no other sign. A release with a count of its own in ``published_counts.tsv``
must have as many entries; any other is compared with the nearest release of its system, loaded or published,
from which it can differ by what a code system changes in a year.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from terminology.concept import Kind
from terminology.edition import Edition
from terminology.errors import ReleaseFormatError
from terminology.rule_tables import read_rules
from terminology.systems import CPT, HCPCS, ICD10CM

_SAMPLE = 0.05
"""A list with less than this share of what was published is a sample that someone made, not one cut off."""
_FEW = 1_000
"""A list with fewer entries says nothing of its neighbours: no code system here is as small."""
_YEARLY = 0.06
"""The most a system has grown in a year: HCPCS Level II from 2020 to 2026 by 4.4 % a year, others less."""


@dataclass(frozen=True, slots=True)
class PublishedCount:
    """How many entries a release has, and the percentage of them that an edition of it may lack."""

    system: str
    release: str
    entries: int
    may_lack_percent: float
    source: str


def check_complete(editions: Iterable[Edition]) -> Iterator[str]:
    """Yield a notice for each edition that is only a sample of its release.

    Raises :class:`ReleaseFormatError` for one that lacks entries its release must have.
    """
    loaded = [(edition, entries(edition)) for edition in editions if edition.release.system != CPT.id]
    known = {(row.system, row.release): row.entries for row in _published().values()}
    known |= {(e.release.system, e.release.id): count for e, count in loaded if not _is_sample(e, count)}
    for edition, count in loaded:
        expected, least, source = _expected(edition, known)
        if count < expected * _SAMPLE:
            name = f"{edition.release.system} {edition.release.id}"
            yield f"{name}: {count:,} entries, a sample of the {expected:,} there are ({source})"
        elif count < least:
            raise ReleaseFormatError(
                edition.release.sources[0],
                None,
                f"{expected:,} entries ({source})",
                f"{count:,}: the file may be cut off, get it again",
            )


def entries(edition: Edition) -> int:
    """Count what the publisher counts: lines of the order file, rows of a tabulation, codes of HCPCS."""
    if edition.release.system in (ICD10CM.id, HCPCS.id):
        return sum(concept.kind not in (Kind.CHAPTER, Kind.BLOCK) for concept in edition.concepts)
    return len(edition.concepts)


def _expected(edition: Edition, known: Mapping[tuple[str, str], int]) -> tuple[int, float, str]:
    """Return how many entries an edition has, how many it must have at least, and who says so."""
    release = edition.release
    own = _published().get((release.system, release.id))
    if own is not None:
        return own.entries, own.entries * (1 - own.may_lack_percent / 100), own.source
    others = [
        key
        for key, count in known.items()
        if key[0] == release.system and key[1] != release.id and count >= _FEW
    ]
    year = _year(release.id)
    if year is None or not others:
        return 0, 0, ""
    nearest = min(others, key=lambda key: (abs((_year(key[1]) or 0) - year), key))
    apart = max(1, abs((_year(nearest[1]) or 0) - year))
    count = known[nearest]
    return count, count * (1 - _YEARLY) ** apart, f"release {nearest[1]} has as many"


def _is_sample(edition: Edition, count: int) -> bool:
    own = _published().get((edition.release.system, edition.release.id))
    return own is not None and count < own.entries


def _year(release: str) -> int | None:
    return int(release[:4]) if release[:4].isdecimal() else None


@cache
def _published() -> Mapping[tuple[str, str], PublishedCount]:
    rows = read_rules("loaders", "published_counts.tsv", PublishedCount)
    return {(row.system, row.release): row for row in rows}
