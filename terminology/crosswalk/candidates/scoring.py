"""What a candidate stem is worth for a source title, as features: its best name, WHO's tables, its place.

Names meet the title both ways: words of the title they lack and words they add. The score is the sum of the
features by the weights of ``weights.tsv``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import sqrt

from terminology.crosswalk.base.tabulation import Tabulation
from terminology.crosswalk.base.who_ancestor import Bases
from terminology.crosswalk.candidates.candidate import Candidate, Source
from terminology.crosswalk.candidates.strangeness import Strangeness
from terminology.crosswalk.candidates.support import Support
from terminology.crosswalk.candidates.weights import bounds, weighed
from terminology.crosswalk.read.assertions import joined, least_extra
from terminology.crosswalk.read.facets import Reading
from terminology.crosswalk.read.lexicon import Phrase, phrase
from terminology.crosswalk.read.names import Match, Names

# Below this share of WHO's targets a chapter is foreign to the source's letter.
_FOREIGN = 0.01
_BY_INCLUSION = "by an inclusion term"
# A name that says this share of a title says most of it.
_MOST = 0.5
# A title that says this share of a source names it, but for a word.
_NEARLY = 0.85
WHOLE = 0.95
"""A name that says, or of which a title says, this share is said whole."""


class Scorer:
    """Scores candidate stems of one target release."""

    def __init__(self, tabulation: Tabulation, names: Names, bases: Bases) -> None:
        self._tabulation = tabulation
        self._names = names
        self._telling, self._saying = bounds()["telling word"], bounds()["saying word"]
        self._subject = bounds()["subject word"]
        self._met = bounds()["met name"]
        self._discounts = (bounds()["inclusion term"], bounds()["head clause"])
        self.support = Support(tabulation, names, bases)
        self.strangeness = Strangeness(tabulation, names)

    def score(self, candidate: Candidate, source: Source) -> None:
        """Set a candidate's features, score and best name for a source."""
        reading, shares = source.reading, source.shares
        core = self._sided(source, candidate.stem)
        whole = self._names.best(core, candidate.stem)
        foreign = bool(shares) and shares.get(self._tabulation.chapter(candidate.stem), 0.0) < _FOREIGN
        exact = whole is not None and _says_all(core, whole)
        best, by = self._best(candidate, whole, source)
        part = best is not None and not reading.core.other and self._is_part(best, reading)
        candidate.match = best
        says = best is not None and core.words <= best.name.words.everything
        candidate.exact = exact and says and best is not None and best.name.is_title
        features = candidate.features = dict(candidate.support)
        if best is not None:
            features.update(_exact(core, best, source) if exact else self._name(candidate, best, by, source))
            if candidate.exact:
                features["says the whole source"] = 1.0
        if source.grounded and not exact and not candidate.steps:
            features.update(self._unattested(candidate, best, part))
            if best is not None and by is None and _names_of_a_rest(best, source):
                features["against a rest class"] = 1.0
        features.update(self.support.place(candidate, best, source))
        if foreign:
            features["foreign chapter"] = 1.0
            if part:
                features["foreign chapter of a part"] = 1.0
        lone = not (candidate.steps or exact or by == _BY_INCLUSION)
        if lone and self._says_nothing_of_its_own(candidate.stem, best, source):
            features["nothing of its own"] = 1.0
        if not exact and not candidate.one and self._is_beside_other(best, source):
            features["beside other"] = 1.0
        features.update((name, 1.0) for name in self.strangeness.features(candidate, best, source))
        candidate.score = weighed(features)

    def _says_nothing_of_its_own(self, stem: str, best: Match | None, source: Source) -> bool:
        """Whether all a title meets of the source is said by what it stands under too, and it says more.

        A residual says what its category does; that of the family of WHO's target is the family's rest.
        """
        concepts, title = self._tabulation.concepts, self._tabulation.title
        parent = concepts[stem].parent
        if parent is not None and self._tabulation.is_residual(stem):
            one = source.bases[0].one if source.bases else None
            if one is not None and parent in (one.stem, concepts[one.stem].parent):
                return False
            stem, parent = parent, concepts[parent].parent
        if best is None or not best.name.is_title or parent is None:
            return False
        mine = source.reading.core.everything
        own = {word for word in phrase(title(stem)).words if not word.startswith("!")}
        met = own & mine
        if len(met) == len(own) or not met <= phrase(title(parent)).everything:
            return False
        narrowed = joined(title(parent), mine) - joined(title(stem), mine)
        return met.isdisjoint(narrowed)

    def _sided(self, source: Source, stem: str) -> Phrase:
        """The source's words, with its sides where the stem's title names sides: it is a stem of a side.

        So too with what holds its site, where WHO's target excludes that: a burn of the cheek is one of the
        face.
        """
        core, said, strangeness = source.reading.core, self.strangeness.words(stem), self.strangeness
        named = said.sides & source.sides
        one = source.bases[0].one if source.bases else None
        if one is not None and strangeness.excludes(one.stem, core):
            named |= said.sites & strangeness.holding(strangeness.named_sites & source.affirmed)
        return replace(core, words=core.words | named) if named - core.words else core

    def _best(
        self, candidate: Candidate, best: Match | None, source: Source
    ) -> tuple[Match | None, str | None]:
        """The best name for the title, its head clause or an inclusion term, and for which of the latter."""
        value, by = best.score if best else 0.0, None
        synonym, head = self._discounts
        others = [(words, synonym, _BY_INCLUSION) for words in source.synonyms]
        reading = source.reading
        if reading.clauses and reading.condition.words is not None:
            others.append((reading.condition.words, head, "by the head clause"))
        for words, worth, way in others:
            other = self._names.best(words, candidate.stem)
            if other and other.score * worth > value:
                best, value, by = other, other.score * worth, way
        return best, by

    def _name(
        self, candidate: Candidate, best: Match, by: str | None, source: Source
    ) -> Iterator[tuple[str, float]]:
        """Yield how well a name that does not say the whole title meets it, and what speaks against it.

        A name no table speaks for counts less the more words it adds: by the root of its precision.
        """
        met = best.score if candidate.supported else best.score * sqrt(best.precision)
        yield ("name" if candidate.supported else "lone name"), met
        if by is not None:
            yield by, met
        reading = source.reading
        if not candidate.steps:
            for name in self._misses(best, source):
                yield name, met
        elif _says_other(best.name.words, reading.core) and not candidate.one:
            yield "says other", met
        if not candidate.near and source.head and source.head.isdisjoint(best.name.words.everything):
            yield "another head", met

    def _unattested(
        self, candidate: Candidate, best: Match | None, part: bool
    ) -> Iterator[tuple[str, float]]:
        """Yield what speaks against a stem no row names for a base that has targets."""
        if candidate.supported:
            yield "hardly met", max(0.0, 1.0 - (best.score if best is not None else 0.0) / self._met)
            return
        yield "against WHO's tables", 1.0
        if best is not None:
            yield "against WHO's tables, met", best.score * sqrt(best.precision)
        if part:
            yield "against WHO's tables, a part", 1.0

    def _is_beside_other(self, best: Match | None, source: Source) -> bool:
        """Whether a name adds something to a source that is other than what has a name."""
        core, bases = source.reading.core, source.bases
        rest = core.other or (core.unspecified and bool(bases) and phrase(bases[0].title).unspecified)
        if not rest or not source.grounded or best is None:
            return False
        further = best.name.words.words - core.everything
        return self._names.says(further, self._saying)

    def _is_part(self, match: Match, reading: Reading) -> bool:
        """Whether a name is what the title is about, all of it, and says most of the title."""
        theirs, subject = match.name.words, reading.subject
        return (
            match.precision > WHOLE
            and match.recall > _MOST
            and not theirs.other
            and subject <= theirs.everything
            and any(self._names.weight(word) > self._subject for word in subject)
        )

    def _misses(self, match: Match, source: Source) -> Iterator[str]:
        """Yield what tells that a name speaks of something else: telling words it misses or adds."""
        says, telling, theirs = self._names.says, self._telling, match.name.words
        reading, bases, mine = source.reading, source.bases, source.mine
        lacks = says(reading.core.words - theirs.everything, telling)
        further = theirs.words - mine
        if match.name.is_title and bases and bases[0].distance:
            further &= least_extra(match.name.title, mine)[1]
        adds = says(further, telling)
        if lacks and adds:
            yield "something else"
        if theirs.other and not reading.core.other:
            yield "says other"
        if adds and bases and (len(bases[0].code) > 3 or bases[0].distance == 0):
            yield "narrower"
        if not source.denied.isdisjoint(theirs.words):
            yield "asserts what is denied"


