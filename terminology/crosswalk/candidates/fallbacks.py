"""What stands where no candidate says what the source says: residuals of WHO's family, or of the chapter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from terminology.codes import code_key
from terminology.crosswalk.base.tabulation import Tabulation
from terminology.crosswalk.base.who_ancestor import Base
from terminology.crosswalk.candidates.candidate import Candidate
from terminology.crosswalk.candidates.strangeness import Strangeness
from terminology.crosswalk.candidates.weights import bounds
from terminology.crosswalk.model import Step
from terminology.crosswalk.read.assertions import least_extra
from terminology.crosswalk.read.facets import Reading
from terminology.crosswalk.read.lexicon import Phrase, phrase
from terminology.crosswalk.read.names import GENERIC, Names

# Words that begin alike so far are forms of one.
_STEM, _SHORT = 5, 3


class Fallbacks:
    """The residuals of one target release that stand in; ``chapters`` are the shares of each letter's."""

    def __init__(
        self,
        tabulation: Tabulation,
        names: Names,
        strangeness: Strangeness,
        chapters: dict[str, dict[str, float]],
    ) -> None:
        self._tabulation = tabulation
        self._names = names
        self._strangeness = strangeness
        self._chapters = chapters
        self._telling = bounds()["telling word"]

    def stand_in(self, leading: Candidate, reading: Reading, bases: list[Base]) -> Candidate | None:
        """The residual of WHO's family, where the leading candidate is contrary or but a lexical accident.

        That is one with a low score that says a telling word the source does not, and lacks one it does.
        """
        if leading.contrary:
            return self.rest_of_family(reading, bases)
        if self._is_rest_of_another(leading, reading, bases):
            return self._other_than(leading, reading, bases)
        weak = bounds()["weak" if leading.steps else "weak, unattested"]
        tabulation = self._tabulation
        residual = tabulation.is_residual(leading.stem)
        rest = residual and (bool(leading.steps) or leading.score >= bounds()["hardly"])
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
        return self._other_than(leading, reading, bases)

    def _other_than(self, leading: Candidate, reading: Reading, bases: list[Base]) -> Candidate | None:
        """The residual of WHO's family, if it is another than the leading candidate."""
        found = self.rest_of_family(reading, bases)
        return found if found is not None and found.stem != leading.stem else None

    def _is_rest_of_another(self, leading: Candidate, reading: Reading, bases: list[Base]) -> bool:
        """Whether a candidate is the rest of a category that says another thing.

        A telling word of the category is neither the source's nor its bases', and no name meets the source.
        A target of WHO's for a wider code is such where no name of it says any of the source, and the code
        above that has a target of another family.
        """
        tabulation, core = self._tabulation, reading.core
        family: str | None = leading.stem
        if tabulation.is_residual(leading.stem):
            family = tabulation.concepts[leading.stem].parent
        elif not (core.other and tabulation.residual(leading.stem, "Y")):
            return False
        met = leading.match.score if leading.match is not None else 0.0
        least = bounds()["silent" if leading.steps else "met name"]
        if family is None or not bases or met >= least:
            return False
        if leading.steps and not (bases[0].distance and self._leaves(family, bases[1:2])):
            return False
        if not tabulation.is_stem(family):
            return False
        titles = [base.title for base in bases]
        if not leading.steps:  # what WHO's targets say is no other thing
            titles += [tabulation.title(t.stem) for b in bases for t in (b.one, *b.multiple) if t is not None]
        around = core.everything.union(*(phrase(title).everything for title in titles))
        _, further = least_extra(tabulation.title(family), around)
        return self._names.says(_unlike(further - GENERIC, around), bounds()["subject word"])

    def _leaves(self, family: str, bases: list[Base]) -> bool:
        """Whether WHO's targets of some bases are all of other families."""
        targets = {t.stem for base in bases for t in (base.one, *base.multiple) if t is not None}
        above = {a for stem in targets for a in self._tabulation.ancestors(stem)}
        return bool(targets) and family not in targets | above

    def undecided(self, ranked: list[Candidate], reading: Reading, bases: list[Base]) -> Candidate | None:
        """The residual of a category two of whose members lead alike, each by what the source does not say.

        A dissection of another artery is none of an arm and none of a kidney.
        """
        if len(ranked) < 2 or any(c.steps or c.exact for c in ranked[:2]):
            return None
        tabulation, core = self._tabulation, reading.core
        parent = tabulation.concepts[ranked[0].stem].parent
        if parent is None or tabulation.concepts[ranked[1].stem].parent != parent:
            return None
        if not tabulation.is_stem(parent) or ranked[0].score - ranked[1].score >= bounds()["tie of siblings"]:
            return None
        whole = phrase(tabulation.title(parent)).everything
        for candidate in ranked[:2]:
            said, further = least_extra(tabulation.title(candidate.stem), core.everything | whole)
            if tabulation.is_residual(candidate.stem) or not self._tells(further - GENERIC, 0.0):
                return None
            if _unlike((said - whole) & core.words - GENERIC, whole):
                return None
        if bases and bases[0].one is not None and not bases[0].distance:
            return self.rest_of_family(reading, bases)
        more = self._tells({w for w in core.words - whole - GENERIC if not w.startswith("!")}, 1.0)
        letter = "Y" if core.other or core.of_other or (more and not core.unspecified) else "Z"
        residual = tabulation.residual(parent, letter)
        if residual is None:
            return None
        detail = f"the source is none of {ranked[0].stem} and {ranked[1].stem}: the residual of {parent}"
        source = f"ICD-11 MMS {tabulation.release}"
        return replace(
            ranked[0], stem=residual, groups=((residual,),), steps=[Step("refine", detail, source)]
        )

    def _tells(self, words: Iterable[str], score: float) -> bool:
        """Whether some words tell of something, the more easily where a candidate hardly fits the source."""
        least = self._telling if score >= bounds()["hardly"] else bounds()["saying word"]
        return self._names.says(words, least)

    def rest_of_family(self, reading: Reading, bases: list[Base]) -> Candidate | None:
        """The residual of the nearest family of WHO's that says nothing telling the source does not."""
        core = reading.core
        for base in bases:
            targets = [t for t in (base.one, *base.multiple) if t is not None]
            if targets and not base.is_block:
                place = self._residual_above(targets[0].stem, "Z" if core.unspecified else "Y", core)
                if place is not None:
                    detail = f"no name says {reading.title}: the residual of WHO's family of {base.code}"
                    return Candidate(place, ((place,),), steps=[Step("base", detail, targets[0].where)])
        return None

    def _residual_above(self, stem: str, letter: str, core: Phrase) -> str | None:
        """The nearest residual whose category says nothing telling that the source does not."""
        tabulation = self._tabulation
        for place in (stem, *tabulation.ancestors(stem)[:-1]):
            residual = tabulation.residual(place, letter) or tabulation.residual(
                place, "Y" if letter == "Z" else "Z"
            )
            _, further = least_extra(tabulation.title(place), core.everything)
            further = _unlike(further - GENERIC, core.everything)
            narrows = tabulation.is_stem(place) and self._names.says(further, self._telling)
            if residual is None or narrows or self._strangeness.excludes(residual, core):
                continue
            if not self._asserts_denied(residual, core):
                return residual
        return None

    def _asserts_denied(self, stem: str, core: Phrase) -> bool:
        """Whether a title asserts a telling word that a source denies: a fall, for stumbling without one."""
        return self._tells(
            (w for w in phrase(self._tabulation.title(stem)).words if "!" + w in core.words), 1.0
        )

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


def _unlike(words: Iterable[str], others: Iterable[str]) -> frozenset[str]:
    """Some words without those that begin as one of others: arterial and artery, vulvar and vulva."""
    begun = tuple({word.lstrip("!")[:_STEM] for word in others if len(word) > _SHORT})
    return frozenset(word for word in words if not word.startswith(begun))
