"""Words that say something together, wherever they stand in a query, from two tables.

A combination is met by a word of each of its groups in any order: *refuses the hep b vaccine*. The words of a
lay phrase are met in its order, with others between: *lost his job*.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from indexes.query.slot import Slot
from indexes.text import tables
from indexes.text.analysis import tokens
from indexes.text.lexicon import FORM_FIT, Lexicon
from indexes.text.vocabulary import LAY_TRUST, Rewriting, rewritings

COMBINED_TRUST = 0.97
SCATTERED_TRUST = 0.95
_MOST_BETWEEN = 2
ASIDE = 0.3
"""What a word weighs beside those that are read together, times its own weight."""

Said = tuple[tuple[Slot, ...], str]
"""The words of a query read otherwise, and what was read so, for the user."""


@dataclass(frozen=True, slots=True)
class Combination:
    """Words that say something together, in any order and anywhere: one token of each group."""

    groups: tuple[frozenset[str], ...]
    meaning: tuple[str, ...]
    reading: str


@cache
def combinations() -> tuple[Combination, ...]:
    """Return the combinations of the table, those of most words first."""
    found = (
        Combination(
            tuple(frozenset(tokens(" ".join(_alternatives(group)))) for group in row.said.split()),
            tuple(dict.fromkeys(tokens(row.meaning))),
            row.meaning,
        )
        for row in tables.combinations()
    )
    return tuple(sorted(found, key=lambda combination: -len(combination.groups)))


def forget() -> None:
    """Let go of the combinations that were read: they are read anew."""
    combinations.cache_clear()
    _by_first_group.cache_clear()


def combined(slots: Sequence[Slot], lexicon: Lexicon) -> Said | None:
    """Return the words of a query with those of a combination read so, the others a mere preference."""
    asserted = [slot for slot in slots if not slot.denied]
    forms = [{slot.token, *(t for t, fit in slot.tokens if fit >= FORM_FIT)} for slot in asserted]
    for number in _beginning_with(set().union(*forms)):
        combination = combinations()[number]
        met = [next((n for n, form in enumerate(forms) if form & group), -1) for group in combination.groups]
        if -1 in met or len(set(met)) < len(met):
            continue
        together = [asserted[n] for n in met]
        said = tuple(word for slot in together for word in slot.typed)
        meant = (Slot(t, t, ((t, 1.0), *lexicon.related(t)), said=said) for t in combination.meaning)
        rest = (replace(slot, weight=slot.weight * ASIDE) for slot in asserted if slot not in together)
        denied = (slot for slot in slots if slot.denied)
        return (*meant, *rest, *denied), f"{' '.join(said)} = {combination.reading}"
    return None


def scattered(slots: Sequence[Slot], lexicon: Lexicon) -> Said | None:
    """Return the words of a query with those of a lay phrase that stand apart read as what they mean."""
    found = find_scattered(["" if slot.denied else slot.token for slot in slots])
    if found is None:
        return None
    places, phrase = found
    said = tuple(word for place in places for word in slots[place].typed)
    rest = [slot for place, slot in enumerate(slots) if place not in places]
    have = {slot.token for slot in rest}
    meant = (
        Slot(t, t, ((t, 1.0), *lexicon.related(t)), said=said)
        for t in dict.fromkeys(phrase.meaning)
        if t not in have
    )
    return (*meant, *rest), f"{' '.join(phrase.words)} = {phrase.reading}"


def find_scattered(words: Sequence[str]) -> tuple[tuple[int, ...], Rewriting] | None:
    """Return where the words of a lay phrase stand that are apart, and the phrase.

    They stand in its order with at most two other words between: *lost his job*. Of several phrases that of
    the most words is taken.
    """
    at = {word: place for place, word in reversed(list(enumerate(words)))}
    met = [
        (tuple(at[word] for word in phrase.words), phrase)
        for word in at
        for phrase in _by_longest_word().get(word, ())
        if all(other in at for other in phrase.words)
    ]
    apart = [
        (places, phrase)
        for places, phrase in met
        if list(places) == sorted(places)
        and len(places) <= places[-1] - places[0] < len(places) + _MOST_BETWEEN
    ]
    return max(apart, key=lambda pair: (len(pair[0]), pair[0][0] - pair[0][-1]), default=None)


def _alternatives(group: str) -> Iterator[str]:
    """Yield the words of a group of a combination, those under a name written out."""
    named = {f"@{row.name}": row.words for row in tables.word_groups()}
    for word in group.split("/"):
        yield from named.get(word, (word,))


def _beginning_with(words: set[str]) -> list[int]:
    """Return the numbers of the combinations whose first group has one of the words."""
    return sorted({number for word in words for number in _by_first_group().get(word, ())})


@cache
def _by_first_group() -> Mapping[str, tuple[int, ...]]:
    found: dict[str, list[int]] = defaultdict(list)
    for number, combination in enumerate(combinations()):
        for token in combination.groups[0]:
            found[token].append(number)
    return {token: tuple(numbers) for token, numbers in found.items()}


@cache
def _by_longest_word() -> Mapping[str, tuple[Rewriting, ...]]:
    """Return the lay phrases of several words, by their longest word."""
    found: dict[str, list[Rewriting]] = defaultdict(list)
    for words, readings in rewritings().items():
        lay = [reading for reading in readings if reading.trust == LAY_TRUST]
        if lay and len(set(words)) > 1:
            found[max(words, key=len)].append(lay[0])
    return {word: tuple(phrases) for word, phrases in found.items()}