def _names_of_a_rest(best: Match, source: Source) -> bool:
    """Whether a title names nearly all of a source for which WHO only has a rest class."""
    base, core = source.bases[0], source.reading.core
    rest = bool(base.distance) and phrase(base.title).other and not core.other
    return rest and best.name.is_title and best.precision > WHOLE and best.recall >= _NEARLY


def _exact(core: Phrase, best: Match, source: Source) -> Iterator[tuple[str, float]]:
    """Yield what saying the whole title is worth: more where the name also says what the title excludes.

    What the category above excludes too is not unsaid: all of it is without it.
    """
    yield "name", best.score
    yield ("exact title" if best.name.is_title else "exact entity"), 1.0
    excluded = {w for w in core.words if w.startswith("!")}
    if excluded:
        said = excluded & best.name.words.words
        above = (phrase(base.title).words for base in source.bases if base.distance)
        unsaid = (excluded - said).difference(*above)
        yield "exact, negations said", len(said) / len(excluded)
        yield "exact, negations unsaid", len(unsaid) / len(excluded)


def _says_all(core: Phrase, match: Match) -> bool:
    """Whether a name says all a title asserts and no more; what the title excludes may be missing."""
    theirs = match.name.words
    if not theirs.words <= core.everything:
        return False
    if theirs.other and not core.other and (match.name.entity is not None or not theirs.unspecified):
        return False
    if theirs.of_other and core.unspecified:
        return False
    asserted = {w for w in core.words if not w.startswith("!")}
    return bool(asserted) and asserted <= theirs.everything


def _says_other(name: Phrase, core: Phrase) -> bool:
    """Whether a name speaks of others where the source is unspecified."""
    return core.unspecified and (name.other or (name.of_other and not core.of_other))
