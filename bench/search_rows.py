"""Which rows of the search tables change an answer of a bundle: without the row, the answer must be another.

    python -m bench.search_rows --bundle bundle

A row that says what is meant by an abbreviation, a lay term, a brand or a procedure is asked for itself, with
and without the row, over all code systems; a family of words is asked for in the terms of the index that hold
one of them, said with another. Rows that change nothing are printed: they are to go.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any
from unittest.mock import patch

from indexes.disk.shard import Shard
from indexes.search import SearchIndex, open_search_index
from indexes.text import tables, vocabulary
from indexes.text.analysis import tokens
from terminology.bundle.manifest import SEARCH
from terminology.rule_tables import read_rules

SHOWN = 10
TERMS = 6
ASKED: tuple[tuple[partial[tuple[Any, ...]], tuple[str, ...]], ...] = (
    (tables.abbreviations, ("{}",)),
    (tables.lay_terms, ("{}", "history of {}")),
    (tables.brands, ("{}", "{} overdose")),
    (tables.procedures, ("s/p {}", "history of {}")),
)
"""The tables whose rows are asked for themselves, and how."""

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
    words = tuple(tokens(row.said))
    rest: dict[bool, dict[tuple[str, ...], tuple[vocabulary.Rewriting, ...]]] = {}
    for past in (False, True):
        known = vocabulary.rewritings(past)
        kept = tuple(reading for reading in known.get(words, ()) if reading.reading != row.meaning)
        rest[past] = {phrase: readings for phrase, readings in known.items() if phrase != words}
        if kept:
            rest[past][words] = kept
    with patch.object(vocabulary, vocabulary.rewritings.__name__, lambda past=False: rest[past]):
        yield


def answers(index: SearchIndex, queries: Sequence[str]) -> Answer:
    """Return the first codes of each query in each system."""
    index.forget()
    return tuple(
        tuple(f"{r.code} {r.score}" for r in index.search(query, system=shard.system, limit=SHOWN).results)
        for query in queries
        for shard in index.shards
    )


def idle_readings(index: SearchIndex) -> Iterator[tuple[str, Any]]:
    """Yield (table, row) of the readings without which nothing is answered otherwise."""
    for table, forms in ASKED:
        for row in table():
            queries = [form.format(row.said) for form in forms]
            before = answers(index, queries)
            with without_meaning(row):
                if answers(index, queries) == before:
                    yield table.args[0], row


def idle_families(index: SearchIndex) -> Iterator[tuple[str, Any]]:
    """Yield (table, row) of the families of words without which nothing is answered otherwise."""
    for table in (tables.related_words, tables.word_families):
        for row in table():
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
    index = open_search_index(parser.parse_args().bundle / SEARCH)
    idle = 0
    for table, row in chain(idle_families(index), idle_readings(index)):
        words = (" ".join(row.words),) if isinstance(row, tables.Family) else (row.said, row.meaning)
        print(table, *words, sep="\t", flush=True)
        idle += 1
    print(f"{idle} rows change nothing")
    return 1 if idle else 0


if __name__ == "__main__":
    sys.exit(main())
