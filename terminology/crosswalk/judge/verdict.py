"""How well an expression says what the source says: facets, relationship, representation."""

from __future__ import annotations

from dataclasses import dataclass

from terminology.crosswalk.base.tabulation import Tabulation
from terminology.crosswalk.express.expression import Expression
from terminology.crosswalk.express.laterality import SIDE_CODES
from terminology.crosswalk.model import Relationship, Representation
from terminology.crosswalk.read.assertions import FORMAL, joined, least_extra, tells_only_within
from terminology.crosswalk.read.facets import Facet, Reading
from terminology.crosswalk.read.lexicon import left_unsaid, phrase
from terminology.crosswalk.read.names import GENERIC, Names

_KEPT = 0.66
_ADDED = 0.34
# A word of this weight (one name in about thirty) is a meaning: an expression that lacks it has lost it.
_TELLING = 0.34
# A word of this weight (one name in about two hundred) is a meaning that an expression adds.
_ADDING = 0.52
# How a condition came and goes: however common the word, a stem that says one narrows the source.
_ORIGINS = frozenset(
    {"acquired", "acute", "chronic", "congenital", "primary", "recurrent", "secondary", "subacute"}
)
# Words that say nothing of their own beside a substance or an organism.
_FILLERS = frozenset({"agent"})
# ICD-10-CM says so of the plain kind; a title of ICD-11 that names no complication is that kind.
_GOES_WITHOUT_SAYING = frozenset({"complication"})


@dataclass(frozen=True, slots=True)
class Verdict:
    """The judgement of one expression."""

    kept: tuple[str, ...]
    lost: tuple[str, ...]
    added: tuple[str, ...]
    relationship: Relationship
    representation: Representation


