"""Which words of a query an answer does not use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from indexes.disk.shard import Shard
from indexes.query.parsed import ParsedQuery
from indexes.query.slot import Slot
from indexes.ranking.found import Found

_LEAST_WEIGHT = 0.35 * 255


def unused_by_first(
    found: Sequence[Found], rows: Sequence[tuple[float, int, int]], parsed: ParsedQuery
) -> tuple[str, ...]:
    """Return the words that the first answer does not use; none for a code."""
    if not rows:
        return tuple(word.word for word in parsed.chart.words if not word.denied)
    score, number, unit = rows[0]
    hit = found[number].hit(unit, score)
    return () if hit.special else unused_words(found[number].shard, unit, parsed, hit.reading)


def unused_words(shard: Shard, unit: int, parsed: ParsedQuery, reading: int) -> tuple[str, ...]:
    """Return the words, in the order typed, that the unit does not hold.

    ``reading`` is the number of the reading by which the unit was found. A word read as others is used when
    at least half of them are: an abbreviation is not answered by a single word of what it means. One that was
    parted is used when all its parts are.
    """
    held: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    for slot in parsed.readings[max(reading, 0)].slots:
        if not slot.denied:
            holds = _holds(shard, unit, slot)
            for word in slot.typed:
                held[word].append((slot.word, holds))
    used = {word for word, found in held.items() if _is_used(word, found)}
    return tuple(w.word for w in parsed.chart.words if not w.denied and w.word not in used)


def _is_used(word: str, meant: Sequence[tuple[str, bool]]) -> bool:
    held = sum(holds for _, holds in meant)
    is_parted = len(meant) > 1 and word.startswith(meant[0][0])
    return held == len(meant) if is_parted else 2 * held >= len(meant)


def _holds(shard: Shard, unit: int, slot: Slot) -> bool:
    return any(_has_token(shard, unit, token) for token, _ in slot.tokens)


def _has_token(shard: Shard, unit: int, token: str) -> bool:
    number = shard.lexicon.get(token)
    if number is None:
        return False
    units, weights = shard.units_with(number)
    at = int(np.searchsorted(units, unit))
    return at < len(units) and int(units[at]) == unit and int(weights[at]) >= _LEAST_WEIGHT
