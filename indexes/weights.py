"""The numbers ranking is made of, in one place. They were set on withheld index terms, not on phrases."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Weights:
    """``query_lack`` and ``phrase_extra`` are Tversky's two costs; the others are parts of the score.

    A system's best result stands on top where it has ``leader`` times the best of all.
    Results below ``least``, or below ``tail`` times the best, are not shown;
    what holds less than ``glimpse`` of the words the best one holds is not scored. What asserts all that a
    query denies keeps 1 - ``denied`` of its score. ``context`` weighs *h/o* and *fhx*, ``status`` *s/p*;
    a code for a history that is not asked for loses ``unasked``. Words that name a condition weigh
    ``condition`` times their own. A phrase less like the query than ``explained`` explains only a part of
    it, one as like as ``whole`` says the same. Where the best answer of ICD-11 is less like the query than
    ``in_part``, a whole answer of ICD-10-CM leads.

    In typeahead ``begun`` weighs frequency, of which the share ``begun_own`` counts as far as a title holds
    what was typed, and ``begins`` that a term begins with what was typed,
    ``begun_whole`` that it is that or is said so;
    ``still_to_type`` is the cost of what a phrase adds, ``beginning`` the weight of the letters typed last in
    units of a missing word's, ``begun_word`` how well a word they begin fits; phrases that hold less than
    ``begun_share`` of the best are left out. ``begun_said`` is how alike a code is whose abbreviation or lay
    term begins so, ``begun_otherwise`` how far such a reading of the last words is trusted.
    What lacks the letters typed last keeps ``begun_lacking`` where others have them, what is found by leaving
    them out ``begun_left_out``.
    """

    query_lack: float = 0.8
    phrase_extra: float = 0.5
    phrase: float = 0.6
    coverage: float = 0.4
    residual: float = 0.015
    heading: float = 0.04
    frequency: float = 0.05
    setting: float = 0.1
    leader: float = 0.8
    tail: float = 0.45
    least: float = 0.2
    glimpse: float = 0.25
    denied: float = 0.6
    begun: float = 0.7
    begun_own: float = 0.8
    begun_lacking: float = 0.6
    begun_left_out: float = 0.6
    begun_whole: float = 0.2
    begins: float = 0.15
    still_to_type: float = 0.15
    beginning: float = 0.6
    begun_word: float = 0.9
    begun_share: float = 0.6
    begun_said: float = 1.0
    begun_otherwise: float = 0.95
    explained: float = 0.72
    whole: float = 0.99
    in_part: float = 0.8
    context: float = 1.2
    condition: float = 1.25
    unasked: float = 0.05
    status: float = 0.8
    chapters: Mapping[str, float] = field(
        # ICD-11 chapter 26 is the supplementary traditional medicine module, V the functioning assessment
        default_factory=lambda: MappingProxyType({"icd-11/26": 0.15, "icd-11/V": 0.1})
    )
    kinds: Mapping[str, float] = field(
        default_factory=lambda: MappingProxyType(
            {"chapter": 0.12, "block": 0.12, "extension": 0.2, "modifier": 0.05}
        )
    )


WEIGHTS = Weights()