class Judge:
    """Judges expressions of one target release."""

    def __init__(self, tabulation: Tabulation, names: Names) -> None:
        self._tabulation = tabulation
        self._names = names
        self._sites = frozenset(
            word
            for concept in tabulation.extensions
            if concept.code.startswith("XA")
            for word in phrase(concept.title).words
        )

        self._places = frozenset(
            phrase(concept.title).words for concept in tabulation.extensions if concept.code.startswith("XA")
        )

    def verdict(self, reading: Reading, made: Expression) -> Verdict:
        """Judge an expression against a title."""
        said: set[str] = set(made.words)
        for code in made.codes:
            said |= phrase(self._tabulation.title(code)).everything
        kept: list[str] = []
        lost: list[str] = []
        partly = False
        beside = self._tells_only_beside(reading, made)
        for facet in reading.facets:
            share = 1.0 if _undocumented(facet, reading) else self._share(facet, said, made)
            if beside and facet.dimension == "condition":
                share = 0.0
            (kept if share >= _KEPT else lost).append(str(facet))
            partly = partly or (facet.dimension == "condition" and share < _KEPT)
        weighty = [f for f in reading.facets if str(f) in lost and self._counts(f)]
        added = self._added(reading, made, bool(weighty))
        wider = bool(weighty) or bool(self._one_of_several(reading, made))
        relationship = self._relationship(wider, bool(added))
        representation = Representation.PARTIAL
        if not weighty and not added:
            single = len(made.codes) == 1
            representation = Representation.FULL if single else Representation.FULL_POSTCOORDINATED
        return Verdict(
            tuple(dict.fromkeys(kept)), tuple(dict.fromkeys(lost)), added, relationship, representation
        )

    def _counts(self, facet: Facet) -> bool:
        """Whether losing a facet loses meaning: not a side nobody documented."""
        return facet.value not in ("unspecified", "not applicable or unspecified")

    def _share(self, facet: Facet, said: set[str], made: Expression) -> float:
        """The weighed share of a facet's words that the expression says."""
        if facet.rule is not None:
            if facet.rule.extensions and all(code in made.codes for code in facet.rule.extensions):
                return 1.0
            words = phrase(facet.value).words
            if facet.dimension == "laterality" and any(
                facet.value in SIDE_CODES.get(code, ()) for code in made.codes
            ):
                return 1.0
            return 1.0 if words and words <= said else 0.0
        if facet.words is None or not facet.words.words:
            return 1.0
        if facet.dimension == "absence":
            return self._denied(facet.words.words, said)
        if facet.dimension == "context" and facet.words.words <= joined(self._title(made), facet.words.words):
            return 0.0
        if left_unsaid(facet.value) - said - facet.words.words:
            return 0.0
        if made.whole:
            return 1.0
        total = self._names.total(facet.words.words)
        unsaid = facet.words.words - said - GENERIC - FORMAL - _FILLERS
        if self._names.says((w for w in unsaid if not w.startswith("!")), _TELLING):
            return 0.0
        return self._names.total(facet.words.words & said) / total if total else 1.0

    def _tells_only_beside(self, reading: Reading, made: Expression) -> bool:
        """Whether every stem tells what occurs in the source's condition, and none the condition itself."""
        words, subject = reading.condition.words, reading.subject
        if words is None or made.whole:
            return False
        titles = [self._tabulation.title(group[0]) for group in made.groups]
        return all(tells_only_within(title, words.everything - GENERIC, subject) for title in titles)

    def _title(self, made: Expression) -> str:
        return self._tabulation.title(made.groups[0][0])

    def _one_of_several(self, reading: Reading, made: Expression) -> frozenset[str]:
        """The words its stem says only as one of several alternatives, and no other code says."""
        if self._tabulation.is_residual(made.groups[0][0]):
            return frozenset()
        further = made.codes[1:]
        told = frozenset(w for code in further for w in phrase(self._tabulation.title(code)).everything)
        return joined(self._title(made), reading.core.everything) - told

    @staticmethod
    def _denied(words: frozenset[str], said: set[str]) -> float:
        """1.0 where an expression says what is not there; an uncomplicated kind goes without saying."""
        denied = {"!" + word.lstrip("!") for word in words - GENERIC}
        return 1.0 if denied <= said or words <= _GOES_WITHOUT_SAYING else 0.0

    def _added(self, reading: Reading, made: Expression, loses: bool) -> tuple[str, ...]:
        """What the stems say that the source does not.

        A residual that says less than the source adds nothing: the source is one of those it holds.
        """
        if made.whole:
            return ()
        mine = phrase(reading.title).everything | reading.core.everything | made.words
        found: list[str] = []
        for group in made.groups:
            if loses and self._tabulation.is_residual(group[0]):
                continue
            theirs, extra = least_extra(self._asserting_title(group[0]), mine)
            if any(code.startswith("XA") for code in group) and self._is_site(extra):
                continue
            total = self._names.total(theirs)
            share = self._names.total(extra) / total if total else 0.0
            telling = self._names.says(extra, _ADDING) or self._is_place(extra)
            if share > _ADDED or extra & _ORIGINS or telling:
                found.append(f"detail={self._tabulation.title(group[0])}")
        return tuple(found)

    def _is_place(self, words: frozenset[str]) -> bool:
        """Whether words are the name of a site that takes more than one: the lower extremity."""
        return len(words) > 1 and words in self._places

    def _is_site(self, words: frozenset[str]) -> bool:
        """Whether words name nothing but sites: a wider site than the one an extension code gives."""
        return all(word in self._sites for word in words)

    def _asserting_title(self, code: str) -> str:
        """The title that says what a stem asserts: of an unspecified residual, its category's."""
        parent = self._tabulation.concepts[code].parent
        residual = code.endswith("Z") and self._tabulation.is_residual(code)
        return self._tabulation.title(parent if residual and parent is not None else code)

    @staticmethod
    def _relationship(loses: bool, adds: bool) -> Relationship:
        if loses and adds:
            return Relationship.RELATED
        if loses:
            return Relationship.SOURCE_NARROWER
        return Relationship.SOURCE_BROADER if adds else Relationship.EQUIVALENT


def _undocumented(facet: Facet, reading: Reading) -> bool:
    """Whether a facet only says what is not told: *not specified as acute or chronic* denies neither.

    >>> from terminology.crosswalk.read.facets import read_title
    >>> titles = ("Bronchitis, not specified as acute", "Dementia, without mood disturbance, and anxiety")
    >>> for reading in (read_title(title, "J40") for title in titles):
    ...     print([(str(facet), _undocumented(facet, reading)) for facet in reading.facets[1:]])
    [('absence=acute', True)]
    [('absence=mood disturbance', False), ('absence=anxiety', False)]
    """
    return facet.dimension == "absence" and f"not specified as {facet.value}" in reading.title.lower()
