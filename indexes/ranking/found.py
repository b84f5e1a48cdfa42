"""The units of one release that answer a query, before they are merged with other releases and paged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from indexes.disk.columns import Floats, Ints
from indexes.disk.shard import SETTINGS, Shard
from indexes.query.codes import units_for_code
from indexes.query.parsed import ParsedQuery
from indexes.ranking.filters import Filter
from indexes.ranking.score import Scored, score_units
from indexes.weights import WEIGHTS

NOTE = "note"
LED = "via ICD-10-CM"
LED_BACK = "via ICD-11"
_MODIFIER_SCORE = 0.96


@dataclass(frozen=True, slots=True)
class Hit:
    """Why a unit was found: the reading and the phrase (-1: none), and how well they fit.

    ``special`` is the key of the code that was asked for, ``note`` when only a note holds the words, or
    ``via ICD-10-CM`` or ``via ICD-11`` when a code of that system led there.
    """

    score: float
    reading: int
    phrase: int
    similarity: float
    coverage: float
    special: str = ""

    @property
    def named(self) -> str:
        """The key of the code that was asked for, empty if none was."""
        return "" if self.special in (NOTE, LED, LED_BACK) else self.special


@dataclass(frozen=True, slots=True)
class Found:
    """Units with their scores, the readings they were scored by, and what is special (:class:`Hit`).

    ``exact`` means that the query is a code of this release, which then answers alone.
    """

    shard: Shard
    units: Ints
    score: Floats
    scored: Sequence[tuple[int, float, Scored]] = ()
    special: Mapping[int, str] = field(default_factory=dict)
    exact: bool = False

    def answers(self, unit: int) -> bool:
        """Whether a term of a unit is what was asked for."""
        return self.hit(unit, 1.0).similarity >= WEIGHTS.whole

    def says(self, unit: int) -> float:
        """How much the best term of a unit and the query are alike, however far the term is trusted."""
        hit = self.hit(unit, 1.0)
        return (
            hit.similarity / float(self.shard.phrase_trust[hit.phrase]) if hit.phrase >= 0 else hit.similarity
        )

    def hit(self, unit: int, score: float) -> Hit:
        """Return why a unit was found: the best of the readings."""
        if unit in self.special:
            return Hit(score, -1, -1, score, score, self.special[unit])
        best = Hit(0.0, 0, -1, 0.0, 0.0)
        for number, trust, scored in self.scored:
            at = int(np.searchsorted(scored.units, unit))
            if at < len(scored.units) and scored.units[at] == unit:
                value = float(scored.score[at]) * trust
                if value > best.score + 1e-6:
                    phrase, alike = int(scored.phrase[at]), float(scored.similarity[at])
                    best = Hit(value, number, phrase, alike, float(scored.coverage[at]))
        return best


def find(
    shard: Shard,
    parsed: ParsedQuery,
    wanted: Filter,
    most: int,
    before: Sequence[tuple[int, float, Scored]] = (),
) -> Found:
    """Return the best units of a release, at most ``most`` by their terms.

    ``before`` is what the first readings were scored already, where readings were added since.
    """
    known = {number: one for number, _, one in before}
    keys = parsed.codes
    within = () if keys else parsed.codes_within
    score = np.zeros(len(shard), np.float32)
    scored = []
    for number, reading in enumerate(parsed.readings):
        one = known.get(number) or score_units(shard, reading.slots)
        if one is not None:
            scored.append((number, reading.trust, one))
            score[one.units] = np.maximum(score[one.units], one.score * np.float32(reading.trust))
    if wanted.setting is not None:
        column = shard.volume[:, SETTINGS.index(wanted.setting)]
        top = float(column.max(initial=0.0))
        if top > 0:
            score += (score > 0) * (np.float32(WEIGHTS.setting / top) * column)
    score *= wanted.mask(shard)
    units = _best(score, most)
    found = Found(shard, units, score[units], scored)
    if keys:
        return _with_codes(found, keys, wanted, most)
    return _with_codes(found, within, wanted, 0) if within else found


def ranked(found: Iterable[Found]) -> list[tuple[float, int, int]]:
    """Return (score, number of the release, unit) over several releases, best first.

    The best of each release stands on top where it nearly reaches the best of all: who searches several code
    systems at once wants to see what each has. Equals stand in the order of the releases and of their trees,
    so that pages do not overlap.
    """
    rows: list[tuple[float, int, int]] = []
    leaders: list[tuple[float, int, int]] = []
    for number, one in enumerate(found):
        scores = np.round(one.score.astype(np.float64), 5)
        of_release = [(-s, number, u) for s, u in zip(scores.tolist(), one.units.tolist(), strict=True)]
        if of_release:
            leaders.append(min(of_release))
            rows += of_release
    near = WEIGHTS.leader * min(leaders, default=(0.0, 0, 0))[0]
    on_top = sorted(leader for leader in leaders if leader[0] <= near)
    if len(on_top) > 1:
        rows = [*on_top, *sorted(set(rows) - set(on_top))]
    else:
        rows.sort()
    return [(-s, number, unit) for s, number, unit in rows]


def noted(known: Found, hits: Iterable[tuple[int, float]], wanted: Filter) -> Found:
    """Return what only notes hold, of (unit, score) pairs, without what is known already."""
    shard = known.shard
    allowed = wanted.mask(shard)
    have = set(known.units.tolist())
    more = [(u, s) for u, s in hits if u not in have and allowed[u]]
    units = np.array([u for u, _ in more], np.int32)
    scores = np.array([s for _, s in more], np.float32)
    return Found(shard, units, scores, (), dict.fromkeys(units.tolist(), NOTE))


def _best(score: Floats, most: int) -> Ints:
    top = float(score.max(initial=0.0))
    units = np.flatnonzero(score >= max(WEIGHTS.tail * top, WEIGHTS.least)).astype(np.int32)
    if len(units) > most:
        # the last place is shared by equals: keep those that come first in the tree
        order = np.lexsort((units, -score[units]))[:most]
        units = np.sort(units[order])
    return units


def _with_codes(found: Found, keys: Sequence[str], wanted: Filter, most: int) -> Found:
    """Add the codes a query names, and up to ``most`` that it begins.

    When the query is nothing but codes, exact ones of three characters or more stand alone.
    """
    shard = found.shard
    allowed = wanted.mask(shard)
    by_code: dict[int, float] = {}
    named: dict[int, str] = {}
    alone = False
    for key in keys:
        for unit, value in units_for_code(shard, key, most):
            if value > by_code.get(unit, 0.0) and allowed[unit]:
                alone = alone or (value == 1.0 and len(key) > 2 and most > 0)
                by_code[unit] = value if len(key) > 2 else min(value, _MODIFIER_SCORE)
                named[unit] = key
    if not by_code:
        return found
    kept = {} if alone else dict(zip(found.units.tolist(), found.score.tolist(), strict=True))
    special = {unit: key for unit, key in named.items() if by_code[unit] > kept.get(unit, 0.0)}
    kept |= {unit: max(value, kept.get(unit, 0.0)) for unit, value in by_code.items()}
    units, scores = np.array(list(kept), np.int32), np.array(list(kept.values()), np.float32)
    return Found(shard, units, scores, found.scored, special, alone)
