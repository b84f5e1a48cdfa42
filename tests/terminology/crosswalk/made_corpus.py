"""A made classification, wide enough to lead titles of every chapter through every room of the crosswalk.

Its sources are codes of the package ``simple-icd-10-cm``, a few of every family. Its targets are no ICD-11: a
stem for most categories and subcategories of those families, titled as they are, with the two rest classes,
and what the rule tables name. WHO's tables are made of the same. What the engine answers to it says nothing
of its quality; that it answers otherwise is seen, without any real file.
"""

from __future__ import annotations

from functools import cache

from terminology.crosswalk.corpus import Corpus
from tests.terminology.crosswalk.made_sources import sources
from tests.terminology.crosswalk.made_tables import EARLIER, RELEASE, earlier, tables
from tests.terminology.crosswalk.made_target import targets


@cache
def made_corpus() -> Corpus:
    """Return all of it."""
    target = tuple(targets())
    rows = tuple(tables(target))
    return Corpus("2027", tuple(sources()), RELEASE, target, (), rows, {EARLIER: earlier()})
