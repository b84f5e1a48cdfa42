"""The shapes of answers from the payers' tables and of payment estimates."""

from __future__ import annotations

from apiflask import Schema
from apiflask.fields import Boolean, Date, Dict, Float, Integer, List, Nested, String


class DayQuery(Schema):
    """Of which day is asked."""

    date = Date(metadata={"description": "YYYY-MM-DD, the date of service; today without it"})


class PairQuery(DayQuery):
    """Which two codes are asked for, in which setting."""

    a = String(required=True)
    b = String(required=True)
    setting = String(load_default="professional", metadata={"description": "professional or outpatient"})


class LimitQuery(DayQuery):
    """In which setting a limit is asked for."""

    setting = String(metadata={"description": "professional, outpatient or dme; all without it"})


class CoverageQuery(DayQuery):
    """Which diagnoses stand beside the service, and which contractor it goes to."""

    dx = String(metadata={"description": "ICD-10-CM codes, separated by commas"})
    contractor = String(metadata={"description": "contract number, e.g. 01111"})


class DenialQuery(Schema):
    """The remark that stands beside the adjustment reason."""

    rarc = String()


class InForceOut(Schema):
    """A period; null is open or not known."""

    from_ = Date(required=True, allow_none=True, data_key="from")
    to = Date(required=True, allow_none=True)


class SourceOut(Schema):
    """Who says so."""

    publisher = String(required=True)
    table = String(required=True)
    release = String(required=True, allow_none=True)
    row = Integer(required=True, allow_none=True)
    in_force = Nested(InForceOut, required=True)


class PairRowOut(Schema):
    """One row of a pair."""

    column1 = String(required=True)
    column2 = String(required=True)
    indicator = Integer(required=True)
    in_force_on_date = Boolean(required=True)
    rationale = String(required=True)
    source = Nested(SourceOut, required=True)


class PairOut(Schema):
    """What NCCI says of two codes on a day; bundled is null where no table answers."""

    a = String(required=True)
    b = String(required=True)
    date = Date(required=True)
    setting = String(required=True)
    bundled = Boolean(required=True, allow_none=True)
    rows = List(Nested(PairRowOut), required=True)
    modifiers = List(String(), required=True)
    not_checked = List(String(), required=True)


class LimitRowOut(Schema):
    """One medically unlikely edit."""

    service = String(required=True)
    units = Integer(required=True)
    adjudication = Integer(required=True)
    adjudication_text = String(required=True)
    rationale = String(required=True)
    source = Nested(SourceOut, required=True)


class LimitOut(Schema):
    """The limits of a code on a day, and those of the newest release loaded."""

    code = String(required=True)
    date = Date(required=True)
    limits = List(Nested(LimitRowOut), required=True)
    latest = List(Nested(LimitRowOut), required=True)
    not_checked = List(String(), required=True)


class CoverageGroupOut(Schema):
    """One group of diagnoses."""

    group = Integer(required=True)
    codes = Integer(required=True)
    paragraph = String(required=True)
    asterisk_text = String(required=True)


class CoverageDocumentOut(Schema):
    """What one document says of the service."""

    document = String(required=True)
    title = String(required=True)
    version = Integer(required=True)
    national = Boolean(required=True)
    contractors = List(String(), required=True)
    in_force = Nested(InForceOut, required=True)
    support = String(required=True, allow_none=True)
    listed = List(String(), required=True)
    why = String(required=True)
    covered = Integer(required=True)
    noncovered = Integer(required=True)
    groups = List(Nested(CoverageGroupOut), required=True)
    source = Nested(SourceOut, required=True)


class CoverageOut(Schema):
    """The documents about a service in force on a day."""

    code = String(required=True)
    date = Date(required=True)
    diagnoses = List(String(), required=True)
    documents = List(Nested(CoverageDocumentOut), required=True)
    not_checked = List(String(), required=True)


class LikelyDenialOut(Schema):
    """An edit to run."""

    edit = String(required=True)
    carc = String(required=True)
    rarc = String(required=True)
    source = String(required=True)


class DenialOut(Schema):
    """Which edits to run for a denial; a heuristic."""

    carc = String(required=True)
    rarc = String(required=True, allow_none=True)
    known = Boolean(required=True, allow_none=True)
    edits = List(Nested(LikelyDenialOut), required=True)
    remark = String(required=True, allow_none=True)
    certainty = String(required=True)
    not_checked = List(String(), required=True)


class DrgWithoutOut(Schema):
    """The DRG without one secondary diagnosis."""

    number = Integer(required=True)
    code = String(required=True)
    severity = String(required=True)
    drg = String(required=True)
    title = String(required=True)
    weight = Float(required=True, allow_none=True)


class SeverityOut(Schema):
    """What the grouper makes of one diagnosis."""

    number = Integer(required=True)
    code = String(required=True)
    severity = String(required=True)
    decides = Boolean(required=True)


class DrgOut(Schema):
    """The DRG of one stay, an estimate."""

    id = String(required=True, allow_none=True)
    drg = String(required=True, allow_none=True)
    title = String(required=True, allow_none=True)
    mdc = String(required=True, allow_none=True)
    mdc_title = String(required=True, allow_none=True)
    version = String(required=True, allow_none=True)
    return_code = String(required=True, allow_none=True)
    weight = Float(required=True, allow_none=True)
    weight_before_cap = Float(required=True, allow_none=True)
    weight_source = String(required=True, allow_none=True)
    diagnoses = List(Nested(SeverityOut), required=True)
    without = List(Nested(DrgWithoutOut), required=True)
    assumptions = List(String(), required=True)
    not_checked = List(String(), required=True)
    notice = String(required=True)


class CategoryOut(Schema):
    """A category that counts."""

    category = String(required=True)
    label = String(required=True, allow_none=True)
    coefficient = Float(required=True, allow_none=True)
    chronic = Boolean(required=True)
    diagnoses = List(String(), required=True)


class ModelScoreOut(Schema):
    """One model's raw score."""

    model = String(required=True)
    weight = Float(required=True)
    raw = Float(required=True)
    demographics = Float(required=True)
    categories = List(Nested(CategoryOut), required=True)
    coefficients = Dict(keys=String(), values=Float(), required=True)
    dropped = List(String(), required=True)
    proposed = Boolean(required=True)


class RiskOut(Schema):
    """The scores of one patient, an estimate."""

    id = String(required=True, allow_none=True)
    payment_year = Integer(required=True)
    service_year = Integer(required=True)
    raw = Float(required=True, allow_none=True)
    adjusted = Float(required=True, allow_none=True)
    models = List(Nested(ModelScoreOut), required=True)
    unmapped = List(String(), required=True)
    not_checked = List(String(), required=True)
    notice = String(required=True)
    not_eligible = List(String(), required=True)


class AmountOut(Schema):
    """What one schedule states for one line."""

    line = Integer(required=True)
    code = String(required=True)
    schedule = String(required=True)
    amount = Float(required=True, allow_none=True)
    unit_amount = Float(required=True, allow_none=True)
    basis = String(required=True)
    source = Nested(SourceOut, required=True, allow_none=True)
    notice = String(required=True)


class AmountsOut(Schema):
    """What the schedules state for the lines of a claim."""

    id = String(required=True, allow_none=True)
    amounts = List(Nested(AmountOut), required=True)


class AmountsQuery(Schema):
    """The conversion factor in place of the one the relative value file states."""

    conversion_factor = Float()
