"""What a half-typed query begins, the frequent first."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

import numpy as np
from numpy.typing import NDArray

from indexes.disk.beginnings import typed_form
from indexes.disk.columns import Floats, Ints
from indexes.disk.shard import Shard
from indexes.ranking.score import preference
from indexes.ranking.weights import WEIGHTS

_LEAST_LETTERS = 2


def begun(shard: Shard, allowed: NDArray[np.bool_], text: str, most: int) -> list[int]:
    """Return at most ``most`` allowed units one of whose terms begins with ``text``, the frequent first."""
    typed = typed_form(text)
    if len(typed) < _LEAST_LETTERS:
        return []
    units = shard.beginnings.units(typed)
    units = units[allowed[units]]
    order = np.lexsort((units, -_popularity(shard, units)))[:most]
    return units[order].tolist()  # type: ignore[no-any-return]


def _popularity(shard: Shard, units: Ints) -> Floats:
    popularity: Floats = WEIGHTS.begun * shard.frequency[units] + preference(shard)[units]
    return popularity


def begun_everywhere(
    shards: Sequence[tuple[Shard, NDArray[np.bool_]]], text: str, most: int
) -> list[tuple[int, int]]:
    """Return (number of the shard, unit) of what begins with ``text``, from each shard in turn.

    ``shards`` come with the units of each that may be suggested.
    """
    each = [
        [(number, unit) for unit in begun(shard, allowed, text, most)]
        for number, (shard, allowed) in enumerate(shards)
    ]
    return [pair for row in zip_longest(*each) for pair in row if pair is not None][:most]


def filled(
    best: Sequence[tuple[int, int]], more: Sequence[tuple[int, int]], limit: int
) -> list[tuple[int, int]]:
    """Return the best, then in turn ``more`` (what begins so) and the rest of ``best``.

    The best of all stands first, or, where it is none of those that begin so, the first of these.
    """
    first = best[:1] if not more or (best and best[0] in more) else more[:1]
    result = list(first)
    sources = iter(more), iter(best)
    while len(result) < limit:
        before = len(result)
        for source in sources:
            found = next((pair for pair in source if pair not in result), None)
            if found is not None and len(result) < limit:
                result.append(found)
        if len(result) == before:
            break
    return result
