"""What a stem's title says that the source does not: a side, an age, a site, a course, the opposite."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from terminology.crosswalk.base.tabulation import Tabulation
from terminology.crosswalk.candidates.candidate import Candidate, Source
from terminology.crosswalk.candidates.weights import bounds
from terminology.crosswalk.express.anatomy import ExtensionNames
from terminology.crosswalk.express.sites import PARTS_OF_MANY
from terminology.crosswalk.read.assertions import clauses, excluded, least_extra, tells_only_within
from terminology.crosswalk.read.facets import Reading
from terminology.crosswalk.read.lexicon import Phrase, phrase, word_form
from terminology.crosswalk.read.names import GENERIC, Match, Names
from terminology.crosswalk.tables.rows import rows

# Words of the perinatal period, and the letters of ICD-10 that hold its conditions and their mothers'.
_YOUNG = frozenset({"newborn", "neonatal", "neonate", "fetus", "fetal", "congenital"})
_YOUNG_LETTERS = frozenset("OPQ")
_CHILD = frozenset({"childhood", "infantile", "infancy", "juvenile"})
_JUVENILE = "juvenile"
_SEVERAL = "multiple"
_UNCOMPLICATED = frozenset({"complication"})
# How a condition goes and where it comes from: of one and not the other, however common the words are.
COURSES = frozenset({"acute", "chronic", "subacute", "congenital", "recurrent"})
_PAIR = re.compile(r"\b([a-z]+) (?:and|or) ([a-z]+)\b")
# A stem of another site is meant only where a name of it says this share of the title.
_LARGER_PART = 0.8
# Parts of many bones and organs that are regions of the body too.
_REGIONS = frozenset({"head", "neck"})
SIDE_WORDS = frozenset({"right", "left", "bilateral", "unilateral"})


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


@dataclass(frozen=True, slots=True)
class OppositeRow:
    """A row of ``opposites.tsv``."""

    word: str
    other: str
    source: str


@cache
def opposites() -> dict[str, frozenset[str]]:
    """For a word, those of which a condition is one and not the other (``opposites.tsv``)."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows("opposites.tsv", OppositeRow):
        one, another = word_form(row.word), word_form(row.other)
        found[one].add(another)
        found[another].add(one)
    return {word: frozenset(others) for word, others in found.items()}


