"""Builds the whole crosswalk: leads every source code through the rooms, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import groupby
from typing import Any, TypeVar

from terminology.cluster import Cluster, Group
from terminology.codes import code_key
from terminology.concept import Concept, Kind, NoteKind
from terminology.crosswalk.base.stem_names import stem_names
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
from terminology.crosswalk.corpus import Corpus
from terminology.crosswalk.express.expression import Expression
from terminology.crosswalk.express.postcoordinate import Postcoordinator
from terminology.crosswalk.judge.confidence import Evidence, confidence
from terminology.crosswalk.judge.motif import motifs
from terminology.crosswalk.judge.verdict import Judge, Verdict
from terminology.crosswalk.model import TITLES_ALONE, Crosswalk, Motif, Representation, Step, Target
from terminology.crosswalk.read.facets import Reading, read_title
from terminology.crosswalk.read.lexicon import phrase
from terminology.crosswalk.read.names import GENERIC
from terminology.crosswalk.review.overrides import Override, apply_overrides
from terminology.crosswalk.review.reviewed import reviewed_decisions, reviewed_rows
from terminology.systems import ICD10CM, ICD11

_TARGETS = 3
# Titles alone find WHO's stem this many times as often as titles and tables (bench/crosswalk_eval.py).
_TITLES_ALONE = 0.8
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

_Part = TypeVar("_Part")


class Engine:
    """The engine over one corpus. Building it reads the tables once; mapping a code is then quick."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self.tabulation = Tabulation(corpus.target_release, corpus.target, corpus.earlier_targets)
        self.names = stem_names(self.tabulation, corpus.mappings)
        self.bases = Bases(self.tabulation, corpus.icd10, corpus.mappings)
        self.refiner = Refiner(self.tabulation, self.names, self.bases)
        self.postcoordinator = Postcoordinator(self.tabulation, self.names, self.bases, corpus.mappings)
        self.contexts = Contexts(self.tabulation)
        self.procedures = Procedures(self.tabulation, self.names)
        self.judge = Judge(self.tabulation, self.names)
        self._least = bounds()["least"]
        self._source = {c.code: c for c in corpus.source if c.kind in (Kind.CATEGORY, Kind.CODE)}
        self._ranked: dict[_Asked, list[Candidate]] = {}
        self._of_code: dict[str, list[Candidate]] = {}
        self._parts: dict[Any, Any] = {}

    def forget(self) -> None:
        """Let go of what was found for the codes of one first letter, which tells nothing for another's."""
        self._ranked.clear()
        self._of_code.clear()
        self._parts.clear()

    @cached_property
    def reviewed(self) -> Sequence[Override]:
        """The decisions of ``reviewed.tsv`` for the codes of the source release."""
        return reviewed_decisions(self.corpus, reviewed_rows()).decisions

    def map(self, code: str) -> Crosswalk:
        """Map one source code. Its motif is ``no-mapping`` until the whole graph is known."""
        concept = self._source[code]
        reading = read_title(concept.title, concept.code)
        ranked = self.ranked(code)
        targets = list(self._targets(concept, reading, ranked))
        representation = targets[0][1] if targets else Representation.NONE
        return Crosswalk(
            ICD10CM.id,
            self.corpus.source_release,
            concept.code,
            concept.title,
            ICD11.id,
            self.corpus.target_release,
            representation,
            Motif.NO_MAPPING,
            tuple(target for target, _ in targets),
        )

    def judged(self, code: str, cluster: Cluster) -> tuple[Target, Representation]:
        """Judge an expression somebody else chose for a source code."""
        concept = self._source[code]
        reading = read_title(concept.title, concept.code)
        made = Expression([[g.stem, *g.extensions] for g in cluster.groups])
        verdict = self.judge.verdict(reading, made)
        return self._target(1, made, verdict, 1.0, ()), verdict.representation

    def _target(
        self, rank: int, made: Expression, verdict: Verdict, sure: float, steps: tuple[Step, ...]
    ) -> Target:
        once = self._once
        return Target(
            rank,
            once(tuple(_group(made, codes) for codes in made.groups)),
            once(tuple(self.tabulation.title(c) for c in made.codes)),
            verdict.relationship,
            sure,
            once(verdict.kept),
            once(verdict.lost),
            once(verdict.added),
            self._parts.get(steps) or once(tuple(map(once, steps))),
        )

    def _once(self, part: _Part) -> _Part:
        """The first part equal to this one: what many targets say is held once."""
        known: _Part = self._parts.setdefault(part, part)
        return known

    def ranked(self, code: str) -> list[Candidate]:
        """The candidate stems of a source code, best first, with their scores."""
        known = self._of_code.get(code)
        if known is None:
            concept = self._source[code]
            line = self._line(concept)
            reading = read_title(concept.title, concept.code)
            synonyms = self._synonyms(concept, line)
            known = self._of_code[code] = self._rank(concept, reading, synonyms, self.bases.chain(line))
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
        context = self.contexts.candidate(concept.code, reading)
        if context is not None:
            return [context]
        structures = harm(concept.code, reading, self.tabulation)
        if structures:
            return [*structures, *self._by_meaning(concept, reading, synonyms, bases)][:_TARGETS]
        ranked = self._by_meaning(concept, reading, synonyms, bases)
        arising = self.procedures.candidate(concept.code, reading, ranked[0] if ranked else None)
        return [arising, *(c for c in ranked if c.stem != arising.stem)][:_TARGETS] if arising else ranked

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
            ranked = self.refiner.rank(concept.code, reading, synonyms, bases)
            cautious = self.refiner.fallbacks.stand_in(ranked[0], reading, bases) if ranked else None
            if cautious is not None:
                cautious.score = ranked[0].score
                ranked = [cautious, *(c for c in ranked if c.stem != cautious.stem)]
            names_sides = any(phrase(self.tabulation.title(c.stem)).words & SIDE_WORDS for c in ranked)
            if not ranked or (ranked[0].score < self._least and not ranked[0].steps):
                # what WHO's tables name for the base comes before a guess
                attested = [c for c in ranked if c.steps and not c.contrary]
                rest = self.refiner.fallbacks.rest_of_family(reading, bases)
                ranked = attested or (
                    [rest] if rest is not None else self.refiner.fallbacks.last_resort(concept.code)
                )
            elif ranked[0].score < self._least and ranked[0].beside and not ranked[0].one:
                named = [c for c in ranked if self._names_part(c, reading)]
                others = [c for c in ranked if c not in named]
                named = [replace(c, score=self._least) for c in named]
                named.sort(key=lambda c: c.match is None or not c.match.name.is_title)
                ranked = [*named, *others]
            known = self._ranked[sided if names_sides else key] = settle(
                ranked,
                reading,
                self.tabulation,
                self.postcoordinator.sites.says,
                self._member(reading, bases),
                bases,
            )[:_TARGETS]
        return known

    def considered(self, code: str) -> list[tuple[Candidate, str]]:
        """The candidates for a source code by their scores alone, each with the stem it settles to.

        Empty for a code whose category decides; what :mod:`bench.fit.weights_fit` learns from.
        """
        concept = self._source[code]
        line = self._line(concept)
        reading, bases = read_title(concept.title, concept.code), self.bases.chain(line)
        if self.contexts.candidate(concept.code, reading) or harm(concept.code, reading, self.tabulation):
            return []
        if not bases or bases[0].is_block:
            bases = self._lent(concept) or bases
        ranked = self.refiner.rank(concept.code, reading, self._synonyms(concept, line), bases)
        attested = {c.stem for c in ranked if c.steps}
        sayable, member = self.postcoordinator.sites.says, self._member(reading, bases)
        return [
            (c, settled_stem(c, reading, self.tabulation, attested, sayable, member, bases)) for c in ranked
        ]

    def _member(self, reading: Reading, bases: list[Base]) -> Callable[[str], bool]:
        """Whether a source is a named member of a stem's family that has no stem for it."""
        return lambda stem: _is_member(reading, bases) or self._adds_kind(stem, reading, bases)

    def _adds_kind(self, stem: str, reading: Reading, bases: list[Base]) -> bool:
        """Whether a source says a kind that its base and a stem's family do not, and no extension can."""
        if not bases or not bases[0].distance or bases[0].distance > _LEVELS or reading.core.unspecified:
            return False
        parent = self.tabulation.concepts[stem].parent
        said = (
            phrase(bases[0].title).everything | phrase(bases[0].level.title).everything | GENERIC | SIDE_WORDS
        )
        if parent is not None:
            said |= phrase(self.tabulation.title(parent)).everything
        own = reading.condition.words.words if reading.condition.words is not None else frozenset()
        new = frozenset(w for w in own - said if not w.startswith("!"))
        return bool(self.names.telling(new - self.postcoordinator.sayable(stem, reading)))

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
                title = self.tabulation.title(best.stem)
                where = f"ICD-11 MMS {self.tabulation.release}, title of {best.stem}"
                target = TableTarget(best.groups, f"{best.stem} {title}", where, False)
                key = code_key(level.code)
                return [
                    Base(key, level.title, level, 1.0, False, distance, target, (), None, None, "category")
                ]
        return []

    def _targets(
        self, concept: Concept, reading: Reading, ranked: list[Candidate]
    ) -> Iterator[tuple[Target, Representation]]:
        seen: set[str] = set()
        best = ranked[0].score if ranked else 0.0
        rank = 0
        for place, candidate in enumerate(ranked):
            if (candidate.score < self._least and not candidate.steps) or (
                place and candidate.score < best - bounds()["near"]
            ):
                continue
            made = self.postcoordinator.express(candidate, reading, concept.code)
            expression = "/".join("&".join(group) for group in made.groups)
            if expression in seen:
                continue
            seen.add(expression)
            rank += 1
            verdict = self.judge.verdict(reading, made)
            following = ranked[place + 1].score if place + 1 < len(ranked) else 0.0
            lead = candidate.score - (following if place == 0 else best)
            sure = confidence(self._evidence(candidate, lead))
            if self.bases.empty:
                sure = round(sure * _TITLES_ALONE, 3)
            steps = tuple(self._provenance(candidate, made))
            target = self._target(rank, made, verdict, sure, steps)
            yield target, verdict.representation

    def evidence(self, code: str) -> Evidence | None:
        """What speaks for the recommended stem of a source code; ``None`` where there is none."""
        ranked = self.ranked(code)
        if not ranked:
            return None
        return self._evidence(ranked[0], ranked[0].score - (ranked[1].score if len(ranked) > 1 else 0.0))

    def _evidence(self, candidate: Candidate, lead: float) -> Evidence:
        match = candidate.match
        return Evidence(
            candidate.score,
            lead,
            match.recall if match is not None else 0.0,
            match.precision if match is not None else 0.0,
            candidate.exact,
            candidate.one,
            bool(candidate.steps),
            candidate.structured,
            self.tabulation.is_residual(candidate.stem),
        )

    def _provenance(self, candidate: Candidate, made: Expression) -> Iterator[Step]:
        yield from candidate.steps[:3]
        if self.bases.empty:
            yield TITLES_ALONE
        match = candidate.match
        if match is not None and match.score > 0:
            kind = "title" if match.name.entity is None else "foundation entity"
            where = (
                f"ICD-11 MMS {self.tabulation.release}"
                if match.name.entity is None
                else f"ICD-11 foundation entity {match.name.entity}"
            )
            said = f"{kind} '{match.name.title}' meets the source title by {match.score:.2f}"
            yield Step("refine", said, where)
        yield from made.steps


