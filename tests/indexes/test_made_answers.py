"""Search over the made classification answers as recorded: what changes a score, a reading or a row is seen.

Its documents are no ICD-11 and no search is judged by it; what changes the order of some real answers changes
some number here. After an intended change:
``TENELEVEN_RECORD=write pytest tests/indexes/test_made_answers.py``.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest

from bench.golden import differences
from indexes.documents.bundle_input import index_bundle
from indexes.search import SearchIndex, open_search_index
from terminology.bundle.assemble import write_library
from terminology.bundle.manifest import SEARCH
from terminology.edition import Edition, Library
from terminology.graph import TerminologyGraph
from terminology.release import Release, fiscal_year_dates
from tests.mapped import add_mapped
from tests.terminology.crosswalk.made_corpus import made_corpus

RECORD = Path(__file__).parents[1] / "golden" / "made_search.txt"
PHRASES = Path(__file__).parents[2] / "bench" / "search_phrases.tsv"
_EVERY_PHRASE, _EVERY_TITLE = 9, 11
_SHOWN = 4


@pytest.fixture(scope="module")
def made_index(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    """The search index of a bundle of the made classification."""
    folder, corpus = tmp_path_factory.mktemp("made"), made_corpus()
    library = Library(
        editions=[
            Edition(Release("icd-10-cm", "2027", *fiscal_year_dates(2027), ("cm.txt",)), corpus.source),
            Edition(Release("icd-11", "2025-01", date(2025, 1, 1), None, ("mms.txt",)), corpus.target),
        ],
        mappings=list(corpus.mappings),
    )
    manifest = write_library(library, TerminologyGraph.of(library).report, folder, (), "test")
    add_mapped(manifest, library, folder)
    index_bundle(folder)
    return open_search_index(folder / SEARCH)


def _queries() -> Iterator[str]:
    """Phrases as people search, and titles that there are: whole, their words turned round, and in part."""
    rows = [line.split("\t") for line in PHRASES.read_text("utf-8").splitlines() if not line.startswith("#")]
    phrases = dict.fromkeys(row[2] for row in rows)
    yield from (phrase for phrase in phrases if crc32(phrase.encode()) % _EVERY_PHRASE == 0)
    titles = [concept.title for concept in made_corpus().source if concept.billable][::_EVERY_TITLE]
    for place, title in enumerate(titles):
        words = title.lower().replace(",", "").split()
        yield (title, " ".join(words[::-1]), " ".join(words[:3]), f"no {title.lower()}")[place % 4]
    yield from (concept.code for concept in made_corpus().source[:: _EVERY_TITLE * 9])


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, dict):
        return {key: _rounded(each) for key, each in value.items() if key != "took_ms"}
    return [_rounded(each) for each in value] if isinstance(value, list | tuple) else value


def _told(index: SearchIndex, query: str) -> Iterator[str]:
    found = asdict(index.search(query, limit=8, explain=True))
    whole = json.dumps(_rounded(found), ensure_ascii=False, default=str)
    first = " ".join(f"{row['code']} {row['score']:.3f}" for row in found["results"][:_SHOWN])
    said = [found["total"], *(list(found[name]) for name in ("did_you_mean", "unused_words", "denied"))]
    yield f"{query}\t{first}\t{' '.join(map(str, said))}\t{crc32(whole.encode()):08x}"
    typed = query[: max(3, 2 * len(query) // 3)]
    suggested = " ".join(f"{row.code}" for row in index.suggest(typed, limit=5).results)
    yield f"{typed}\tsuggested\t{suggested}"


def test_every_phrase_is_answered_as_recorded(made_index: SearchIndex) -> None:
    lines = [line for query in _queries() for line in _told(made_index, query)]
    if "TENELEVEN_RECORD" in os.environ:
        RECORD.write_text("\n".join(lines) + "\n", encoding="utf-8")
    changed = differences(RECORD.read_text("utf-8").splitlines(), lines)
    assert not changed, "\n".join([f"{len(changed)} lines differ", *changed[:20]])


def test_titles_are_found_by_their_own_words(made_index: SearchIndex) -> None:
    concepts = [concept for concept in made_corpus().target if concept.code[:1] not in "XVB"][::40]
    stems = [concept for concept in concepts if concept.kind == "stem"]
    found = [made_index.search(stem.title, system="icd-11", limit=3).results for stem in stems]
    led = [stem.title in [row.title for row in rows] for stem, rows in zip(stems, found, strict=True)]
    assert len(led) > 30
    assert sum(led) > 0.9 * len(led)
