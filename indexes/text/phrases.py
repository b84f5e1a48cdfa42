"""The phrases of a concept: each of its terms as the words a coder would have to type.

A phrase is the unit that is matched, so that a query equal to one index term scores as that whole term
and not as a bag of words drawn from many. Words of a residual ("unspecified", "not elsewhere classified")
weigh little, so that the general code stands as close to the bare phrase as its title allows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from indexes.documents.document import SearchDocument, SearchTerm, TermKind
from indexes.text.analysis import tokens
from indexes.text.context import Context, contexts_of, marked
from indexes.text.denial import DENIED, signed_tokens
from indexes.text.names_within import names_within
from indexes.text.unsaid import as_commonly_said
from terminology.concept import Kind
from terminology.systems import ICD10CM

RESIDUAL = frozenset(
    tokens(
        "unspecified nos nec other specified elsewhere classified site part mention without complication "
        "complications uncomplicated not applicable type condition structure"
    )
) - {"type"}
"""Tokens that say "no detail given"."""

_MARKED_TRUST = 0.995
_UNSAID_TRUST = 0.995
_INJURIES = ("19", "20")
_JOINED_TRUST = 0.9
_TITLES = (TermKind.TITLE, TermKind.CATEGORY_TITLE)

_PARENTHESES = re.compile(r"\s*[\(\[][^()\[\]]*[\)\]]")
_GENERIC = r"(?:site|part|type|organism|cause|severity|trimester|degree|side|nature|behavior|duration)"
_UNSPECIFIED = re.compile(
    rf",\s*(?:[^\W\d]+\s){{0,2}}unspecified\b(?:\s+(?!(?:of|in|with|and|or|due|to)\b)[\w()/-]+){{0,4}}\s*(?=$|[,;])"
    rf"|\s*(?:\b(?:of|in)\s+)?\bunspecified\s+{_GENERIC}\b(?:\s+of\b)?(?=\s|$|[,;])"
    r"|(?<!due to)\s+unspecified\s*$|^unspecified\s+|(?<=\b(?:of|in))\s+unspecified\b"
    r"|,?\s*(?:unspecified|not specified) as \w+(?:,? or \w+)*"
    r"|,?\s+not known (?:if|whether) \w+(?: or \w+)*$"
    r"|,\s*unspecified\b|,?\s*\bNOS\b",
    re.I,
)
_WITHOUT = re.compile(
    r",?\s+(?:without (?:mention of )?complications?|uncomplicated|not elsewhere classified|NEC)$", re.I
)
_MAY_BE_UNSPECIFIED = re.compile(r"specified|known|NOS", re.I)
_MAY_HOLD_RESIDUAL = re.compile(r"[(\[]|specified|known|NOS|NEC|without|uncomplicated|elsewhere", re.I)
_RANGE = re.compile(
    r"(?<![\w.])(\d+(?:\.\d+)?)(?:\s?-\s?(\d+(?:\.\d+)?)|\s+(or (?:greater|more|less)))(?![\w.])"
)
_IS_NAME = re.compile(r"\bNOS$")
"""An inclusion term that ends so says which code has the bare name."""
_MORE = ("or greater", "or more")
_OPEN = 10
"""How far a range without an end is written out."""
_MOST_NUMBERS = 15
_OF_OTHERS = re.compile(r"\b(?:of|in|with|by|due to) other\b(?! (?:or|and) un)", re.I)
_COMMA_WORDS = re.compile(r",\s*")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase of a concept: its distinct tokens, the term it is shown as and how far to trust it."""

    tokens: tuple[str, ...]
    shown: str
    kind: TermKind
    source: str
    trust: float


def core(text: str) -> str:
    """Return ``text`` without what only says that nothing more is known.

    >>> core("Otitis media, unspecified, unspecified ear"), core("Essential (primary) hypertension")
    ('Otitis media', 'Essential hypertension')
    >>> core("Chronic kidney disease, stage 3 unspecified")
    'Chronic kidney disease, stage 3'
    >>> core("Stroke not known if ischaemic or haemorrhagic"), core("Bronchitis, not specified as acute")
    ('Stroke', 'Bronchitis')
    """
    if not _MAY_HOLD_RESIDUAL.search(text):
        return text
    previous = ""
    while text != previous:
        previous = text
        text = _PARENTHESES.sub("", text)
        if _MAY_BE_UNSPECIFIED.search(text):
            text = _UNSPECIFIED.sub("", text)
        text = _WITHOUT.sub("", text).strip(" ,;")
    return text


def main_form(term: str) -> str:
    """Return the first of the word forms a main term lists: ``Diabetes, diabetic`` -> ``Diabetes``.

    >>> main_form("Diabetes, diabetic"), main_form("Abscess, lung")
    ('Diabetes', 'Abscess, lung')
    """
    first, *others = _COMMA_WORDS.split(term)
    if others and all(" " not in o and o[:3].lower() == first[:3].lower() for o in others):
        return first
    return term


