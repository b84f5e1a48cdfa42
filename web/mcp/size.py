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

    ``ask.options`` names the lists of the items of a list, of which the longest is shortened.
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
        shorter = next(filter(None, (_shorter(answer, field) for field in reversed(fields))), None)
        if shorter is None:
            return answer
        left_out += 1
        answer = replace(answer, **shorter, left_out=left_out, more=more)
    return answer


def _shorter(answer: Any, field: str) -> dict[str, Any] | None:
    """Return the list of a field without its last item, by its name; ``None`` where one is left."""
    name, _, inner = field.partition(".")
    items = getattr(answer, name)
    if not inner:
        return {name: items[:-1]} if len(items) > 1 else None
    longest = max(range(len(items)), key=lambda n: len(getattr(items[n], inner)), default=-1)
    within = _shorter(items[longest], inner) if items else None
    return within and {name: (*items[:longest], replace(items[longest], **within), *items[longest + 1 :])}


def shortened(text: str, most: int = 240) -> str:
    """Return a text of at most ``most`` characters; an ellipsis shows that it was longer.

    >>> shortened("abcdef", 4)
    'abc…'
    """
    return text if len(text) <= most else text[: most - 1] + "…"
