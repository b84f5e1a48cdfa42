"""The stem that says what the title says: WHO's targets and their neighbours, ranked by meaning.

Candidates are WHO's targets of the bases, the stems around them, and the stems and foundation entities
whose names meet the title's words. What each is worth: :mod:`terminology.crosswalk.candidates.scoring`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from terminology.codes import code_key
from terminology.crosswalk.base.tabulation import Tabulation
from terminology.crosswalk.base.who_ancestor import Base, Bases
from terminology.crosswalk.candidates.scoring import COURSES, Candidate, Scorer, Source, Weights
from terminology.crosswalk.model import Step
from terminology.crosswalk.read.assertions import FORMAL, includes, least_extra
from terminology.crosswalk.read.facets import Reading
from terminology.crosswalk.read.lexicon import Phrase, phrase
from terminology.crosswalk.read.names import GENERIC, Match, Names

# Bounds that spare scoring neighbours which cannot come near the leading candidate.
_NEARNESS_AT_MOST = 0.3
_OUT_OF_REACH = 0.45
_WHOLE = 0.95
# WHO's several targets are no choice from this number on: the source spans what they have in common.
_SPANNING = 9
# From this precision on a title that says all of another says little more.
_LITTLE_MORE = 0.75
# The word by which ICD-11 names the aspects of a mechanism.
_HOW = frozenset({"exposure"})
_SEXES = frozenset({"male", "female"})
# A word of this weight is a meaning of its own.
_TELLING = 0.52
# A candidate below this score hardly speaks of the source at all.
_HARDLY = 0.35
# A word of this weight says something.
_SAYING = 0.3
# A kind that scores this much less than the residual of its family is not meant.
_NEAR_KIND = 0.5


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
        self._bases = bases
        self._weights = Weights.load()
        self._scorer = Scorer(tabulation, names, bases, self._weights)
        self._chapters = _chapter_shares(bases, tabulation)
        self._places: dict[tuple[str, ...], Around] = {}
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
        letter = code_key(code)[:1]
        said = reading.condition.words
        head = self._names.telling(said.words) if said is not None else frozenset()
        source = Source(letter, reading, phrases, bases, self._chapters.get(letter, {}), head)
        around = self._around(tuple(base.one.stem for base in bases[:2] if base.one is not None))
        for candidate in found.values():
            if candidate.stem in around.place:
                candidate.table = max(candidate.table, self._weights["neighbour"])
            self._scorer.score(candidate, source)
        leading = max((c.score for c in found.values()), default=0.0)
        for candidate in self._within_reach(around, reading.core.words, found, leading):
            found[candidate.stem] = candidate
            self._scorer.score(candidate, source)
        self._prefer_one(found.values())
        self._prefer_rest(found.values(), reading.core)
        self._prefer_kind(found.values(), reading)
        if bases and bases[0].distance and not reading.core.other:
            self._prefer_whole(found.values(), reading.core)
        if bases:
            self._keep_family(found.values(), reading, bases[0])
        if any(c.exact and c.score > self._weights["exact_at_home"] for c in found.values()):
            for candidate in found.values():
                if not candidate.exact:
                    candidate.score -= self._weights["beside_exact"]
        return sorted(found.values(), key=lambda c: (c.contrary, -c.score, c.stem))

    def _prefer_one(self, candidates: Iterable[Candidate]) -> None:
        """Put WHO's several targets whose names share nothing with the title behind WHO's one target."""
        candidates = list(candidates)
        one = max((c.score for c in candidates if c.one), default=None)
        if one is None:
            return
        for candidate in candidates:
            if candidate.steps and not candidate.one and candidate.title < self._weights["silent"]:
                candidate.score = min(candidate.score, one - self._weights["silent"])

    def _prefer_rest(self, candidates: Iterable[Candidate], core: Phrase) -> None:
        """Put the stem that says other, as the source does, before the unspecified one of the same title.

        Where both are residuals of one category the choice is that of ``residuals``.
        """
        exact = [(c, c.match.name.words) for c in candidates if c.exact and c.match is not None]
        if not exact or not (core.other or (core.of_other and not core.unspecified)):
            return
        leading, said = max(exact, key=lambda e: (e[0].score, e[0].stem))
        if not said.unspecified or said.other or self._tabulation.sibling_residual(leading.stem, "Y"):
            return
        same = [c for c, said in exact if said.other or (said.of_other and not core.other)]
        if same:
            best = max(same, key=lambda c: (c.score, c.stem))
            best.score = max(best.score, leading.score + 0.01)

    def _prefer_kind(self, candidates: Iterable[Candidate], reading: Reading) -> None:
        """Put the stem that names the source's kind before the residuals of its whole family.

        Where several do, those count whose title the source says clause by clause.
        """
        candidates, core, title = list(candidates), reading.core, self._tabulation.title
        for one in [c for c in candidates if c.one and not c.exact]:
            family = self._family(one.stem)
            kinds = [c for c in candidates if family is not None and self._is_kind(c.stem, family, core)]
            kinds = [c for c in kinds if includes(title(c.stem), reading.core_text)] or kinds
            if not kinds and family not in (None, one.stem) and not core.unspecified:
                kinds = [c for c in candidates if c.near and self._says_more(c.stem, family, core)]
            best = max(kinds, key=lambda c: (c.score, c.stem), default=None)
            if best is None or not self._one_kind(best.stem, kinds, family):
                continue
            if best.score > one.score - _NEAR_KIND:
                rest = (c.score for c in candidates if self._falls_short(c, one.stem))
                best.score = max(best.score, max(rest, default=one.score) + 0.01)

    def _falls_short(self, candidate: Candidate, one: str) -> bool:
        """Whether a candidate is a residual beside WHO's target whose name lacks some of the source."""
        if candidate.stem == one:
            return True
        match, tabulation = candidate.match, self._tabulation
        beside = tabulation.sibling_residual(one, "Y") == candidate.stem
        return beside and match is not None and match.recall < _WHOLE

    def _prefer_whole(self, candidates: Collection[Candidate], core: Phrase) -> None:
        """Put the stem whose title says the whole source title, and little more, before one that says less.

        It is for a source that divides its base: WHO's target of the base need not say what is new in it.
        """
        leading = max(candidates, key=lambda c: c.score, default=None)
        if leading is None or self._says_whole(leading.stem, core) is not None:
            return
        near = [c for c in candidates if c.score > leading.score - _OUT_OF_REACH]
        wholes = [c for c in near if (self._says_whole(c.stem, core) or 0.0) > _LITTLE_MORE]
        best = max(wholes, key=lambda c: (c.score, c.stem), default=None)
        if best is not None:
            best.score = leading.score + 0.01

    def _keep_family(self, candidates: Collection[Candidate], reading: Reading, base: Base) -> None:
        """Keep to WHO's family: its one member that says what is new in the source, and no residual above it.

        A source that divides WHO's code says something WHO's title does not; where one member of WHO's family
        says all of that, and no other says any more of it, that member is meant.
        """
        if base.one is None or base.is_block or base.reused:
            return
        core = reading.core
        one = next((c for c in candidates if c.one), None)
        family = self._family_of(base.one.stem)
        if one is None or family is None or self._narrows(base, core):
            return
        above = set(self._tabulation.ancestors(family))
        for candidate in candidates:
            parent = self._tabulation.concepts[candidate.stem].parent
            higher = candidate.stem in above or (
                parent in above and self._tabulation.is_residual(candidate.stem)
            )
            if higher and not candidate.exact:
                candidate.score = min(candidate.score, one.score - 0.01)
        self._leave_heading(candidates, one, family, core)
        new = self._names.telling(
            {w for w in core.words - phrase(base.title).everything if not w.startswith("!")} - GENERIC
        )
        member = self._only_member(candidates, new, family) or self._only_sibling(candidates, core, new, base)
        leading = max(candidates, key=lambda c: c.score)
        if member is not None and not leading.exact and member.score > leading.score - _NEAR_KIND:
            member.score = max(member.score, leading.score + 0.01)
        kind = self._first_namesake(candidates, new - _said_by_facets(reading), core, family)
        if kind is not None and not leading.exact:
            kind.score = max(kind.score, leading.score + 0.01)

    def _narrows(self, base: Base, core: Phrase) -> bool:
        """Whether WHO's target says more than WHO's code and the source: it is a choice among several."""
        if base.one is None:
            return False
        further, _ = least_extra(self._tabulation.title(base.one.stem), core.everything)
        further -= core.everything | phrase(base.title).everything | GENERIC | FORMAL
        return self._names.says((w for w in further if not w.startswith("!")), _TELLING)

    def _leave_heading(
        self, candidates: Iterable[Candidate], one: Candidate, family: str, core: Phrase
    ) -> None:
        """Put the member that says most of the source before a heading of certain specified ones.

        A heading without a rest is divided whole: what is in it is one of its members.
        """
        tabulation = self._tabulation
        if one.stem != family or one.exact or not tabulation.children.get(family) or one.match is None:
            return
        if tabulation.residual(family, "Y") or tabulation.residual(family, "Z"):
            return
        members = [c for c in candidates if c.match is not None and self._says_more(c.stem, family, core)]
        best = max(members, key=lambda c: (c.score, c.stem), default=None)
        if best is not None and best.match is not None and best.match.recall > one.match.recall:
            best.score = max(best.score, one.score + 0.01)

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

    def _first_namesake(
        self, candidates: Iterable[Candidate], new: frozenset[str], core: Phrase, family: str
    ) -> Candidate | None:
        """The kind that stands under several headings of a family, where it is all that is new in a source.

        The first heading is that of the ordinary case; where they are courses or sites, none is.
        """
        apart = COURSES | self._scorer.named_sites
        tabulation, kinds = self._tabulation, list[Candidate]()
        for candidate in candidates if tabulation.is_stem(family) else ():
            line = list(tabulation.ancestors(candidate.stem))
            if family in line[1:] and not tabulation.is_residual(candidate.stem):
                own = self._own_words(candidate.stem)
                if new and new <= own <= core.everything and apart.isdisjoint(self._own_words(line[0])):
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
        if whole is None or whole.recall <= _WHOLE or (match is not None and match.recall > _WHOLE):
            return None
        return saying

    def _says_whole(self, stem: str, core: Phrase) -> float | None:
        """The precision of a stem's best title when it says all of a source title."""
        match = self._names.best(core, stem)
        if match is None or match.recall <= _WHOLE or not match.name.is_title:
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

    def _says_more(self, stem: str, family: str, core: Phrase) -> bool:
        """Whether a stem below a family says a telling word of the source that the family does not."""
        tabulation = self._tabulation
        if family not in tabulation.ancestors(stem) or tabulation.is_residual(stem):
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

    def stand_in(self, leading: Candidate, reading: Reading, bases: list[Base]) -> Candidate | None:
        """The residual of WHO's family, where the leading candidate is contrary or but a lexical accident.

        That is one with a low score that says a telling word the source does not, and lacks one it does.
        """
        if leading.contrary:
            return self.rest_of_family(reading, bases)
        weak = self._weights["weak"] + (0.0 if leading.steps else self._weights["weak_unattested"])
        tabulation = self._tabulation
        residual = tabulation.is_residual(leading.stem)
        rest = residual and (bool(leading.steps) or leading.score >= _HARDLY)
        if leading.exact or leading.one or leading.score >= weak or rest:
            return None
        if leading.steps and not (bases and phrase(bases[0].title).other):
            return None
        core, above = reading.core, tabulation.concepts[leading.stem].parent
        title = tabulation.title(above if residual and above is not None else leading.stem)
        said, further = least_extra(title, core.everything)
        lacks = {w for w in core.words - said - GENERIC if not w.startswith("!")}
        if not (self._tells(further - GENERIC, leading.score) and self._tells(lacks, leading.score)):
            return None
        found = self.rest_of_family(reading, bases)
        return found if found is not None and found.stem != leading.stem else None

    def _tells(self, words: Iterable[str], score: float) -> bool:
        """Whether some words tell of something, the more easily where a candidate hardly fits the source."""
        least = _TELLING if score >= _HARDLY else _SAYING
        return any(self._names.weight(w) > least for w in words)

    def rest_of_family(self, reading: Reading, bases: list[Base]) -> Candidate | None:
        """The residual of the nearest family of WHO's that says nothing telling the source does not."""
        core = reading.core
        for base in bases:
            targets = [t for t in (base.one, *base.multiple) if t is not None]
            if targets and not base.is_block:
                place = self._residual_above(targets[0].stem, "Z" if core.unspecified else "Y", core)
                if place is not None:
                    detail = f"no name says {reading.title}: the residual of WHO's family of {base.code}"
                    return Candidate(
                        place, ((place,),), 0.0, 0.0, steps=[Step("base", detail, targets[0].where)]
                    )
        return None

    def _residual_above(self, stem: str, letter: str, core: Phrase) -> str | None:
        """The nearest residual whose category says nothing telling that the source does not."""
        tabulation = self._tabulation
        for place in (stem, *tabulation.ancestors(stem)[:-1]):
            residual = tabulation.residual(place, letter) or tabulation.residual(
                place, "Y" if letter == "Z" else "Z"
            )
            _, further = least_extra(tabulation.title(place), core.everything)
            narrows = tabulation.is_stem(place) and self._names.says(further - GENERIC, _TELLING)
            if residual is not None and not narrows and not self._scorer.excludes(residual, core):
                return residual
        return None

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
        elif base.distance and not reading.core.other and phrase(base.title).other:
            nearness *= weights["base_of_others"]
        likeness = _likeness(self._names, reading.core, phrase(base.title))
        for table, kind in ((base.one, "one"), *((t, "multiple") for t in base.multiple)):
            if table is None or self._tabulation.is_excluded(table.stem):
                continue
            value = nearness * (weights[kind] + weights[f"{kind}_likeness"] * likeness)
            spans = len(base.multiple) > _SPANNING and (place == 0 and not base.distance)
            if self._of_block(table.stem) and not reading.core.unspecified and not spans:
                value *= weights["block_residual"]
            if kind == "multiple":
                value *= 2 / (1 + len(base.multiple))
            candidate = found.setdefault(table.stem, Candidate(table.stem, self._said(table.groups, reading)))
            candidate.near = candidate.near or place == 0
            candidate.one = candidate.one or (kind == "one" and place == 0)
            if value > candidate.table:
                candidate.table = value
                if kind == "one":
                    candidate.groups = self._said(table.groups, reading)
            carried = ", carried forward by URI" if table.carried else ""
            detail = f"{base.system} {base.code} {base.title} -> {table.said}{carried}"
            candidate.steps.append(Step("base", detail, table.where))

    def _said(self, groups: tuple[tuple[str, ...], ...], reading: Reading) -> tuple[tuple[str, ...], ...]:
        """WHO's groups without what an event took place with, where the title does not name it."""
        mine = phrase(reading.title).everything - GENERIC - _HOW
        return tuple(
            tuple(c for c in group if not c.startswith("XE") or mine & self._says_beside(c, group[0]))
            for group in groups
        )

    def _says_beside(self, extension: str, stem: str) -> frozenset[str]:
        """The words an extension code says and its stem does not."""
        title = self._tabulation.title
        return phrase(title(extension)).words - phrase(title(stem)).everything

    def _of_block(self, stem: str) -> bool:
        """Whether a stem is the unspecified residual of a block or chapter."""
        parent = self._tabulation.concepts[stem].parent
        return stem.endswith("Z") and parent is not None and not self._tabulation.is_stem(parent)

    def _within_reach(
        self, around: Around, words: frozenset[str], found: dict[str, Candidate], leading: float
    ) -> list[Candidate]:
        """Stems around the bases' targets that share telling words and could come near the leading score."""
        names, weights = self._names, self._weights
        nearness, total = weights["neighbour"], names.total(words)
        near: list[Candidate] = []
        sharing = names.having(names.telling(words), around.codes) - found.keys()
        for code in sorted(sharing, key=around.place.__getitem__):
            recall = names.total(words & names.vocabulary[code]) / total
            best = weights["title"] * 2 * recall / (1 + recall) + nearness + _NEARNESS_AT_MOST
            if recall > _WHOLE or best > leading - _OUT_OF_REACH:
                near.append(Candidate(code, ((code,),), nearness))
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

    def _from_names(self, reading: Reading, found: dict[str, Candidate]) -> None:
        for words in {reading.core, reading.condition.words or reading.core}:
            for match in self._search(words):
                if match.score >= self._weights["name_floor"]:
                    found.setdefault(match.name.code, Candidate(match.name.code, ((match.name.code,),)))


def _said_by_facets(reading: Reading) -> frozenset[str]:
    """The words of a source's facets that extension codes say: its severity, its side."""
    ruled = (f for f in reading.ruled if f.rule is not None and f.rule.extensions)
    return frozenset(w for f in ruled for w in phrase(f.value).words)


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
