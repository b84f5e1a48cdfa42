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
from indexes.text.alike import families, ways_to_say
from indexes.text.analysis import tokens
from indexes.text.levels import measured, said_of_levels

ABBREVIATION_TRUST = 0.97
LAY_TRUST = 0.98
PAST_TRUST = 0.99
BRAND_TRUST = 0.97
RELATED_FIT = 0.92
DERIVED_FIT = 0.96
STEM_TRUST = 0.95
_LEAST_BEFORE_STEM = 2
_LONGEST_NAME = 3
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
class Rewriting:
    """``words`` of a query read as ``meaning``; ``reading`` is the text for the user.

    Beside other words it is read so only ``in_capitals`` where it is an ordinary word too: *ALL*.
    """

    words: tuple[str, ...]
    meaning: tuple[str, ...]
    reading: str
    trust: float
    in_capitals: bool = False


@cache
def rewritings(past: bool = False) -> dict[tuple[str, ...], tuple[Rewriting, ...]]:
    """Return the readings of each abbreviation and lay phrase by its tokens.

    ``past`` adds how a history or a status is said: after *s/p*, an amputation is an acquired absence.
    """
    found: dict[tuple[str, ...], list[Rewriting]] = defaultdict(list)
    ordinary = {tuple(tokens(row.word)) for row in tables.ordinary_words()}
    for phrase, meaning, trust in _said(past):
        meant = tuple(tokens(meaning))
        in_capitals = trust == ABBREVIATION_TRUST and phrase in ordinary
        for words in ways_to_say(phrase):
            if len(words) <= LONGEST and all(meant != known.meaning for known in found[words]):
                found[words].append(Rewriting(words, meant, meaning, trust, in_capitals))
    # an abbreviation's reading may itself be said otherwise: SOB, shortness of breath, dyspnea
    return {
        words: (
            *readings,
            *(_further(words, r, again) for r in readings for again in found.get(r.meaning, ())),
            *(_further(words, r, again) for r in readings for again in by_stem(r.meaning)),
        )
        for words, readings in found.items()
    }


def _said(past: bool) -> Iterator[tuple[tuple[str, ...], str, float]]:
    """Yield what is said, the words that are meant, and how far that is trusted."""
    for table, trust in (*(_PAST if past else ()), *_TABLES):
        yield from ((tuple(tokens(row.said)), row.meaning, trust) for row in table())
    yield from ((words, meaning, LAY_TRUST) for words, meaning in said_of_levels())
    yield from ((way, " ".join(first), LAY_TRUST) for first, *others in families() for way in others)


def _further(words: tuple[str, ...], first: Rewriting, again: Rewriting) -> Rewriting:
    return Rewriting(words, again.meaning, again.reading, first.trust * again.trust, first.in_capitals)


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
    """Return (position, readings) of the longest phrases in ``words`` that can be read otherwise.

    A value that is not normal is read as what it is called.
    """
    known = rewritings(past)
    found: list[tuple[int, tuple[Rewriting, ...]]] = []
    at = 0
    while at < len(words):
        value = measured(words, at)
        if value is not None:
            length, meaning = value
            of_value = Rewriting(tuple(words[at : at + length]), tuple(tokens(meaning)), meaning, LAY_TRUST)
            found.append((at, (of_value,)))
            at += length
            continue
        for length in range(min(LONGEST, len(words) - at), 0, -1):
            readings = known.get(tuple(words[at : at + length]))
            if readings:
                found.append((at, readings))
                at += length
                break
        else:
            at += 1
    return found
