"""A pasted list of codes: which of them are good on a day, and what to use in place of the others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from terminology.bundle.life.code_status import GONE, CodeStatus, Resolution
from terminology.bundle.life.resolution import resolve
from terminology.bundle.store import Store
from terminology.cluster import is_cluster
from terminology.errors import InvalidRequestError

MOST_CODES = 10_000
_MOST_SUGGESTED = 8
_CODE = re.compile(
    r"(?:https?://|urn:oid:)[^\s,;\"'<>]+"
    r"|(?<![\w-])(?:icd[- ]?(?:9|10|11)(?:[- ]?(?:cm|mms)|\.code)?|hcpcs|cpt)\s*[:|]\s*[^\s,;|\"'()\[\]{}<>]+"
    r"|[^\s,;|\"'()\[\]{}<>]+",
    re.IGNORECASE,
)
_LONGEST = 120
_BETWEEN = re.compile(r"[,;\t\r\n]+")
_SHAPED = re.compile(
    r"(?:[a-z][a-z0-9-]*\s*[:|]\s*|https?://\S+/|urn:oid:\S+[:/])?[A-Z][0-9][0-9A-Z](?:\.?[0-9A-Z]{1,4})?",
    re.IGNORECASE,
)
"""What has the shape of an ICD-10-CM code, with or without the name of its system."""


class ListStatus(StrEnum):
    """What a code of a list is on the day: to use as it is, a heading, gone, to come, or not to be found."""

    VALID = "valid"
    NOT_BILLABLE = "not-billable"
    RETIRED = "retired"
    NOT_YET_VALID = "not-yet-valid"
    UNDETERMINED = "undetermined"
    NOT_FOUND = "not-found"


@dataclass(frozen=True, slots=True)
class ListedCode:
    """A code as it was given (``input``), as it is written, and what it is ``on`` the day (ISO).

    ``suggestion`` are codes to use in its place, ``message`` says it in a sentence.
    """

    input: str
    code: str
    status: ListStatus
    title: str | None
    suggestion: tuple[str, ...]
    message: str
    on: str


def codes_in(text: str) -> list[str]:
    """Return the codes of a text, whatever stands between them.

    >>> codes_in("E11.9, I10;\\n(S52.501A) | G0447")
    ['E11.9', 'I10', 'S52.501A', 'G0447']
    >>> codes_in("ICD-10-CM: E11.9, icd-10-cm|I10")
    ['ICD-10-CM: E11.9', 'icd-10-cm|I10']
    """
    return _CODE.findall(text)


def shaped_like_a_code(token: str) -> bool:
    """Whether a word has the shape of an ICD-10-CM code.

    >>> shaped_like_a_code("E11.9"), shaped_like_a_code("icd-10-cm|I10"), shaped_like_a_code("DX1")
    (True, True, False)
    """
    return _SHAPED.fullmatch(token) is not None


def list_entries(text: str) -> tuple[list[str], list[str]]:
    """Return the codes of a list that may hold titles beside its codes, and the words left out, in order.

    An entry is what stands between commas, semicolons, tabs or line ends. Of an entry the codes before
    its first word are read, or, where it begins with a word, all that are shaped like a code. An entry of one
    word that holds a digit is taken for a code that was mistyped.

    >>> list_entries("E11.9 Type 2 diabetes\\nPneumonia: J18.9; I10, I11.0 | I12.9, ZZ9")
    (['E11.9', 'J18.9', 'I10', 'I11.0', 'I12.9', 'ZZ9'], ['Type', '2', 'diabetes', 'Pneumonia:'])
    >>> list_entries("D51.9, Vitamin B12 deficiency")
    (['D51.9', 'B12'], ['Vitamin', 'deficiency'])
    """
    codes: list[str] = []
    words: list[str] = []
    for entry in _BETWEEN.split(text):
        tokens = _CODE.findall(entry)
        shaped = [shaped_like_a_code(token) for token in tokens]
        if len(tokens) == 1 and any(letter.isdigit() for letter in tokens[0]):
            shaped = [True]
        if shaped and shaped[0]:
            end = shaped.index(False) if False in shaped else len(shaped)
            shaped = [at < end for at in range(len(shaped))]
        for token, is_code in zip(tokens, shaped, strict=True):
            (codes if is_code else words).append(token)
    return codes, words


def listed_codes(store: Store, system: str, codes: list[str], on: date) -> list[ListedCode]:
    """Return what each code of a list is on a day, in their order.

    Raises :class:`InvalidRequestError` for more than :data:`MOST_CODES`, and :class:`UnknownSystemError`.
    """
    return listed_on(store, system, [(code, on) for code in codes])


def listed_on(store: Store, system: str, codes: Sequence[tuple[str, date]]) -> list[ListedCode]:
    """Return what each code is on its own day, in their order; raises as :func:`listed_codes`."""
    if len(codes) > MOST_CODES:
        raise InvalidRequestError("codes", f"{len(codes):,} codes; at most {MOST_CODES:,} at a time")
    known: dict[tuple[str, date], ListedCode] = {}
    for asked in codes:
        if asked not in known:
            code, day = asked
            read = code if is_cluster(code) else code[:_LONGEST]
            known[asked] = _listed(store, code, day, resolve(store, system, read, day))
    return [known[asked] for asked in codes]


def _listed(store: Store, given: str, day: date, found: Resolution) -> ListedCode:
    suggestion, message = tuple(one.code for one in found.successors), found.message
    if not suggestion and found.status is CodeStatus.EXISTING and found.billable is False:
        suggestion, below = _below(store, found)
        if below > len(suggestion):
            message += f"; the first {len(suggestion)} of {below} right below it are suggested"
    if not suggestion and found.status is CodeStatus.UNKNOWN:
        suggestion = tuple(store.near(found.system, given, day))
    if not suggestion and found.heading is not None:
        suggestion = (found.heading,)
    return ListedCode(
        given, found.code, _status(found), found.title, suggestion[:_MOST_SUGGESTED], message, found.on
    )


def _below(store: Store, found: Resolution) -> tuple[tuple[str, ...], int]:
    """Return the first codes right below a heading and how many there are, when its release is loaded."""
    if found.last_release is None:
        return (), 0
    concept = store.concept(found.system, found.code, found.last_release)
    below = store.children(concept, _MOST_SUGGESTED)
    return tuple(child.code for child in below.items), below.total


def _status(found: Resolution) -> ListStatus:
    if found.status in GONE:
        return ListStatus.RETIRED
    if found.status is CodeStatus.EXISTING:
        return ListStatus.NOT_BILLABLE if found.billable is False else ListStatus.VALID
    return ListStatus.NOT_FOUND if found.status is CodeStatus.UNKNOWN else ListStatus(found.status.value)
