"""Which stems bear a side: what WHO's rows and titles show, for the axes of a stem are not in its tabulation.

WHO permits a side stem by stem. Without the ICD-API's axes it shows in a row that puts a side to a stem, in a
title or foundation entity of the stem's category that names one, and in a site that comes in pairs: of which
any title of WHO's says bilateral or unilateral. Where nothing shows it, a side is optional.
"""

from __future__ import annotations

from collections.abc import Iterable

from terminology.crosswalk.base.tabulation import Tabulation
from terminology.crosswalk.express.anatomy import ExtensionNames
from terminology.crosswalk.read.lexicon import Phrase, phrase
from terminology.crosswalk.read.names import Names
from terminology.mapping import Mapping

#: The sides each extension code of laterality says.
SIDE_CODES = {"XK9K": {"right"}, "XK8G": {"left"}, "XK9J": {"right", "left"}, "XK70": {"unilateral"}}
_PAIRED = frozenset({"bilateral", "unilateral"})
_SIDES = _PAIRED | {"right", "left"}


def names_side(code: str, sides: frozenset[str]) -> bool:
    """Whether a title that names these sides names that of an extension code; of any other code it does.

    >>> names_side("XK9J", frozenset({"bilateral"})), names_side("XK9J", frozenset({"left"}))
    (True, False)
    """
    said = SIDE_CODES.get(code)
    return said is None or said <= sides or (len(said) > 1 and "bilateral" in sides)


class Laterality:
    """What WHO's rows and titles show of the stems of one target release that bear a side."""

    def __init__(self, tabulation: Tabulation, names: Names, mappings: Iterable[Mapping]) -> None:
        self._tabulation = tabulation
        self._categories = {
            tabulation.category(name.code) for name in names.names if name.words.everything & _SIDES
        }
        self._categories |= {tabulation.category(stem) for stem in _sided_rows(mappings)}
        anatomy = ExtensionNames(tabulation, "anatomy")
        self._pairs = {
            match.name.words.words
            for name in names.names
            if name.words.everything & _PAIRED
            for match in anatomy.within(Phrase(name.words.everything))
        }
        self._paired: dict[str, bool] = {}

    def bears_side(self, group: list[str]) -> bool:
        """Whether a stem with its extension codes is shown to bear a side."""
        stem = group[0]
        if self._tabulation.concepts[stem].axes or self._tabulation.category(stem) in self._categories:
            return True
        return any(self._is_paired(code) for code in group if not code.startswith("XK"))

    def _is_paired(self, code: str) -> bool:
        """Whether the titles of a code and of what it stands under name a site that comes in pairs."""
        known = self._paired.get(code)
        if known is None:
            line = (code, *self._tabulation.ancestors(code))
            said = [phrase(self._tabulation.title(each)).everything for each in line]
            known = self._paired[code] = any(pair <= words for words in said for pair in self._pairs)
        return known


def _sided_rows(mappings: Iterable[Mapping]) -> Iterable[str]:
    """The stems that WHO's rows put a side to."""
    for row in mappings:
        for group in (row.target or "").split("/"):
            stem, *extensions = group.split("&")
            if any(code in SIDE_CODES for code in extensions):
                yield stem
