"""The names that a title joins: *Epilepsy or seizures*, *Thyrotoxicosis [hyperthyroidism]*."""

from __future__ import annotations

import re
from collections.abc import Iterator

_IN_BRACKETS = re.compile(r"\s\[([^\[\]]{4,40})\](,.*)?$")
_JOINED = re.compile(r"^([\w' -]+?),? (?:or|and) ([\w' -]+)$")
_JOINED_SITES = re.compile(r"^(.+ of) ([\w-]+) (?:or|and) ([\w-]+)$")
_ADJECTIVE = re.compile(r"(?:al|ic|ous|ive|ary|ar)$", re.I)
_CONDITION = re.compile(r"(?:itis|sis|ia|ly|lepsy|ismus|oids?|oma)$", re.I)
"""Greek and Latin endings of nouns that name a condition."""

_PREPOSITION = re.compile(r"\b(?:of|by|in|with|due|to|for|from|at|on|without|after|during|following)\b")
_RELATED = ("other ", "related ", "certain ")


def names_within(title: str) -> Iterator[str]:
    """Yield the names that a title joins, each alone; nothing for most titles.

    Both of two single words are names; of longer ones the first is, where the second is one word or says that
    it is what else there is, or where the first is one word that ends as names of conditions do. In *Acute or
    subacute endocarditis* the first is no name.

    >>> list(names_within("Epilepsy or seizures")), list(names_within("Anaemias or other blood disorders"))
    (['Epilepsy', 'seizures'], ['Anaemias'])
    >>> list(names_within("Strabismus or ocular motility disorders"))
    ['Strabismus']
    >>> list(names_within("Malignant neoplasms of bronchus or lung"))
    ['Malignant neoplasms of bronchus', 'Malignant neoplasms of lung']
    >>> list(names_within("Acute or subacute endocarditis")), list(names_within("Varicella [chickenpox]"))
    ([], ['chickenpox'])
    """
    bracketed = _IN_BRACKETS.search(title)
    if bracketed is not None:
        yield f"{bracketed.group(1)}{bracketed.group(2) or ''}"
        return
    sites = _JOINED_SITES.match(title)
    if sites is not None:
        yield f"{sites.group(1)} {sites.group(2)}"
        yield f"{sites.group(1)} {sites.group(3)}"
        return
    joined = _JOINED.match(title)
    if joined is None:
        return
    first, second = joined.groups()
    one, two = len(first.split()), len(second.split())
    if (two == 1 or second.startswith(_RELATED)) and not _ADJECTIVE.search(first):
        yield first
        if one == two == 1:
            yield second
    elif one == 1 and _CONDITION.search(first) and not _PREPOSITION.search(second):
        yield first
