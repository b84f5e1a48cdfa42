"""Sides of the body in titles of ICD-10-CM: which side a code is of, and its counterparts on others."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial

from terminology.bundle.store import Store
from terminology.claims.context import CheckContext
from terminology.claims.lookups.tabular import TabularCode
from terminology.systems import ICD10CM

RIGHT, LEFT, BILATERAL = "right", "left", "bilateral"
_WORDS = re.compile(r"[a-z0-9'-]+")
_SAID = {RIGHT: RIGHT, LEFT: LEFT, BILATERAL: BILATERAL, "both": BILATERAL}
#: Words that change with the side or stand only beside it.
_IDLE = frozenset({*_SAID, "unilateral", "of", "the", "eye", "eyes", "ear", "ears", "side", "sides"})
_MOST = 20_000
_KEPT = 4096


@dataclass(frozen=True, slots=True)
class SidedTitle:
    """A title without its side, and the side; ``None`` where it names no side or several."""

    bare: tuple[str, ...]
    side: str | None


def sided(title: str) -> SidedTitle:
    """Take a title apart.

    >>> sided("Unilateral primary osteoarthritis, right knee") == SidedTitle(
    ...     ("knee", "osteoarthritis", "primary"), "right")
    True
    """
    words = _WORDS.findall(title.lower())
    sides = {_SAID[word] for word in words if word in _SAID}
    bare = tuple(sorted(word for word in words if word not in _IDLE))
    return SidedTitle(bare, sides.pop() if len(sides) == 1 else None)


def counterparts(context: CheckContext, tabular: TabularCode) -> Mapping[str, str]:
    """Return the codes of a code's category that say the same of a side, by side; its own among them.

    Empty for a code whose title names no side, or a side in another sense: a left ventricle has no right
    counterpart of the same name.
    """
    title = sided(tabular.title)
    if title.side is None:
        return {}
    index: Callable[[str, str], Mapping[tuple[str, ...], Mapping[str, str]]] | None
    index = context.memory.get(counterparts)
    if index is None:
        index = context.memory[counterparts] = lru_cache(maxsize=_KEPT)(partial(_category, context.store))
    by_side = index(tabular.category, tabular.release.id).get(title.bare, {})
    return by_side if RIGHT in by_side and LEFT in by_side else {}


def _category(store: Store, category: str, release: str) -> Mapping[tuple[str, ...], Mapping[str, str]]:
    """The billable codes of a category that name a side, by what else their titles say, then by side."""
    found: dict[tuple[str, ...], dict[str, str]] = {}
    heading = store.concept(ICD10CM.id, category, release=release)
    for code in store.descendants(heading, _MOST).items:
        title = sided(code.title)
        if code.billable and title.side is not None:
            found.setdefault(title.bare, {}).setdefault(title.side, code.code)
    return found
