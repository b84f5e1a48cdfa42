"""Answers of ICD-11 that are reached through ICD-10-CM: its terms are many, and WHO's map leads on.

They stand at fixed places behind the first ones, where they are not among these already. The other way, what
ICD-10-CM answers only in part and ICD-11 whole, as a query in the language of its translation, has the
ICD-10-CM codes that WHO's map leads to that answer from.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexes.disk.shard import Shard
from indexes.ranking.found import LED, LED_BACK, Found
from indexes.ranking.score import preference
from indexes.weights import WEIGHTS

PLACES = (7, 8, 9)
"""At which places, counted from 1, led answers stand."""

_STARTS = 8
_GENERAL = "Z"
_MOST_BACK = 3
_WHOLE = 0.95
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


def led_back(clinical: Shard, allowed: NDArray[np.bool_], eleven: Found) -> Found | None:
    """Return the allowed ICD-10-CM units from which WHO's map leads to what ICD-11 answers whole.

    At most three, the most used and general ones first. ``None`` where ICD-11 has no whole answer.
    """
    if not len(eleven.units):
        return None
    best = int(np.lexsort((eleven.units, -eleven.score))[0])
    unit, score = int(eleven.units[best]), float(eleven.score[best])
    if not is_whole(eleven, (score, 0, unit)):
        return None
    key = eleven.shard.card(unit).key
    found = clinical.led_to({key, key.removesuffix(_GENERAL), key + _GENERAL})
    found = found[allowed[found] & (clinical.billable[found] != 0)]
    order = np.lexsort((found, -(preference(clinical)[found] + WEIGHTS.begun * clinical.popularity[found])))
    units = found[order][:_MOST_BACK]
    if not len(units):
        return None
    # each stands a little lower than the one before, all above what answers in part
    scores = np.float32(score) - np.arange(len(units), dtype=np.float32) * np.float32(0.01)
    return Found(clinical, units, scores, (), dict.fromkeys(units.tolist(), LED_BACK))


def is_whole(found: Found, row: Row) -> bool:
    """Whether an answer has a term that says all of the query."""
    score, _, unit = row
    return found.hit(unit, score).similarity >= _WHOLE


def placed(rows: Sequence[Row], number: int, more: Found) -> list[Row]:
    """Return the rows with led answers, the ``number``-th of what was found, at their places."""
    ahead = list(rows[: PLACES[0] - 1])
    units = more.units.tolist()
    score = ahead[-1][0] if ahead else 0.0
    rest = [row for row in rows[PLACES[0] - 1 :] if row[2] not in units]
    return [*ahead, *((score, number, unit) for unit in units), *rest]


def put_before(rows: Sequence[Row], number: int, more: Found) -> list[Row]:
    """Return the rows behind led answers, the ``number``-th of what was found."""
    pairs = zip(more.score.tolist(), more.units.tolist(), strict=True)
    return [*((score, number, unit) for score, unit in pairs), *(r for r in rows if r[2] not in more.special)]
