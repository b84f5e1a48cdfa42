"""What begins with what was typed: the terms of one release in alphabetical order, each with its unit.

An index term of two or three parts stands also as it is spoken: *Fracture, traumatic, hip* as *hip fracture*.
Beside the terms stand abbreviations, lay terms and brands, each with the units that a search for it finds.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import numpy as np

from indexes.disk.columns import Ints, OpenTexts, TextColumn, open_column, save_column
from indexes.disk.units import Unit
from indexes.documents.document import TermKind
from indexes.text.analysis import american_letters, words
from indexes.text.phrases import core

TERMS, SAID = "beginning", "said"
_KINDS = frozenset(
    (TermKind.TITLE, TermKind.INDEX, TermKind.INCLUSION, TermKind.CATEGORY_TITLE, TermKind.SYNONYM)
)
_LEAST_TRUST = 0.95
_LONGEST = 48
_LONGEST_PATH = 3
_LAST = "\uffff"
_NEXT = "\0"


def write_beginnings(units: Sequence[Unit], folder: Path) -> None:
    """Write the beginnings of the terms of a release."""
    save_beginnings(
        folder, TERMS, {(text, number) for number, unit in enumerate(units) for text in _spoken(unit)}
    )


def save_beginnings(folder: Path, name: str, found: Collection[tuple[str, int]]) -> None:
    """Write (typed form, number of its unit) pairs, to be opened as :class:`Beginnings` of that name."""
    texts = TextColumn()
    ordered = sorted(found)
    for text, _ in ordered:
        texts.append(text.encode())
    texts.save(folder, name)
    save_column(folder, f"{name}_unit", np.array([number for _, number in ordered], np.int32))


def _spoken(unit: Unit) -> Iterator[str]:
    for phrase in unit.phrases:
        if phrase.kind in _KINDS and phrase.trust >= _LEAST_TRUST and phrase.tokens[0][0] not in "@!":
            shown = core(phrase.shown)
            yield typed_form(shown)[:_LONGEST]
            parts = shown.split(", ")
            if phrase.kind is TermKind.INDEX and 1 < len(parts) <= _LONGEST_PATH:
                yield typed_form(f"{parts[-1]} {parts[0]}")[:_LONGEST]


def is_saved(folder: Path, name: str) -> bool:
    """Whether beginnings of that name were written into ``folder``."""
    return (folder / f"{name}_unit.npy").is_file()


def typed_form(text: str) -> str:
    """Return ``text`` as beginnings are compared: folded words in American letters, a blank between them."""
    return american_letters(" ".join(words(text)))


class Beginnings:
    """The beginnings of one release, of its ``TERMS`` or of what is ``SAID`` for them, opened for reading."""

    def __init__(self, folder: Path, name: str) -> None:
        self._texts = OpenTexts(folder, name)
        self._units: Ints = open_column(folder, f"{name}_unit")

    def units(self, typed: str) -> Ints:
        """Return the units of the terms that begin with ``typed``, each once."""
        first, last = self._at(typed), self._at(typed + _LAST)
        return np.unique(self._units[first:last])

    def whole(self, typed: str) -> Ints:
        """Return the units of the terms that are ``typed``, each once."""
        first, last = self._at(typed), self._at(typed + _NEXT)
        return np.unique(self._units[first:last])

    def _at(self, text: str) -> int:
        return bisect_left(range(len(self._texts)), text.encode(), key=self._texts.__getitem__)
