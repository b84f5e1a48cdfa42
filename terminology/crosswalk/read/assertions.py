"""What a title asserts: its clauses, and in each the alternatives of which one is enough.

WHO's titles join alternatives with "or" inside a clause ("Calculus of gallbladder or cystic duct with acute
cholecystitis"): a source that speaks of the gallbladder is met by the whole of it. "Including ..." and
"excluding ..." name members of a group and assert nothing.
"""

from __future__ import annotations

import re
from functools import lru_cache

from terminology.crosswalk.read.lexicon import phrase

FORMAL = frozenset(
    [
        "circumstance",
        "classifiable",
        "condition",
        "currently",
        "elsewhere",
        "etiology",
        "feature",
        "form",
        "localized",
        "period",
        "phenomenon",
        "predominantly",
        "presence",
        "specific",
        "status",
        "system",
        "type",
        "unknown",
        "uteri",
    ]
)
"""Words of headings that narrow nothing: "presence of arthrodesis" is arthrodesis status."""

Clauses = tuple[tuple[frozenset[str], ...], ...]
"""Clauses of a title; of each, its alternatives as words."""

# Standing phrases of ICD-11 that only say where a title stands in the classification.
_FRAME = re.compile(r"\bcontact with health services (?:for|with|by|because of)\b|\bin the context of\b")
_DENIAL = re.compile(r"\b(?:without|not|absence of|no evidence of)\b.*?(?=(?<=foreign body) (?:of|to)\b|$)")
_CLAUSE = re.compile(
    r",?\s+(?=(?:of|in|to|with|by|for|due to|involving|complicating|associated with|resulting in|following"
    r"|including|excluding|but)\s)"
)
_MEMBERS = re.compile(r"^(?:including|excluding)\b")
_OR = re.compile(r",?\s+or\s+(?:other\s+)?|,\s+")
_LIST = re.compile(r",[^,]*,?\s+and\s+")
_AND = re.compile(r",?\s+and\s+|,\s+")


@lru_cache(maxsize=100_000)
def clauses(title: str) -> Clauses:
    """Return the clauses of a title, each as its alternatives.

    >>> clauses("Malignant neoplasm of bone or bone marrow")[1] == (frozenset({"bone"}),
    ...     frozenset({"bone", "marrow"}))
    True
    """
    text = _FRAME.sub(" ", title.lower())
    denials = [(phrase(denial[0]).words,) for denial in _DENIAL.finditer(text)]
    cut = (p.strip() for affirmed in _DENIAL.split(text) for p in _CLAUSE.split(affirmed))
    parts = [part for each in cut for part in _after_or(each)]
    said = [_alternatives(part) for part in parts if part and not _MEMBERS.match(part)]
    return (*(tuple(phrase(each).words for each in part) for part in said), *denials)


def _after_or(clause: str) -> list[str]:
    """Cut a clause at the commas after its last alternative: burn of ankle or foot, epidermal burn."""
    first, found, rest = clause.partition(" or ")
    named, *further = rest.split(", ")
    return [first + found + named, *further] if found else [clause]


def _alternatives(clause: str) -> list[str]:
    if " or " in clause:
        return [each for each in _OR.split(clause) if each]
    if _LIST.search(clause):
        return [each for each in _AND.split(clause) if each]
    return [clause]


@lru_cache(maxsize=100_000)
def _certain(title: str) -> tuple[frozenset[str], frozenset[str], Clauses]:
    """What a title asserts whatever a source says, what of it can be extra; its clauses of alternatives."""
    asserted = frozenset(
        w for alternatives in clauses(title) if len(alternatives) == 1 for w in alternatives[0]
    )
    told = frozenset(word for word in asserted if not word.startswith("!")) - FORMAL
    return asserted, told, tuple(each for each in clauses(title) if len(each) > 1)


