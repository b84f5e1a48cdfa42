"""What a half-typed query may become: its last word is a beginning, the words before it are whole.

A unit is scored by its best phrase, as in search, but what a phrase adds costs little: it may still be typed.
How often a code is used counts for much, more the less has been typed; where no volumes are loaded, a rough
rank by its names stands for it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from indexes.disk.beginnings import typed_form
from indexes.disk.columns import Floats, Ints
from indexes.disk.shard import Shard
from indexes.ranking.found import Found
from indexes.ranking.query import ParsedQuery, parse
from indexes.ranking.reading import Reading
from indexes.ranking.score import add_touched, best_per_unit, known_tokens, preference
from indexes.ranking.slot import Slot
from indexes.ranking.weights import WEIGHTS
from indexes.text.analysis import normal_form, words
from indexes.text.lexicon import Lexicon
from indexes.text.vocabulary import rewritings_beginning

_LEAST_LETTERS = 2
_MOST_TAIL = 3
_MOST_READINGS = 3
_MOST_OTHERWISE = 2
_END = "\uffff"
_ENDINGS = ("ing", "ed", "es")
_LONGEST_ENDING = 3


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A reading of what was typed so far: whole words, and the letters with which one more begins.

    ``last`` is the word these letters are by themselves, if they are one.
    """

    slots: tuple[Slot, ...]
    begins: str
    last: Slot | None
    trust: float


def unfinished(text: str, parsed: ParsedQuery, lexicon: Lexicon) -> tuple[Unfinished, ...]:
    """Return the readings of a half-typed text, read as ``parsed`` where it is taken as it stands."""
    ended = not text[-1:].isalnum()
    readings = [_as_typed(reading, ended) for reading in parsed.readings[:_MOST_READINGS]]
    return (*readings, *islice(_said_otherwise(text, lexicon), _MOST_OTHERWISE))


def _as_typed(reading: Reading, ended: bool) -> Unfinished:
    last = reading.slots[-1] if reading.slots else None
    if ended or last is None or last.said or last.denied or not last.word:
        return Unfinished(reading.slots, "", None, reading.trust)
    return Unfinished(reading.slots[:-1], last.word, last, reading.trust)


def _said_otherwise(text: str, lexicon: Lexicon) -> Iterator[Unfinished]:
    """Yield readings in which the last words typed begin what is said otherwise, most words first."""
    typed = words(text)
    for length in range(min(_MOST_TAIL, len(typed)), 0, -1):
        *whole, last = typed[-length:]
        if len(last) < _LEAST_LETTERS or (length == 1 and len(typed) == 1):
            continue
        known = rewritings_beginning((*map(normal_form, whole), last))
        often = sorted(known, key=lambda r: -min((lexicon.counts.get(t, 0) for t in r.meaning), default=0))
        if not often:
            continue
        before = " ".join(typed[:-length])
        head = parse(before, lexicon).readings[-1].slots if before else ()
        for rewriting in often[:_MOST_TAIL]:
            meant = (Slot(t, t, ((t, 1.0), *lexicon.related(t))) for t in dict.fromkeys(rewriting.meaning))
            yield Unfinished((*head, *meant), "", None, WEIGHTS.begun_otherwise * rewriting.trust)


def completed(
    shard: Shard, allowed: NDArray[np.bool_], text: str, readings: Sequence[Unfinished], most: int
) -> Found:
    """Return at most ``most`` allowed units of a release that a half-typed text may become."""
    similarity = np.zeros(len(shard), np.float32)
    for reading in readings:
        _add_reading(shard, reading, similarity)
    value = np.zeros(len(shard), np.float32)
    typed = typed_form(text)
    if len(typed) >= _LEAST_LETTERS:
        if shard.said is not None:
            said = shard.said.units(typed)
            similarity[said] = np.maximum(similarity[said], np.float32(WEIGHTS.begun_said))
        value[shard.beginnings.units(typed)] = WEIGHTS.begins
    units = np.flatnonzero((similarity > 0) & allowed).astype(np.int32)
    alike = similarity[units]
    value = value[units] + WEIGHTS.phrase * alike + preference(shard)[units]
    value += WEIGHTS.begun * shard.popularity[units] * alike
    order = np.lexsort((units, -value))[:most]
    return Found(shard, units[order], value[order])


