"""What WHO's tables say for a stem: which rows name it for the source's bases, and its place beside those."""

from __future__ import annotations

from collections.abc import Mapping

from terminology.crosswalk.base.tabulation import Tabulation
from terminology.crosswalk.base.who_ancestor import Base, Bases
from terminology.crosswalk.candidates.candidate import Candidate, Source
from terminology.crosswalk.candidates.weights import weighed
from terminology.crosswalk.model import Step
from terminology.crosswalk.read.facets import Reading
from terminology.crosswalk.read.lexicon import Phrase, phrase
from terminology.crosswalk.read.names import GENERIC, Match, Names

# WHO's several targets are no choice from this number on: the source spans what they have in common.
_SPANNING = 9
# From this share of common words on, by number, two titles of one code say the same.
_SAME = 0.74
# The word by which ICD-11 names the aspects of a mechanism.
_HOW = frozenset({"exposure"})
# How much of a row's worth stands whatever the titles say; the rest goes by their likeness.
_ANYWAY = 0.4


class Support:
    """Features of WHO's tables for one target release."""

    def __init__(self, tabulation: Tabulation, names: Names, bases: Bases) -> None:
        self._tabulation = tabulation
        self._names = names
        self._bases = bases

    def take(self, base: Base, place: int, reading: Reading, found: dict[str, Candidate]) -> None:
        """Add WHO's targets of a base to the candidates, each with the row that speaks most for it.

        ``place`` counts the bases from the nearest one, 0.
        """
        likeness = _likeness(self._names, reading.core, phrase(base.title))
        for table, kind in ((base.one, "one"), *((t, "several") for t in base.multiple)):
            if table is None or self._tabulation.is_excluded(table.stem):
                continue
            share = 1.0 if kind == "one" else 2 / (1 + len(base.multiple))
            said = self._row(kind, base, place, reading.core, likeness, share)
            spans = len(base.multiple) > _SPANNING and (place == 0 and not base.distance)
            if self._of_block(table.stem) and not reading.core.unspecified and not spans:
                said["residual of a block"] = share * (_ANYWAY + (1 - _ANYWAY) * likeness)
            candidate = found.setdefault(table.stem, Candidate(table.stem, self._said(table.groups, reading)))
            candidate.near = candidate.near or place == 0
            candidate.one = candidate.one or (kind == "one" and place == 0)
            if not candidate.support or weighed(said) > weighed(candidate.support):
                candidate.support = said
                if kind == "one":
                    candidate.groups = self._said(table.groups, reading)
            carried = ", carried forward by URI" if table.carried else ""
            detail = f"{base.system} {base.code} {base.title} -> {table.said}{carried}"
            candidate.steps.append(Step("base", detail, table.where))

    @staticmethod
    def _row(
        kind: str, base: Base, place: int, core: Phrase, likeness: float, share: float
    ) -> dict[str, float]:
        """The features of one row: those of the nearest base, or one for a base that means less."""
        if base.reused:
            of = "a re-used number"
        elif base.distance and not core.other and phrase(base.title).other:
            of = "a rest class"
        elif place:
            of = "a farther base"
        else:
            return {kind: share, f"{kind}, likeness": share * likeness}
        return {f"{kind} of {of}": share * (_ANYWAY + (1 - _ANYWAY) * likeness)}

    def _said(self, groups: tuple[tuple[str, ...], ...], reading: Reading) -> tuple[tuple[str, ...], ...]:
        """WHO's groups without what an event took place with, where the title does not name it."""
        mine = phrase(reading.title).everything - GENERIC - _HOW
        return tuple(
            tuple(c for c in group if not c.startswith("XE") or mine & self._says_beside(c, group[0]))
            for group in groups
        )

    def _says_beside(self, extension: str, stem: str) -> frozenset[str]:
        """The words an extension code says and its stem does not."""
        title = self._tabulation.title
        return phrase(title(extension)).words - phrase(title(stem)).everything

    def _of_block(self, stem: str) -> bool:
        """Whether a stem is the unspecified residual of a block or chapter."""
        parent = self._tabulation.concepts[stem].parent
        return stem.endswith("Z") and parent is not None and not self._tabulation.is_stem(parent)

    def place(self, candidate: Candidate, best: Match | None, source: Source) -> Mapping[str, float]:
        """What WHO's tables say for a stem without naming it as target: entities, the way back, its place."""
        if not source.bases:
            return {}
        base, features = source.bases[0], {}
        if best is not None and best.name.entity is not None:
            if best.name.entity == base.entity:
                features["entity of the base"] = base.agreement
            elif self._bases.entity_ten.get(best.name.entity) == base.code:
                features["entity points back"] = 1.0
        if self._bases.reverse_ten.get(candidate.stem) == base.code:
            features["points back"] = 1.0
        if candidate.one and _is_same(base, source.reading.core):
            features["equivalent"] = 1.0
        if base.one is not None:
            near = base.one.stem
            if self._tabulation.category(near) == self._tabulation.category(candidate.stem):
                features["same category"] = 1.0
            elif self._tabulation.chapter(near) == self._tabulation.chapter(candidate.stem):
                features["same chapter"] = 1.0
        return features


def _likeness(names: Names, mine: Phrase, theirs: Phrase) -> float:
    """How far two phrases say the same, words weighed by how telling they are."""
    total = names.total(mine.words) + names.total(theirs.words)
    met = names.total(mine.words & theirs.everything) + names.total(theirs.words & mine.everything)
    return met / total if total else 0.0


def _is_same(base: Base, core: Phrase) -> bool:
    """Whether the source is the WHO code itself, by code and title, and WHO calls its entity equivalent.

    A source code below it that only says what is not there is the same too.
    """
    if base.reused or base.agreement <= _SAME or base.relation != "Equivalent":
        return False
    if base.distance == 0:
        return True
    theirs = phrase(base.title)
    further = core.words - theirs.everything
    return theirs.words <= core.words and all(word.startswith("!") for word in further)
