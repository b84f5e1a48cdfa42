"""What a procedure led to is the condition, then the procedure, where no stem names both."""

from __future__ import annotations

import pytest

from terminology.concept import Concept, Kind
from terminology.crosswalk.base.tabulation import Tabulation
from terminology.crosswalk.candidates.candidate import Candidate
from terminology.crosswalk.candidates.procedures import Procedures
from terminology.crosswalk.read.facets import read_title
from terminology.crosswalk.read.lexicon import phrase
from terminology.crosswalk.read.names import Name, Names

_TITLES = {
    "8B11": "Cerebral ischaemic stroke",
    "BE19": "Postprocedural ventricular abnormality",
    "NA82.2": "Fracture of sternum",
    "NE81.Y": "Other specified injury or harm arising from a procedure, not elsewhere classified",
    "PK8Z": "Surgical or other medical procedures associated with injury or harm, unspecified",
    "PK80.1Z": "Cardiac procedure associated with injury or harm, unspecified",
    "PK81.E": "Cardiopulmonary resuscitation associated with injury or harm in therapeutic use",
}


@pytest.fixture(scope="module")
def procedures() -> Procedures:
    concepts = [Concept("icd-11", code, title, Kind.STEM, None) for code, title in _TITLES.items()]
    names = Names(Name(code, title, phrase(title)) for code, title in _TITLES.items())
    return Procedures(Tabulation("2025-01", concepts, {}), names)


def _groups(
    procedures: Procedures, code: str, title: str, score: float = 0.4
) -> tuple[tuple[str, ...], ...] | None:
    leading = Candidate("BE19", (("BE19",),), score=score)
    found = procedures.candidate(code, read_title(title, code), leading)
    return found.groups if found is not None else None


def test_a_condition_that_a_stem_names_is_told_by_it_and_the_procedure(procedures: Procedures) -> None:
    title = "Postprocedural cerebrovascular infarction following cardiac surgery"
    assert _groups(procedures, "I97.820", title) == (("8B11",), ("PK80.1Z",))
    title = "Intraoperative cerebrovascular infarction"
    assert _groups(procedures, "I97.81", title) == (("8B11",), ("PK8Z",))
    title = "Fracture of sternum associated with chest compression and cardiopulmonary resuscitation"
    assert _groups(procedures, "M96.A1", title) == (("NA82.2",), ("PK81.E",))


def test_what_no_stem_names_is_harm_by_a_procedure(procedures: Procedures) -> None:
    title = "Intraoperative and postprocedural nipple ischemia"
    assert _groups(procedures, "N99.860", title) == (("NE81.Y",),)


def test_a_stem_that_fits_the_source_stays(procedures: Procedures) -> None:
    title = "Postprocedural cerebrovascular infarction"
    assert _groups(procedures, "I97.82", title, score=1.5) is None
    assert _groups(procedures, "I63.9", title) is None
