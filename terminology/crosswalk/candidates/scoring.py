"""What a candidate stem is worth for a source title: its best name, and what WHO's tables say for it.

Names meet the title both ways: words of the title they lack and words they add. The numbers are in
``weights.tsv``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cache

from terminology.crosswalk.base.tabulation import Tabulation
from terminology.crosswalk.base.who_ancestor import Base, Bases
from terminology.crosswalk.express.anatomy import ExtensionNames
from terminology.crosswalk.express.sites import PARTS_OF_MANY
from terminology.crosswalk.model import Step
from terminology.crosswalk.read.assertions import clauses, excluded, least_extra
from terminology.crosswalk.read.facets import Reading
from terminology.crosswalk.read.lexicon import Phrase, phrase, word_form
from terminology.crosswalk.read.names import GENERIC, Match, Names
from terminology.crosswalk.tables.rows import rows

# A word of this weight is a meaning of its own.
_TELLING = 0.52
# A word of this weight can be what a title is about.
_SUBJECT = 0.6
# A word of this weight says something.
_SAYING = 0.3
# Below this share of WHO's targets a chapter is foreign to the source's letter.
_FOREIGN = 0.01
# From this share of common words on, by number, two titles of one code say the same.
_SAME = 0.74
# A name that says this share of a title says most of it.
_MOST = 0.5
# Words of the perinatal period, and the letters of ICD-10 that hold its conditions and their mothers'.
_YOUNG = frozenset({"newborn", "neonatal", "neonate", "fetus", "fetal", "congenital"})
_YOUNG_LETTERS = frozenset("OPQ")
_CHILD = frozenset({"childhood", "infantile", "infancy", "juvenile"})
_JUVENILE = "juvenile"
_SEVERAL = "multiple"
_UNCOMPLICATED = frozenset({"complication"})
# How a condition goes and where it comes from: of one and not the other, however common the words are.
COURSES = frozenset({"acute", "chronic", "subacute", "congenital", "recurrent"})
_PAIR = re.compile(r"\b([a-z]+) and ([a-z]+)\b")
SIDE_WORDS = frozenset({"right", "left", "bilateral", "unilateral"})
_WHOLE = 0.95
# A stem of another site is meant only where a name of it says this share of the title.
_LARGER_PART = 0.8
# Parts of many bones and organs that are regions of the body too.
_REGIONS = frozenset({"head", "neck"})


@dataclass(slots=True)
class Candidate:
    """A stem under consideration. ``table`` is what WHO's tables say for it, ``match`` its best name.

    ``exact`` tells that its title says the whole source title, ``one`` that it is WHO's single target of
    the nearest base, ``near`` that it is any target of that base; ``contrary`` that its title says the
    opposite of the source, ``beside`` that it says another thing than a source below its code, ``elsewhere``
    that it is of another site; ``said`` are words of the source that its groups say in others.
    """

    stem: str
    groups: tuple[tuple[str, ...], ...]
    table: float = 0.0
    title: float = 0.0
    match: Match | None = None
    score: float = 0.0
    exact: bool = False
    one: bool = False
    near: bool = False
    contrary: bool = False
    beside: bool = False
    elsewhere: bool = False
    said: frozenset[str] = frozenset()
    steps: list[Step] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _WeightRow:
    """A row of ``weights.tsv``."""

    name: str
    value: float
    meaning: str


@dataclass(frozen=True, slots=True)
class _OppositeRow:
    """A row of ``opposites.tsv``."""

    word: str
    other: str
    source: str


class Weights(dict[str, float]):
    """The numbers of ``weights.tsv``, by name."""

    @classmethod
    def load(cls) -> Weights:
        """Read the table."""
        return cls((row.name, row.value) for row in rows("weights.tsv", _WeightRow))


@dataclass(frozen=True, slots=True)
class Source:
    """What is known of a source code: its title, inclusion terms and bases, and its letter of ICD-10.

    ``shares`` are the shares of ICD-11 chapters among WHO's targets of that letter, ``head`` the telling
    words of its head clause: a name without any of them is of something else. Of its words, ``mine``
    are all, ``affirmed`` and ``denied`` those its title asserts and denies, ``sides`` its sides, and
    ``around`` those of its bases too.
    """

    letter: str
    reading: Reading
    synonyms: list[Phrase]
    bases: list[Base]
    shares: dict[str, float]
    head: frozenset[str] = frozenset()
    mine: frozenset[str] = field(init=False)
    affirmed: frozenset[str] = field(init=False)
    denied: frozenset[str] = field(init=False)
    sides: frozenset[str] = field(init=False)
    around: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        """Read once what every candidate is compared with."""
        core, mine = self.reading.core, self.reading.core.everything
        denied = {word for word in core.words if word.startswith("!")}
        object.__setattr__(self, "mine", mine)
        object.__setattr__(self, "affirmed", core.words - denied)
        object.__setattr__(self, "denied", frozenset(word[1:] for word in denied))
        object.__setattr__(self, "sides", self.reading.sides)
        object.__setattr__(self, "around", mine.union(*(phrase(b.title).everything for b in self.bases)))


@dataclass(frozen=True, slots=True)
class StemWords:
    """What a stem's title says: its words, those that have ``opposites``, and ``excluded`` things.

    ``sites`` are all sites its clauses speak of that say something.
    """

    words: frozenset[str]
    sides: frozenset[str]
    young: frozenset[str]
    opposed: frozenset[str]
    excluded: tuple[frozenset[str], ...]
    sites: frozenset[str]


@cache
def opposites() -> dict[str, frozenset[str]]:
    """For a word, those of which a condition is one and not the other (``opposites.tsv``)."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows("opposites.tsv", _OppositeRow):
        one, another = word_form(row.word), word_form(row.other)
        found[one].add(another)
        found[another].add(one)
    return {word: frozenset(others) for word, others in found.items()}


