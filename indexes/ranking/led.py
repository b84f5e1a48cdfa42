"""Answers of ICD-11 that are reached through ICD-10-CM: its terms are many, and WHO's map leads on.

They stand at fixed places behind the first ones, where they are not among these already, or first where only
ICD-10-CM has a term for the whole query. The other way, what ICD-10-CM answers only in part and ICD-11
whole, as a query in the language of its translation, has the ICD-10-CM codes that WHO's map leads to that
answer from.
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
_RESIDUALS = "YZ"
_MOST_BACK = 3
_WHOLE = 0.95
Row = tuple[float, int, int]


def with_led(found: list[Found], rows: list[Row], allowed: NDArray[np.bool_], clinical: Found) -> list[Row]:
    """Return the rows of an ICD-11 answer with what the best ICD-10-CM units lead to, added to ``found``.

    Where ICD-10-CM has a term for all of the query and ICD-11 only for a part, what it leads to stands first,
    else at the places behind the first answers.
    """
    shard = found[0].shard
    first = rows[0][2] if rows else None
    if first is None or found[rows[0][1]].says(first) < WEIGHTS.in_part:
        whole = led_whole(shard, allowed, clinical, first)
        if whole is not None:
            found.append(whole)
            rows = put_before(rows, len(found) - 1, whole)
    more = led(shard, allowed, clinical, [unit for _, _, unit in rows[: PLACES[-1]]])
    if more is None:
        return rows
    found.append(more)
    return placed(rows, len(found) - 1, more)


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


def led_whole(shard: Shard, allowed: NDArray[np.bool_], clinical: Found, first: int | None) -> Found | None:
    """Return the allowed ICD-11 units that ICD-10-CM units lead to whose term says all of the query.

    A residual of the category that ICD-11's own ``first`` answer is in says less than that and is left out.
    ``None`` where the best answer of ICD-10-CM says but a part of the query.
    """
    own = "" if first is None else shard.card(first).key
    order = np.lexsort((clinical.units, -clinical.score))[:_MOST_BACK]
    led_to: dict[int, float] = {}
    for unit, score in zip(clinical.units[order].tolist(), clinical.score[order].tolist(), strict=True):
        if not is_whole(clinical, (score, 0, unit)):
            break
        key = clinical.shard.leads_to(unit)
        target = None if key is None else shard.find_key(key)
        if key is None or target is None or not allowed[target]:
            continue
        if key[-1] not in _RESIDUALS or not own.startswith(key[:-1]):
            led_to.setdefault(target, score)
    if not led_to:
        return None
    units = np.array(list(led_to), np.int32)
    return Found(shard, units, np.array(list(led_to.values()), np.float32), (), dict.fromkeys(led_to, LED))


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