def _add_reading(shard: Shard, reading: Unfinished, similarity: Floats) -> None:
    """Raise ``similarity`` to what a reading gives each unit."""
    in_query = np.zeros(len(shard.phrase_unit), np.float32)
    in_phrase = np.zeros(len(shard.phrase_unit), np.float32)
    asked = 0.0
    for slot in reading.slots:
        known = known_tokens(shard, slot)
        if known:
            importance = min(shard.token_weight[t] for t, _ in known) * slot.weight
            ranges = [(t, t + 1, fit) for t, fit in sorted(known, key=lambda pair: pair[1])]
            _add(shard, ranges, importance, in_query, in_phrase)
            asked += importance
        elif not slot.denied:
            asked += shard.missing_weight * slot.weight
    if reading.begins:
        importance = WEIGHTS.beginning * shard.missing_weight
        _add(shard, _begun(shard, reading), importance, in_query, in_phrase)
        asked += importance
    top = float(in_query.max(initial=0.0))
    if top <= 0:
        return
    phrases = np.flatnonzero(in_query > WEIGHTS.begun_share * top).astype(np.int32)
    matched = in_query[phrases]
    adding = np.maximum(shard.phrase_weight[phrases] - in_phrase[phrases], 0.0)
    alike = matched / (matched + WEIGHTS.query_lack * (asked - matched) + WEIGHTS.still_to_type * adding)
    best, _ = best_per_unit(shard, phrases, alike * shard.phrase_trust[phrases])
    np.maximum(similarity, best * np.float32(reading.trust), out=similarity)


def _begun(shard: Shard, reading: Unfinished) -> list[tuple[int, int, float]]:
    """Return (first token, token after the last, fit) of what the last letters begin or are."""
    first = bisect_left(shard.tokens, reading.begins)
    after = bisect_left(shard.tokens, reading.begins + _END, lo=first)
    stems = (shard.lexicon[t] for t in _inflected(reading.begins) if t in shard.lexicon)
    whole = known_tokens(shard, reading.last) if reading.last is not None else []
    return [
        (first, after, WEIGHTS.begun_word),
        *((t, t + 1, WEIGHTS.begun_word) for t in stems),
        *((t, t + 1, fit) for t, fit in reversed(whole)),
    ]


def _inflected(letters: str) -> Iterator[str]:
    """Yield the tokens whose inflection is being typed: tokens end before it.

    >>> list(_inflected("bleedi"))
    ['bleed']
    """
    for length in range(1, _LONGEST_ENDING + 1):
        stem, rest = letters[:-length], letters[-length:]
        if len(stem) > _LONGEST_ENDING and any(ending.startswith(rest) for ending in _ENDINGS):
            yield stem


def _add(
    shard: Shard,
    ranges: Sequence[tuple[int, int, float]],
    importance: float,
    in_query: Floats,
    in_phrase: Floats,
) -> None:
    """Add to each phrase the fit of its best token out of ranges of tokens, the best range last."""
    ranges = [one for one in ranges if one[0] < one[1]]
    if len(ranges) == 1 and ranges[0][1] == ranges[0][0] + 1:
        token, _, fit = ranges[0]
        phrases = shard.phrases_with(token)
        in_query[phrases] += importance * fit
        in_phrase[phrases] += shard.token_weight[token]
        return
    fits, own, _ = shard.scratch()
    touched: list[Ints] = []
    for first, after, fit in ranges:
        phrases = shard.phrases_with(first, after)
        fits[phrases] = importance * fit
        own[phrases] = shard.posting_weights(first, after)
        touched.append(phrases)
    if touched:
        add_touched(touched, (in_query, fits), (in_phrase, own))
