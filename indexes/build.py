"""Builds the search index of a bundle."""

from __future__ import annotations

import gc
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import orjson

from indexes.disk.body_parts import BodyParts, write_body_parts
from indexes.disk.broad import BroadWriter
from indexes.disk.known_terms import hashes_of, write_known_terms
from indexes.disk.shard_writer import write_shard
from indexes.disk.units import Unit, units_of
from indexes.disk.word_forms import WordForms, condition_tokens, drug_tokens
from indexes.documents.document import SearchDocument
from indexes.said import write_said
from indexes.search import FORMAT
from indexes.text.analysis import tokens_with_words
from indexes.text.lexicon import write_lexicon
from indexes.text.phrases import forms
from indexes.text.vocabulary import inapplicable
from terminology.errors import BundleError
from terminology.systems import ICD10CM

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done and how much there is (0: unknown)."""


@dataclass(frozen=True, slots=True)
class IndexStats:
    """What was indexed: concepts, results they are grouped to, phrases, distinct tokens, bytes on disk.

    ``inapplicable`` are the phrases of the search tables whose meaning has a word that nothing loaded has.
    """

    documents: int
    units: int
    phrases: int
    tokens: int
    size: int
    inapplicable: tuple[str, ...] = ()


def build_search_index(
    documents: Iterable[SearchDocument], folder: Path, on_progress: Progress | None = None
) -> IndexStats:
    """Write the search index of ``documents`` into ``folder``, which must be new or empty.

    The documents of one release follow each other, parents before children, one release per system. Raises
    :class:`BundleError` if the folder is not empty.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise BundleError(f"{folder} is not empty; the search index is written into a new folder")
    tell = on_progress or (lambda what, done, of: None)
    with _uncollected():
        stats = _build(documents, folder, tell)
        forms.cache_clear()
        return stats


@contextmanager
def _uncollected() -> Iterator[None]:
    """Keep the garbage collector from walking millions of live objects over and over: a third of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _build(documents: Iterable[SearchDocument], folder: Path, tell: Progress) -> IndexStats:
    counts: Counter[str] = Counter()
    surfaces: dict[str, Counter[str]] = defaultdict(Counter)
    forms_found = WordForms()
    parts = BodyParts()
    hashes: set[int] = set()
    drugs: frozenset[str] = frozenset()
    conditions: frozenset[str] = frozenset()
    shards = []
    concepts = units_total = phrases = 0
    broad = BroadWriter(folder / "whoosh")
    for (system, release), group in groupby(documents, key=lambda d: (d.system, d.release)):
        units = units_of(group)
        tell(f"search: {system}", 0, len(units))
        name = f"{system}-{release}"
        write_shard(units, folder / name)
        tell(f"search: {system}", len(units) // 2, len(units))
        shards.append({"system": system, "release": release, "folder": name})
        _count_words(units, counts, surfaces)
        forms_found.add(units)
        hashes |= hashes_of(units)
        if system == ICD10CM.id:
            drugs, conditions = drug_tokens(units), condition_tokens(units)
            parts.add(units)
        broad.add(units)
        concepts += sum(1 + len(u.variants) for u in units)
        units_total += len(units)
        phrases += sum(len(u.phrases) for u in units)
        tell(f"search: {system}", len(units), len(units))
        del units  # before those of the next system are made
    broad.close()
    write_known_terms(folder, hashes)
    write_body_parts(folder, parts.result())
    write_lexicon(folder, counts, surfaces, forms_found.result(), drugs, conditions)
    (folder / "search.json").write_bytes(orjson.dumps({"format": FORMAT, "shards": shards}))
    write_said(folder)
    apart = inapplicable(counts)
    tell(
        f"search: rows of its tables for words that no loaded code has, such as {_some(apart)}", len(apart), 0
    )
    size = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
    return IndexStats(concepts, units_total, phrases, len(counts), size, apart)


def _some(phrases: Sequence[str], most: int = 3) -> str:
    return ", ".join(phrases[:most]) or "none"


def _count_words(units: Sequence[Unit], counts: Counter[str], surfaces: dict[str, Counter[str]]) -> None:
    for unit in units:
        counts.update(unit.context.keys())
        for word, token in tokens_with_words(unit.document.title):
            surfaces[token][word] += 1
