"""What a query denies, held against what asserts it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexes.disk.columns import Floats
from indexes.disk.shard import TERM_KINDS, Shard
from indexes.documents.document import TermKind
from indexes.query.slot import Slot
from indexes.text.phrases import is_residual_token
from indexes.weights import WEIGHTS

_TITLE = TERM_KINDS.index(TermKind.TITLE)
_SAME = 0.9


@dataclass(frozen=True, slots=True)
class Against:
    """Factors at most 1: what of a phrase, or of a unit by its title, is left where it asserts the denied."""

    by_phrase: Floats
    by_unit: Floats


def against(shard: Shard, slots: Sequence[Slot]) -> Against | None:
    """Return how phrases and units lose that assert what the query denies; ``None`` if it denies nothing."""
    if any(slot.denies for slot in slots):
        return _not_denying(shard, slots)
    return _asserted(shard, slots) if any(slot.denied for slot in slots) else None


def _not_denying(shard: Shard, slots: Sequence[Slot]) -> Against:
    """Return how all phrases lose but those that hold a word that denies and one that the query denies."""
    # *not* in a title says that something is not specified
    denying = _holding(shard, [s for s in slots if s.denies and not is_residual_token(s.token)])
    denied = _holding(shard, [s for s in slots if not s.denies])
    phrases = np.flatnonzero(denying & denied)
    by_phrase = np.full(len(shard.phrase_unit), 1 - WEIGHTS.denied, np.float32)
    by_unit = np.full(len(shard), 1 - WEIGHTS.denied, np.float32)
    by_phrase[phrases] = 1
    by_unit[shard.phrase_unit[phrases]] = 1
    return Against(by_phrase, by_unit)


def _holding(shard: Shard, slots: Sequence[Slot]) -> NDArray[np.bool_]:
    """Return which phrases hold any word of the slots."""
    found = np.zeros(len(shard.phrase_unit), np.bool_)
    for slot in slots:
        for token, _ in slot.tokens:
            if token in shard.lexicon:
                found[shard.phrases_with(shard.lexicon[token])] = True
    return found


def _asserted(shard: Shard, slots: Sequence[Slot]) -> Against:
    """Return how phrases and units lose that assert what the query denies beside what it says.

    A denied item of several words (*loss of consciousness*) counts by the square of the part of it that is
    asserted, so that a single word of it does little.
    """
    by_phrase = np.ones(len(shard.phrase_unit), np.float32)
    by_unit = np.ones(len(shard), np.float32)
    said = {token for slot in slots if not slot.denied for token, _ in slot.tokens}
    for item in _items(slots):
        share = _share(shard, item, said)
        touched = np.flatnonzero(share).astype(np.int32)
        lost = WEIGHTS.denied * share[touched] ** 2
        by_phrase[touched] = np.minimum(by_phrase[touched], 1 - lost)
        of_title = shard.phrase_kind[touched] == _TITLE
        np.minimum.at(by_unit, shard.phrase_unit[touched[of_title]], 1 - lost[of_title])
    return Against(by_phrase, by_unit)


def _items(slots: Sequence[Slot]) -> list[list[Slot]]:
    found: dict[int, list[Slot]] = defaultdict(list)
    for slot in slots:
        if slot.denied:
            found[slot.denied].append(slot)
    return list(found.values())


def _share(shard: Shard, item: Sequence[Slot], said: Container[str]) -> Floats:
    """Return for each phrase the part of a denied item that it asserts, between 0 and 1.

    Words that the query itself asserts do not count: *asthma* in *asthma without status asthmaticus*.
    """
    share = np.zeros(len(shard.phrase_unit), np.float32)
    whole = 0.0
    for slot in item:
        alike = (t for t, fit in slot.tokens if fit >= _SAME and t not in said)
        known = [shard.lexicon[t] for t in alike if t in shard.lexicon]
        if not known:
            continue
        weight = shard.token_weight[known[0]]
        whole += weight
        phrases = np.unique(np.concatenate([shard.phrases_with(token) for token in known]))
        share[phrases] += weight
    return np.minimum(share / whole, 1.0) if whole else share
