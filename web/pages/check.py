"""Check a claim: one box of codes, a day and a setting in; findings, and what was not checked, out.

Age and sex are sent by the form (POST) alone: they never stand in an address, so in no log or history either.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from terminology.bundle.store import Store
from terminology.claims.check import check as check_claim
from terminology.claims.claim import SETTING_ALIASES, Claim, ClaimSetting, Patient, Sex
from terminology.claims.denials import rarc_of
from terminology.claims.encoding.claim_text import read_claim_text
from terminology.claims.requested import ADVICE
from terminology.errors import InvalidRequestError
from terminology.systems import HCPCS, ICD10CM
from web.opened import opened
from web.pages.parts.claim_payment import shown_payment
from web.pages.parts.claim_view import in_icd11, shown_claim, source_words
from web.pages.parts.frame import page

EXAMPLE = "E11.9 E10.9 / G0447 x2 RT"
SETTING_NAMES = {
    ClaimSetting.PROFESSIONAL: "Professional (office)",
    ClaimSetting.INPATIENT: "Hospital inpatient",
    ClaimSetting.OUTPATIENT: "Hospital outpatient",
    ClaimSetting.DME: "Equipment supplier",
}
SEX_NAMES = {"": "not said", Sex.FEMALE.value: "female", Sex.MALE.value: "male"}
_OLDEST = 130
_SECRET = ("age", "sex")

check = Blueprint("check", __name__)


@check.get("/check")
def show() -> Response:
    """Answer with the form, and with what is said of the codes in the address."""
    for name in _SECRET:
        if name in request.args:
            raise InvalidRequestError(name, "is sent by the form, never in an address")
    return _answer(request.args, Patient())


@check.post("/check")
def measure() -> AnyResponse:
    """Answer a form with age or sex; without them lead to the address that keeps the rest."""
    said = request.form
    patient = _patient(said)
    if patient == Patient():
        kept: dict[str, Any] = {
            name: said[name] for name in ("codes", "date", "setting", "view", "advice") if said.get(name)
        }
        return redirect(url_for("pages.check.show", **kept), 303)
    response = _answer(said, patient)
    response.headers["Cache-Control"] = "no-store"
    return response


def _answer(said: MultiDict[str, str], patient: Patient) -> Response:
    store, codes = opened().store, said.get("codes", "").strip()
    day, setting = _day(said.get("date", "")), _setting(said.get("setting", ""))
    address: dict[str, Any] = {"codes": codes, "date": day.isoformat(), "setting": setting.value}
    claim = _claim(store, codes, setting, day, patient) if codes else None
    advice = said.get("advice") == "all"
    report = check_claim(claim, store, ADVICE if advice else ()) if claim else None
    icd11 = said.get("view") == "icd-11"
    return page(
        "check.html",
        codes=codes,
        day=day,
        setting=setting,
        patient=patient,
        settings=SETTING_NAMES,
        sexes=SEX_NAMES,
        example=EXAMPLE,
        report=report,
        shown=shown_claim(store, claim, report, day) if claim and report else None,
        advice=advice,
        rarc_of=rarc_of,
        icd11=in_icd11(store, claim, day) if claim and icd11 else None,
        paid=shown_payment(store, claim, day) if claim else None,
        source_words=source_words,
        permanent=url_for("pages.check.show", **address),
        address=address,
    )


def _claim(store: Store, codes: str, setting: ClaimSetting, day: date, patient: Patient) -> Claim:
    def is_procedure(code: str) -> bool:
        loaded = store.systems()
        return (
            HCPCS.id in loaded
            and not store.has(ICD10CM.id, code)
            and len(code) == 5
            and store.has(HCPCS.id, code)
        )

    return read_claim_text(codes, setting, day, patient, is_procedure)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else date.today()
    except ValueError:
        raise InvalidRequestError("date", f"expected a day as YYYY-MM-DD, found '{text[:20]}'") from None


def _setting(text: str) -> ClaimSetting:
    named = text.strip().lower()
    if not named:
        return ClaimSetting.PROFESSIONAL
    if named in SETTING_ALIASES:
        return SETTING_ALIASES[named]
    try:
        return ClaimSetting(named)
    except ValueError:
        raise InvalidRequestError("setting", f"there are {', '.join(ClaimSetting)}") from None


def _patient(said: MultiDict[str, str]) -> Patient:
    age, sex = said.get("age", "").strip(), said.get("sex", "").strip().upper()
    if age and not (age.isascii() and age.isdecimal() and int(age) <= _OLDEST):
        raise InvalidRequestError("age", "expected whole years")
    if sex not in SEX_NAMES:
        raise InvalidRequestError("sex", "expected F or M")
    return Patient(int(age) if age else None, Sex(sex) if sex else None)
