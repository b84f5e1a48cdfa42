"""Terms of history codes: the diseases that the Tabular List says a history code is for.

An inclusion term such as *Conditions classifiable to C50* (NCHS, Tabular List, categories Z80 to Z87) names
the diseases of which the code is the history. Their titles become terms of the history code; of a heading,
of the code below it that takes what has no code of its own.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence

from indexes.documents.document import SearchTerm, TermKind
from indexes.text.context import Context, contexts_of
from indexes.text.phrases import core
from terminology.codes import code_key
from terminology.concept import Concept, Kind, NoteKind

_CLASSIFIABLE = re.compile(r"^conditions classifiable to (.+)$", re.I)
_RANGE = re.compile(r"([A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,3})?)(?:\s*-\s*([A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,3})?))?")
_GATHERS = re.compile(r"history of (?:other|unspecified)\b", re.I)
_WORDS = {Context.PERSONAL: "Personal history of", Context.FAMILY: "Family history of"}
_TRUST = 0.9
_CATEGORY = 3


def classified_terms(concepts: Sequence[Concept]) -> dict[str, list[SearchTerm]]:
    """Return by key the terms that "conditions classifiable to" gives to the history codes of a release."""
    named = sorted((code_key(c.code), c.title) for c in concepts if c.kind in (Kind.CATEGORY, Kind.CODE))
    keys = [key for key, _ in named]
    others = _others(concepts)
    placed: dict[str, list[SearchTerm]] = defaultdict(list)
    for concept in concepts:
        words = next((_WORDS[c] for c in contexts_of(concept.title) if c in _WORDS), None)
        if words is None:
            continue
        for note in concept.notes:
            if note.kind is not NoteKind.INCLUSION_TERM or not _CLASSIFIABLE.match(note.text):
                continue
            key = others.get(code_key(concept.code), code_key(concept.code))
            for first, last in _ranges(note.text):
                for at in range(bisect_left(keys, first), bisect_right(keys, last + "\x7f")):
                    found, title = named[at]
                    if len(found) <= max(_CATEGORY, len(first)):
                        text = f"{words} {core(title)}"
                        placed[key].append(
                            SearchTerm(text, TermKind.EQUIVALENT, f"Tabular List: {note.text}", "", _TRUST)
                        )
    return placed


def _ranges(text: str) -> list[tuple[str, str]]:
    found = _CLASSIFIABLE.match(text)
    stated = found.group(1).split(",") if found else []
    pairs = (match.groups() for part in stated for match in [_RANGE.match(part.strip())] if match)
    return [(code_key(first), code_key(last or first)) for first, last in pairs]


def _others(concepts: Sequence[Concept]) -> dict[str, str]:
    """Return for each heading the code below it whose title begins with "other" after the context."""
    found: dict[str, str] = {}
    for concept in concepts:
        if concept.parent is not None and re.search(
            r"history of (?:other|unspecified)\b", concept.title, re.I
        ):
            parent = code_key(concept.parent)
            if concept.billable and ("other" in concept.title.lower() or parent not in found):
                found[parent] = code_key(concept.code)
    return found
