"""Ways to say the same of anything: *trouble*, *can't*, *unable to* swallow; *check* for a screening.

The phrases of the tables are written with the first way of a family and met with each, before or behind the
rest: *difficulty breathing* also as *breathing trouble*.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from indexes.text.analysis import tokens
from indexes.text.tables import alike

Words = tuple[str, ...]


@cache
def families() -> tuple[tuple[Words, ...], ...]:
    """Return the tokens of each way of each family, the one that the tables are written with first."""
    ways = (tuple(tuple(tokens(way)) for way in row.said.split("/")) for row in alike())
    return tuple(tuple(dict.fromkeys(family)) for family in ways)


def ways_to_say(phrase: Words) -> Iterator[Words]:
    """Yield the tokens of a phrase in each way it is said, as it is written first.

    >>> [" ".join(words) for words in ways_to_say(("low", "iron"))]
    ['low iron', 'iron low', 'decreas iron', 'iron decreas', 'reduc iron', 'iron reduc']
    """
    yield phrase
    for first, *others in families():
        rest = phrase[len(first) :]
        if rest and phrase[: len(first)] == first:
            yield (*rest, *first)
            for way in others:
                yield (*way, *rest)
                yield (*rest, *way)
