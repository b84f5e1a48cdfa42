"""What a query denies, held against what asserts it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Sequence
from dataclasses import dataclass

import numpy as np

from indexes.disk.columns import Floats
from indexes.disk.shard import TERM_KINDS, Shard
from indexes.documents.document import TermKind
from indexes.ranking.slot import Slot
from indexes.ranking.weights import WEIGHTS

_TITLE = TERM_KINDS.index(TermKind.TITLE)
_SAME = 0.9


@dataclass(frozen=True, slots=True)
class Against:
    """Factors at most 1: what of a phrase, or of a unit by its title, is left where it asserts the denied."""

    by_phrase: Floats
    by_unit: Floats


def asserted(shard: Shard, slots: Sequence[Slot]) -> Against:
    """Return how phrases and units lose that assert what the query denies.

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
