"""A pasted list of codes: which of them are good on a day, and what to use in place of the others."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from terminology.bundle.resolution import GONE, CodeStatus, Resolution, resolve
from terminology.bundle.store import Store
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
    """A code as it was given (``input``), as it is written, and what it is on the day.

    ``suggestion`` are codes to use in its place, ``message`` says it in a sentence.
    """

    input: str
    code: str
    status: ListStatus
    title: str | None
    suggestion: tuple[str, ...]
    message: str


def codes_in(text: str) -> list[str]:
    """Return the codes of a text, whatever stands between them.

    >>> codes_in("E11.9, I10;\\n(S52.501A) | G0447")
    ['E11.9', 'I10', 'S52.501A', 'G0447']
    >>> codes_in("ICD-10-CM: E11.9, icd-10-cm|I10")
    ['ICD-10-CM: E11.9', 'icd-10-cm|I10']
    """
    return _CODE.findall(text)


def listed_codes(store: Store, system: str, codes: list[str], on: date) -> list[ListedCode]:
    """Return what each code of a list is on a day, in their order.

    Raises :class:`InvalidRequestError` for more than :data:`MOST_CODES`, and :class:`UnknownSystemError`.
    """
    if len(codes) > MOST_CODES:
        raise InvalidRequestError("codes", f"{len(codes):,} codes; at most {MOST_CODES:,} at a time")
    known: dict[str, ListedCode] = {}
    for code in codes:
        if code not in known:
            known[code] = _listed(store, code, resolve(store, system, code[:_LONGEST], on))
    return [known[code] for code in codes]


def _listed(store: Store, given: str, found: Resolution) -> ListedCode:
    suggestion = tuple(one.code for one in found.successors)
    if not suggestion and found.status is CodeStatus.EXISTING and found.billable is False:
        suggestion = _below(store, found)
    elif not suggestion and found.heading is not None:
        suggestion = (found.heading,)
    return ListedCode(
        given, found.code, _status(found), found.title, suggestion[:_MOST_SUGGESTED], found.message
    )


def _below(store: Store, found: Resolution) -> tuple[str, ...]:
    """Return the codes right below a heading, when the release that has it is loaded."""
    if found.last_release is None:
        return ()
    concept = store.concept(found.system, found.code, found.last_release)
    return tuple(child.code for child in store.children(concept, _MOST_SUGGESTED).items)


def _status(found: Resolution) -> ListStatus:
    if found.status in GONE:
        return ListStatus.RETIRED
    if found.status is CodeStatus.EXISTING:
        return ListStatus.NOT_BILLABLE if found.billable is False else ListStatus.VALID
    return ListStatus.NOT_FOUND if found.status is CodeStatus.UNKNOWN else ListStatus(found.status.value)
