"""The stem that says what the title says: WHO's targets and their neighbours, ranked by meaning.

Candidates are WHO's targets of the bases, the stems around them, and the stems and foundation entities
whose names meet the title's words. What each is worth: :mod:`terminology.crosswalk.candidates.scoring`, and
beside the others :mod:`terminology.crosswalk.candidates.family`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from terminology.codes import code_key
from terminology.crosswalk.base.tabulation import Tabulation
from terminology.crosswalk.base.who_ancestor import Base, Bases
from terminology.crosswalk.candidates.candidate import Candidate, Source
from terminology.crosswalk.candidates.fallbacks import Fallbacks
from terminology.crosswalk.candidates.family import Families
from terminology.crosswalk.candidates.scoring import WHOLE, Scorer
from terminology.crosswalk.candidates.weights import bounds, weighed, weights
from terminology.crosswalk.read.facets import Reading
from terminology.crosswalk.read.lexicon import Phrase, phrase
from terminology.crosswalk.read.names import Match, Names

_NEIGHBOUR = "neighbour"
_A_PART = "against WHO's tables, a part"
_BASES = 3
_SYNONYM_MATCHES = 3


@dataclass(frozen=True, slots=True)
class Around:
    """The stems around WHO's targets: the place of each in their order, and the same as a set."""

    place: dict[str, int]
    codes: frozenset[str]


class Refiner:
    """Ranks the stems of one target release for source titles."""

    def __init__(self, tabulation: Tabulation, names: Names, bases: Bases) -> None:
        self._tabulation = tabulation
        self._names = names
        self._scorer = Scorer(tabulation, names, bases)
        self._families = Families(tabulation, names, self._scorer.strangeness.named_sites)
        self._chapters = _chapter_shares(bases, tabulation)
        self.fallbacks = Fallbacks(tabulation, names, self._scorer.strangeness, self._chapters)
        self._places: dict[tuple[str, ...], Around] = {}
        self._searched: dict[Phrase, list[Match]] = {}

    def rank(
        self, code: str, reading: Reading, synonyms: Iterable[str], bases: list[Base]
    ) -> list[Candidate]:
        """Return the candidates for a source code, best first; those that say the opposite come last."""
        found: dict[str, Candidate] = {}
        for place, base in enumerate(bases[:_BASES]):
            self._scorer.support.take(base, place, reading, found)
        phrases = [phrase(s) for s in synonyms]
        self._from_names(reading, phrases, found)
        letter = code_key(code)[:1]
        said = reading.condition.words
        head = self._names.telling(said.words) if said is not None else frozenset()
        source = Source(letter, reading, phrases, bases, self._chapters.get(letter, {}), head)
        around = self._around(tuple(base.one.stem for base in bases[:2] if base.one is not None))
        for candidate in found.values():
            if candidate.stem in around.place and weighed(candidate.support) < weights()[_NEIGHBOUR]:
                candidate.support = {_NEIGHBOUR: 1.0}
            self._scorer.score(candidate, source)
        leading = max((c.score for c in found.values()), default=0.0)
        for candidate in self._within_reach(around, reading.core.words, found, leading):
            found[candidate.stem] = candidate
            self._scorer.score(candidate, source)
        for candidate, feature in self._families.compare(found.values(), reading, bases):
            if feature not in candidate.features:
                candidate.features[feature] = 1.0
                candidate.score += weights()[feature]
        ranked = sorted(found.values(), key=lambda c: (c.contrary, -c.score, c.stem))
        return _without_ties(ranked, reading.core, self._tabulation)

    def _within_reach(
        self, around: Around, words: frozenset[str], found: dict[str, Candidate], leading: float
    ) -> list[Candidate]:
        """Stems around the bases' targets that share telling words and could come near the leading score."""
        names, near_by, by_name = self._names, weights()[_NEIGHBOUR], weights()["name"]
        most, total = near_by + bounds()["nearness at most"], names.total(words)
        least = leading - bounds()["out of reach"]
        near: list[Candidate] = []
        sharing = names.having(names.telling(words), around.codes) - found.keys()
        for code in sorted(sharing, key=around.place.__getitem__):
            recall = names.total(words & names.vocabulary[code]) / total
            best = by_name * 2 * recall / (1 + recall) + most
            if recall > WHOLE or best > least:
                near.append(Candidate(code, ((code,),), {_NEIGHBOUR: 1.0}))
        return near

    def _around(self, stems: tuple[str, ...]) -> Around:
        """The stems around some: the family of each down to grandchildren, and its parents' families."""
        known = self._places.get(stems)
        if known is None:
            tabulation = self._tabulation
            around: dict[str, None] = {}
            for stem in stems:
                for root in (stem, *tabulation.ancestors(stem)[:2]):
                    for child in tabulation.children.get(root, ()):
                        around.update(dict.fromkeys((child, *tabulation.children.get(child, ()))))
            place = {code: at for at, code in enumerate(filter(tabulation.is_stem, around))}
            known = self._places[stems] = Around(place, frozenset(place))
        return known

    def _from_names(self, reading: Reading, synonyms: list[Phrase], found: dict[str, Candidate]) -> None:
        """Add the stems whose names meet the title, its head clause or an inclusion term."""
        least = bounds()["name floor"]
        for words in {reading.core, reading.condition.words or reading.core}:
            for match in self._search(words):
                if match.score >= least:
                    found.setdefault(match.name.code, Candidate(match.name.code, ((match.name.code,),)))
        for words in synonyms:
            for match in self._search(words)[:_SYNONYM_MATCHES]:
                if match.score > bounds()["inclusion term floor"]:
                    found.setdefault(match.name.code, Candidate(match.name.code, ((match.name.code,),)))

    def _search(self, words: Phrase) -> list[Match]:
        known = self._searched.get(words)
        if known is None:
            known = self._searched[words] = self._names.search(words)
        return known


def _chapter_shares(bases: Bases, tabulation: Tabulation) -> dict[str, dict[str, float]]:
    """For each first letter of ICD-10: the shares of ICD-11 chapters among WHO's targets."""
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for key in bases.titles:
        if len(key) > 2 and "-" not in key:
            one, _ = bases.targets(key)
            if one is not None:
                counts[key[0]][tabulation.chapter(one.stem)] += 1
    return {
        letter: {chapter: n / sum(found.values()) for chapter, n in found.items()}
        for letter, found in counts.items()
    }


def _without_ties(ranked: list[Candidate], core: Phrase, tabulation: Tabulation) -> list[Candidate]:
    """A lead of a hair is none: WHO's target stands before it, and what denies as the source does.

    So does what is of the source's chapters before what is foreign to them, and what speaks of the source
    alone before what speaks of something else.
    """
    if not ranked:
        return ranked
    denied = frozenset(w for w in core.words if w.startswith("!"))
    leading, faults = ranked[0], ("foreign chapter", "something else")

    def denies(candidate: Candidate) -> int:
        return len(denied & phrase(tabulation.title(candidate.stem)).words)

    def stands(candidate: Candidate) -> bool:
        if candidate is leading:
            return candidate.one and not any(f in candidate.features for f in faults)
        lead = leading.score - candidate.score
        lone = _A_PART in leading.features
        if candidate.one and lead < bounds()["tie of a part" if lone else "tie"]:
            return True
        if lead < bounds()["tie"] and any(f in leading.features for f in faults):
            return not any(f in candidate.features for f in faults)
        return lead < bounds()["tie of denials"] and denies(candidate) > denies(leading)

    standing = {candidate.stem for candidate in ranked if stands(candidate)}
    return sorted(ranked, key=lambda c: (c.contrary, c.stem not in standing))
