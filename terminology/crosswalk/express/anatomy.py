"""Extension codes found by name: anatomy, infectious agents, substances, histopathology."""

from __future__ import annotations

import re

from terminology.crosswalk.base.tabulation import Tabulation
from terminology.crosswalk.read.lexicon import Phrase, phrase
from terminology.crosswalk.read.names import GENERIC, Match, Name, Names
from terminology.crosswalk.tables.rows import extension_names

FURTHER = "further name"
NARROWER = "narrower than the code"
AXES = {"anatomy": "XA", "agent": "XN", "substance": "XM", "histology": "XH", "external": "XE"}


_VERTEBRA = re.compile(r"^(\w+) (cervical|thoracic|lumbar|sacral) vertebra$")
_ORDINALS = (
    *("first", "second", "third", "fourth", "fifth", "sixth"),
    *("seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth"),
)


def numbered(title: str) -> str | None:
    """A vertebra by its letter and number.

    >>> numbered("Eighth thoracic vertebra")
    'T8 vertebra'
    """
    found = _VERTEBRA.match(title.lower())
    if found is None or found[1] not in _ORDINALS:
        return None
    return f"{found[2][0].upper()}{_ORDINALS.index(found[1]) + 1} vertebra"


class ExtensionNames:
    """The titles of one axis's extension codes, with the further names of ``extension_names.tsv``."""

    def __init__(self, tabulation: Tabulation, axis: str) -> None:
        prefix = AXES[axis]
        codes = [c for c in tabulation.extensions if c.code.startswith(prefix)]
        names = [Name(c.code, c.title, phrase(c.title)) for c in codes]
        names += [
            Name(c.code, c.title, phrase(said), source=FURTHER) for c in codes if (said := numbered(c.title))
        ]
        for row in extension_names():
            if row.code.startswith(prefix) and tabulation.is_extension(row.code):
                source = NARROWER if row.says == "less" else FURTHER
                names.append(Name(row.code, row.name, phrase(row.name), source=source))
        self._tabulation = tabulation
        self._names = Names(names)
        self._prefix = prefix
        self.words = frozenset(w for c in codes for w in phrase(c.title).words) - GENERIC
        self._within: dict[frozenset[str], list[Match]] = {}

    def holds(self, code: str) -> bool:
        """Whether a code is one of this axis."""
        return code.startswith(self._prefix)

    def exact(self, words: Phrase) -> str | None:
        """The code whose name says exactly these words; titles before further names."""
        found = sorted(self._names.exact(words), key=lambda n: (n.source != "title", len(n.code), n.code))
        return found[0].code if found else None

    def within(self, words: Phrase) -> list[Match]:
        """Names whose every word is among these, the fullest first."""
        known = self._within.get(words.words)
        if known is None:
            known = self._within[words.words] = self._names.within(words)
        return known

    def said(self, name: Name) -> frozenset[str]:
        """The words of the source that a code says where a name of it is met: not all of a narrower name."""
        return (
            phrase(self._tabulation.title(name.code)).words if name.source == NARROWER else name.words.words
        )

    def nearest(self, words: Phrase) -> Match | None:
        """The name nearest to these words."""
        return next(iter(self._names.search(words, 1)), None)
