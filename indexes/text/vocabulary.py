"""What clinicians say in other words: abbreviations, lay terms, related words and filler, from the tables.

A rewriting replaces words of the query by others and gives one more reading of it; all readings of an
ambiguous abbreviation are kept. A related word satisfies one word of the query at a slightly lower weight.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from indexes.text import tables
from indexes.text.analysis import tokens

ABBREVIATION_TRUST = 0.97
LAY_TRUST = 0.98
PAST_TRUST = 0.99
BRAND_TRUST = 0.97
RELATED_FIT = 0.92
DERIVED_FIT = 0.96
STEM_TRUST = 0.95
COMBINED_TRUST = 0.97
_LEAST_BEFORE_STEM = 2
_MOST_BETWEEN = 2
_LONGEST_NAME = 3
SCATTERED_TRUST = 0.95
_CLASS_OF_DRUG = "class of the drug"
LONGEST = 6
"""How many words of a query may be read otherwise together."""
_PAST = ((tables.procedures, PAST_TRUST),)
_TABLES = (
    (tables.abbreviations, ABBREVIATION_TRUST),
    (tables.lay_terms, LAY_TRUST),
    (tables.brands, BRAND_TRUST),
)


@dataclass(frozen=True, slots=True)
class Combination:
    """Words that say something together, in any order and anywhere: one token of each group."""

    groups: tuple[frozenset[str], ...]
    meaning: tuple[str, ...]
    reading: str


@dataclass(frozen=True, slots=True)
class Rewriting:
    """``words`` of a query read as ``meaning``; ``reading`` is the text for the user."""

    words: tuple[str, ...]
    meaning: tuple[str, ...]
    reading: str
    trust: float


@cache
def rewritings(past: bool = False) -> dict[tuple[str, ...], tuple[Rewriting, ...]]:
    """Return the readings of each abbreviation and lay phrase by its tokens.

    ``past`` adds how a history or a status is said: after *s/p*, an amputation is an acquired absence.
    """
    found: dict[tuple[str, ...], list[Rewriting]] = defaultdict(list)
    for table, trust in (*(_PAST if past else ()), *_TABLES):
        for row in table():
            words = tuple(tokens(row.said))
            if words and len(words) <= LONGEST:
                found[words].append(Rewriting(words, tuple(tokens(row.meaning)), row.meaning, trust))
    # an abbreviation's reading may itself be said otherwise: SOB, shortness of breath, dyspnea
    return {
        words: (
            *readings,
            *(_further(words, r, again) for r in readings for again in found.get(r.meaning, ())),
            *(_further(words, r, again) for r in readings for again in by_stem(r.meaning)),
        )
        for words, readings in found.items()
    }


def _further(words: tuple[str, ...], first: Rewriting, again: Rewriting) -> Rewriting:
    return Rewriting(words, again.meaning, again.reading, first.trust * again.trust)


@cache
def combinations() -> tuple[Combination, ...]:
    """Return the combinations of the table, those of most words first."""
    found = (
        Combination(
            tuple(frozenset(tokens(group.replace("/", " "))) for group in row.said.split()),
            tuple(dict.fromkeys(tokens(row.meaning))),
            row.meaning,
        )
        for row in tables.combinations()
    )
    return tuple(sorted(found, key=lambda combination: -len(combination.groups)))


@cache
def _scattered() -> dict[str, tuple[Rewriting, ...]]:
    """Return the lay phrases of several words, by their longest word."""
    found: dict[str, list[Rewriting]] = defaultdict(list)
    for words, readings in rewritings().items():
        lay = [reading for reading in readings if reading.trust == LAY_TRUST]
        if lay and len(set(words)) > 1:
            found[max(words, key=len)].append(lay[0])
    return {word: tuple(phrases) for word, phrases in found.items()}


def find_scattered(words: Sequence[str]) -> tuple[tuple[int, ...], Rewriting] | None:
    """Return where the words of a lay phrase stand that are apart, and the phrase.

    They stand in its order with at most two other words between: *lost his job*. Of several phrases that of
    the most words is taken.
    """
    at = {word: place for place, word in reversed(list(enumerate(words)))}
    met = [
        (tuple(at[word] for word in phrase.words), phrase)
        for word in at
        for phrase in _scattered().get(word, ())
        if all(other in at for other in phrase.words)
    ]
    apart = [
        (places, phrase)
        for places, phrase in met
        if list(places) == sorted(places)
        and len(places) <= places[-1] - places[0] < len(places) + _MOST_BETWEEN
    ]
    return max(apart, key=lambda pair: (len(pair[0]), pair[0][0] - pair[0][-1]), default=None)


def by_stem(words: tuple[str, ...]) -> tuple[Rewriting, ...]:
    """Return the reading of one word as the class of drugs that its ending names; none for other words.

    >>> [reading.reading for reading in by_stem(("olmesartan",))], by_stem(("april",))
    (['other antihypertensive drugs'], ())
    """
    stem = stem_of(words[0]) if len(words) == 1 else None
    if stem is None:
        return ()
    return (Rewriting(words, tuple(tokens(stem.meaning)), stem.meaning, STEM_TRUST),)


@cache
def stem_of(token: str) -> tables.Stem | None:
    """Return the longest ending of a token that names a class of drugs; tokens may end without their *e*."""
    name = token.rstrip("e")
    if not name.isalpha():
        return None
    fitting = (
        row
        for row in tables.drug_stems()
        if name.endswith(ending := row.stem.rstrip("e")) and len(name) >= len(ending) + _LEAST_BEFORE_STEM
    )
    return max(fitting, key=lambda row: len(row.stem), default=None)


@cache
def _phrases_in_order() -> list[tuple[str, ...]]:
    return sorted(rewritings())


def rewritings_beginning(words: tuple[str, ...]) -> list[Rewriting]:
    """Return the readings of the phrases that begin with ``words``, the last of which may be a beginning."""
    phrases = _phrases_in_order()
    first = bisect_left(phrases, words)
    after = bisect_left(phrases, (*words[:-1], words[-1] + "\uffff"), lo=first)
    return [reading for phrase in phrases[first:after] for reading in rewritings()[phrase]]


def said_phrases() -> Iterator[str]:
    """Yield every abbreviation, lay term and brand of the tables, and the names the first two stand for."""
    yield from dict.fromkeys(row.said for table, _ in _TABLES for row in table())
    yield from dict.fromkeys(row.meaning for row in tables.abbreviations())
    meanings = dict.fromkeys(row.meaning for row in tables.lay_terms())
    yield from (meaning for meaning in meanings if len(meaning.split()) <= _LONGEST_NAME)


def inapplicable(known: Container[str]) -> tuple[str, ...]:
    """Return the phrases of the tables whose every reading holds a token that is not ``known``."""
    found: dict[str, bool] = {}
    for table, _ in _TABLES:
        for row in table():
            applies = all(token in known for token in tokens(row.meaning))
            found[row.said] = found.get(row.said, False) or applies
    return tuple(phrase for phrase, applies in found.items() if not applies)


@cache
def rewritten_words() -> frozenset[str]:
    """Return the tokens that occur in what is rewritten; they are words, whether indexed or not."""
    return frozenset(token for words in rewritings(True) for token in words)


@cache
def drug_words() -> frozenset[str]:
    """Return the tokens of brand names, and of drugs that are known by their class."""
    of_a_class = (row for row in tables.lay_terms() if row.source.startswith(_CLASS_OF_DRUG))
    return frozenset(token for row in (*tables.brands(), *of_a_class) for token in tokens(row.said))


class DrugWords(Container[str]):
    """The tokens that name drugs: those of an index, those of the tables, and those that end as drugs do."""

    def __init__(self, known: frozenset[str]) -> None:
        self.listed = known | drug_words()

    def __contains__(self, token: object) -> bool:
        return token in self.listed or (isinstance(token, str) and stem_of(token) is not None)


@cache
def related_words() -> dict[str, tuple[tuple[str, float], ...]]:
    """Return the other words that say the same as a token, with how well they fit."""
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for table, fit in ((tables.word_families, DERIVED_FIT), (tables.related_words, RELATED_FIT)):
        for row in table():
            family = list(dict.fromkeys(t for word in row.words for t in tokens(word)))
            for token in family:
                for other in family:
                    if other != token:
                        found[token].setdefault(other, fit)
    return {token: tuple(others.items()) for token, others in found.items()}


@cache
def sides() -> frozenset[str]:
    """Return the tokens that say a side."""
    return frozenset(
        tokens(" ".join(word for row in tables.axes() if row.axis == "side" for word in row.words))
    )


@cache
def fillers() -> dict[tuple[str, ...], float]:
    """Return the weight of each filler's words: 0 drops them, a fraction keeps them as a preference."""
    return {row.words: row.weight for row in tables.fillers()}


def find_rewritings(words: Sequence[str], past: bool = False) -> list[tuple[int, tuple[Rewriting, ...]]]:
    """Return (position, readings) of the longest phrases in ``words`` that can be read otherwise."""
    known = rewritings(past)
    found = []
    at = 0
    while at < len(words):
        for length in range(min(LONGEST, len(words) - at), 0, -1):
            readings = known.get(tuple(words[at : at + length]))
            if readings:
                found.append((at, readings))
                at += length
                break
        else:
            at += 1
    return found
