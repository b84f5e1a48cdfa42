"""What a procedure led to, where ICD-10-CM classes it by body system and no stem names it as such.

ICD-10-CM has a category of intraoperative and postprocedural complications in each chapter. ICD-11 names some
of them (postcardiotomy syndrome); the others it tells as harm in health care: the condition, then the
procedure (ICD-11 Reference Guide, harm in health care).
"""

from __future__ import annotations

import re

from terminology.crosswalk.base.tabulation import Tabulation
from terminology.crosswalk.candidates.candidate import Candidate
from terminology.crosswalk.candidates.harm import cause, is_by_body_system
from terminology.crosswalk.candidates.scoring import WHOLE
from terminology.crosswalk.candidates.weights import bounds
from terminology.crosswalk.model import Step
from terminology.crosswalk.read.facets import Reading
from terminology.crosswalk.read.lexicon import Phrase, phrase
from terminology.crosswalk.read.names import Names

_TITLES = (
    re.compile(
        r"^(?:other )?(?:intraoperative and postprocedural|intraoperative|postprocedural) (?P<condition>.+?)"
        r"(?:,? (?:during|following) .+)?$"
    ),
    re.compile(r"^(?P<condition>.+) associated with chest compression and cardiopulmonary resuscitation$"),
)
_UNNAMED = re.compile(r"(?:complications?|disorders?)\b")
_HARM, _PROCEDURE = "NE81.Y", "PK8Z"
_SAID = frozenset({"intraoperative", "postprocedural"})
_SOURCE = "ICD-11 Reference Guide, harm in health care: the harm first, then its cause"
_MET, _PRECISE, _PART, _NEAREST = 0.8, 0.85, 0.5, 6
# From this weight on a word says something.
_SAYS = 0.3
# Words of stems that are of procedures themselves.
_OF_PROCEDURES = frozenset({"postprocedural", "surgery", "procedure"})


class Procedures:
    """Tells harm by procedures in one target release."""

    def __init__(self, tabulation: Tabulation, names: Names) -> None:
        self._tabulation = tabulation
        self._names = names

    def candidate(self, code: str, reading: Reading, leading: Candidate | None) -> Candidate | None:
        """The condition and its procedure, where the leading candidate hardly says the source."""
        found = next((m for m in (title.match(reading.core_text) for title in _TITLES) if m), None)
        if found is None or not is_by_body_system(code) or not self._tabulation.is_stem(_HARM):
            return None
        if leading is not None and (leading.exact or leading.structured):
            return None
        score = leading.score if leading is not None and not leading.contrary else 0.0
        if score >= bounds()["named"]:
            return None
        procedure = cause(code, reading, self._tabulation)
        condition = found["condition"]
        stem = None if _UNNAMED.match(condition) else self._named(phrase(condition), leading)
        if stem is not None and _OF_PROCEDURES & phrase(self._tabulation.title(stem)).words:
            return None
        if stem is not None:
            procedure = procedure or (_PROCEDURE,)
        elif score < bounds()["unnamed"] or (leading is not None and not leading.steps):
            stem = _HARM
        else:
            return None
        groups = ((stem,), procedure) if procedure else ((stem,),)
        said = _SAID | {w for each in procedure or () for w in phrase(self._tabulation.title(each)).words}
        detail = f"harm by a procedure: {stem} {self._tabulation.title(stem)}"
        return Candidate(stem, groups, score=score, said=said, steps=[Step("base", detail, _SOURCE)])

    def _named(self, words: Phrase, leading: Candidate | None) -> str | None:
        """The stem that names a condition, nearly all or the larger part; the leading one if it says all."""
        for match in self._names.search(words, _NEAREST):
            met = match.score >= _MET and match.precision > _PRECISE
            part = match.recall >= _PART and match.precision > WHOLE
            if (met or part) and not match.name.words.other:
                return self._tabulation.residual(match.name.code, "Z") or match.name.code
        if leading is None or leading.match is None or not words.words:
            return None
        name = leading.match.name.words
        says = words.words <= name.everything and not self._names.says(name.words - words.words, _SAYS)
        return leading.stem if says else None
