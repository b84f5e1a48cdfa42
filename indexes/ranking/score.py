"""Scores the units of one release for one reading of a query.

Each phrase is compared with the query as a weighted set of words (Tversky's index): what the query says
and the phrase lacks costs more than what the phrase adds. A unit scores with its best phrase, with how
much of the query all its words together cover, and with a small preference that orders equals: general
before residual, codes before headings, frequent before rare.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from indexes.disk.columns import Floats, Ints
from indexes.disk.shard import KINDS, Shard
from indexes.query.slot import Slot
from indexes.ranking.denied import against
from indexes.ranking.unasked import unasked_of
from indexes.text.denial import DENIED
from indexes.weights import WEIGHTS
from terminology.concept import Kind

_MANY = 12
_OTHER = "other"


@dataclass(frozen=True, slots=True)
class Scored:
    """Scores of a whole release: ``units`` are the candidates, ascending; the other arrays run along."""

    units: Ints
    score: Floats
    similarity: Floats
    coverage: Floats
    phrase: Ints


def score_units(shard: Shard, slots: Sequence[Slot]) -> Scored | None:
    """Score every unit a reading of the query touches; ``None`` when it touches none."""
    query_weight = 0.0
    in_query = np.zeros(len(shard.phrase_unit), np.float32)
    in_phrase = np.zeros(len(shard.phrase_unit), np.float32)
    covered = np.zeros(len(shard), np.float32)
    for slot in slots:
        known = known_tokens(shard, slot)
        if not known:
            if slot.denied or slot.denies:
                continue  # what a denial lacks is held against it as a whole
            query_weight += shard.missing_weight * slot.weight
            continue
        # the first token is the word itself: its alternatives must not make it look rarer than it is
        importance = (
            min(shard.token_weight[t] for t, _ in known)
            if len(known) > 1
            else shard.token_weight[known[0][0]]
        )
        importance *= 0.0 if slot.denies else slot.weight
        query_weight += importance
        _add_slot(shard, known, importance, in_query, in_phrase, covered)
    # a comparison first: nonzero is several times faster on truth values than on numbers
    units = np.flatnonzero(covered > WEIGHTS.glimpse * covered.max(initial=0.0)).astype(np.int32)
    if not len(units):
        return None
    phrases = np.flatnonzero(in_query > WEIGHTS.glimpse * in_query.max(initial=0.0)).astype(np.int32)
    matched_query, matched_phrase = in_query[phrases], in_phrase[phrases]
    lacking = WEIGHTS.query_lack * (query_weight - matched_query)
    adding = WEIGHTS.phrase_extra * (shard.phrase_weight[phrases] - matched_phrase)
    similarity = (
        matched_query / (matched_query + lacking + np.maximum(adding, 0.0)) * shard.phrase_trust[phrases]
    )
    lost = against(shard, slots)
    if lost is not None:
        similarity = similarity * lost.by_phrase[phrases]
    best, best_phrase = best_per_unit(shard, phrases, similarity)
    coverage = np.minimum(covered[units] / query_weight, 1.0)
    score = WEIGHTS.phrase * best[units] + WEIGHTS.coverage * coverage + preference(shard)[units]
    if lost is not None:
        score = score * lost.by_unit[units]
    score = score - WEIGHTS.unasked * unasked_of(shard, slots, units)
    score = score + _said_by_extension_alone(shard, units, best[units])
    if any(slot.token == _OTHER for slot in slots):
        # who asks for what is specified otherwise does not ask for what is unspecified
        score = score + 2 * WEIGHTS.residual * shard.residual[units]
    return Scored(units, score.astype(np.float32), best[units], coverage, best_phrase[units])


def _said_by_extension_alone(shard: Shard, units: Ints, similarity: Floats) -> Floats:
    """Return what extension codes are raised by: their cost, where one alone is what was asked.

    *Trachea* is the title of an extension code, and of the stem codes each says more than that.
    """
    raised = np.zeros(len(units), np.float32)
    extension = shard.kind[units] == KINDS.index(Kind.EXTENSION)
    if extension.any() and similarity[~extension].max(initial=0.0) < WEIGHTS.in_part:
        raised[extension & (similarity >= WEIGHTS.whole)] = WEIGHTS.kinds[Kind.EXTENSION]
    return raised


def known_tokens(shard: Shard, slot: Slot) -> list[tuple[int, float]]:
    """Return the tokens that satisfy a slot in this release; a denied word is satisfied by its denial."""
    mark = DENIED if slot.denied else ""
    return [(shard.lexicon[mark + t], w) for t, w in slot.tokens if mark + t in shard.lexicon]


def _add_slot(
    shard: Shard,
    known: Sequence[tuple[int, float]],
    importance: float,
    in_query: Floats,
    in_phrase: Floats,
    covered: Floats,
) -> None:
    if len(known) == 1:
        token, fit = known[0]
        phrases = shard.phrases_with(token)
        in_query[phrases] += importance * fit
        in_phrase[phrases] += shard.token_weight[token]
        units, weights = shard.units_with(token)
        covered[units] += weights * np.float32(importance * fit / 255)
        return
    # Several tokens for one word: each phrase and unit counts its best one only.
    fits, own, by_unit = shard.scratch()
    touched_phrases, touched_units = [], []
    for token, fit in sorted(known, key=lambda pair: pair[1]):
        phrases = shard.phrases_with(token)
        fits[phrases] = importance * fit
        own[phrases] += shard.token_weight[token]
        touched_phrases.append(phrases)
        units, weights = shard.units_with(token)
        by_unit[units] = np.maximum(by_unit[units], weights * np.float32(importance * fit / 255))
        touched_units.append(units)
    add_touched(touched_phrases, (in_query, fits), (in_phrase, own))
    add_touched(touched_units, (covered, by_unit))


def add_touched(touched: Sequence[Ints], *pairs: tuple[Floats, Floats]) -> None:
    """Add to the first column of each pair the second at the ``touched`` places, and clear the second there.

    Each place counts once. From many places on, walking through whole columns is quicker than picking.
    """
    if sum(map(len, touched)) > len(pairs[0][0]) / _MANY:
        for total, part in pairs:
            np.add(total, part, out=total)
            part.fill(0)
        return
    every = np.concatenate(touched) if len(touched) > 1 else touched[0]
    for total, part in pairs:
        total[every] = total[every] + part[every]
        part[every] = 0


def best_per_unit(shard: Shard, phrases: Ints, similarity: Floats) -> tuple[Floats, Ints]:
    """Return for every unit the similarity of its best among ascending ``phrases``, and which it is."""
    best = top_per_unit(shard, phrases, similarity)
    best_phrase = np.full(len(shard), -1, np.int32)
    owners = shard.phrase_unit[phrases]
    winners = np.flatnonzero(similarity == best[owners])[::-1]
    best_phrase[owners[winners]] = phrases[winners]
    return best, best_phrase


def top_per_unit(shard: Shard, phrases: Ints, similarity: Floats) -> Floats:
    """Return for every unit the highest similarity among its ascending ``phrases``, 0 where it has none."""
    best = np.zeros(len(shard), np.float32)
    if len(phrases):
        owners = shard.phrase_unit[phrases]
        is_first = np.empty(len(owners), np.bool_)
        is_first[0] = True
        np.not_equal(owners[1:], owners[:-1], out=is_first[1:])
        starts = np.flatnonzero(is_first)
        best[owners[starts]] = np.maximum.reduceat(similarity, starts)
    return best


def preference(shard: Shard) -> Floats:
    """Return what each unit is preferred by when its words fit equally well."""
    if shard.preference is None:
        shard.preference = _preference(shard)
    return shard.preference


def _preference(shard: Shard) -> Floats:
    value = np.zeros(len(shard), np.float32)
    for kind, cost in WEIGHTS.kinds.items():
        value[shard.kind == KINDS.index(Kind(kind))] -= cost
    for name, cost in WEIGHTS.chapters.items():
        system, _, chapter = name.partition("/")
        if system == shard.system:
            value[shard.chapter == shard.chapter_number(chapter)] -= cost
    value[shard.residual] -= WEIGHTS.residual
    value[(shard.billable == 0) | ((shard.billable < 0) & shard.has_general)] -= WEIGHTS.heading
    value += WEIGHTS.frequency * shard.frequency
    return value
