"""The stem that says what the title says: WHO's targets and their neighbours, ranked by meaning.

Candidates are WHO's targets of the bases, the stems around them, and the stems and foundation entities
whose names meet the title's words. Each is scored by how well its best name meets the title (both ways: words
of the title it lacks and words it adds) and by what WHO's tables say for it. Weights are in ``weights.tsv``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from terminology.codes import code_key
from terminology.crosswalk.base import Base, Bases
from terminology.crosswalk.facets import Reading
from terminology.crosswalk.lexicon import Phrase, phrase, read_table
from terminology.crosswalk.model import Step
from terminology.crosswalk.names import Match, Names
from terminology.crosswalk.tabulation import Tabulation

# A word of this weight is a meaning of its own.
_TELLING = 0.52
# Bounds that spare scoring neighbours which cannot come near the leading candidate.
_NEARNESS_AT_MOST = 0.3
_OUT_OF_REACH = 0.45
_WHOLE = 0.95
# Below this share of WHO's targets a chapter is foreign to the source's letter.
_FOREIGN = 0.01
# From this share of common words on, by number, two titles of one code say the same.
_SAME = 0.74
_SIDES = frozenset({"right", "left", "bilateral"})


@dataclass(slots=True)
class Candidate:
    """A stem under consideration. ``table`` is what WHO's tables say for it, ``match`` its best name.

    ``exact`` tells that its title says the whole source title, ``one`` that it is WHO's single target of
    the nearest base.
    """

    stem: str
    groups: tuple[tuple[str, ...], ...]
    table: float = 0.0
    title: float = 0.0
    match: Match | None = None
    score: float = 0.0
    exact: bool = False
    one: bool = False
    steps: list[Step] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Weights:
    """The numbers of ``weights.tsv``."""

    values: dict[str, float]

    def __getitem__(self, name: str) -> float:
        return self.values[name]

    @classmethod
    def load(cls) -> Weights:
        """Read the table."""
        return cls({name: float(value) for name, value, *_ in read_table("weights.tsv")})


class Refiner:
    """Ranks the stems of one target release for source titles."""

    def __init__(self, tabulation: Tabulation, names: Names, bases: Bases) -> None:
        self._tabulation = tabulation
        self._names = names
        self._bases = bases
        self._weights = Weights.load()
        self._chapters = _chapter_shares(bases, tabulation)
        self._around: dict[str, list[str]] = {}
        self._searched: dict[Phrase, list[Match]] = {}

    def rank(
        self, code: str, reading: Reading, synonyms: Iterable[str], bases: list[Base]
    ) -> list[Candidate]:
        """Return the candidates for a source code, best first."""
        found: dict[str, Candidate] = {}
        for place, base in enumerate(bases[:3]):
            self._from_tables(base, place, reading, found)
        self._from_names(reading, found)
        phrases = [phrase(s) for s in synonyms]
        for words in phrases:
            for match in self._search(words)[:3]:
                if match.score > self._weights["synonym_floor"]:
                    found.setdefault(match.name.code, Candidate(match.name.code, ((match.name.code,),)))
        shares = self._chapters.get(code_key(code)[:1], {})
        around = dict.fromkeys(
            code for base in bases[:2] if base.one is not None for code in self._neighbours(base.one.stem)
        )
        for candidate in found.values():
            if candidate.stem in around:
                candidate.table = max(candidate.table, self._weights["neighbour"])
            self._score(candidate, reading, phrases, bases, shares)
        leading = max((c.score for c in found.values()), default=0.0)
        for candidate in self._within_reach(around, reading.core.words, found, leading):
            found[candidate.stem] = candidate
            self._score(candidate, reading, phrases, bases, shares)
        self._prefer_one(found.values())
        if any(c.exact and c.score > self._weights["exact_at_home"] for c in found.values()):
            for candidate in found.values():
                if not candidate.exact:
                    candidate.score -= self._weights["beside_exact"]
        return sorted(found.values(), key=lambda c: (-c.score, c.stem))

    def _prefer_one(self, candidates: Iterable[Candidate]) -> None:
        """Put WHO's several targets whose names share nothing with the title behind WHO's one target."""
        candidates = list(candidates)
        one = max((c.score for c in candidates if c.one), default=None)
        if one is None:
            return
        for candidate in candidates:
            if candidate.steps and not candidate.one and candidate.title < self._weights["silent"]:
                candidate.score = min(candidate.score, one - self._weights["silent"])

    def last_resort(self, code: str) -> list[Candidate]:
        """The unspecified residual of the chapter WHO maps most codes of the source's letter to."""
        shares = self._chapters.get(code_key(code)[:1], {})
        for chapter in sorted(shares, key=lambda c: -shares[c]):
            residual = self._tabulation.residual(chapter, "Z") or self._tabulation.last_residual(chapter)
            if residual is not None:
                detail = (
                    f"no title or table row says {code}; most of its chapter is mapped to chapter {chapter}"
                )
                return [Candidate(residual, ((residual,),), steps=[Step("base", detail, "WHO tables")])]
        return []

    def _search(self, words: Phrase) -> list[Match]:
        known = self._searched.get(words)
        if known is None:
            known = self._searched[words] = self._names.search(words)
        return known

    def _from_tables(self, base: Base, place: int, reading: Reading, found: dict[str, Candidate]) -> None:
        weights = self._weights
        nearness = 1.0 if place == 0 else weights["farther_base"]
        if base.reused:
            nearness *= weights["disagreeing_base"]
        likeness = _likeness(self._names, reading.core, phrase(base.title))
        for table, kind in ((base.one, "one"), *((t, "multiple") for t in base.multiple)):
            if table is None or self._tabulation.is_excluded(table.stem):
                continue
            value = nearness * (weights[kind] + weights[f"{kind}_likeness"] * likeness)
            if self._of_block(table.stem) and not reading.core.unspecified:
                value *= weights["block_residual"]
            if kind == "multiple":
                value *= 2 / (1 + len(base.multiple))
            candidate = found.setdefault(table.stem, Candidate(table.stem, table.groups))
            candidate.one = candidate.one or (kind == "one" and place == 0)
            if value > candidate.table:
                candidate.table = value
                if kind == "one":
                    candidate.groups = table.groups
            carried = ", carried forward by URI" if table.row.release != self._tabulation.release else ""
            detail = (
                f"ICD-10 {base.code} {base.title} -> {table.row.target or table.row.target_title}{carried}"
            )
            candidate.steps.append(Step("base", detail, table.where))

    def _of_block(self, stem: str) -> bool:
        """Whether a stem is the unspecified residual of a block or chapter."""
        parent = self._tabulation.concepts[stem].parent
        return stem.endswith("Z") and parent is not None and not self._tabulation.is_stem(parent)

    def _within_reach(
        self, around: Iterable[str], words: frozenset[str], found: dict[str, Candidate], leading: float
    ) -> list[Candidate]:
        """Stems around the bases' targets that share telling words and could come near the leading score."""
        names, weights = self._names, self._weights
        vocabulary, telling = names.vocabulary, names.telling(words)
        nearness, total = weights["neighbour"], names.total(words)
        near: list[Candidate] = []
        for code in around:
            theirs = vocabulary.get(code)
            if code in found or theirs is None or telling.isdisjoint(theirs):
                continue
            recall = names.total(words & theirs) / total
            best = weights["title"] * 2 * recall / (1 + recall) + nearness + _NEARNESS_AT_MOST
            if recall > _WHOLE or best > leading - _OUT_OF_REACH:
                near.append(Candidate(code, ((code,),), nearness))
        return near

    def _neighbours(self, stem: str) -> list[str]:
        """The stems around a stem: its family down to grandchildren, and its parents' families."""
        known = self._around.get(stem)
        if known is None:
            tabulation = self._tabulation
            around: dict[str, None] = {}
            for root in (stem, *tabulation.ancestors(stem)[:2]):
                for child in tabulation.children.get(root, ()):
                    around.update(dict.fromkeys((child, *tabulation.children.get(child, ()))))
            known = self._around[stem] = [code for code in around if tabulation.is_stem(code)]
        return known

    def _from_names(self, reading: Reading, found: dict[str, Candidate]) -> None:
        for words in {reading.core, reading.condition.words or reading.core}:
            for match in self._search(words):
                if match.score >= self._weights["name_floor"]:
                    found.setdefault(match.name.code, Candidate(match.name.code, ((match.name.code,),)))

    def _score(
        self,
        candidate: Candidate,
        reading: Reading,
        synonyms: list[Phrase],
        bases: list[Base],
        shares: dict[str, float],
    ) -> None:
        weights = self._weights
        grounded = bool(bases) and not bases[0].is_block
        attested = grounded and (bases[0].one is not None or bool(bases[0].multiple))
        best = self._names.best(reading.core, candidate.stem)
        exact = best is not None and self._says_all(reading.core, best)
        best, value = self._best(candidate, best, reading, synonyms)
        if candidate.table == 0.0 and not exact:
            sure = best.precision if best is not None else 0.0
            value = value * sure ** weights["unsupported_precision"] * weights["unsupported"]
            value -= weights["unsupported_less"] if grounded else 0.0
        if best is not None and not exact and not candidate.steps:
            value *= self._misses(best, reading, bases)
        candidate.match, candidate.title = best, value
        score = weights["title"] * value + candidate.table
        if exact and best is not None:
            bonus = weights["exact_title"] if best.name.entity is None else weights["exact_entity"]
            excluded = {w for w in reading.core.words if w.startswith("!")}
            if excluded and excluded <= best.name.words.words:
                bonus += weights["exact_negations"]
            elif excluded:
                bonus *= weights["exact_without_negations"]
            score += bonus
        score += self._nearness(candidate, best, bases)
        if candidate.one and bases and _is_same(bases[0]):
            score += weights["equivalent_base"]
        if grounded and shares and shares.get(self._tabulation.chapter(candidate.stem), 0.0) < _FOREIGN:
            score -= weights["foreign_chapter"]
        if attested and not exact and not candidate.steps:
            score -= weights["unattested"] * max(0.0, 1.0 - value / weights["unattested_below"])
        sides = phrase(self._tabulation.title(candidate.stem)).words & _SIDES
        if sides and not sides & reading.sides:
            score -= weights["other_side"]
        candidate.score = score
        says = best is not None and reading.core.words <= best.name.words.everything
        candidate.exact = exact and says and best is not None and best.name.entity is None

    def _misses(self, match: Match, reading: Reading, bases: list[Base]) -> float:
        """Less than 1 for a name that speaks of something else: it misses a telling word and adds another."""
        names, theirs = self._names, match.name.words
        mine = reading.core.everything
        lacks = any(names.weight(w) > _TELLING for w in reading.core.words - theirs.everything)
        adds = any(names.weight(w) > _TELLING for w in theirs.words - mine)
        factor = self._weights["something_else"] if lacks and adds else 1.0
        if theirs.other and not reading.core.other:
            factor *= self._weights["other_name"]
        if adds and bases and (len(bases[0].code) > 3 or bases[0].distance == 0):
            factor *= self._weights["narrower"]
        if any("!" + w in reading.core.words for w in theirs.words):
            factor *= self._weights["denied"]
        head = reading.condition.words
        telling = names.telling(head.words) if head is not None else frozenset()
        if telling and telling.isdisjoint(theirs.everything):
            factor *= self._weights["another_head"]
        return factor

    def _best(
        self, candidate: Candidate, best: Match | None, reading: Reading, synonyms: list[Phrase]
    ) -> tuple[Match | None, float]:
        """The best name for the whole title, its head clause or an inclusion term, and what it is worth."""
        weights = self._weights
        value = best.score if best else 0.0
        others = [(words, weights["synonym"]) for words in synonyms]
        if reading.clauses and reading.condition.words is not None:
            others.append((reading.condition.words, weights["condition_only"]))
        for words, worth in others:
            other = self._names.best(words, candidate.stem)
            if other and other.score * worth > value:
                best, value = other, other.score * worth
        return best, value

    def _nearness(self, candidate: Candidate, best: Match | None, bases: list[Base]) -> float:
        """What WHO's tables say for a stem without naming it as target: entities, the way back, its place."""
        if not bases:
            return 0.0
        weights, base, score = self._weights, bases[0], 0.0
        if best is not None and best.name.entity is not None:
            if best.name.entity == base.entity:
                score += weights["entity_of_base"] * base.agreement
            elif self._bases.entity_ten.get(best.name.entity) == base.code:
                score += weights["entity_points_back"]
        if self._bases.reverse_ten.get(candidate.stem) == base.code:
            score += weights["reverse"]
        if base.one is not None:
            near = base.one.stem
            if self._tabulation.category(near) == self._tabulation.category(candidate.stem):
                score += weights["same_category"]
            elif self._tabulation.chapter(near) == self._tabulation.chapter(candidate.stem):
                score += weights["same_chapter"]
        return score

    @staticmethod
    def _says_all(core: Phrase, match: Match) -> bool:
        """Whether a name says all a title asserts and no more; what the title excludes may be missing."""
        theirs = match.name.words
        if theirs.other and not core.other and match.name.entity is not None:
            return False
        asserted = {w for w in core.words if not w.startswith("!")}
        return bool(asserted) and asserted <= theirs.everything and theirs.words <= core.everything


def _likeness(names: Names, mine: Phrase, theirs: Phrase) -> float:
    """How far two phrases say the same, words weighed by how telling they are."""
    total = names.total(mine.words) + names.total(theirs.words)
    met = names.total(mine.words & theirs.everything) + names.total(theirs.words & mine.everything)
    return met / total if total else 0.0


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


def _is_same(base: Base) -> bool:
    """Whether the source is the WHO code itself, by code and title, and WHO calls its entity equivalent."""
    return base.distance == 0 and not base.reused and base.agreement > _SAME and base.relation == "Equivalent"
