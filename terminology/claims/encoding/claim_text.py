"""A claim in one line of text, as coders type it: ``E11.9=Y I10 / G0447 x2 RT >1,2 / J1885``.

Diagnoses stand first, each service line behind a slash: its code, then in any order ``x2`` units, modifiers,
``>1,2`` the diagnoses it is for (all, when not said), ``@11`` its place of service. ``=Y`` is present on
admission. Commas, semicolons and line ends part diagnoses as blanks do.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from terminology.claims.claim import (
    LINE_CLAIMS,
    MOST_POINTERS,
    Claim,
    ClaimLine,
    ClaimSetting,
    Diagnosis,
    Patient,
)
from terminology.errors import InvalidRequestError

MOST_CHARACTERS = 2_000
"""Characters of a claim's text: 25 diagnoses and 50 lines with everything that may stand on them."""

_BETWEEN = re.compile(r"[\s,;]+")
_DIAGNOSIS = re.compile(r"(?P<code>[^=]{1,20})(?:=(?P<poa>[A-Za-z0-9]))?")
_CODE = re.compile(r"[A-Za-z0-9.]{1,12}")
_UNITS = re.compile(r"[xX×*](\d{1,7}(?:\.\d{1,3})?)")
_POINTERS = re.compile(r">(\d{1,2}(?:[,+]\d{1,2})*)")
_PLACE = re.compile(r"@(\d{2})")
_MODIFIER = re.compile(r"[A-Za-z0-9]{2}")
_ONLY_PROCEDURE = re.compile(r"\d{4}[0-9AFMTU]", re.IGNORECASE)


def read_claim_text(
    text: str,
    setting: ClaimSetting,
    day: date | None = None,
    patient: Patient | None = None,
    is_procedure: Callable[[str], bool] = lambda code: False,
) -> Claim:
    """Return the claim that a text says, all of it on one day.

    ``is_procedure`` tells of a code before the first slash whether it is a service: it begins a line then.
    Raises :class:`InvalidRequestError` that names the word which is not understood.
    """
    if len(text) > MOST_CHARACTERS:
        raise InvalidRequestError(
            "codes", f"{len(text):,} characters; a claim has at most {MOST_CHARACTERS:,}"
        )
    head, *services = text.split("/")
    words = [word for word in _BETWEEN.split(head) if word]
    first = next((n for n, word in enumerate(words) if _begins_line(word, is_procedure)), len(words))
    if words[first:]:
        services = [" ".join(words[first:]), *services]
    diagnoses = tuple(_diagnosis(word) for word in words[:first])
    lines = tuple(
        _line(service, n, len(diagnoses), setting, day)
        for n, service in enumerate(services, 1)
        if service.strip()
    )
    stays = setting is ClaimSetting.INPATIENT
    hospital = setting not in LINE_CLAIMS
    return Claim(
        setting=setting,
        patient=patient or Patient(),
        diagnoses=diagnoses,
        lines=lines,
        date_of_service=day,
        discharge_date=day if stays else None,
        statement_from=day if hospital and not stays else None,
        statement_through=day if hospital else None,
    )


def claim_text(claim: Claim) -> str:
    """Return the text of a claim's codes; :func:`read_claim_text` reads it back."""
    heads = [each.code + (f"={each.poa}" if each.poa else "") for each in claim.diagnoses]
    return " / ".join([" ".join(heads), *(_line_text(line, claim) for line in claim.lines)]).strip()


def _begins_line(word: str, is_procedure: Callable[[str], bool]) -> bool:
    return _ONLY_PROCEDURE.fullmatch(word) is not None or is_procedure(word)


def _diagnosis(word: str) -> Diagnosis:
    said = _DIAGNOSIS.fullmatch(word)
    if said is None:
        raise InvalidRequestError("codes", f"'{word[:30]}' is no diagnosis; a line begins behind a slash (/)")
    return Diagnosis(said["code"].upper(), said["poa"].upper() if said["poa"] else None)


def _line(text: str, number: int, diagnoses: int, setting: ClaimSetting, day: date | None) -> ClaimLine:
    code, *words = text.replace(";", " ").split()
    if not _CODE.fullmatch(code):
        raise InvalidRequestError("codes", f"'{code[:30]}' on line {number} is no code")
    units, modifiers, place = 1.0, [], None
    pointers = _all(diagnoses) if setting in LINE_CLAIMS else ()
    for word in (raw.strip(",") for raw in words):
        if said := _UNITS.fullmatch(word):
            units = float(said[1])
        elif said := _POINTERS.fullmatch(word):
            pointers = tuple(int(part) for part in re.split("[,+]", said[1]))
        elif said := _PLACE.fullmatch(word):
            place = said[1]
        elif _MODIFIER.fullmatch(word):
            modifiers.append(word.upper())
        elif word:
            raise InvalidRequestError(
                "codes",
                f"'{word[:30]}' on line {number} is none of modifier (RT), units (x2), diagnoses (>1,2), "
                "place (@11)",
            )
    return ClaimLine(
        code.upper(), tuple(modifiers), units, date_of_service=day, pointers=pointers, place_of_service=place
    )


def _line_text(line: ClaimLine, claim: Claim) -> str:
    parts = [line.code or line.revenue_code or ""]
    if line.units is not None and line.units != 1:
        parts.append(f"x{line.units:g}")
    parts += line.modifiers
    usual = _all(len(claim.diagnoses)) if claim.setting in LINE_CLAIMS else ()
    if line.pointers != usual and line.pointers:
        parts.append(">" + ",".join(map(str, line.pointers)))
    if line.place_of_service:
        parts.append(f"@{line.place_of_service}")
    return " ".join(parts)


def _all(diagnoses: int) -> tuple[int, ...]:
    return tuple(range(1, min(diagnoses, MOST_POINTERS) + 1))
