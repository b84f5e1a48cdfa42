"""Words that the index does not have in the form typed: *starving* is *starvation*, *raped* is *rape*.

The endings by which English derives one word from another stand in a table; a word that is not known is tried
with each other ending on its stem. Endings that make another disease (*-itis*, *-oma*) are none of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from indexes.text.analysis import normal_form
from indexes.text.tables import derived_endings

_LEAST_STEM = 4
_MOST = 3


def derived_forms(word: str, counts: Mapping[str, int]) -> tuple[str, ...]:
    """Return the known tokens that a word may be derived from or to, the most frequent first, at most three.

    ``word`` is folded, ``counts`` maps the known tokens to the number of units they lead to.

    >>> derived_forms("starving", {"starvation": 6, "star": 2}), derived_forms("raped", {"rape": 3, "rap": 9})
    (('starvation',), ('rape',))
    """
    if not (word.isascii() and word.isalpha()):
        return ()
    found = dict.fromkeys(form for form in _forms(word) if form in counts and form != word)
    return tuple(sorted(found, key=lambda form: -counts[form])[:_MOST])


def _forms(word: str) -> Iterator[str]:
    for ending in _endings():
        stem = word.removesuffix(ending) if ending else word
        if len(stem) >= _LEAST_STEM and (stem != word or not ending):
            yield from (normal_form(stem + other) for other in _endings() if other != ending)


@cache
def _endings() -> tuple[str, ...]:
    return tuple(row.word for row in derived_endings())
