"""The ICD-11 release a crosswalk leads to is chosen when it is built."""

from __future__ import annotations

from dataclasses import replace

import pytest

from terminology.concept import Concept
from terminology.crosswalk.engine import build_crosswalk
from terminology.crosswalk.library_crosswalk import library_corpus
from terminology.crosswalk.review.drift import Drift, crosswalk_drift
from terminology.errors import InvalidRequestError
from terminology.systems import ICD11
from tests.small_library import small_library
from tests.terminology.crosswalk.small_corpus import small_corpus


def test_the_newest_release_is_the_target_unless_one_is_named() -> None:
    library = small_library()
    newest = [e.release.id for e in library.in_order() if e.release.system == ICD11.id][-1]
    chosen = library_corpus(library)
    named = library_corpus(library, newest)
    assert chosen is not None
    assert named is not None
    assert chosen.corpus.target_release == named.corpus.target_release == newest


def test_a_release_that_is_not_loaded_is_refused() -> None:
    with pytest.raises(InvalidRequestError, match="2031-01 is not loaded"):
        library_corpus(small_library(), "2031-01")


def _of_2026(concept: Concept) -> Concept:
    """A concept as a release has it that gave the codes of hypertension other numbers and kept their URIs."""
    parent = concept.parent and concept.parent.replace("BA00", "BA0A")
    uri = concept.uri and concept.uri.replace("/2025-01/", "/2026-01/")
    return replace(concept, code=concept.code.replace("BA00", "BA0A"), parent=parent, uri=uri)


def test_targets_are_carried_to_the_next_release_by_uri_and_the_drift_names_them() -> None:
    old = small_corpus()
    new = replace(
        old,
        target_release="2026-01",
        target=[_of_2026(concept) for concept in old.target],
        earlier_targets={"2025-01": old.target},
    )
    before, after = list(build_crosswalk(old)), list(build_crosswalk(new))
    became = {c.source_code: c.recommended.expression for c in after if c.recommended is not None}
    assert became["I10"] == "BA0A.Z"
    changes = {c.source_code: c.kind for c in crosswalk_drift(before, after)}
    assert changes == {code: Drift.STEM for code in became if code.startswith("I10")}
    moved = next(c for c in after if c.source_code == "I10")
    assert {c.target_release for c in after} == {"2026-01"}
    assert any("carried forward by URI" in step.detail for step in moved.targets[0].provenance)
