"""The candidate stems of a source code, best first: by context, harm, meaning and what led to them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from terminology.codes import code_key
from terminology.concept import Concept, NoteKind
from terminology.crosswalk.base.tabulation import Tabulation
from terminology.crosswalk.base.who_ancestor import Base, Bases, TableTarget
from terminology.crosswalk.candidates.candidate import Candidate
from terminology.crosswalk.candidates.contexts import Contexts
from terminology.crosswalk.candidates.harm import harm
from terminology.crosswalk.candidates.procedures import Procedures
from terminology.crosswalk.candidates.refine import Refiner
from terminology.crosswalk.candidates.residuals import settle, settled_stem
from terminology.crosswalk.candidates.strangeness import SIDE_WORDS
from terminology.crosswalk.candidates.weights import bounds
from terminology.crosswalk.express.postcoordinate import Postcoordinator
from terminology.crosswalk.read.facets import Reading, read_title
from terminology.crosswalk.read.lexicon import phrase
from terminology.crosswalk.read.names import GENERIC, Names

#: As many candidates of a source code are kept.
TARGETS = 3
_SYNONYMS = 8
# A name all of which the source says, and which says this share of it.
_PRECISE, _PART = 0.75, 0.5
# A base further above than this is no family of the source.
_LEVELS = 3
# A category whose best name meets its title as well as this is what that stem says.
_NAMED = 0.75
# All that a ranking depends on: title without facets, base and its distance, inclusion terms, letter; and the
# sides of the source where a stem's title names any.
_Asked = (
    tuple[str, str, int, tuple[str, ...], str] | tuple[str, str, int, tuple[str, ...], str, frozenset[str]]
)


class Ranking:
    """Ranks the stems of one target release for the codes of one source release.

    ``source`` holds the concepts that are codes or categories, by code.
    """

    def __init__(
        self,
        source: Mapping[str, Concept],
        tabulation: Tabulation,
        names: Names,
        bases: Bases,
        postcoordinator: Postcoordinator,
    ) -> None:
        self._source = source
        self._tabulation = tabulation
        self._names = names
        self._bases = bases
        self._refiner = Refiner(tabulation, names, bases)
        self._contexts = Contexts(tabulation)
        self._procedures = Procedures(tabulation, names)
        self._sites = postcoordinator.sites
        self._sayable = postcoordinator.sayable
        self._least = bounds()["least"]
        self._ranked: dict[_Asked, list[Candidate]] = {}
        self._of_code: dict[str, list[Candidate]] = {}

    def forget(self) -> None:
        """Let go of what was ranked for the codes of one first letter, which tells nothing for another's."""
        self._ranked.clear()
        self._of_code.clear()

    def ranked(self, code: str) -> list[Candidate]:
        """The candidate stems of a source code, best first, with their scores."""
        known = self._of_code.get(code)
        if known is None:
            concept = self._source[code]
            line = self._line(concept)
            reading = read_title(concept.title, concept.code)
            synonyms = self._synonyms(concept, line)
            known = self._of_code[code] = self._rank(concept, reading, synonyms, self._bases.chain(line))
        return known

    def _line(self, concept: Concept) -> list[Concept]:
        """A code and its ancestors that are codes, nearest first."""
        line: list[Concept] = []
        at: Concept | None = concept
        while at is not None and at not in line:
            line.append(at)
            at = self._source.get(at.parent) if at.parent is not None else None
        return line

    @staticmethod
    def _synonyms(concept: Concept, line: list[Concept]) -> tuple[str, ...]:
        """Inclusion terms of a code, or of the code it extends by a 7th character or placeholder."""
        for level in line[:2]:
            terms = tuple(n.text for n in level.notes if n.kind is NoteKind.INCLUSION_TERM)
            if terms:
                return terms[:_SYNONYMS]
            if len(level.code) < 8:
                break
        return ()

    def _rank(
        self, concept: Concept, reading: Reading, synonyms: tuple[str, ...], bases: list[Base]
    ) -> list[Candidate]:
        context = self._contexts.candidate(concept.code, reading)
        if context is not None:
            return [context]
        structures = harm(concept.code, reading, self._tabulation)
        if structures:
            return [*structures, *self._by_meaning(concept, reading, synonyms, bases)][:TARGETS]
        ranked = self._by_meaning(concept, reading, synonyms, bases)
        arising = self._procedures.candidate(concept.code, reading, ranked[0] if ranked else None)
        return [arising, *(c for c in ranked if c.stem != arising.stem)][:TARGETS] if arising else ranked

    def _by_meaning(
        self, concept: Concept, reading: Reading, synonyms: tuple[str, ...], bases: list[Base]
    ) -> list[Candidate]:
        """The candidates by WHO's tables and by names, settled to one of each family."""
        if not bases or bases[0].is_block:
            bases = self._lent(concept) or bases
        base = (bases[0].code, bases[0].distance) if bases else ("", 0)
        key = (reading.core_text, *base, synonyms, concept.code[0])
        sided = (*key, reading.sides)
        known = self._ranked.get(key) or self._ranked.get(sided)
        if known is None:
            ranked = self._with_a_stand_in(
                self._refiner.rank(concept.code, reading, synonyms, bases), reading, bases
            )
            names_sides = any(phrase(self._tabulation.title(c.stem)).words & SIDE_WORDS for c in ranked)
            known = self._ranked[sided if names_sides else key] = settle(
                self._sure_enough(concept, ranked, reading, bases),
                reading,
                self._tabulation,
                self._sites.says,
                self._member(reading, bases),
                bases,
            )[:TARGETS]
        return known

    def _with_a_stand_in(
        self, ranked: list[Candidate], reading: Reading, bases: list[Base]
    ) -> list[Candidate]:
        """The candidates, led by what stands in for a best one that says too much."""
        fallbacks = self._refiner.fallbacks
        cautious = fallbacks.stand_in(ranked[0], reading, bases) if ranked else None
        cautious = cautious or fallbacks.undecided(ranked, reading, bases)
        if cautious is None:
            return ranked
        cautious.score = ranked[0].score
        return [cautious, *(c for c in ranked if c.stem != cautious.stem)]

    def _sure_enough(
        self, concept: Concept, ranked: list[Candidate], reading: Reading, bases: list[Base]
    ) -> list[Candidate]:
        """The candidates, or what stands for them where the best is no more than a guess."""
        if ranked and ranked[0].score >= self._least:
            return ranked
        if not ranked or not ranked[0].steps:
            # what WHO's tables name for the base comes before a guess
            attested = [c for c in ranked if c.steps and not c.contrary]
            if attested:
                return attested
            rest = self._refiner.fallbacks.rest_of_family(reading, bases)
            return [rest] if rest is not None else self._refiner.fallbacks.last_resort(concept.code)
        if not ranked[0].beside or ranked[0].one:
            return ranked
        named = [c for c in ranked if self._names_part(c, reading)]
        others = [c for c in ranked if c not in named]
        named = [replace(c, score=self._least) for c in named]
        named.sort(key=lambda c: c.match is None or not c.match.name.is_title)
        return [*named, *others]

    def considered(self, code: str) -> list[tuple[Candidate, str]]:
        """The candidates for a source code by their scores alone, each with the stem it settles to.

        Empty for a code whose category decides; what :mod:`bench.fit.weights_fit` learns from.
        """
        concept = self._source[code]
        line = self._line(concept)
        reading, bases = read_title(concept.title, concept.code), self._bases.chain(line)
        if self._contexts.candidate(concept.code, reading) or harm(concept.code, reading, self._tabulation):
            return []
        if not bases or bases[0].is_block:
            bases = self._lent(concept) or bases
        ranked = self._refiner.rank(concept.code, reading, self._synonyms(concept, line), bases)
        attested = {c.stem for c in ranked if c.steps}
        sayable, member = self._sites.says, self._member(reading, bases)
        return [
            (c, settled_stem(c, reading, self._tabulation, attested, sayable, member, bases)) for c in ranked
        ]

    def _member(self, reading: Reading, bases: list[Base]) -> Callable[[str], bool]:
        """Whether a source is a named member of a stem's family that has no stem for it."""
        return lambda stem: _is_member(reading, bases) or self._adds_kind(stem, reading, bases)

    def _adds_kind(self, stem: str, reading: Reading, bases: list[Base]) -> bool:
        """Whether a source says a kind that its base and a stem's family do not, and no extension can."""
        if not bases or not bases[0].distance or bases[0].distance > _LEVELS:
            return False
        if reading.core.unspecified and not _is_apart(reading, bases[0]):
            return False
        parent = self._tabulation.concepts[stem].parent
        said = (
            phrase(bases[0].title).everything | phrase(bases[0].level.title).everything | GENERIC | SIDE_WORDS
        )
        if parent is not None:
            said |= phrase(self._tabulation.title(parent)).everything
        own = reading.condition.words.words if reading.condition.words is not None else frozenset()
        new = frozenset(w for w in own - said if not w.startswith("!"))
        return bool(self._names.telling(new - self._sayable(stem, reading)))

    @staticmethod
    def _names_part(candidate: Candidate, reading: Reading) -> bool:
        """Whether all of a name says the larger part of the source, or what its head is about."""
        match = candidate.match
        if match is None or match.precision <= _PRECISE or candidate.contrary or candidate.beside:
            return False
        return match.recall > _PART or (bool(reading.subject) and reading.subject <= match.name.words.words)

    def _lent(self, concept: Concept) -> list[Base]:
        """The base of a code without a WHO ancestor: the nearest one above that a title of ICD-11 names."""
        for distance, level in enumerate(self._line(concept)[1:], 1):
            ranked = self.ranked(level.code)
            best = ranked[0] if ranked else None
            if (
                best is not None
                and best.match is not None
                and best.match.name.is_title
                and best.match.score >= _NAMED
            ):
                title = self._tabulation.title(best.stem)
                where = f"ICD-11 MMS {self._tabulation.release}, title of {best.stem}"
                target = TableTarget(best.groups, f"{best.stem} {title}", where, False)
                key = code_key(level.code)
                return [
                    Base(key, level.title, level, 1.0, False, distance, target, (), None, None, "category")
                ]
        return []


def _is_apart(reading: Reading, base: Base) -> bool:
    """Whether a source is of a kind that a rest class does not name: what is unspecified of it is its own."""
    theirs, own = phrase(base.title), reading.condition.words
    return theirs.other and own is not None and theirs.words.isdisjoint(own.words - GENERIC)


def _is_member(reading: Reading, bases: list[Base]) -> bool:
    """Whether a source is a named member of a rest class: ICD-10-CM divides what WHO calls other."""
    if not bases or not bases[0].distance or bases[0].is_block or reading.core.unspecified:
        return False
    base = phrase(bases[0].title)
    return (base.other or base.of_other) and not base.unspecified
