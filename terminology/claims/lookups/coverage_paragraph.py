"""What the paragraph above a group of diagnoses asks for, as far as it says so in words that can be read.

Articles of the Medicare Coverage Database say in prose which services a group is for, that all of its codes
are needed, or that a code of another group must stand beside one of it.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

_SENTENCE = re.compile(r"[.;](?:\s|$)")
_GROUP = re.compile(r"\bgroups?\s+(\d+)|(?<=\d)\s*(?:,|and|or|&)\s*(\d+)\b", re.IGNORECASE)
_BESIDE = re.compile(
    r"\b(?:and|plus|with|in addition|along with|together|accompan\w+|as well as|combination)\b", re.IGNORECASE
)
_EXCEPT = re.compile(r"\b(?:except|other than|exclud\w+|not)\b", re.IGNORECASE)
_ALL = re.compile(r"\b(?:all|each|both) (?:of )?(?:the|these)\b", re.IGNORECASE)
_MUST = re.compile(r"\b(?:must|required?|requires|shall|are to be|should)\b", re.IGNORECASE)
_OR = re.compile(r"\bor\b", re.IGNORECASE)
_SERVICE = re.compile(r"\b(?:[A-Z]\d{4}|\d{4}[0-9AFMTU])\b")
_RANGE = re.compile(
    r"\b([A-Z]\d{4}|\d{4}[0-9AFMTU])\s*(?:-|\u2013|through|thru|to)\s*([A-Z]\d{4}|\d{4}[0-9AFMTU])\b"
)


@dataclass(frozen=True, slots=True)
class GroupDemand:
    """What a group asks for.

    ``services`` are the codes it is for, empty: all of the document. ``every_code``: all of its codes are
    needed. ``beside`` are sets of other groups, of each of which one code is needed.
    """

    services: frozenset[str] = frozenset()
    every_code: bool = False
    beside: tuple[frozenset[int], ...] = ()


def demand_of(paragraph: str, group: int, services: Collection[str]) -> GroupDemand:
    """Read a paragraph; ``services`` are the codes of the document it belongs to.

    >>> demand_of("One code of Group 1 must be reported with a code from Group 2 or Group 3.", 1, ()).beside
    (frozenset({2, 3}),)
    >>> demand_of("For G0447 only: all of the codes below are required.", 1, {"G0447", "G0473"})
    GroupDemand(services=frozenset({'G0447'}), every_code=True, beside=())
    """
    sentences = _SENTENCE.split(paragraph)
    return GroupDemand(
        _services(paragraph, services),
        any(_ALL.search(each) and _MUST.search(each) and not _EXCEPT.search(each) for each in sentences),
        tuple(dict.fromkeys(needed for each in sentences for needed in _beside(each, group))),
    )


def _beside(sentence: str, group: int) -> list[frozenset[int]]:
    if not _BESIDE.search(sentence) or _EXCEPT.search(sentence) or not _GROUP.search(sentence):
        return []
    named = [int(match[1] or match[2]) for match in _GROUP.finditer(sentence)]
    others = [number for number in dict.fromkeys(named) if number != group]
    if len(others) > 1 and _OR.search(sentence):
        return [frozenset(others)]
    return [frozenset({number}) for number in others]


def _services(paragraph: str, services: Collection[str]) -> frozenset[str]:
    if _EXCEPT.search(paragraph):
        return frozenset()
    named = set(_SERVICE.findall(paragraph))
    for first, last in _RANGE.findall(paragraph):
        named |= {code for code in services if first <= code <= last and len(first) == len(code)}
    return frozenset(named & set(services))
