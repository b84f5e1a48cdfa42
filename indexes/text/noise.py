"""What a chart says beside the disease: ages, durations, doses, instructions, as patterns from a table."""

from __future__ import annotations

import re

from indexes.text import tables
from indexes.text.analysis import words


def without_noise(text: str) -> tuple[str, tuple[str, ...]]:
    """Return ``text`` without what is recognised as noise, and the words of the noise.

    A text that is nothing else is left as it is.

    >>> without_noise("67 yo male with asthma x 3 days")
    (' ,  with asthma  , ', ('67', 'yo', 'male', 'x', '3', 'days'))
    """
    noise: list[str] = []

    def drop(found: re.Match[str]) -> str:
        noise.extend(words(found.group()))
        return " , "

    rest = text
    for row in tables.noise():
        rest = row.pattern.sub(drop, rest)
    return (rest, tuple(noise)) if noise and words(rest) else (text, ())
