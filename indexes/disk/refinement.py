"""What a code may be narrowed to: the codes beside or below it that differ in one axis, such as the side."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from indexes.documents.document import SearchDocument
from indexes.text.analysis import tokens, tokens_with_words
from indexes.text.difference import difference
from indexes.text.phrases import is_residual, is_residual_token
from indexes.text.tables import axes

ENCOUNTER = "encounter"
DETAIL = "detail"
_MOST_VALUES = 16
_LONGEST_LABEL = 6


@dataclass(frozen=True, slots=True)
class Member:
    """A code that may be chosen, and the code a row shows for it (its initial encounter)."""

    document: SearchDocument
    shown: SearchDocument


@cache
def _axes() -> tuple[tuple[str, frozenset[str]], ...]:
    return tuple((row.axis, frozenset(tokens(" ".join(row.words))) | set(row.words)) for row in axes())


def refinements(
    own: SearchDocument, variants: Sequence[SearchDocument], below: Iterable[Member], beside: Iterable[Member]
) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return (axis, [(label, code)]) of what ``own`` may be narrowed to.

    Its encounters (``variants``); the codes ``below`` it; where it has none and its title says that something
    is not specified, the codes ``beside`` it that say it.
    """
    groups: dict[str, list[tuple[str, Member]]] = defaultdict(list)
    narrower = list(below)
    for axis, label, member in _named(own, narrower, DETAIL):
        groups[axis].append((label, member))
    if not narrower and "unspecified" in own.title.lower():
        for axis, label, member in _named(own, (m for m in beside if m.document.key != own.key), None):
            groups[axis].append((label, member))
    encounters = [(_suffix(v.title, own.title), v.code) for v in variants]
    found = [(ENCOUNTER, encounters), *((axis, _told_apart(values)) for axis, values in groups.items())]
    return [(axis, values[:_MOST_VALUES]) for axis, values in found if len(values) > 1]


def _told_apart(values: Sequence[tuple[str, Member]]) -> list[tuple[str, str]]:
    """Label and code of each value; where two labels are the same, the titles in their place."""
    times = Counter(label for label, _ in values)
    return [(label if times[label] == 1 else m.document.title, m.shown.code) for label, m in values]


@lru_cache(maxsize=1024)  # a title is compared with each of its neighbours
def _detail(title: str) -> tuple[tuple[str, str], ...]:
    """The words of a title, each with its token, without those that only say that nothing more is known."""
    return tuple((word, token) for word, token in tokens_with_words(title) if not is_residual_token(token))


def _suffix(title: str, base: str) -> str:
    return title[len(base) :].strip(" ,") if title.startswith(base) else title


def _named(
    own: SearchDocument, members: Iterable[Member], other: str | None
) -> Iterator[tuple[str, str, Member]]:
    """Yield (axis, label, member) of those that add to the title; ``other`` names any axis not listed."""
    known = set(tokens(own.title))
    for member in members:
        if is_residual(member.document):
            continue
        added = [(w, t) for w, t in _detail(member.document.title) if t not in known]
        if not added:
            continue
        axis = next(
            (name for name, words in _axes() if all(t in words or w in words for w, t in added)), other
        )
        if axis is not None and len(added) <= _LONGEST_LABEL:
            yield axis, difference(member.document.title, {word for word, _ in added}), member


def members_by_parent(documents: Mapping[str, Member]) -> dict[str, list[Member]]:
    """Return the members under each parent's key, in their order."""
    found: dict[str, list[Member]] = defaultdict(list)
    for member in documents.values():
        if member.document.parent is not None and member.document.current:
            found[member.document.parent].append(member)
    return found