class Strangeness:
    """Features of what the titles of one target release say beside a source."""

    def __init__(self, tabulation: Tabulation, names: Names) -> None:
        self._tabulation = tabulation
        self._names = names
        self._telling, self._saying = bounds()["telling word"], bounds()["saying word"]
        anatomy = (c.title for c in tabulation.extensions if c.code.startswith("XA"))
        sites = frozenset(w for title in anatomy for w in phrase(title).words) - GENERIC
        self._sites = frozenset(w for w in sites if names.weight(w) > self._saying)
        self.named_sites = self._sites - (PARTS_OF_MANY - _REGIONS)
        self._anatomy = ExtensionNames(tabulation, "anatomy")
        self._held_in: dict[frozenset[str], frozenset[str]] = {}
        self._stems: dict[str, StemWords] = {}

    def words(self, stem: str) -> StemWords:
        """What a stem's title says."""
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

    def features(self, candidate: Candidate, best: Match | None, source: Source) -> Iterator[str]:
        """Yield what is strange about a stem; tell the candidate where it is ``contrary`` or ``beside``."""
        mine, stem = source.mine, self.words(candidate.stem)
        beside = not candidate.steps and self._goes_beside(candidate.stem, source.reading)
        if beside or self._asserts_denied(stem, source):
            candidate.contrary = True
        if self._is_of_another_age(candidate, stem, source):
            yield "another age"
        if best is not None and _SEVERAL in best.name.words.words and _SEVERAL not in mine:
            yield "several of them"
        if self._names.says(source.denied & stem.words, self._telling):
            yield "denied by the source"
        against = opposites()
        opposed = {w for w in stem.opposed if w not in mine and against[w] & mine - stem.words}
        said, further = least_extra(self._tabulation.title(candidate.stem), mine)
        if opposed & said:
            yield "opposite"
        if self.excludes(candidate.stem, source.reading.core):
            candidate.contrary = True
            yield "excludes the source"
        if candidate.steps and self._is_beside(candidate, said, further, source):
            candidate.beside = True
            yield "beside the source"
        if further & COURSES and not candidate.exact:
            yield "another course"
        if self._leaves_unsaid(candidate.stem, source.reading.core):
            yield "leaves unsaid"
        if not candidate.steps and self._elsewhere(candidate.stem, stem, source):
            candidate.elsewhere = True
            yield "elsewhere"
            if best is None or best.recall < _LARGER_PART:
                yield "elsewhere in part"
        if stem.sides and not stem.sides & source.sides:
            candidate.contrary = candidate.contrary or bool(source.sides)
            yield "other side" if source.sides else "a side"

    def _goes_beside(self, stem: str, reading: Reading) -> bool:
        """Whether a stem tells what occurs in the source's condition, which is told by a stem of its own."""
        words, title = reading.condition.words, self._tabulation.title(stem)
        return words is not None and tells_only_within(title, words.everything - GENERIC, reading.subject)

    def _leaves_unsaid(self, stem: str, core: Phrase) -> bool:
        """Whether a residual says that what the source says is unspecified: the depth of a burn.

        Its title names an axis its category does not, and a member of the category says the source's value.
        """
        tabulation = self._tabulation
        parent = tabulation.concepts[stem].parent
        if parent is None or tabulation.residual(parent, "Z") != stem or not tabulation.is_stem(parent):
            return False
        whole = phrase(tabulation.title(parent)).everything
        axis = self.words(stem).words - whole - GENERIC
        if not axis or axis & core.everything:
            return False
        members = (code for code in tabulation.children[parent] if not tabulation.is_residual(code))
        return any(self._names.telling((self.words(c).words - whole) & core.words) for c in members)

    @staticmethod
    def _is_of_another_age(candidate: Candidate, stem: StemWords, source: Source) -> bool:
        """Whether a title speaks of the newborn or the young where the source does not."""
        mine = source.mine
        if mine & _CHILD:
            return False
        newborn = bool(stem.young - mine) and source.letter not in _YOUNG_LETTERS
        return newborn or (_JUVENILE in stem.words - mine and not candidate.one)

    @staticmethod
    def _asserts_denied(stem: StemWords, source: Source) -> bool:
        """Whether a title asserts all of what a clause of the source denies."""
        for facet in source.reading.clauses if source.denied else ():
            words = facet.words.words if facet.dimension == "absence" and facet.words is not None else None
            if words and words <= source.denied and words <= stem.words and not words <= _UNCOMPLICATED:
                return True
        return False

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
        adds = self._names.says(further - (theirs - left_out) - GENERIC, self._saying)
        own = (f for f in (source.reading.condition, *source.reading.clauses) if f.dimension != "context")
        mine = frozenset(w for f in own if f.words is not None for w in f.words.words)
        new = mine - theirs - said - GENERIC - (frozenset() if left_out else self._sites)
        return adds and self._names.says(new, self._saying)

    def _elsewhere(self, stem: str, said: StemWords, source: Source) -> bool:
        """Whether a title speaks of a site neither the source nor its bases name, and of none it names."""
        sites = self.named_sites
        telling = sites & source.mine
        left_out = _left_out(source.bases[0].title, source.mine) if source.bases else frozenset()
        around = source.around - left_out
        if not telling or said.sites <= around:
            return False
        asserted, further = least_extra(self._tabulation.title(stem), around)
        further = further & sites
        return bool(further) and telling.isdisjoint(asserted) and further.isdisjoint(self.holding(telling))

    def excludes(self, stem: str, core: Phrase) -> bool:
        """Whether a title excludes what a source says, or what holds its site: the face holds the cheek."""
        excluded = self.words(stem).excluded
        if not excluded:
            return False
        said = frozenset(w for w in core.words if not w.startswith("!"))
        said |= self.holding(self.named_sites & said)
        return any(words <= said for words in excluded)

    def holding(self, sites: frozenset[str]) -> frozenset[str]:
        """The words of the sites that hold some: the penis, where the prepuce is named."""
        known = self._held_in.get(sites)
        if known is None:
            tabulation = self._tabulation
            named = (m.name.code for m in self._anatomy.within(Phrase(sites)))
            above = (a for code in named for a in tabulation.ancestors(code) if tabulation.is_extension(a))
            known = frozenset(w for code in above for w in phrase(tabulation.title(code)).words)
            self._held_in[sites] = known
        return known


def _left_out(title: str, mine: frozenset[str]) -> frozenset[str]:
    """The words a title joins by *and* to one of the source's, not said by it: head and neck of femur."""
    found: set[str] = set()
    for pair in _PAIR.findall(title.lower()):
        one, other = (phrase(each).words for each in pair)
        found |= (other - mine if one <= mine else frozenset()) | (
            one - mine if other <= mine else frozenset()
        )
    return frozenset(found)
