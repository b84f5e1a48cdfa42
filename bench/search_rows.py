"""Which rows of the search tables change an answer of a bundle: without the row, the answer must be another.

    python -m bench.search_rows --bundle bundle [--every 40]

A row that says what is meant by an abbreviation, a lay term, a brand or a procedure is asked for itself, with
and without the row, over all code systems; a combination of words by the first of each of its groups, the
ending of drugs by a made-up name; a family of words is asked for in the terms of the index that hold one of
them, said with another. Rows that change nothing are printed: they are to go. ``--every`` takes one row in so
many, always the same ones.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import astuple
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any
from unittest.mock import patch
from zlib import crc32

from indexes.disk.shard import Shard
from indexes.query import together
from indexes.search import SearchIndex, open_search_index
from indexes.text import tables, vocabulary
from indexes.text.alike import ways_to_say
from indexes.text.analysis import tokens
from terminology.bundle.manifest import SEARCH
from terminology.rule_tables import read_rules

SHOWN = 10
TERMS = 6
_MADE_UP = "qvex"
ASKED: tuple[tuple[partial[tuple[Any, ...]], tuple[str, ...]], ...] = (
    (tables.abbreviations, ("{}",)),
    (tables.lay_terms, ("{}", "history of {}")),
    (tables.brands, ("{}", "{} overdose", "gout on {}")),
    (tables.procedures, ("s/p {}", "history of {}")),
)
"""The tables whose rows are asked for themselves, and how."""

Row = tables.Family | tables.Meaning | tables.Stem
Answer = tuple[tuple[str, ...], ...]


@contextmanager
def without_family(table: partial[tuple[tables.Family, ...]], row: tables.Family) -> Iterator[None]:
    """Leave a family of words out of its table while the context lasts."""
    path = f"tables/{table.args[0]}"

    def rest(package: str, name: str, kind: type[Any]) -> tuple[Any, ...]:
        found = read_rules(package, name, kind)  # type: ignore[arg-type]  # a type is hashable
        return tuple(r for r in found if r != row) if name == path else found

    with patch.object(tables, read_rules.__name__, rest):
        vocabulary.related_words.cache_clear()
        yield
    vocabulary.related_words.cache_clear()


@contextmanager
def without_meaning(row: tables.Meaning) -> Iterator[None]:
    """Leave what one row says out of the readings while the context lasts."""
    rest: dict[bool, dict[tuple[str, ...], tuple[vocabulary.Rewriting, ...]]] = {}
    for past in (False, True):
        rest[past] = dict(vocabulary.rewritings(past))
        for words in ways_to_say(tuple(tokens(row.said))):
            readings = rest[past].pop(words, ())
            kept = tuple(reading for reading in readings if reading.reading != row.meaning)
            if kept:
                rest[past][words] = kept
    with patch.object(vocabulary, vocabulary.rewritings.__name__, lambda past=False: rest[past]):
        yield


@contextmanager
def without_drug(index: SearchIndex, row: tables.Meaning) -> Iterator[None]:
    """Let what one row says be no drug while the context lasts."""
    drugs = index.lexicon.drugs
    with patch.object(drugs, "listed", drugs.listed.difference(tokens(row.said))):
        yield


@contextmanager
def without_combination(row: tables.Meaning) -> Iterator[None]:
    """Leave a combination of words out of the readings while the context lasts."""
    rest = tuple(known for known in tables.combinations() if known != row)
    with patch.object(tables, "combinations", lambda: rest):
        together.forget()
        yield
    together.forget()


@contextmanager
def without_stem(row: tables.Stem) -> Iterator[None]:
    """Leave an ending of drugs out of its table while the context lasts."""
    rest = tuple(known for known in tables.drug_stems() if known != row)
    with patch.object(tables, "drug_stems", lambda: rest):
        vocabulary.stem_of.cache_clear()
        yield
    vocabulary.stem_of.cache_clear()


def answers(index: SearchIndex, queries: Sequence[str]) -> Answer:
    """Return the first codes of each query in each system."""
    index.forget()
    return tuple(
        tuple(f"{r.code} {r.score}" for r in index.search(query, system=shard.system, limit=SHOWN).results)
        for query in queries
        for shard in index.shards
    )


def idle_rows(index: SearchIndex, every: int = 1) -> Iterator[tuple[str, Row]]:
    """Yield (table, row) of the rows, one in ``every``, without which nothing is answered otherwise."""
    yield from chain(
        idle_families(index, every),
        idle_readings(index, every),
        idle_combinations(index, every),
        idle_stems(index, every),
    )


def _chosen(rows: Sequence[Any], every: int) -> list[Any]:
    return [row for row in rows if crc32(repr(row).encode()) % every == 0]


def idle_combinations(index: SearchIndex, every: int = 1) -> Iterator[tuple[str, tables.Meaning]]:
    """Yield (table, row) of the combinations without which nothing is answered otherwise."""
    for row in _chosen(tables.combinations(), every):
        queries = [" ".join(group.split("/")[0] for group in row.said.split())]
        before = answers(index, queries)
        with without_combination(row):
            if answers(index, queries) == before:
                yield tables.combinations.args[0], row


def idle_stems(index: SearchIndex, every: int = 1) -> Iterator[tuple[str, tables.Stem]]:
    """Yield (table, row) of the endings of drugs without which nothing is answered otherwise."""
    for row in _chosen(tables.drug_stems(), every):
        queries = [f"{_MADE_UP}{row.stem} overdose"]
        before = answers(index, queries)
        with without_stem(row):
            if answers(index, queries) == before:
                yield tables.drug_stems.args[0], row


def idle_readings(index: SearchIndex, every: int = 1) -> Iterator[tuple[str, tables.Meaning]]:
    """Yield (table, row) of the readings without which nothing is answered otherwise."""
    for table, forms in ASKED:
        for row in _chosen(table(), every):
            queries = [form.format(row.said) for form in forms]
            before = answers(index, queries)
            with without_meaning(row), without_drug(index, row):
                if answers(index, queries) == before:
                    yield table.args[0], row


def idle_families(index: SearchIndex, every: int = 1) -> Iterator[tuple[str, tables.Family]]:
    """Yield (table, row) of the families of words without which nothing is answered otherwise."""
    for table in (tables.related_words, tables.word_families):
        for row in _chosen(table(), every):
            queries = list(_said_otherwise(index.shards, row.words))
            before = answers(index, queries)
            with without_family(table, row):
                if answers(index, queries) == before:
                    yield table.args[0], row


def _said_otherwise(shards: Sequence[Shard], words: Sequence[str]) -> Iterator[str]:
    yield from words
    for shard in shards[:2]:
        for word in words:
            token = next(iter(tokens(word)), "")
            if token in shard.lexicon:
                phrases = shard.phrases_with(shard.lexicon[token])
                for phrase in phrases[:: max(len(phrases) // TERMS, 1)][:TERMS].tolist():
                    said = shard.phrase_text(phrase).lower().split()
                    for other in words:
                        if other != word:
                            yield " ".join(other if tokens(w) == [token] else w for w in said)


def main() -> int:
    """Print the rows that change nothing; 1 if there are any."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--bundle", type=Path, default=Path("bundle"))
    parser.add_argument("--every", type=int, default=1, help="take one row in so many")
    options = parser.parse_args()
    idle = 0
    for table, row in idle_rows(open_search_index(options.bundle / SEARCH), options.every):
        print(table, *astuple(row)[:-1], sep="\t", flush=True)
        idle += 1
    print(f"{idle} rows change nothing")
    return 1 if idle else 0


if __name__ == "__main__":
    sys.exit(main())