def least_extra(title: str, mine: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Return what a title asserts, as words, and what of it is not in ``mine``.

    Of a clause's alternatives the one that adds least is taken. Negated and formal words are never extra.
    """
    asserted, told, choices = _certain(title)
    if not choices:
        return asserted, told - mine
    further = set(told - mine)
    chosen = set(asserted)
    for alternatives in choices:
        extra = [len(words - mine) for words in alternatives]
        least = min(extra)
        equal = [words for words, count in zip(alternatives, extra, strict=True) if count == least]
        nearest = equal[0] if len(equal) == 1 else min(equal, key=sorted)
        chosen |= nearest
        further |= {word for word in nearest - mine if not word.startswith("!")}
    return frozenset(chosen), frozenset(further - FORMAL)


def includes(title: str, narrower: str) -> frozenset[str] | None:
    """Return the words a title asserts when a narrower title says them clause by clause, else ``None``.

    What stands together in the one must stand together in the other: a middle phalanx of a finger is not a
    middle finger.

    >>> sorted(includes("Laceration of hip or thigh", "Laceration of left thigh") or ())
    ['laceration', 'thigh']
    >>> includes("Fracture of middle finger", "Fracture of middle phalanx of finger") is None
    True
    """
    theirs = [words for alternatives in clauses(narrower) for words in alternatives]
    asserted: set[str] = set()
    for alternatives in clauses(title):
        met = [words for words in alternatives if any(words <= other for other in theirs)]
        if not met:
            return None
        asserted |= max(met, key=lambda words: (len(words), sorted(words)))
    return frozenset(asserted)


_EXCLUDED = re.compile(r"\b(?:except(?: for)?|excluding|other than|without)\s+(?:to\s+|in\s+)?([^,;()\[\]]+)")
_EITHER = re.compile(r"\s+(?:or|and)\s+")


@lru_cache(maxsize=100_000)
def excluded(title: str) -> tuple[frozenset[str], ...]:
    """Return what a title excludes, each thing as its words.

    >>> excluded("Burn of trunk except perineum or genitalia, epidermal burn")
    (frozenset({'perineum'}), frozenset({'genital'}))
    """
    denied = {word[1:] for word in phrase(title).words if word.startswith("!")}
    parts = (part for found in _EXCLUDED.finditer(title.lower()) for part in _EITHER.split(found[1]))
    return tuple(words for part in parts if (words := phrase(part).words & denied))


def joined(title: str, mine: frozenset[str]) -> frozenset[str]:
    """Return the words of ``mine`` that a title says only as one of several alternatives.

    >>> sorted(joined("Contusion of shoulder or upper arm", frozenset({"contusion", "upper", "arm"})))
    ['arm', 'upper']
    """
    found: set[str] = set()
    for clause in _certain(title)[2]:
        alternatives = [words for words in clause if words]
        met = [words for words in alternatives if words <= mine]
        if met and len(met) < len(alternatives):
            found.update(*met)
    return frozenset(found)


_WITHIN = re.compile(r" in (?!the context of)")


@lru_cache(maxsize=100_000)
def _head_and_within(title: str) -> tuple[frozenset[str], frozenset[str]] | None:
    """The words of what a title tells and of that in which it occurs; ``None`` where it names no such."""
    head, *within = _WITHIN.split(title.lower().split(",")[0], maxsplit=1)
    return (phrase(head).everything, phrase(within[0]).words) if within else None


def tells_only_within(title: str, condition: frozenset[str], subject: frozenset[str]) -> bool:
    """Whether a title names a condition's subject only as that in which something else occurs.

    >>> dementia = frozenset({"dementia"})
    >>> tells_only_within("Psychotic symptoms in dementia", dementia, dementia)
    True
    >>> tells_only_within("Dementia in Parkinson disease", dementia, dementia)
    False
    """
    parts = _head_and_within(title)
    if parts is None or not subject or not subject <= parts[1]:
        return False
    return condition.isdisjoint(parts[0])
