"""Builds the whole crosswalk: leads every source code through the rooms, in order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import groupby
from typing import Any, TypeVar

from terminology.cluster import Cluster, Group
from terminology.codes import code_key
from terminology.concept import Concept, Kind
from terminology.crosswalk.base.stem_names import stem_names
from terminology.crosswalk.base.tabulation import Tabulation
from terminology.crosswalk.base.who_ancestor import Bases
from terminology.crosswalk.candidates.candidate import Candidate
from terminology.crosswalk.candidates.ranking import Ranking
from terminology.crosswalk.candidates.weights import bounds
from terminology.crosswalk.corpus import Corpus
from terminology.crosswalk.express.expression import Expression
from terminology.crosswalk.express.postcoordinate import Postcoordinator
from terminology.crosswalk.judge.confidence import Evidence, confidence
from terminology.crosswalk.judge.motif import motifs
from terminology.crosswalk.judge.verdict import Judge, Verdict
from terminology.crosswalk.model import TITLES_ALONE, Crosswalk, Motif, Representation, Step, Target
from terminology.crosswalk.read.facets import Reading, read_title
from terminology.crosswalk.review.overrides import Override, apply_overrides
from terminology.crosswalk.review.reviewed import reviewed_decisions, reviewed_rows
from terminology.systems import ICD10CM, ICD11

# Titles alone find WHO's stem this many times as often as titles and tables (bench/crosswalk_eval.py).
_TITLES_ALONE = 0.8

_Part = TypeVar("_Part")


class Engine:
    """The engine over one corpus. Building it reads the tables once; mapping a code is then quick."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self.tabulation = Tabulation(corpus.target_release, corpus.target, corpus.earlier_targets)
        self.names = stem_names(self.tabulation, corpus.mappings)
        self.bases = Bases(self.tabulation, corpus.icd10, corpus.mappings)
        self.postcoordinator = Postcoordinator(self.tabulation, self.names, self.bases, corpus.mappings)
        self.judge = Judge(self.tabulation, self.names)
        self._source = {c.code: c for c in corpus.source if c.kind in (Kind.CATEGORY, Kind.CODE)}
        self.ranking = Ranking(self._source, self.tabulation, self.names, self.bases, self.postcoordinator)
        self._least = bounds()["least"]
        self._parts: dict[Any, Any] = {}

    def forget(self) -> None:
        """Let go of what was found for the codes of one first letter, which tells nothing for another's."""
        self.ranking.forget()
        self._parts.clear()

    @cached_property
    def reviewed(self) -> Sequence[Override]:
        """The decisions of ``reviewed.tsv`` for the codes of the source release."""
        return reviewed_decisions(self.corpus, reviewed_rows()).decisions

    def map(self, code: str) -> Crosswalk:
        """Map one source code. Its motif is ``no-mapping`` until the whole graph is known."""
        concept = self._source[code]
        reading = read_title(concept.title, concept.code)
        ranked = self.ranking.ranked(code)
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
        ranked = self.ranking.ranked(code)
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
