"""Remittance advices (835, 005010X221): what a payer did with each claim and line, and why.

Names and member numbers are not kept. Reason texts are X12's and stand nowhere here: numbers only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import BinaryIO

from terminology.exchange.x12.elements import amount, day, with_used_separator
from terminology.exchange.x12.segments import Segment, read_segments
from terminology.exchange.x12.transactions import Transaction, within_transactions

ZERO = Decimal(0)
_PROCEDURE = re.compile(r"[A-Z][A-Z0-9]([^\w\s.-])\w")
_QUALIFIER = re.compile(r"[A-Z]{2}")
_SERVED = ("472", "150")
_REMARKS = {"MIA": (5, 20, 21, 22, 23), "MOA": (3, 4, 5, 6, 7)}


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One reason of a CAS segment: group (CO, PR, OA, PI), reason number (CARC), dollars, units if given."""

    group: str
    reason: str
    amount: Decimal
    units: Decimal | None = None


@dataclass(frozen=True, slots=True)
class PaidLine:
    """A service line as it was judged (SVC). ``number`` is the provider's own line number (REF 6R)."""

    code: str
    modifiers: tuple[str, ...]
    charged: Decimal
    paid: Decimal
    revenue_code: str | None = None
    units: Decimal | None = None
    date_of_service: date | None = None
    number: str | None = None
    adjustments: tuple[Adjustment, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PaidClaim:
    """A claim as it was judged (CLP). ``claim_id`` is the provider's own number: the 837's CLM01.

    ``status`` is CLP02: 1 to 3 processed as primary, secondary or tertiary, 4 denied, 22 reversal.
    """

    claim_id: str
    status: str
    charged: Decimal
    paid: Decimal
    patient_share: Decimal
    file: str
    line: int
    filing: str | None = None
    type_of_bill: str | None = None
    served_from: date | None = None
    served_through: date | None = None
    adjustments: tuple[Adjustment, ...] = ()
    remarks: tuple[str, ...] = ()
    lines: tuple[PaidLine, ...] = ()

    @property
    def denied(self) -> bool:
        """Whether the claim as a whole was denied."""
        return self.status == "4"


@dataclass(slots=True)
class _Loop:
    """Loop 2100 with its 2110 loops, as segments."""

    opening: Segment
    segments: list[Segment] = field(default_factory=list)
    lines: list[list[Segment]] = field(default_factory=list)


def read_remittances(file: BinaryIO, name: str) -> Iterator[PaidClaim]:
    """Yield the claims of an open 835 file.

    Raises :class:`ReleaseFormatError` with line, segment and element where it cannot be read, and
    :class:`InvalidRequestError` when it is another X12 transaction.
    """
    for loop in _loops(read_segments(file, name)):
        yield _claim(loop)


def _loops(segments: Iterator[Segment]) -> Iterator[_Loop]:
    loop: _Loop | None = None
    transaction: Transaction | None = None
    for current, segment in within_transactions(segments):
        opens = current is not transaction
        if loop is not None and (opens or segment.tag in ("CLP", "LX", "PLB")):
            yield loop
            loop = None
        if opens:
            transaction = current
            current.demand("835", "remittance advices")
        if segment.tag == "CLP":
            loop = _Loop(segment)
        elif loop is not None and segment.tag == "SVC":
            loop.lines.append([with_used_separator(segment, 1, _PROCEDURE)])
        elif loop is not None:
            (loop.lines[-1] if loop.lines else loop.segments).append(segment)
    if loop is not None:
        yield loop


def _claim(loop: _Loop) -> PaidClaim:
    opening = loop.opening
    days = _days(loop.segments)
    return PaidClaim(
        claim_id=opening.element(1),
        status=opening.element(2),
        charged=amount(opening, 3) or ZERO,
        paid=amount(opening, 4) or ZERO,
        patient_share=amount(opening, 5) or ZERO,
        file=opening.file,
        line=opening.line,
        filing=opening.element(6) or None,
        type_of_bill=(opening.element(8) + opening.element(9)) or None,
        served_from=days.get("232"),
        served_through=days.get("233"),
        adjustments=tuple(_adjustments(loop.segments)),
        remarks=tuple(_remarks(loop.segments)),
        lines=tuple(_line(line) for line in loop.lines),
    )


def _line(segments: Sequence[Segment]) -> PaidLine:
    service, *rest = segments
    service = _joined(service)
    procedure = service.components(1)
    days = _days(rest)
    return PaidLine(
        code=procedure[1] if len(procedure) > 1 else "",
        modifiers=tuple(part.upper() for part in procedure[2:6] if part),
        charged=amount(service, 2) or ZERO,
        paid=amount(service, 3) or ZERO,
        revenue_code=service.element(4).zfill(4) if service.element(4) else None,
        units=amount(service, 5),
        date_of_service=next((days[name] for name in _SERVED if name in days), None),
        number=next((s.element(2) for s in rest if s.tag == "REF" and s.element(1) == "6R"), None),
        adjustments=tuple(_adjustments(rest)),
        remarks=tuple(_remarks(rest)),
    )


def _joined(service: Segment) -> Segment:
    """Return a service whose procedure some wrote as two elements, ``HC*A0428``, with one for both."""
    qualifier, *rest = service.elements
    if len(service.components(1)) != 1 or not _QUALIFIER.fullmatch(qualifier.strip()) or len(rest) < 3:
        return service
    code = rest[0].strip().removesuffix(".00")
    return replace(service, elements=(f"{qualifier.strip()}{service.separator}{code}", *rest[1:]))


def _adjustments(segments: Sequence[Segment]) -> Iterator[Adjustment]:
    """Yield the reasons of CAS segments: a group, then up to six of reason, amount and quantity."""
    for segment in segments:
        if segment.tag == "CAS":
            for place in range(2, len(segment.elements) + 1, 3):
                if segment.element(place):
                    dollars = amount(segment, place + 1) or ZERO
                    yield Adjustment(
                        segment.element(1).upper(),
                        segment.element(place).upper(),
                        dollars,
                        amount(segment, place + 2),
                    )


def _remarks(segments: Sequence[Segment]) -> Iterator[str]:
    """Yield remark codes (RARC): of the claim from MIA and MOA, of a line from LQ with list HE."""
    for segment in segments:
        if segment.tag == "LQ" and segment.element(1) == "HE":
            yield segment.element(2).upper()
        for place in _REMARKS.get(segment.tag, ()):
            if segment.element(place):
                yield segment.element(place).upper()


def _days(segments: Sequence[Segment]) -> dict[str, date]:
    named = ((s.element(1), day(s, 2)) for s in segments if s.tag == "DTM")
    return {name: on for name, on in named if on is not None}