@cache
def forms(text: str) -> tuple[tuple[str, ...], ...]:
    """Return the distinct tokens of ``text`` in order, and of its core where that differs.

    Terms repeat from system to system and are looked at several times; a build clears this cache at its end.
    """
    bare = core(text)
    whole = tuple(dict.fromkeys(signed_tokens(text)))
    return (whole,) if bare == text else (whole, tuple(dict.fromkeys(signed_tokens(bare))))


def phrases_of(document: SearchDocument, inherited: Iterable[SearchTerm] = ()) -> Iterator[Phrase]:
    """Yield the distinct phrases of a concept, the most trusted of equal ones.

    ``inherited`` are the terms of the categories for which this concept is the general code.
    """
    title = SearchTerm(document.title, TermKind.TITLE, document.system)
    numbers = (replace(title, text=text) for text in numbered(document.title))
    found: dict[frozenset[str], Phrase] = {}
    for term in (title, *numbers, *document.terms, *inherited):
        trust = term.trust
        for words in forms(term.text):
            if not words:
                continue
            key = frozenset(words)
            if key not in found or found[key].trust < trust:
                found[key] = Phrase(words, term.text, term.kind, term.source, trust)
            trust *= 1.0 if _IS_NAME.search(term.text) else 0.99
    for phrase in [p for p in found.values() if p.kind in _TITLES]:
        for name in names_within(core(phrase.shown) if "[" not in phrase.shown else phrase.shown):
            words = forms(name)[-1]
            named = Phrase(words, phrase.shown, phrase.kind, phrase.source, phrase.trust * _JOINED_TRUST)
            if words:
                found.setdefault(frozenset(words), named)
    if document.system == ICD10CM.id and document.chapter in _INJURIES:
        own = [phrase for phrase in found.values() if ", see " not in phrase.source]
        for phrase in own:
            for shorter in as_commonly_said(phrase.shown):
                words = forms(shorter)[-1]
                known = Phrase(words, phrase.shown, phrase.kind, phrase.source, phrase.trust * _UNSAID_TRUST)
                found.setdefault(frozenset(words), known)
    yield from found.values()
    for context in contexts_of(document.title):
        yield from _marked(found.values(), context)


def _marked(phrases: Iterable[Phrase], context: Context) -> Iterator[Phrase]:
    """Yield the phrases of a code for a history or a status once more, with its mark."""
    seen: set[frozenset[str]] = set()
    for phrase in phrases:
        words = marked(phrase.tokens, context)
        if len(words) > 1 and frozenset(words) not in seen:
            seen.add(frozenset(words))
            yield replace(phrase, tokens=words, trust=phrase.trust * _MARKED_TRUST)


def is_residual_token(token: str) -> bool:
    """Whether a token, asserted or denied, only says "no detail given"."""
    return token.removeprefix(DENIED) in RESIDUAL


def numbered(title: str) -> Iterator[str]:
    """Yield a title that gives a range of numbers once for each whole number in the range.

    >>> list(numbered("Body mass index [BMI] 21.0-22.9, adult")), list(numbered("Cholera"))
    (['Body mass index [BMI] 21, adult', 'Body mass index [BMI] 22, adult'], [])
    """
    found = _RANGE.search(title)
    if found is None:
        return
    first, last, bound = found.groups()
    low = int(float(first))
    high = int(float(last)) if last else low + (_OPEN if bound.startswith(_MORE) else -_OPEN)
    low, high = min(low, high), max(low, high)
    if high - low <= _MOST_NUMBERS:
        for number in range(max(low, 0), high + 1):
            yield f"{title[: found.start()]}{number}{title[found.end() :]}"


def is_residual(document: SearchDocument) -> bool:
    """Whether the title is that of an "other specified" class, which gathers what has no code of its own."""
    return says_residual(document.title)


def says_residual(title: str) -> bool:
    """Whether a title gathers what has no code of its own."""
    return title.lower().startswith(("other ", "certain ")) or ", other" in title.lower()


def _gathers(document: SearchDocument) -> bool:
    """Whether a title gathers what is other than its siblings: *Hemangioma of other sites*."""
    return is_residual(document) or _OF_OTHERS.search(document.title) is not None


def adds_only_residual(child: SearchDocument, parent: SearchDocument, denials: bool = False) -> bool:
    """Whether the child's title says no more than its parent's: it is the parent's general code.

    With ``denials`` it may deny: *Gastritis, unspecified, without bleeding* is the general gastritis.
    """
    if child.kind in (Kind.CHAPTER, Kind.BLOCK) or (_gathers(child) and not _gathers(parent)):
        return False
    whole, above = forms(child.title), forms(parent.title)
    added = set(whole[-1]).difference(above[0])
    if all(is_residual_token(token) or (denials and token.startswith(DENIED)) for token in added):
        return sum(not is_residual_token(token) for token in set(above[-1]).difference(whole[0])) <= 1
    return False
