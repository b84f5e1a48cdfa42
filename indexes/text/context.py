"""Whether a disease is present, past, a relative's, or a state left by a procedure.

What is only suspected beside a complaint (*chest pain, r/o MI*) weighs little; alone it is what is searched.
Codes for a history or a status are marked (``@personal venous thrombosis``), and *h/o*, *fhx*, *s/p* in a
query ask for that mark. A disease that lasts stays the disease, whatever history it has: ICD-10-CM Guidelines
I.C.21.c.4 reserves history codes for what no longer exists.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from functools import cache

from indexes.text.analysis import tokens
from indexes.text.tables import contexts, lasting_diseases


class Context(StrEnum):
    """The value is the token that stands for it."""

    PERSONAL = "@personal"
    FAMILY = "@family"
    STATUS = "@status"
    UNCERTAIN = "@uncertain"


_CONTEXTS = {"none": None} | {context.value[1:]: context for context in Context}
_FAMILY = re.compile(r"\bfamily history\b", re.I)
_PERSONAL = re.compile(r"\bhistory of\b|^(?:old|healed) |\ballergy\b", re.I)
_STATUS = re.compile(
    r"^(?:presence|acquired absence|dependence) o[fn] |(?<!mental )(?<!marital )\bstatus"
    r"(?! asthmaticus| epilepticus| migrainosus)\b|^transplanted ",
    re.I,
)
_PAST = re.compile(
    r"\b(?:years?|yrs?)\s+ago\b|\blast year\b|\bin (?:19|20)\d\d\b|\bas a (?:child|kid|teen|teenager|baby)\b",
    re.I,
)
_LASTING = re.compile(r"\b(?:start|began|begin|onset|since|d(?:iagnose|x)|abuse|neglect|molest|now)", re.I)
_SAID_BY_MARK = frozenset(tokens("personal family history status presence old healed"))
_QUALIFIERS = frozenset(tokens("type 1 2 chronic essential primary disease disorder syndrome mild severe"))


def contexts_of(title: str) -> tuple[Context, ...]:
    """Return what the title of a code says of its disease; nothing for a disease that is present.

    >>> [list(contexts_of(t)) for t in ("Family history of stroke", "Kidney transplant status", "Asthma")]
    [[<Context.FAMILY: '@family'>], [<Context.STATUS: '@status'>], []]
    """
    if _FAMILY.search(title):
        return (Context.FAMILY,)
    personal = (Context.PERSONAL,) if _PERSONAL.search(title) else ()
    return (*personal, Context.STATUS) if _STATUS.search(title) else personal


def marked(words: Iterable[str], context: Context) -> tuple[str, ...]:
    """Return the tokens of a phrase with the mark in place of the words that say the same."""
    return (context.value, *(word for word in words if word not in _SAID_BY_MARK))


@cache
def context_cues() -> dict[tuple[str, ...], Context | None]:
    """Return what the words before (or after) a disease say of it; ``None`` where they only seem to."""
    return {row.words: _CONTEXTS[row.role] for row in contexts()}


def is_past(text: str) -> bool:
    """Whether a text says that something was years ago, and not that it began then.

    >>> is_past("had a stroke 3 years ago"), is_past("began 2 years ago"), is_past("fell 3 days ago")
    (True, False, False)
    """
    return _PAST.search(text) is not None and _LASTING.search(text) is None


@cache
def _lasting() -> frozenset[frozenset[str]]:
    return frozenset(frozenset(tokens(row.word)) - _QUALIFIERS for row in lasting_diseases())


def lasts(words: Iterable[str]) -> bool:
    """Whether the words name a disease that a person keeps, so that its history is the disease.

    >>> lasts(tokens("type 2 diabetes mellitus")), lasts(tokens("deep vein thrombosis"))
    (True, False)
    """
    content = frozenset(words) - _QUALIFIERS
    return bool(content) and content in _lasting()
