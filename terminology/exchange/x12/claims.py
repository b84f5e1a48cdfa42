"""Claims out of an 837: the codes, dates and numbers that edits read, and no more.

Names, addresses, birth dates and member numbers are not kept: the birth date becomes the age at service,
at admission for a stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO

from terminology.claims.claim import Claim, ClaimLine, ClaimSetting, Diagnosis, Patient, Sex
from terminology.exchange.x12.claim_loops import ClaimLoop, claim_loops
from terminology.exchange.x12.elements import amount, counts, period
from terminology.exchange.x12.segments import Segment, read_segments

ICD10_STARTS = date(2015, 10, 1)
"""HIPAA's date of compliance with ICD-10-CM (45 CFR 162.1002): service on earlier days is ICD-9-CM."""

_PRINCIPAL, _OTHER = ("ABK", "BK"), ("ABF", "BF")
_ADMITTING, _REASONS, _CAUSES = ("ABJ", "BJ"), ("APR", "PR"), ("ABN", "BN")
_PROCEDURES, _CONDITIONS = ("BBR", "BBQ"), ("BG",)
_ICD9 = frozenset({"BK", "BF", "BJ", "PR", "BN"})
_INPATIENT_BILLS = frozenset({"11", "18", "21", "41"})
_STATEMENT, _ADMISSION, _SERVICE = "434", "435", "472"
_BY_UB = "A"
_STILL_PATIENT = "30"
_DEVICE_SEGMENTS = frozenset({"SV5", "CR3"})
_SEXES = {"F": Sex.FEMALE, "M": Sex.MALE, "U": Sex.UNKNOWN}
_MINUTES = "MJ"


@dataclass(frozen=True, slots=True)
class X12Claim:
    """A claim of a file, and where its CLM segment stands.

    ``icd9`` says that its diagnoses are ICD-9-CM: no edit of ICD-10-CM may speak of them.
    """

    claim: Claim
    file: str
    line: int
    icd9: bool = False


@dataclass(slots=True)
class _Codes:
    """What the HI segments of a claim say, in their order."""

    diagnoses: list[Diagnosis] = field(default_factory=list)
    causes: list[Diagnosis] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    admitting: str | None = None
    procedures: list[str] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    icd9: list[str] = field(default_factory=list)


def read_x12_claims(file: BinaryIO, name: str) -> Iterator[X12Claim]:
    """Yield the claims of an open 837P or 837I file.

    Raises :class:`ReleaseFormatError` with line, segment and element where it cannot be read, and
    :class:`InvalidRequestError` when it is another X12 transaction or version.
    """
    for loop in claim_loops(read_segments(file, name)):
        yield _claim(loop)


def is_inpatient_bill(type_of_bill: str) -> bool:
    """Whether a type of bill, without its leading zero, is that of a stay.

    >>> is_inpatient_bill("111"), is_inpatient_bill("131")
    (True, False)
    """
    return type_of_bill[:2] in _INPATIENT_BILLS


def age_on(born: date | None, on: date | None) -> int | None:
    """Return the age in whole years on a day, ``None`` where one is unknown or the birth is later."""
    if born is None or on is None or born > on:
        return None
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _claim(loop: ClaimLoop) -> X12Claim:
    opening, codes = loop.opening, _codes(loop.segments)
    institutional = _is_institutional(loop)
    days = _days(loop.segments)
    statement, admission = days.get(_STATEMENT), days.get(_ADMISSION)
    bill = opening.component(5, 1).zfill(2) + opening.component(5, 3)[:1] if institutional else None
    setting = _setting(loop, bill)
    place = None if institutional else opening.component(5, 1) or None
    lines = tuple(_line(line, place) for line in loop.lines)
    first = min((line.date_of_service for line in lines if line.date_of_service), default=None)
    served = first or (statement[0] if statement else None)
    stays = setting is ClaimSetting.INPATIENT
    status = _status(loop.segments)
    claim = Claim(
        setting=setting,
        patient=_patient(loop, admission[0] if stays and admission else served),
        diagnoses=tuple(codes.diagnoses),
        lines=lines,
        id=opening.element(1) or None,
        date_of_service=served,
        admission_date=admission[0] if admission else None,
        discharge_date=statement[1] if stays and statement and status != _STILL_PATIENT else None,
        statement_from=statement[0] if statement else None,
        statement_through=statement[1] if statement else None,
        type_of_bill=bill,
        discharge_status=status,
        condition_codes=tuple(codes.conditions),
        payer=loop.patient.filing or None,
        admitting_diagnosis=codes.admitting,
        reason_for_visit=tuple(codes.reasons),
        external_causes=tuple(codes.causes),
        procedures_icd10pcs=tuple(codes.procedures),
    )
    return X12Claim(claim, opening.file, opening.line, _is_icd9(codes.icd9, served))


