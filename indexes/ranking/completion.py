"""What a half-typed query may become: its last word is a beginning, the words before it are whole.

A unit is scored by its best phrase, as in search, but what a phrase adds costs little: it may still be typed.
How often a code is used counts for much, most where its title holds what was typed: *cachexia* is used often,
but seldom as *pulmonary cachexia*. Where no volumes are loaded, a rough rank by its names stands for it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from indexes.disk.beginnings import typed_form
from indexes.disk.columns import Floats, Ints
from indexes.disk.shard import TERM_KINDS, Shard
from indexes.documents.document import TermKind
from indexes.query.unfinished import Unfinished
from indexes.ranking.found import Found
from indexes.ranking.score import add_touched, known_tokens, preference, top_per_unit
from indexes.text.analysis import american_letters
from indexes.weights import WEIGHTS

_LEAST_LETTERS = 2
_END = "\uffff"
_ENDINGS = ("ing", "ed", "es")
_LONGEST_ENDING = 3
_IS_OWN = np.array([kind in (TermKind.TITLE, TermKind.CATEGORY_TITLE) for kind in TERM_KINDS])
"""Which kinds of terms, by number, are the title of a code or of what it stands for."""


def completed(
    shard: Shard, allowed: NDArray[np.bool_], text: str, readings: Sequence[Unfinished], most: int
) -> Found:
    """Return at most ``most`` allowed units of a release that a half-typed text may become."""
    similarity = np.zeros(len(shard), np.float32)
    own = np.zeros(len(shard), np.float32)
    for reading in readings:
        _add_reading(shard, reading, similarity, own)
    value = np.zeros(len(shard), np.float32)
    typed = typed_form(text)
    if len(typed) >= _LEAST_LETTERS:
        value[shard.beginnings.units(typed)] = WEIGHTS.begins
        value[shard.beginnings.whole(typed)] += WEIGHTS.begun_whole
        if shard.said is not None:
            said = shard.said.units(typed)
            for column in (similarity, own):
                column[said] = np.maximum(column[said], np.float32(WEIGHTS.begun_said))
            value[shard.said.whole(typed)] += WEIGHTS.begun_whole
    units = np.flatnonzero((similarity > 0) & allowed).astype(np.int32)
    alike = similarity[units]
    named = (1 - WEIGHTS.begun_own) * alike + WEIGHTS.begun_own * own[units]
    value = value[units] + WEIGHTS.phrase * alike + preference(shard)[units]
    value += WEIGHTS.begun * shard.popularity[units] * named
    order = np.lexsort((units, -value))[:most]
    return Found(shard, units[order], value[order])


def _add_reading(shard: Shard, reading: Unfinished, similarity: Floats, own: Floats) -> None:
    """Raise ``similarity`` to what a reading gives each unit, ``own`` to what it gives it by its title."""
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
    by_words = in_query.copy() if reading.begins and reading.slots else None
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
    alike *= shard.phrase_trust[phrases] * np.float32(reading.trust)
    if by_words is not None:
        goes_on = matched > by_words[phrases]
        if goes_on.any():
            alike[~goes_on] *= np.float32(WEIGHTS.begun_lacking)
    np.maximum(similarity, top_per_unit(shard, phrases, alike), out=similarity)
    is_own = _IS_OWN[shard.phrase_kind[phrases]]
    np.maximum(own, top_per_unit(shard, phrases[is_own], alike[is_own]), out=own)


def _begun(shard: Shard, reading: Unfinished) -> list[tuple[int, int, float]]:
    """Return (first token, token after the last, fit) of what the last letters begin or are."""
    letters = american_letters(reading.begins)
    first = bisect_left(shard.tokens, letters)
    after = bisect_left(shard.tokens, letters + _END, lo=first)
    stems = (shard.lexicon[t] for t in _inflected(letters) if t in shard.lexicon)
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
