"""What the crosswalk engine reads: domain records held in memory, from whatever was loaded."""

from __future__ import annotations

from collections.abc import Mapping as Dictionary
from collections.abc import Sequence
from dataclasses import dataclass, field

from terminology.concept import Concept
from terminology.mapping import Mapping


@dataclass(frozen=True, slots=True)
class Corpus:
    """Everything the engine may know when it maps one source release to one target release.

    ``source`` are all concepts of the ICD-10-CM release ``source_release``, ``target`` all of the ICD-11
    release ``target_release``; both with chapters and blocks. ``icd10`` are the concepts of WHO's ICD-10
    (may be empty), ``mappings`` the rows of WHO's transition tables of all loaded releases (may be
    empty: the engine then answers from titles alone and says so). ``earlier_targets`` holds, per ICD-11
    release other than the target, its concepts: a table's codes are carried forward by URI through them.
    """

    source_release: str
    source: Sequence[Concept]
    target_release: str
    target: Sequence[Concept]
    icd10: Sequence[Concept] = ()
    mappings: Sequence[Mapping] = ()
    earlier_targets: Dictionary[str, Sequence[Concept]] = field(default_factory=dict)
