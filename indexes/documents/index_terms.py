"""Terms of the ICD-10-CM Alphabetic Index and its tables, attached to the codes of a release.

The newest complete index may be older than the codes. A printed code that no longer exists is resolved
through the conversion table when it names one successor, else to the longest category that still
holds it; both at less than full trust. References (``see``) carry their term to what they refer to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from indexes.documents.document import SearchTerm, TermKind
from indexes.text.phrases import forms, main_form
from terminology.codes import code_key
from terminology.concept import IndexTerm
from terminology.mapping import Predecessor

BEHAVIOURS = {
    "malignant primary": "malignant neoplasm of {site}",
    "malignant secondary": "secondary malignant neoplasm of {site}",
    "ca in situ": "carcinoma in situ of {site}",
    "benign": "benign neoplasm of {site}",
    "uncertain behavior": "neoplasm of uncertain behavior of {site}",
    "unspecified behavior": "neoplasm of unspecified behavior of {site}",
}
"""What the columns of the Neoplasm Table (NCHS) say in words."""

DRUG_COLUMNS = {
    "accidental": "poisoning by {site}, accidental",
    "self-harm": "poisoning by {site}, intentional self-harm",
    "assault": "poisoning by {site}, assault",
    "undetermined": "poisoning by {site}, undetermined",
    "adverse": "adverse effect of {site}",
    "underdosing": "underdosing of {site}",
}
"""What the columns of the Table of Drugs and Chemicals (NCHS) say in words, by a word of the heading."""

_SUCCESSOR_TRUST = 0.95
_CATEGORY_TRUST = 0.85
_REFERENCE_TRUST = 0.97
_UNNAMED_TRUST = 0.75
_EXTERNAL = "External"
_SKIPPED_REFERENCES = ("condition", "neoplasm", "table of drugs")


def place_index_terms(
    entries: Iterable[IndexTerm], titles: Mapping[str, str], predecessors: Iterable[Predecessor] = ()
) -> dict[str, list[SearchTerm]]:
    """Return the terms of each code by its key; ``titles`` are those of one release of ICD-10-CM, by key."""
    keys = titles.keys()
    successors: dict[str, set[str]] = defaultdict(set)
    for step in predecessors:
        if code_key(step.code) in keys:
            successors[code_key(step.previous)].add(code_key(step.code))
    placed: dict[str, list[SearchTerm]] = defaultdict(list)
    by_path: dict[tuple[str, frozenset[str]], list[tuple[str, str | None]]] = defaultdict(list)
    references: list[IndexTerm] = []
    for entry in entries:
        if entry.code is None:
            references.append(entry)
            continue
        found = resolve(entry.code, keys, successors)
        if found is None:
            continue
        key, trust = found
        if _EXTERNAL in entry.book and _says_nothing_of(titles[key], entry):
            trust *= _UNNAMED_TRUST
        term = SearchTerm(spoken(entry), TermKind.INDEX, _source(entry), entry.modifiers or "", trust)
        placed[key].append(term)
        by_path[entry.book, _path_words(entry.path)].append((key, entry.column))
    for entry in references:
        see = entry.see or ""
        if not see or see.lower().startswith(_SKIPPED_REFERENCES):
            continue
        for key, column in by_path.get((entry.book, _path_words(see.split(", "))), ()):
            text = spoken(replace(entry, column=column))
            source = f"{_source(entry)}, see {see}"
            placed[key].append(
                SearchTerm(text, TermKind.INDEX, source, entry.modifiers or "", _REFERENCE_TRUST)
            )
    return placed


def _says_nothing_of(title: str, entry: IndexTerm) -> bool:
    """Whether a code gathers what has no code of its own and its title has no word of the entry.

    The External Cause Index prints *Thirst* and *Wound NEC* at X58, exposure to other specified factors.
    """
    return "other specified" in title.lower() and _path_words(entry.path).isdisjoint(forms(title)[0])


def _source(entry: IndexTerm) -> str:
    return f"{entry.book} {entry.edition}"


def _path_words(path: Sequence[str]) -> frozenset[str]:
    return frozenset(token for part in path for token in forms(main_form(part))[0])


def resolve(printed: str, keys: Collection[str], successors: dict[str, set[str]]) -> tuple[str, float] | None:
    """Return the key a printed index code stands for now, and how far to trust that; ``None`` if nothing."""
    key = code_key(printed).rstrip("-")
    if key in keys:
        return key, 1.0
    later = successors.get(key, set())
    if len(later) == 1:
        return next(iter(later)), _SUCCESSOR_TRUST
    for length in range(len(key) - 1, 2, -1):
        shorter = key[:length].rstrip("X")
        if shorter in keys:
            return shorter, _CATEGORY_TRUST
    return None


def spoken(entry: IndexTerm) -> str:
    """Return an index entry as a phrase: its path, or for a table what row and column say together.

    >>> spoken(IndexTerm("Neoplasm Table", "2026", ("Neoplasm, neoplastic", "lung"), column="Benign"))
    'benign neoplasm of lung'
    """
    parts = [main_form(part) for part in entry.path]
    if entry.column is None:
        return ", ".join(parts)
    column = entry.column.lower()
    pattern = BEHAVIOURS.get(column)
    if pattern is not None:
        site = parts[1:] if len(parts) > 1 else ["unspecified site"]
        return pattern.format(site=", ".join(site))
    for word, sentence in DRUG_COLUMNS.items():
        if word in column:
            return sentence.format(site=", ".join(parts))
    return ", ".join((*parts, entry.column))
