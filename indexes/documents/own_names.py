"""What ICD-11 itself calls a thing is stronger than a name that ICD-10-CM lends to another of its categories.

ICD-10-CM's Index has defaults of its own: *Diabetes* is type 2 there, *Stroke* an infarction. Where ICD-11
has a category titled with the words of a lent term, or WHO's foundation places them in one, the lent term
gives way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from indexes.documents.document import SearchTerm
from indexes.text.analysis import tokens
from indexes.text.phrases import core, forms
from terminology.codes import code_key
from terminology.concept import Concept, Kind

_SURE = 0.95
_GIVEN_WAY, _TAKEN = 0.8, 0.95
_MOST_OWNERS = 2
_SUPPLEMENTARY = "SV"
Words = frozenset[str]
Terms = Mapping[str, Sequence[SearchTerm]]


def own_names(concepts: Iterable[Concept], placed: Terms) -> dict[Words, frozenset[str]]:
    """Return by its words each name of a stem category of ICD-11, with the keys of what has it.

    ``placed`` are the terms WHO's foundation gives by key; those whose place is inferred with doubt are left
    out, and so are titles of the supplementary chapters, which name what other chapters name.
    """
    found: dict[Words, set[str]] = defaultdict(set)
    for concept in concepts:
        key = code_key(concept.code)
        if concept.kind is Kind.STEM and key[0] not in _SUPPLEMENTARY:
            sure = (term.text for term in placed.get(key, ()) if term.trust >= _SURE)
            for text in (concept.title, *sure):
                found[frozenset(forms(text)[-1])].add(key)
    found.pop(frozenset(), None)
    return {words: frozenset(keys) for words, keys in found.items()}


def given_way(lent: Terms, own: Mapping[Words, frozenset[str]]) -> dict[str, list[SearchTerm]]:
    """Return the lent terms by key, trusted less where they are another category's own name.

    A term that is such a name with one of its nonessential modifiers (*Diabetes (mellitus)*) becomes a term
    of that category too, and gives way wherever else it is lent without them.
    """
    modified = _by_modifiers(lent, own)
    kept: dict[str, list[SearchTerm]] = defaultdict(list)
    for key, terms in lent.items():
        family = {key, key.removesuffix("Z"), key + "Z"}
        for term in terms:
            bare = _bare(term)
            owners = own.get(bare) or modified.get(bare, frozenset())
            if not owners or owners & family:
                kept[key].append(term)
                continue
            kept[key].append(replace(term, trust=term.trust * _GIVEN_WAY))
            if bare not in own:
                for owner in sorted(owners):
                    kept[owner].append(replace(term, trust=_TAKEN))
    return kept


def _by_modifiers(lent: Terms, own: Mapping[Words, frozenset[str]]) -> dict[Words, frozenset[str]]:
    """Return by its bare words what each lent term is the name of when one of its modifiers is said."""
    found: dict[Words, set[str]] = defaultdict(set)
    for terms in lent.values():
        for term in terms:
            bare = _bare(term)
            if bare not in own:
                for modifier in tokens(term.modifiers):
                    found[bare] |= own.get(bare | {modifier}, frozenset())
    return {bare: frozenset(owners) for bare, owners in found.items() if len(owners) <= _MOST_OWNERS}


def _bare(term: SearchTerm) -> Words:
    return frozenset(forms(core(term.text))[-1])
