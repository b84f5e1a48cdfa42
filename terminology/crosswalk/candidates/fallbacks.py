"""What stands where no candidate says what the source says: residuals of WHO's family, or of the chapter."""

from __future__ import annotations

from collections.abc import Iterable

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
        found = self.rest_of_family(reading, bases)
        return found if found is not None and found.stem != leading.stem else None

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
            narrows = tabulation.is_stem(place) and self._names.says(further - GENERIC, self._telling)
            if residual is not None and not narrows and not self._strangeness.excludes(residual, core):
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
