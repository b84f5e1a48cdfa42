"""The names of ICD-11's stems: titles, the alternatives a title begins with, and foundation entities."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from terminology.concept import Concept
from terminology.crosswalk.base.foundation import foundation_names
from terminology.crosswalk.base.tabulation import Tabulation
from terminology.crosswalk.read.lexicon import phrase
from terminology.crosswalk.read.names import ALTERNATIVE, Name, Names
from terminology.mapping import Mapping

_ALTERNATIVES = re.compile(
    r"^(Other specified )?((?:[\w-]+, )*[\w-]+) or ([\w-]+)(?=,| (?:of|in|at|to|by|due)\b|$)"
)


def stem_names(tabulation: Tabulation, mappings: Sequence[Mapping]) -> Names:
    """Gather the names of all stems: their titles and those of foundation entities that fall under them."""
    names = [
        Name(c.code, c.title, phrase(c.title)) for c in tabulation.stems if not tabulation.is_excluded(c.code)
    ]
    for concept in tabulation.stems:
        parent = tabulation.concepts.get(concept.parent or "")
        if parent is not None and concept.code.endswith("Z") and tabulation.is_residual(concept.code):
            words = replace(phrase(parent.title), unspecified=True)
            if tabulation.is_stem(parent.code) and not tabulation.is_excluded(concept.code):
                names.append(Name(concept.code, parent.title, words, source="title of the category"))
    titled = {(name.words, tabulation.category(name.code)) for name in names}
    for concept in tabulation.stems:
        below = [phrase(tabulation.title(c)).words for c in tabulation.children.get(concept.code, ())]
        for name in alternatives(concept):
            said_below = any(words and words <= name.words.words for words in below)
            if not said_below and (name.words, tabulation.category(name.code)) not in titled:
                names.append(name)
    names += foundation_names(tabulation, mappings)
    return Names(names)


def alternatives(concept: Concept) -> Iterable[Name]:
    """Yield what a title that begins with alternatives says by each of them: strain or sprain of ankle."""
    title = concept.title
    found = _ALTERNATIVES.match(title)
    if found is not None:
        for word in (*found[2].split(", "), found[3]):
            said = (found[1] or "") + word + title[found.end() :]
            yield Name(concept.code, title, phrase(said), source=ALTERNATIVE)