def _is_institutional(loop: ClaimLoop) -> bool:
    """Whether a claim is institutional: by its qualifier (CLM05-2), else its services, else its guide."""
    qualifier = loop.opening.component(5, 2).upper()
    tags = {segment.tag for line in loop.lines for segment in line}
    if qualifier in ("A", "B"):
        return qualifier == _BY_UB
    if tags & {"SV1", "SV2"}:
        return "SV2" in tags
    return "X223" in loop.transaction.guide


def _setting(loop: ClaimLoop, bill: str | None) -> ClaimSetting:
    if bill is not None:
        return ClaimSetting.INPATIENT if is_inpatient_bill(bill) else ClaimSetting.OUTPATIENT
    if any(segment.tag in _DEVICE_SEGMENTS for line in loop.lines for segment in line):
        return ClaimSetting.DME
    return ClaimSetting.PROFESSIONAL


def _days(segments: Sequence[Segment]) -> dict[str, tuple[date, date]]:
    """Return the first period of each date qualifier; an hour alone (format TM) is no day."""
    days: dict[str, tuple[date, date]] = {}
    for segment in segments:
        if segment.tag == "DTP" and segment.element(1) in (_STATEMENT, _ADMISSION, _SERVICE):
            named = period(segment, 3)
            if named is not None:
                days.setdefault(segment.element(1), named)
    return days


def _codes(segments: Sequence[Segment]) -> _Codes:
    codes = _Codes()
    for segment in segments:
        if segment.tag == "HI":
            for position in range(1, len(segment.elements) + 1):
                _take(codes, segment.components(position))
    return codes


def _take(codes: _Codes, parts: Sequence[str]) -> None:
    """Take up one code (C022): qualifier, code, ..., present on admission as its ninth component."""
    if len(parts) < 2 or not parts[1]:
        return
    qualifier, code = parts[0].upper(), parts[1]
    if qualifier in _ICD9:
        codes.icd9.append(code)
    if qualifier in _PRINCIPAL or qualifier in _OTHER:
        codes.diagnoses.append(Diagnosis(code, _present(parts)))
    elif qualifier in _CAUSES:
        codes.causes.append(Diagnosis(code, _present(parts)))
    elif qualifier in _REASONS:
        codes.reasons.append(code)
    elif qualifier in _ADMITTING:
        codes.admitting = code
    elif qualifier in _PROCEDURES:
        codes.procedures.append(code)
    elif qualifier in _CONDITIONS:
        codes.conditions.append(code)


def _present(parts: Sequence[str]) -> str | None:
    return parts[8].upper() or None if len(parts) > 8 else None


def _is_icd9(codes: Sequence[str], served: date | None) -> bool:
    """Whether codes sent with ICD-9-CM's qualifiers are: by their date, else because a digit begins one."""
    if not codes:
        return False
    if served is not None and served < ICD10_STARTS:
        return True
    return any(code[:1].isdigit() for code in codes)


def _status(segments: Sequence[Segment]) -> str | None:
    return next((s.element(3).zfill(2) for s in segments if s.tag == "CL1" and s.element(3)), None)


def _patient(loop: ClaimLoop, on: date | None) -> Patient:
    return Patient(age_on(loop.patient.born, on), _SEXES.get(loop.patient.sex.upper()))


def _line(segments: Sequence[Segment], place: str | None) -> ClaimLine:
    """Read a 2400 loop. Minutes of anesthesia (MJ) are no units of service: they are one service."""
    service = next((segment for segment in segments if segment.tag in ("SV1", "SV2")), None)
    if service is None:
        raise segments[0].fault(None, "an SV1 or SV2 segment behind it", "none")
    institutional = service.tag == "SV2"
    procedure = service.components(2 if institutional else 1)
    procedure += [""] * (7 - len(procedure))
    shift = 1 if institutional else 0
    charge, units = amount(service, 2 + shift), amount(service, 4 + shift)
    basis = service.element(3 + shift).upper()
    served = _days(segments).get(_SERVICE)
    return ClaimLine(
        code=procedure[1] or None,
        modifiers=tuple(part.upper() for part in procedure[2:6] if part),
        units=1.0 if basis == _MINUTES and units else float(units) if units is not None else None,
        charge=float(charge) if charge is not None else None,
        date_of_service=served[0] if served else None,
        pointers=() if institutional else counts(service, 7),
        place_of_service=None if institutional else service.element(5) or place,
        revenue_code=service.element(1).zfill(4) if institutional and service.element(1) else None,
        description=procedure[6] or None,
        ndc=next((s.element(3) or None for s in segments if s.tag == "LIN" and s.element(2) == "N4"), None),
    )
