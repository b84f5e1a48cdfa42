"""What is measured, and how a value that is too low or too high is called: *potassium 2.9* is hypokalemia.

A number is read by the normal range nearest to it, for the same is measured in several units; where two are
nearly as near, or the value is normal, it says nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from math import log, sqrt

from indexes.text.analysis import tokens
from indexes.text.tables import Level, levels

Words = tuple[str, ...]

_LONGEST_NAME = 4
_LEVEL = frozenset(tokens("level levels reading score count now"))
_LOW, _HIGH = "low", "elevated"
_CLEAR = 1.3
"""How many times as far another normal range must be for a number to be read by the nearest."""


def said_of_levels() -> Iterator[tuple[Words, str]]:
    """Yield how a value is said to be low or high, and what that is called.

    >>> dict(said_of_levels())[("low", "potassium")]
    'hypokalemia'
    """
    for row in levels():
        for lead, meant in ((_LOW, row.low), (_HIGH, row.high)):
            meanings = [one.strip() for one in meant.split("/")] if meant else []
            for name in row.names.split("/"):
                words = tuple(tokens(f"{lead} {name}"))
                yield from ((words, one) for one in meanings)


def measured(words: Sequence[str], at: int) -> tuple[int, str] | None:
    """Return how many tokens from ``at`` on give a value that is not normal, and what that is called.

    >>> measured(("hr", "140"), 0), measured(("bp", "180", "110"), 0), measured(("hr", "80"), 0)
    ((2, 'tachycardia'), (3, 'elevated blood pressure reading'), None)
    """
    for length in range(min(_LONGEST_NAME, len(words) - at - 1), 0, -1):
        rows = _ranges().get(tuple(words[at : at + length]))
        if rows is None:
            continue
        behind = at + length
        while behind < len(words) and words[behind] in _LEVEL:
            behind += 1
        value = _number(words[behind]) if behind < len(words) else None
        meant = None if value is None else _called(rows, value)
        if meant is not None:
            behind += 1
            while behind < len(words) and _number(words[behind]) is not None:
                behind += 1  # the diastolic pressure
            return behind - at, meant
    return None


@cache
def _ranges() -> Mapping[Words, tuple[Level, ...]]:
    """Return the rows with a normal range by each name."""
    found: dict[Words, list[Level]] = defaultdict(list)
    for row in levels():
        if row.least is not None or row.most is not None:
            for name in dict.fromkeys(tuple(tokens(name)) for name in row.names.split("/")):
                found[name].append(row)
    return {name: tuple(rows) for name, rows in found.items()}


def _number(word: str) -> float | None:
    return float(word) if word[:1].isdigit() and word.replace(".", "", 1).isdigit() else None


def _called(rows: Sequence[Level], value: float) -> str | None:
    if not value:
        return None
    near = sorted((abs(log(value / _middle(row))), number) for number, row in enumerate(rows))
    if len(near) > 1 and near[1][0] < _CLEAR * near[0][0]:
        return None
    row = rows[near[0][1]]
    if row.least is not None and value < row.least:
        return row.low
    return row.high if row.most is not None and value > row.most else None


def _middle(row: Level) -> float:
    ends = [end for end in (row.least, row.most) if end]
    return sqrt(ends[0] * ends[-1])
