"""The ICD-11 release a crosswalk leads to is chosen when it is built."""

from __future__ import annotations

import pytest

from terminology.crosswalk.library_crosswalk import library_corpus
from terminology.errors import InvalidRequestError
from terminology.systems import ICD11
from tests.small_library import small_library


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
