"""Answers of ICD-11 that are reached through ICD-10-CM: its terms are many, and WHO's map leads on.

They stand at fixed places behind the first ones, where they are not among these already.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexes.disk.shard import Shard
from indexes.ranking.found import LED, Found

PLACES = (7, 8, 9)
"""At which places, counted from 1, led answers stand."""

_STARTS = 8
Row = tuple[float, int, int]


def led(shard: Shard, allowed: NDArray[np.bool_], clinical: Found, known: Sequence[int]) -> Found | None:
    """Return the allowed ICD-11 units that the best ICD-10-CM units lead to, none of the ``known``."""
    order = np.lexsort((clinical.units, -clinical.score))[:_STARTS]
    units: list[int] = []
    for unit in clinical.units[order].tolist():
        key = clinical.shard.leads_to(unit)
        target = None if key is None else shard.find_key(key)
        if target is not None and allowed[target] and target not in known and target not in units:
            units.append(target)
    units = units[: len(PLACES)]
    if not units:
        return None
    scores = np.zeros(len(units), np.float32)
    return Found(shard, np.array(units, np.int32), scores, (), dict.fromkeys(units, LED))


def placed(rows: Sequence[Row], number: int, more: Found) -> list[Row]:
    """Return the rows with led answers, the ``number``-th of what was found, at their places."""
    ahead = list(rows[: PLACES[0] - 1])
    units = more.units.tolist()
    score = ahead[-1][0] if ahead else 0.0
    rest = [row for row in rows[PLACES[0] - 1 :] if row[2] not in units]
    return [*ahead, *((score, number, unit) for unit in units), *rest]