class Scorer:
    """Scores candidate stems of one target release."""

    def __init__(self, tabulation: Tabulation, names: Names, bases: Bases, weights: Weights) -> None:
        self._tabulation = tabulation
        self._names = names
        self._bases = bases
        self._weights = weights
        anatomy = (c.title for c in tabulation.extensions if c.code.startswith("XA"))
        sites = frozenset(w for title in anatomy for w in phrase(title).words) - GENERIC
        self._sites = frozenset(w for w in sites if names.weight(w) > _SAYING)
        self.named_sites = self._sites - (PARTS_OF_MANY - _REGIONS)
        self._anatomy = ExtensionNames(tabulation, "anatomy")
        self._held_in: dict[frozenset[str], frozenset[str]] = {}
        self._stems: dict[str, StemWords] = {}

    def score(self, candidate: Candidate, source: Source) -> None:
        """Set a candidate's score, best name and worth of it for a source."""
        weights = self._weights
        reading, bases, shares = source.reading, source.bases, source.shares
        grounded = bool(bases) and not bases[0].is_block
        attested = grounded and (bases[0].one is not None or bool(bases[0].multiple))
        core = self._sided(source, candidate.stem)
        best = self._names.best(core, candidate.stem)
        exact = best is not None and self._says_all(core, best)
        best, value = self._best(candidate, best, reading, source.synonyms)
        part = best is not None and not reading.core.other and self._is_part(best, reading)
        if best is not None and not exact:
            value = self._worth(value, best, part, candidate, source)
        candidate.match, candidate.title = best, value
        score = weights["title"] * value + candidate.table
        if exact and best is not None:
            score += self._bonus(core, best)
        score += self._nearness(candidate, best, bases)
        if candidate.one and bases and _is_same(bases[0], reading.core):
            score += weights["equivalent_base"]
        if shares and shares.get(self._tabulation.chapter(candidate.stem), 0.0) < _FOREIGN:
            score -= weights["foreign_chapter"] * (weights["part_foreign"] if part else 1.0)
        if attested and not exact and not candidate.steps:
            score -= weights["unattested"] * max(0.0, 1.0 - value / weights["unattested_below"])
        rest = reading.core.other or (reading.core.unspecified and bool(bases) and _is_unspecified(bases[0]))
        if rest and grounded and not exact and not candidate.one:
            further = best.name.words.words - reading.core.everything if best is not None else frozenset()
            if self._names.says(further, _SAYING):
                score -= weights["beside_other"]
        score -= self._foreign_words(candidate, best, source)
        candidate.score = score
        says = best is not None and core.words <= best.name.words.everything
        candidate.exact = exact and says and best is not None and best.name.is_title

    def _stem(self, stem: str) -> StemWords:
        known = self._stems.get(stem)
        if known is None:
            title = self._tabulation.title(stem)
            words = phrase(title).words
            told = frozenset().union(*(said for alternatives in clauses(title) for said in alternatives))
            known = self._stems[stem] = StemWords(
                words,
                words & SIDE_WORDS,
                words & _YOUNG,
                words & opposites().keys(),
                excluded(title),
                told & self._sites,
            )
        return known

    def _sided(self, source: Source, stem: str) -> Phrase:
        """The source's words, with its sides where the stem's title names sides: it is a stem of a side.

        So too with what holds its site, where WHO's target excludes that: a burn of the cheek is one of the
        face.
        """
        core, said = source.reading.core, self._stem(stem)
        named = said.sides & source.sides
        one = source.bases[0].one if source.bases else None
        if one is not None and self.excludes(one.stem, core):
            named |= said.sites & self._holding(self.named_sites & source.affirmed)
        return replace(core, words=core.words | named) if named - core.words else core

    def _worth(self, value: float, best: Match, part: bool, candidate: Candidate, source: Source) -> float:
        """What a name that does not say the whole title is worth, by what speaks for its stem."""
        weights, reading, bases = self._weights, source.reading, source.bases
        if candidate.table == 0.0:
            value *= best.precision ** weights["unsupported_precision"] * weights["unsupported"]
            if bases and not bases[0].is_block:
                value -= weights["unsupported_less"] * (weights["part_less"] if part else 1.0)
        if not candidate.steps:
            value *= self._misses(best, reading, bases)
        elif _says_other(best.name.words, reading.core) and not candidate.one:
            value *= weights["other_name"]
        if not candidate.near and source.head and source.head.isdisjoint(best.name.words.everything):
            value *= weights["another_head"]
        return value

    def _foreign_words(self, candidate: Candidate, best: Match | None, source: Source) -> float:
        """What to take off for a side, an age or a number the source does not speak of."""
        weights, mine, off = self._weights, source.mine, 0.0
        stem = self._stem(candidate.stem)
        for facet in source.reading.clauses if source.denied else ():
            words = facet.words.words if facet.dimension == "absence" and facet.words is not None else None
            if words and words <= source.denied and words <= stem.words and not words <= _UNCOMPLICATED:
                candidate.contrary = True
        if stem.young and source.letter not in _YOUNG_LETTERS:
            off += weights["another_age"] if stem.young - mine and not mine & _CHILD else 0.0
        if _JUVENILE in stem.words - mine and not candidate.one and not mine & _CHILD:
            off += weights["another_age"]
        if best is not None and _SEVERAL in best.name.words.words and _SEVERAL not in mine:
            off += weights["several"]
        if self._names.says(source.denied & stem.words, _TELLING):
            off += weights["denied_title"]
        against = opposites()
        opposed = {w for w in stem.opposed if w not in mine and against[w] & mine - stem.words}
        said, further = least_extra(self._tabulation.title(candidate.stem), mine)
        if opposed & said:
            off += weights["opposite"]
        if self.excludes(candidate.stem, source.reading.core):
            off += weights["excluded"]
            candidate.contrary = True
        if candidate.steps and self._is_beside(candidate, said, further, source):
            candidate.beside = True
            off += weights["beside"]
        if further & COURSES and not candidate.exact:
            off += weights["another_course"]
        if not candidate.steps and self._elsewhere(candidate.stem, stem, source):
            candidate.elsewhere = True
            off += weights["elsewhere"]
            off += weights["elsewhere_in_part"] if best is None or best.recall < _LARGER_PART else 0.0
        if stem.sides and not stem.sides & source.sides:
            candidate.contrary = candidate.contrary or bool(source.sides)
            off += weights["contrary_side"] if source.sides else weights["other_side"]
        return off

    def _is_beside(
        self, candidate: Candidate, said: frozenset[str], further: frozenset[str], source: Source
    ) -> bool:
        """Whether a target of WHO's says what a source below its code does not, and lacks what that adds."""
        base = source.bases[0]
        if not base.distance or base.is_block:
            return False
        theirs = phrase(base.title).everything
        left_out = _left_out(base.level.title, source.reading.core.words)
        if candidate.one and not left_out:  # WHO's one target may say in other words what the base says
            further = further & self._sites
        adds = self._names.says(further - (theirs - left_out) - GENERIC, _SAYING)
        own = (f for f in (source.reading.condition, *source.reading.clauses) if f.dimension != "context")
        mine = frozenset(w for f in own if f.words is not None for w in f.words.words)
        new = mine - theirs - said - GENERIC - (frozenset() if left_out else self._sites)
        return adds and self._names.says(new, _SAYING)

    def _elsewhere(self, stem: str, said: StemWords, source: Source) -> bool:
        """Whether a title speaks of a site neither the source nor its bases name, and of none it names."""
        sites = self.named_sites
        telling = sites & source.mine
        if not telling or said.sites <= source.around:
            return False
        asserted, further = least_extra(self._tabulation.title(stem), source.around)
        further = further & sites
        return bool(further) and telling.isdisjoint(asserted) and further.isdisjoint(self._holding(telling))

    def excludes(self, stem: str, core: Phrase) -> bool:
        """Whether a title excludes what a source says, or what holds its site: the face holds the cheek."""
        excluded = self._stem(stem).excluded
        if not excluded:
            return False
        said = frozenset(w for w in core.words if not w.startswith("!"))
        said |= self._holding(self.named_sites & said)
        return any(words <= said for words in excluded)

    def _holding(self, sites: frozenset[str]) -> frozenset[str]:
        """The words of the sites that hold some: the penis, where the prepuce is named."""
        known = self._held_in.get(sites)
        if known is None:
            tabulation = self._tabulation
            named = (m.name.code for m in self._anatomy.within(Phrase(sites)))
            above = (a for code in named for a in tabulation.ancestors(code) if tabulation.is_extension(a))
            known = frozenset(w for code in above for w in phrase(tabulation.title(code)).words)
            self._held_in[sites] = known
        return known

    def _bonus(self, core: Phrase, best: Match) -> float:
        """What saying the whole title is worth: more where the name also says what the title excludes."""
        weights = self._weights
        bonus = weights["exact_title"] if best.name.is_title else weights["exact_entity"]
        theirs = best.name.words
        excluded = {w for w in core.words if w.startswith("!")}
        if not excluded:
            return bonus
        met = len(excluded & theirs.words) / len(excluded)
        unmet = weights["exact_without_negations"]
        return bonus * (met + unmet * (1.0 - met)) + weights["exact_negations"] * met

    def _is_part(self, match: Match, reading: Reading) -> bool:
        """Whether a name is what the title is about, all of it, and says most of the title."""
        theirs, subject = match.name.words, reading.subject
        return (
            match.precision > _WHOLE
            and match.recall > _MOST
            and not theirs.other
            and subject <= theirs.everything
            and any(self._names.weight(word) > _SUBJECT for word in subject)
        )

    def _misses(self, match: Match, reading: Reading, bases: list[Base]) -> float:
        """Less than 1 for a name that speaks of something else: it misses a telling word and adds another."""
        names, theirs = self._names, match.name.words
        mine = reading.core.everything
        lacks = names.says(reading.core.words - theirs.everything, _TELLING)
        further = theirs.words - mine
        if match.name.is_title and bases and bases[0].distance:
            further &= least_extra(match.name.title, mine)[1]
        adds = names.says(further, _TELLING)
        factor = self._weights["something_else"] if lacks and adds else 1.0
        if theirs.other and not reading.core.other:
            factor *= self._weights["other_name"]
        if adds and bases and (len(bases[0].code) > 3 or bases[0].distance == 0):
            factor *= self._weights["narrower"]
        if any("!" + w in reading.core.words for w in theirs.words):
            factor *= self._weights["denied"]
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
        if theirs.other and not core.other and (match.name.entity is not None or not theirs.unspecified):
            return False
        if theirs.of_other and core.unspecified:
            return False
        asserted = {w for w in core.words if not w.startswith("!")}
        return bool(asserted) and asserted <= theirs.everything and theirs.words <= core.everything


def _left_out(title: str, mine: frozenset[str]) -> frozenset[str]:
    """The words a title joins by *and* to one of the source's, not said by it: head and neck of femur."""
    found: set[str] = set()
    for pair in _PAIR.findall(title.lower()):
        one, other = (phrase(each).words for each in pair)
        found |= (other - mine if one <= mine else frozenset()) | (
            one - mine if other <= mine else frozenset()
        )
    return frozenset(found)


def _is_unspecified(base: Base) -> bool:
    return phrase(base.title).unspecified


def _says_other(name: Phrase, core: Phrase) -> bool:
    """Whether a name speaks of others where the source is unspecified."""
    return core.unspecified and (name.other or (name.of_other and not core.of_other))


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
