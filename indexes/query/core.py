"""The part of a query that is a term, when its best answer explains only a part of it.

``gout flared after the hike`` holds one term, *gout*. The largest set of its words that is exactly a term of
some code makes a reading of its own, in which the other words are a mere preference; words that give a side,
a stage or the like keep their weight.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace
from functools import cache
from itertools import combinations

from indexes.disk.known_terms import KnownTerms
from indexes.query.reading import Reading
from indexes.query.slot import Slot
from indexes.text.analysis import tokens
from indexes.text.phrases import is_residual_token
from indexes.text.tables import axes

_MOST_WORDS = 9
_LONGEST_TERM = 5
_ASIDE = 0.15
_TRUST = 0.95
_LATER = 0.03
_MOST_READINGS = 3


@cache
def detail_words() -> frozenset[str]:
    """Return the tokens that give a value of an axis; they are details of a term, not terms."""
    return frozenset(token for row in axes() for token in tokens(" ".join(row.words)))


def core_readings(reading: Reading, terms: KnownTerms, drugs: Container[str]) -> tuple[Reading, ...]:
    """Return the readings by the largest terms within another, at most three; none where it is a term."""
    slots = [s for s in reading.slots if not s.denied and s.word][:_MOST_WORDS]
    typed = {word for slot in slots for word in slot.typed}
    found = _largest_terms(slots, terms, drugs)
    trusts = (_TRUST - _LATER * number for number in range(len(found)))
    return tuple(
        _around(reading, best, trust)
        for best, trust in zip(found, trusts, strict=True)
        if _typed(best) != typed
    )


def _around(reading: Reading, best: Sequence[Slot], trust: float) -> Reading:
    inside = set(best)
    changed = tuple(
        s if s in inside or s.denied or not s.word or s.token in detail_words() else replace(s, weight=_ASIDE)
        for s in reading.slots
    )
    return Reading(changed, reading.trust * trust, reading.label)


def _typed(slots: Sequence[Slot]) -> frozenset[str]:
    return frozenset(word for slot in slots for word in slot.typed)


def _largest_terms(slots: Sequence[Slot], terms: KnownTerms, drugs: Container[str]) -> list[tuple[Slot, ...]]:
    """Return the sets of words that are terms and stand for the most words typed, the first typed first."""
    sets = [
        c
        for length in range(min(_LONGEST_TERM, len(slots)), 0, -1)
        for c in combinations(slots, length)
        if _may_be_term(c, drugs)
    ]
    known = [
        c
        for c, is_term in zip(sets, terms.known([[s.token for s in c] for c in sets]), strict=True)
        if is_term
    ]
    most = max((len(_typed(c)) for c in known), default=0)
    best: dict[frozenset[str], tuple[Slot, ...]] = {}
    for c in known:
        if len(_typed(c)) == most:
            best.setdefault(_typed(c), c)
    return list(best.values())[:_MOST_READINGS]


def _may_be_term(slots: Sequence[Slot], drugs: Container[str]) -> bool:
    return any(
        not (s.token in drugs or s.token in detail_words() or is_residual_token(s.token) or s.token.isdigit())
        for s in slots
    )
