"""Keeps an answer small: an agent's window is filled by what it reads."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

import orjson

A = TypeVar("A", bound=Any)

MOST_BYTES = 2000
"""Bytes of an answer's JSON unless the whole is asked for (``full``)."""


def fitted(
    answer: A,
    fields: tuple[str, ...],
    full: bool,
    more: str = "ask again with full=true",
    most: int = MOST_BYTES,
) -> A:
    """Return an answer that fits, its lists shortened from the end; the last named field first.

    ``left_out`` counts what was taken away and ``more`` says how to get it. A first item always stays.

    >>> from web.mcp.answers.mapping import MapAnswer, MappedCode
    >>> short = fitted(MapAnswer("a", "b", "r", "s", (MappedCode("x" * 900),) * 3), ("results",), False)
    >>> len(short.results), short.left_out
    (1, 2)
    """
    if full:
        return answer
    left_out = 0
    while len(orjson.dumps(answer)) > most:
        name = next((field for field in reversed(fields) if len(getattr(answer, field)) > 1), "")
        if not name:
            return answer
        left_out += 1
        answer = replace(answer, **{name: getattr(answer, name)[:-1]}, left_out=left_out, more=more)
    return answer


def shortened(text: str, most: int = 240) -> str:
    """Return a text of at most ``most`` characters; an ellipsis shows that it was longer.

    >>> shortened("abcdef", 4)
    'abc…'
    """
    return text if len(text) <= most else text[: most - 1] + "…"
