"""Families of ICD-10-CM codes: codes that differ in side and encounter alone."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

_ENCOUNTER = re.compile(r",?\s*\b(?:initial|subsequent) encounter\b.*$|,\s*sequela$", re.IGNORECASE)
_SIDED = frozenset({"right", "left", "bilateral", "both", "unilateral"})
_OPEN = "unspecified"
_UNTOLD = frozenset({"of", "the", "in", "side", "and"})
_WORD = re.compile(r"[a-z0-9]+")
_PLURAL = re.compile(r"ies$|s$")

Words = tuple[str, ...]


def families(titles: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Gather codes, given with their titles, into families, in the order of their first codes.

    Within a category, codes are of one family whose titles are the same without encounter and side. A title
    that leaves the side open ("of unspecified hip") or that names both in other words ("bilateral") joins
    the family of the one sided title it agrees with; a title that names no side has no such twin.

    >>> families({"M25.511": "Pain in right shoulder", "M25.512": "Pain in left shoulder",
    ...           "M25.519": "Pain in unspecified shoulder", "M25.50": "Pain in unspecified joint"})
    [('M25.511', 'M25.512', 'M25.519'), ('M25.50',)]
    """
    by_category: dict[str, list[str]] = defaultdict(list)
    for code in titles:
        by_category[code[:3]].append(code)
    return [family for codes in by_category.values() for family in _of_category(codes, titles)]


def without_encounter(title: str) -> str:
    """Return a title without the words of its 7th character that say the encounter.

    >>> without_encounter("Fracture of nasal bones, initial encounter for closed fracture")
    'Fracture of nasal bones'
    >>> without_encounter("Burn of first degree of chin, sequela")
    'Burn of first degree of chin'
    """
    return _ENCOUNTER.sub("", title)


def _of_category(codes: Iterable[str], titles: Mapping[str, str]) -> Iterator[tuple[str, ...]]:
    sided = {_telling(words) for code in codes if {"right", "left"} & set(words := _words(titles[code]))}
    gathered: dict[Words, list[str]] = defaultdict(list)
    for code in codes:
        gathered[_key(_words(titles[code]), sided)].append(code)
    return map(tuple, gathered.values())


def _key(words: Words, sided: set[Words]) -> Words:
    plain = _telling(words)
    if plain in sided:
        return plain
    for at, word in enumerate(words):
        shorter = _telling((*words[:at], *words[at + 1 :]))
        if word == _OPEN and shorter in sided:
            return shorter
    if _SIDED & set(words):
        fuller = [key for key in sided if len(key) == len(plain) + 1 and not Counter(plain) - Counter(key)]
        if len(fuller) == 1:
            return fuller[0]
    return plain


def _words(title: str) -> Words:
    return tuple(_WORD.findall(without_encounter(title).lower()))


def _telling(words: Iterable[str]) -> Words:
    """The words that tell titles apart but for the side, in the singular."""
    told = (word for word in words if word not in _UNTOLD and word not in _SIDED)
    return tuple(_PLURAL.sub(_singular, word) for word in told)


def _singular(plural: re.Match[str]) -> str:
    return "y" if plural[0] == "ies" else ""
