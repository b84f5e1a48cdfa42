"""Aspects of external causes: who was hurt in what vehicle, what it met, and the object that hurt.

ICD-11 tells the event by a stem of chapter 23 and these aspects by extension codes (ICD-11 Reference Guide,
external causes). ``external_aspects.tsv`` has the aspects of transport and of armed conflict; objects are
found by their names in chapter X.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from terminology.codes import code_key
from terminology.crosswalk.base.tabulation import Tabulation
from terminology.crosswalk.read.facets import Reading
from terminology.crosswalk.read.lexicon import Phrase, phrase
from terminology.crosswalk.read.names import GENERIC, Name, Names
from terminology.crosswalk.tables.rows import external_aspects

_CHAPTERS = "TVWXY"
_OBJECTS = "Objects, living things or substances involved in causing injury"
_BETWEEN = re.compile(r"\bcollision between (.+?) and (.+)$")
_PARTS = re.compile(r", (?:or |and )?| or ")
# Words too wide to name an object by themselves.
_WIDE = frozenset(
    {"other", "thing", "person", "part", "item", "material", "equipment", "tool", "machine", "floor"}
)


@dataclass(frozen=True, slots=True)
class Said:
    """An extension code that says an aspect, the words it says, and where the rule comes from."""

    extension: str
    words: frozenset[str]
    source: str


def collisions(title: str) -> tuple[str, ...]:
    """A title as one collision with each of the vehicles it is between.

    >>> collisions("person injured in collision between car and bus (traffic)")
    ('person injured in collision with car', 'collision with bus (traffic)')
    """
    found = _BETWEEN.search(title)
    if found is None:
        return (title,)
    return (f"{title[: found.start()]}collision with {found[1]}", f"collision with {found[2]}")


def _compound(title: str) -> tuple[str, ...]:
    """A name of two words as one, as ICD-10-CM writes some: a soft ball is a softball."""
    one, _, two = title.partition(" ")
    return (f"{one}{two.lower()}",) if two.isalpha() else ()


class ExternalAspects:
    """The aspects of external causes that one target release can say."""

    def __init__(self, tabulation: Tabulation) -> None:
        self._tabulation = tabulation
        objects = [
            c
            for c in tabulation.extensions
            if any(tabulation.title(a).startswith(_OBJECTS) for a in tabulation.ancestors(c.code))
        ]
        self._objects = Names(
            Name(c.code, c.title, phrase(part))
            for c in objects
            if not c.title.startswith(("Certain", "Other"))
            for part in dict.fromkeys((c.title, *_PARTS.split(c.title), *_compound(c.title)))
        )

    def of(self, code: str, reading: Reading, said: frozenset[str]) -> Iterator[Said]:
        """Yield the aspects a title names, where ``said`` are the words its expression says already."""
        if code[:1] not in _CHAPTERS:
            return
        key, met = code_key(code), False
        for title in collisions(reading.title.lower()):
            aspects = set[str]()
            for rule in external_aspects():
                found = rule.title.search(title) if rule.codes.match(key) else None
                if found is None or rule.aspect in aspects:
                    continue
                met = True
                aspects.add(rule.aspect)
                if self._tabulation.is_extension(rule.extension):
                    yield Said(rule.extension, phrase(found[0]).words, rule.source)
        if not met and code[:1] not in "TV":
            yield from self._object(reading, said)

    def _object(self, reading: Reading, said: frozenset[str]) -> Iterator[Said]:
        """The object whose name the title says, all of it, and the expression does not."""
        words = frozenset(w for w in reading.core.words if not w.startswith("!"))
        for match in self._objects.within(Phrase(words)):
            new = match.name.words.words - said - GENERIC - _WIDE
            if new:
                source = "ICD-11 chapter X, objects involved in causing injury"
                yield Said(match.name.code, match.name.words.words, source)
                return
