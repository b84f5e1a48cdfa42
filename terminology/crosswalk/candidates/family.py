"""Features that candidates have beside each other: members, headings and residuals of one family of WHO's.

A source that divides WHO's code says something WHO's title does not; the family of WHO's target may have a
member that says it. None of these looks at a score.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from terminology.crosswalk.base.tabulation import Tabulation
from terminology.crosswalk.base.who_ancestor import Base
from terminology.crosswalk.candidates.candidate import Candidate
from terminology.crosswalk.candidates.scoring import WHOLE
from terminology.crosswalk.candidates.strangeness import COURSES
from terminology.crosswalk.candidates.weights import bounds
from terminology.crosswalk.read.assertions import FORMAL, includes, least_extra
from terminology.crosswalk.read.facets import Reading
from terminology.crosswalk.read.lexicon import Phrase, phrase
from terminology.crosswalk.read.names import GENERIC, Names

# From this precision on a title that says all of another says little more.
_LITTLE_MORE = 0.75
_SEXES = frozenset({"male", "female"})

Compared = Iterator[tuple[Candidate, str]]
"""Candidates, each with a feature it has."""


class Families:
    """Compares the candidates of a source in one target release; ``sites`` are words that name one site."""

    def __init__(self, tabulation: Tabulation, names: Names, sites: frozenset[str]) -> None:
        self._tabulation = tabulation
        self._names = names
        self._apart = COURSES | sites
        self._telling, self._silent = bounds()["telling word"], bounds()["silent"]

    def compare(self, candidates: Collection[Candidate], reading: Reading, bases: list[Base]) -> Compared:
        """Yield the features candidates have beside each other."""
        core = reading.core
        yield from self._silent_several(candidates)
        yield from self._other_as_the_source(candidates, core)
        yield from self._kinds(candidates, reading)
        if not bases:
            return
        if bases[0].distance and not core.other:
            yield from self._wholes(candidates, core)
        yield from self._of_family(candidates, reading, bases[0])

    def _silent_several(self, candidates: Collection[Candidate]) -> Compared:
        """WHO's several targets whose names share nothing with the title, where WHO has one target."""
        if not any(c.one for c in candidates):
            return
        for candidate in candidates:
            met = candidate.match.score if candidate.match is not None else 0.0
            if candidate.steps and not candidate.one and met < self._silent:
                yield candidate, "silent beside one"

    def _other_as_the_source(self, candidates: Iterable[Candidate], core: Phrase) -> Compared:
        """The stem that says other, as the source does, beside the unspecified one of the same title.

        Where both are residuals of one category the choice is that of ``residuals``.
        """
        exact = [(c, c.match.name.words) for c in candidates if c.exact and c.match is not None]
        if not exact or not (core.other or (core.of_other and not core.unspecified)):
            return
        beside = (c for c, said in exact if said.unspecified and not said.other)
        if all(self._tabulation.sibling_residual(c.stem, "Y") for c in beside):
            return
        for candidate, said in exact:
            if said.other or (said.of_other and not core.other):
                yield candidate, "other as the source"

    def _kinds(self, candidates: Collection[Candidate], reading: Reading) -> Compared:
        """The stems that name the source's kind, beside the residuals of its whole family.

        Where several do, those count whose title the source says clause by clause.
        """
        core, title = reading.core, self._tabulation.title
        for one in [c for c in candidates if c.one and not c.exact]:
            family = self._family(one.stem)
            kinds = [c for c in candidates if family is not None and self._is_kind(c.stem, family, core)]
            kinds = [c for c in kinds if includes(title(c.stem), reading.core_text)] or kinds
            if not kinds and family not in (None, one.stem) and not core.unspecified:
                kinds = [c for c in candidates if c.near and self._says_more(c.stem, family, core)]
            for kind in kinds:
                below = self._said_below(kind, candidates)
                rest = [c for c in below if self._tabulation.residual(kind.stem, "Y") == c.stem]
                if self._one_kind(kind.stem, kinds, family) and below == rest:
                    yield from ((each, "kind of the family") for each in rest or [kind])

    def _said_below(self, kind: Candidate, candidates: Iterable[Candidate]) -> list[Candidate]:
        """The stems below one that names a kind which meet the title better."""
        met = kind.match.score if kind.match is not None else 0.0
        better = (c for c in candidates if c.match is not None and c.match.score > met)
        return [c for c in better if kind.stem in self._tabulation.ancestors(c.stem)]

    def _wholes(self, candidates: Collection[Candidate], core: Phrase) -> Compared:
        """The stems whose title says the whole source title, and little more.

        It is for a source that divides its base, where WHO's target of the base does not say all of it.
        """
        if any(c.one and self._says_whole(c.stem, core) is not None for c in candidates):
            return
        for candidate in candidates:
            if (self._says_whole(candidate.stem, core) or 0.0) > _LITTLE_MORE:
                yield candidate, "says the whole title"

    def _of_family(self, candidates: Collection[Candidate], reading: Reading, base: Base) -> Compared:
        """WHO's family: its one member that says what is new in the source, and the residuals above it.

        Where one member of WHO's family says all that a source adds to WHO's code, and no other says any
        more of it, that member is meant.
        """
        if base.one is None or base.is_block or base.reused:
            return
        core = reading.core
        one = next((c for c in candidates if c.one), None)
        family = self._family_of(base.one.stem)
        if one is None or family is None:
            return
        new = self._names.telling(
            {w for w in core.words - phrase(base.title).everything if not w.startswith("!")} - GENERIC
        )
        condition = reading.condition.words.words if reading.condition.words is not None else core.words
        for candidate in candidates:
            if self._is_another_member(candidate, new & condition, core, family):
                yield candidate, "another member"
        if self._narrows(base, core):
            return
        above = set(self._tabulation.ancestors(family))
        for candidate in candidates:
            parent = self._tabulation.concepts[candidate.stem].parent
            higher = candidate.stem in above or (
                parent in above and self._tabulation.is_residual(candidate.stem)
            )
            if higher and not candidate.exact and "exact title" not in candidate.features:
                yield candidate, "above the family"
        yield from self._members_of_heading(candidates, one, family, core)
        member = self._only_member(candidates, new, family) or self._only_sibling(candidates, core, new, base)
        if member is not None:
            yield member, "only member"
        kind = self._first_namesake(candidates, new - _said_by_facets(reading), core, family)
        if kind is not None:
            yield kind, "under the first heading"

    def _narrows(self, base: Base, core: Phrase) -> bool:
        """Whether WHO's target says more than WHO's code and the source: it is a choice among several."""
        if base.one is None:
            return False
        further, _ = least_extra(self._tabulation.title(base.one.stem), core.everything)
        further -= core.everything | phrase(base.title).everything | GENERIC | FORMAL
        return self._names.says((w for w in further if not w.startswith("!")), self._telling)

    def _members_of_heading(
        self, candidates: Iterable[Candidate], one: Candidate, family: str, core: Phrase
    ) -> Compared:
        """The members that say more of the source than a heading of certain specified ones.

        A heading without a rest is divided whole: what is in it is one of its members.
        """
        tabulation = self._tabulation
        if one.stem != family or one.exact or not tabulation.children.get(family) or one.match is None:
            return
        if tabulation.residual(family, "Y") or tabulation.residual(family, "Z"):
            return
        for candidate in candidates:
            match = candidate.match
            fuller = match is not None and match.recall > one.match.recall
            if fuller and self._says_more(candidate.stem, family, core):
                yield candidate, "member of a heading"

    def _family_of(self, stem: str) -> str | None:
        """The head of a stem's family: of a residual its parent, a stem or a block, else the stem itself."""
        tabulation = self._tabulation
        parent = tabulation.concepts[stem].parent
        if not tabulation.is_residual(stem):
            return stem
        return parent if parent is not None and parent != tabulation.chapter(stem) else None

    def _only_member(
        self, candidates: Iterable[Candidate], new: frozenset[str], family: str
    ) -> Candidate | None:
        """The one member of a family whose names say all that is new in a source: what its base does not."""
        if not new:
            return None
        tabulation = self._tabulation
        saying = [
            c
            for c in candidates
            if family in tabulation.ancestors(c.stem)
            and not tabulation.is_residual(c.stem)
            and any(new <= said.everything for said in self._names.titles(c.stem))
        ]
        return saying[0] if len(saying) == 1 and not saying[0].elsewhere else None

    def _is_another_member(
        self, candidate: Candidate, new: frozenset[str], core: Phrase, family: str
    ) -> bool:
        """Whether a member of a family says another thing than what is new: alcohol, not cannabis."""
        stem, match, tabulation = candidate.stem, candidate.match, self._tabulation
        if candidate.steps or candidate.exact or match is None or not match.name.is_title:
            return False
        if "by an inclusion term" in candidate.features:
            return False
        parent = tabulation.concepts[stem].parent
        if tabulation.is_residual(stem) and parent is not None:
            stem, parent = parent, tabulation.concepts[parent].parent
        if parent != family or not tabulation.residual(family, "Y"):
            return False
        unsaid = self._own_words(stem) - core.everything - GENERIC
        said = frozenset(w for name in self._names.titles(stem) for w in name.everything)
        return self._names.says(unsaid, self._telling) and self._names.says(new - said, self._telling)

    def _first_namesake(
        self, candidates: Iterable[Candidate], new: frozenset[str], core: Phrase, family: str
    ) -> Candidate | None:
        """The kind that stands under several headings of a family, where it is all that is new in a source.

        The first heading is that of the ordinary case; where they are courses or sites, none is.
        """
        tabulation, kinds = self._tabulation, list[Candidate]()
        for candidate in candidates if tabulation.is_stem(family) else ():
            line = list(tabulation.ancestors(candidate.stem))
            if family in line[1:] and not tabulation.is_residual(candidate.stem):
                own = self._own_words(candidate.stem)
                if new and new <= own <= core.everything and self._apart.isdisjoint(self._own_words(line[0])):
                    kinds.append(candidate)
        return min(kinds, key=lambda c: c.stem) if len(kinds) > 1 else None

    def _own_words(self, stem: str) -> frozenset[str]:
        """The words of a stem's title beyond that of what it stands under."""
        parent = self._tabulation.concepts[stem].parent
        above = phrase(self._tabulation.title(parent)).everything if parent is not None else frozenset()
        return phrase(self._tabulation.title(stem)).words - above

    def _only_sibling(
        self, candidates: Iterable[Candidate], core: Phrase, new: frozenset[str], base: Base
    ) -> Candidate | None:
        """The one member of an undivided target's family that says the whole source, where it does not."""
        one = base.one.stem if base.one is not None else None
        parent = self._tabulation.concepts[one].parent if one is not None else None
        if one is None or parent is None or not base.distance or not self._tabulation.is_stem(parent):
            return None
        if self._tabulation.children.get(one) or self._tabulation.is_residual(one):
            return None
        match = self._names.best(core, one)
        saying = self._only_member(candidates, new, parent)
        whole = self._names.best(core, saying.stem) if saying is not None else None
        if whole is None or whole.recall <= WHOLE or (match is not None and match.recall > WHOLE):
            return None
        return saying

    def _says_whole(self, stem: str, core: Phrase) -> float | None:
        """The precision of a stem's best title where it says all of a source title."""
        match = self._names.best(core, stem)
        if match is None or match.recall <= WHOLE or not match.name.is_title:
            return None
        theirs = match.name.words
        if theirs.other or theirs.of_other or theirs.words & _SEXES - core.everything:
            return None
        return match.precision

    def _one_kind(self, best: str, kinds: list[Candidate], family: str | None) -> bool:
        """Whether no other kind says another thing the source says: a lobulated and a horseshoe kidney."""
        title = self._tabulation.title
        whole = phrase(title(family)).everything if family is not None else frozenset()
        said = phrase(title(best)).words - whole
        return all(said & (phrase(title(c.stem)).words - whole) for c in kinds) or not said

    def _says_more(self, stem: str, family: str | None, core: Phrase) -> bool:
        """Whether a stem below a family says a telling word of the source that the family does not."""
        tabulation = self._tabulation
        if family is None or family not in tabulation.ancestors(stem) or tabulation.is_residual(stem):
            return False
        further = phrase(tabulation.title(stem)).words - phrase(tabulation.title(family)).everything
        return bool(self._names.telling(further & core.words))

    def _family(self, stem: str) -> str | None:
        """The category whose residual a stem is, or which it is itself."""
        tabulation = self._tabulation
        if tabulation.children.get(stem):
            return stem
        parent = tabulation.concepts[stem].parent
        if parent is None or not tabulation.is_residual(stem) or not tabulation.is_stem(parent):
            return None
        return parent if tabulation.residual(parent, "Z") == stem else None

    def _is_kind(self, stem: str, family: str, core: Phrase) -> bool:
        """Whether a stem of a family says nothing the source does not, and something the family does not."""
        tabulation = self._tabulation
        if family not in tabulation.ancestors(stem) or tabulation.is_residual(stem):
            return False
        family_says = phrase(tabulation.title(family))
        whole = family_says.everything
        for said in self._names.titles(stem):
            if (said.other and not core.other) or (said.of_other and not family_says.of_other):
                return False
            words = {w for w in said.words if not w.startswith("!") or w in core.words}
            further = words - whole
            if further and further <= core.everything and self._names.telling(further):
                return True
            if not further and words <= core.everything and not whole <= core.everything:
                return True
        return False


def _said_by_facets(reading: Reading) -> frozenset[str]:
    """The words of a source's facets that extension codes say: its severity, its side."""
    ruled = (f for f in reading.ruled if f.rule is not None and f.rule.extensions)
    return frozenset(w for f in ruled for w in phrase(f.value).words)
