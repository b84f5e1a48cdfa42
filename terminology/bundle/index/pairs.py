"""Two codes for which the Alphabetic Index has one, under its word "with".

ICD-10-CM presumes that two conditions are related where the Index joins them by "with" (Official Guidelines
I.A.15). Under *Diabetes, with, gastroparesis* stands E11.43; *Diabetes* alone is E11.9, *Gastroparesis* alone
K31.84: so E11.9 beside K31.84 is said by E11.43.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from terminology.bundle.index.book import BOOKS
from terminology.bundle.kept import kept_with_bundle
from terminology.bundle.records import PATH_SEPARATOR
from terminology.bundle.store import Store

_WITH = "with"
_WORD = re.compile(r"[a-z0-9]+")
_EMPTY = frozenset({"a", "an", "and", "due", "in", "nec", "nos", "of", "or", "the", "to"})

INDEX_ROWS = (
    "SELECT path, code, key, edition FROM index_term WHERE book = ?1 AND key IS NOT NULL "
    "AND edition = (SELECT max(edition) FROM index_term WHERE book = ?1) ORDER BY id"
)
INDEX_BOOK = (BOOKS["diseases"].title,)


class Joined(NamedTuple):
    """The one code for two: its printed form, where the Index has it, the edition of the Index, its key."""

    code: str
    term: str
    edition: str
    key: str


@kept_with_bundle(maxsize=1)
def joined_codes(store: Store) -> Mapping[str, Mapping[str, Joined]]:
    """Return what the Index joins: by the key of a condition, by that of what it has under "with".

    A bundle of before they were stored is worked out from its Index: half a second.
    """
    stored = store.query("SELECT 1 FROM sqlite_master WHERE name = 'index_pair'").fetchone()
    pairs = (
        store.query("SELECT condition_key, other_key, code, term, edition, key FROM index_pair").fetchall()
        if stored
        else joined_pairs(store.query(INDEX_ROWS, INDEX_BOOK).fetchall())
    )
    one_code: dict[str, dict[str, Joined]] = defaultdict(dict)
    for condition, other, *joined in pairs:
        one_code[condition][other] = Joined(*joined)
    return one_code


def joined_pairs(rows: Iterable[Sequence[str]]) -> list[tuple[str, str, str, str, str, str]]:
    """Work out the pairs from the rows that ``INDEX_ROWS`` reads: the two keys, then the one code.

    The one code is of the condition's own category; the other is the code of the same words, in any order,
    where they stand elsewhere in the Index. Where the Index has two such codes for a pair, neither is given.
    """
    paths = [(tuple(path.split(PATH_SEPARATOR)), code, key, edition) for path, code, key, edition in rows]
    by_words: dict[frozenset[str], set[str]] = defaultdict(set)
    alone: dict[tuple[str, ...], str] = {}
    for path, _, key, _ in paths:
        alone.setdefault(path, key)
        if _WITH not in path:
            by_words[_words(path)].add(key)
    found: dict[tuple[str, str], set[Joined]] = defaultdict(set)
    for path, code, key, edition in paths:
        if _WITH not in path:
            continue
        place = path.index(_WITH)
        condition = alone.get(path[:place])
        if condition is None or condition == key or condition[:3] != key[:3]:
            continue
        for other in by_words.get(_words(path[place + 1 :]), ()):
            if other not in (key, condition):
                found[condition, other].add(Joined(code, ", ".join(path), edition, key))
    return sorted(
        (*pair, *min(joined)) for pair, joined in found.items() if len({each.key for each in joined}) == 1
    )


def _words(terms: Iterable[str]) -> frozenset[str]:
    return frozenset(word for term in terms for word in _WORD.findall(term.lower())) - _EMPTY
