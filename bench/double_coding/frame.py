"""The frame that the sample is drawn from: families of billable codes that nobody has coded yet."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from terminology.bundle.life.reported_codes import volumes_by_key
from terminology.bundle.store import Store
from terminology.codes import code_key
from terminology.crosswalk.review.families import families, without_encounter
from terminology.systems import ICD10CM

_INITIAL = re.compile(r"\binitial encounter\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class BillableCode:
    """A billable code of the release the sample is drawn from.

    ``new_in`` is the release it came with, empty where the earliest one compared holds it as billable;
    ``volume`` is how often it was counted in the bundle's volumes (0 where it was not).
    """

    code: str
    title: str
    chapter: str
    new_in: str
    volume: int

    @property
    def initial(self) -> bool:
        """Whether it is no later encounter: of the initial one, or of a code without encounters."""
        return bool(_INITIAL.search(self.title)) or without_encounter(self.title) == self.title


@dataclass(frozen=True, slots=True)
class Family:
    """Codes that differ in side and encounter alone, in the publisher's order."""

    codes: tuple[BillableCode, ...]

    @property
    def volume(self) -> int:
        """How often its codes were counted together."""
        return sum(code.volume for code in self.codes)

    @property
    def new(self) -> bool:
        """Whether any of its codes is new."""
        return any(code.new_in for code in self.codes)

    @property
    def part(self) -> str:
        """Its chapter; of injuries and poisonings, which share one, the letter."""
        first = self.codes[0]
        return first.code[0] if first.code[0] in "ST" else first.chapter.zfill(2)

    @property
    def representative(self) -> BillableCode:
        """The code that is read for the family.

        A new one where it has new ones, then one of an initial encounter, then the most frequent.
        """
        return max(self.codes, key=lambda c: (bool(c.new_in) == self.new, c.initial, c.volume))


def frame(store: Store, release: str, since: str, known: Collection[str]) -> list[Family]:
    """Return the families of a release without those that ``known`` codes belong to.

    Codes that release ``since`` does not hold as billable are new. Raises :class:`UnknownReleaseError`.
    """
    first = _first_releases(store, since, release)
    volumes = volumes_by_key(store, None)
    codes: dict[str, BillableCode] = {}
    chapter = ""
    for code, title, kind, billable in store.codes(ICD10CM.id, release):
        if kind == "chapter":
            chapter = code
        if billable:
            new_in = "" if first[code] == since else first[code]
            codes[code] = BillableCode(code, title, chapter, new_in, volumes.get(code_key(code), 0))
    left_out = {code_key(code) for code in known}
    gathered = families({code: known.title for code, known in codes.items()})
    return [
        Family(tuple(codes[c] for c in family))
        for family in gathered
        if not any(code_key(c) in left_out for c in family)
    ]


def codes_of(rows: Iterable[str]) -> set[str]:
    """Return the codes in the first column of a table's lines; comments and the heading are none.

    >>> sorted(codes_of(["# a comment", "code\\tset", "I10\\t1"]))
    ['I10']
    """
    lines = [line for line in rows if line.strip() and not line.startswith("#")]
    return {line.split("\t", 1)[0].strip() for line in lines[1:]}


def _first_releases(store: Store, since: str, release: str) -> dict[str, str]:
    """The first release, of those from ``since`` to ``release``, that holds each code as billable."""
    loaded = [each.id for each in store.releases(ICD10CM.id)]
    first, last = (loaded.index(store.release(ICD10CM.id, name).release.id) for name in (since, release))
    found: dict[str, str] = {}
    for each in loaded[first : last + 1]:
        for code, _, _, billable in store.codes(ICD10CM.id, each):
            if billable:
                found.setdefault(code, each)
    return found