def _group(made: Expression, codes: list[str]) -> Group:
    stem, *extensions = codes
    return Group(stem, tuple(extensions), tuple(code for code in extensions if (stem, code) in made.optional))


def _is_member(reading: Reading, bases: list[Base]) -> bool:
    """Whether a source is a named member of a rest class: ICD-10-CM divides what WHO calls other."""
    if not bases or not bases[0].distance or bases[0].is_block or reading.core.unspecified:
        return False
    base = phrase(bases[0].title)
    return (base.other or base.of_other) and not base.unspecified


def build_crosswalk(
    corpus: Corpus,
    overrides: Iterable[Override] = (),
    on_mapped: Callable[[int], None] = lambda done: None,
) -> Iterator[Crosswalk]:
    """Yield the crosswalk of every category and code of the source release, in its order.

    All are mapped before the first is yielded, because a motif is read from the whole graph. Otherwise as
    :func:`map_codes`.
    """
    engine = Engine(corpus)
    found = map_codes(engine, mapped_codes(corpus), overrides, on_mapped)
    by_code = motifs(recommended(found), engine.bases.reverse_ten)
    for crosswalk in found:
        yield replace(crosswalk, motif=by_code[crosswalk.source_code])


def recommended(crosswalks: Iterable[Crosswalk]) -> dict[str, str | None]:
    """Return the recommended expression of each source code, as motifs are read from."""
    return {c.source_code: None if c.recommended is None else c.recommended.expression for c in crosswalks}


def mapped_codes(corpus: Corpus) -> list[str]:
    """Return the codes of the source release that are mapped: every category and code, in its order."""
    return [c.code for c in corpus.source if c.kind in (Kind.CATEGORY, Kind.CODE)]


def map_codes(
    engine: Engine,
    codes: Sequence[str],
    overrides: Iterable[Override] = (),
    on_mapped: Callable[[int], None] = lambda done: None,
) -> Sequence[Crosswalk]:
    """Map source codes in their order, without their motifs.

    ``on_mapped`` is told after each code how many are mapped. ``overrides`` are reviewed decisions for these
    codes that win over the engine and over those of ``reviewed.tsv``. Raises
    :class:`~terminology.errors.ReleaseFormatError` for one that does not fit.
    """
    mapped: list[Crosswalk] = []
    for _, of_letter in groupby(codes, key=lambda code: code[:1]):
        for code in of_letter:
            mapped.append(engine.map(code))
            on_mapped(len(mapped))
        engine.forget()
    keys = frozenset(map(code_key, codes))
    shipped = (decision for decision in engine.reviewed if code_key(decision.source) in keys)
    return apply_overrides(mapped, (*shipped, *overrides), engine.corpus, engine.judged)
