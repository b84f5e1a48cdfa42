"""The loops of an 837 that a claim is made of (005010X222 and X223, section 2.4), one claim at a time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from terminology.errors import InvalidRequestError
from terminology.exchange.x12.elements import day, with_used_separator
from terminology.exchange.x12.segments import Segment
from terminology.exchange.x12.transactions import Transaction, within_transactions

_SERVICES = frozenset({"SV1", "SV2"})
_OF_CLAIM = frozenset({"DTP", "CL1", "HI"})
_OF_LINE = frozenset({"LX", "SV1", "SV2", "SV5", "CR3", "DTP", "LIN"})
_OTHER_SUBSCRIBER = "SBR"
_DEPENDENT = "23"
_READ_GUIDES = ("005010X222", "005010X223")
_PLACE = re.compile(r"\d{2}([^\w\s.])[AB]?\1\w")


@dataclass(frozen=True, slots=True)
class Person:
    """What a claim needs of the patient; the birth date goes no further than the age it gives."""

    born: date | None = None
    sex: str = ""
    filing: str = ""
    """The claim filing indicator (SBR09) of the payer that the claim goes to."""


@dataclass(slots=True)
class ClaimLoop:
    """Loop 2300 of one claim with its 2400 loops, each a list of segments that opens with LX or a service."""

    transaction: Transaction
    patient: Person
    opening: Segment
    segments: list[Segment] = field(default_factory=list)
    lines: list[list[Segment]] = field(default_factory=list)


def claim_loops(segments: Iterable[Segment]) -> Iterator[ClaimLoop]:
    """Yield the claims of an 837 as they end.

    Loops of other payers (2320), names, addresses and member numbers are passed over. Raises
    :class:`InvalidRequestError` for a transaction that is no 837P or 837I of version 5010.
    """
    claim: ClaimLoop | None = None
    transaction: Transaction | None = None
    person, elsewhere = Person(), False
    for current, segment in within_transactions(segments):
        opens = current is not transaction
        if claim is not None and (opens or segment.tag in ("HL", "CLM")):
            yield claim
            claim, elsewhere = None, False
        if opens:
            transaction, person = current, Person()
            demand_claims(current)
        if segment.tag == "CLM":
            claim = ClaimLoop(current, person, with_used_separator(segment, 5, _PLACE))
        elif claim is None:
            person = _described(person, segment)
        elif segment.tag == _OTHER_SUBSCRIBER:
            elsewhere = True
        else:
            _take(claim, segment, elsewhere)
    if claim is not None:
        yield claim


def demand_claims(transaction: Transaction) -> None:
    """Raise :class:`InvalidRequestError` unless a transaction is an 837P or 837I of version 5010."""
    transaction.demand("837", "claims")
    guide = transaction.guide
    if guide.startswith(_READ_GUIDES):
        return
    name = transaction.opening.file
    if guide.startswith("00401"):
        reason = (
            f"{name} is version 4010 (GS08 {guide}), which ended on 2012-06-30 and carries ICD-9-CM; "
            "send 005010X222 or 005010X223"
        )
    else:
        reason = f"{name} follows {guide or 'no guide'} (GS08); 005010X222 and 005010X223 are read"
    raise InvalidRequestError("file", reason[:300])


def _take(claim: ClaimLoop, segment: Segment, elsewhere: bool) -> None:
    """Keep a segment of a claim or of its last line, if anything is read from it."""
    if segment.separator != claim.opening.separator:
        segment = replace(segment, separator=claim.opening.separator)
    if segment.tag == "LX" or (segment.tag in _SERVICES and _begins_line(claim)):
        claim.lines.append([segment])
    elif claim.lines:
        if segment.tag in _OF_LINE:
            claim.lines[-1].append(segment)
    elif segment.tag in _OF_CLAIM and not elsewhere:
        claim.segments.append(segment)


def _described(person: Person, segment: Segment) -> Person:
    """Return a person with what a segment of loop 2000B or 2000C adds; a dependent keeps the payer."""
    if segment.tag == "HL":
        return Person(filing=person.filing if segment.element(3) == _DEPENDENT else "")
    if segment.tag == "DMG":
        return replace(person, born=day(segment, 2, secret=True), sex=segment.element(3))
    return replace(person, filing=segment.element(9)) if segment.tag == "SBR" else person


def _begins_line(claim: ClaimLoop) -> bool:
    """Whether a service opens a line of its own: some files leave the LX before it out."""
    return not claim.lines or any(segment.tag in _SERVICES for segment in claim.lines[-1])
