"""What is meant though nobody says it: words of a term that the coding rules supply where nothing is said."""

from __future__ import annotations

from collections.abc import Iterator

from indexes.text.tables import unsaid


def as_commonly_said(text: str) -> Iterator[str]:
    """Yield a term of ICD-10-CM without the words that its guidelines or its Index take for granted.

    >>> list(as_commonly_said("Displaced fracture of head of left radius"))
    ['fracture of head of left radius']
    >>> list(as_commonly_said("Nondisplaced fracture of head of left radius"))
    []
    """
    for row in unsaid():
        shorter = row.pattern.sub(row.instead, text)
        if shorter != text:
            yield shorter
