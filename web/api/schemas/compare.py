"""The shape of one code side by side across care settings."""

from __future__ import annotations

from apiflask import Schema
from apiflask.fields import Boolean, Integer, List, Nested, String

from web.api.contract.paging import CodeQuery, ReleaseQuery
from web.api.schemas.crosswalk import EndOut, TargetOut


class CompareQuery(ReleaseQuery):
    """Which settings are compared."""

    settings = String(
        metadata={"description": "comma-separated choice of inpatient, outpatient, office; all without it"}
    )


class CompareCodeQuery(CompareQuery, CodeQuery):
    """Which code and which settings are compared."""


class FacetOut(Schema):
    """One part of the meaning, and which side says it."""

    facet = String(required=True)
    value = String(required=True)
    icd_10_cm = Boolean(required=True)
    icd_11 = Boolean(required=True)


class CodesToEnterOut(Schema):
    """How many codes a coder enters."""

    icd_10_cm = Integer(required=True)
    icd_11 = Integer(required=True)


class VolumeOut(Schema):
    """How often the code was used, and its rank among all codes there."""

    source = String(required=True)
    setting = String(required=True)
    count = Integer(required=True)
    rank = Integer(required=True)


class PaymentOut(Schema):
    """What a payer says of the code."""

    scheme = String(required=True)
    status = String(required=True)
    source = String(required=True)


class RuleOut(Schema):
    """A difference of the official rules."""

    setting = String(required=True)
    topic = String(required=True)
    icd_10_cm = String(required=True)
    icd_11 = String(required=True)
    source = String(required=True)


class CareSettingOut(Schema):
    """What differs in one care setting."""

    setting = String(required=True)
    codes_to_enter = Nested(CodesToEnterOut, required=True)
    documentation = List(String(), required=True)
    volumes = List(Nested(VolumeOut), required=True)
    volume_notice = String(required=True, allow_none=True)
    payment = List(Nested(PaymentOut), required=True)
    rules = List(Nested(RuleOut), required=True)


class ComparisonOut(Schema):
    """A code in ICD-10-CM and ICD-11, facet by facet and setting by setting."""

    source = Nested(EndOut, required=True)
    representation = String(required=True)
    motif = String(required=True)
    target = Nested(TargetOut, required=True, allow_none=True)
    facets = List(Nested(FacetOut), required=True)
    alternatives = List(Nested(TargetOut), required=True)
    settings = List(Nested(CareSettingOut), required=True)
