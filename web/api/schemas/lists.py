"""The shapes of a list of codes and of what becomes of it in ICD-11."""

from __future__ import annotations

from apiflask import Schema
from apiflask.fields import Boolean, Date, Integer, List, Nested, String
from apiflask.validators import Length, OneOf

from terminology.facility import Setting
from terminology.impact.survival import MOST_CODES
from terminology.impact.table import Certainty

_SETTINGS = ", ".join(setting.value for setting in Setting)
_WIDE = "in the list with every form"
_STRICT = "in the list with exact forms alone"


class ListIn(Schema):
    """A list of ICD-10-CM codes."""

    codes = List(
        String(validate=Length(max=120)),
        required=True,
        validate=Length(min=1, max=MOST_CODES),
        metadata={"description": "ICD-10-CM codes or headings"},
    )
    setting = String(metadata={"description": f"setting of the volumes: {_SETTINGS}; all without it"})
    date = Date(metadata={"description": "YYYY-MM-DD; today without it"})
    release = String(metadata={"description": "edition of ICD-10-CM; that of the day without it"})


class ReplacementOut(Schema):
    """An ICD-11 form and who takes it."""

    icd_11 = String(required=True, metadata={"description": "an ICD-11 expression, or a stem"})
    exact = Boolean(required=True, metadata={"description": "no code outside the list takes it"})
    inside = List(String(), required=True, metadata={"description": "codes of the list that become it"})
    outside = List(String(), required=True, metadata={"description": "other codes that become it"})
    volume_inside = Integer(required=True, metadata={"description": "diagnoses of the codes of the list"})
    volume_outside = Integer(required=True, metadata={"description": "diagnoses of the other codes"})


class LevelOut(Schema):
    """A list at one level."""

    codes_exact = Integer(
        required=True, metadata={"description": "codes of the list whose form no other code takes"}
    )
    codes_in = Integer(required=True, metadata={"description": f"others that come {_WIDE}"})
    codes_out = Integer(required=True, metadata={"description": f"codes that are not {_STRICT}"})
    volume_exact = Integer(required=True, metadata={"description": "their diagnoses"})
    volume_in = Integer(required=True, metadata={"description": "diagnoses that leak in with every form"})
    volume_out = Integer(required=True, metadata={"description": "diagnoses left out with exact forms alone"})
    codes_reported = Integer(required=True, metadata={"description": "codes of the list with diagnoses"})
    codes_exact_reported = Integer(
        required=True, metadata={"description": "of these, codes whose form no other code with any takes"}
    )
    volume_exact_reported = Integer(required=True, metadata={"description": "their diagnoses"})
    replacements = List(
        Nested(ReplacementOut), required=True, metadata={"description": "the forms that replace the list"}
    )


class RepresentedOut(Schema):
    """Codes of a list, each counted once, of which ICD-11 can say as much."""

    representation = String(required=True, metadata={"description": "how much ICD-11 can say"})
    codes = Integer(required=True, metadata={"description": "codes of the list"})


class SurvivalOut(Schema):
    """What becomes of a list."""

    release = String(required=True, metadata={"description": "edition that headings and others are of"})
    notices = List(
        String(), required=True, metadata={"description": "what of the answer is not of the day asked for"}
    )
    other_editions = List(
        String(), required=True, metadata={"description": "codes of the list that the edition has not"}
    )
    codes = Integer(required=True, metadata={"description": "codes, headings opened"})
    volume = Integer(required=True, metadata={"description": "diagnoses of them in the bundle"})
    unknown_codes = List(String(), required=True, metadata={"description": "what is no code"})
    headings = List(String(), required=True, metadata={"description": "headings that were opened"})
    represented = List(
        Nested(RepresentedOut),
        required=True,
        metadata={"description": "codes of the list, each counted once, by how much ICD-11 can say"},
    )
    sentences = List(String(), required=True, metadata={"description": "the result in words"})
    certainty = String(
        required=True,
        validate=OneOf([Certainty.UNMEASURED]),
        metadata={"description": "how sure it is which forms are exact: no error of it was measured"},
    )
    why = String(required=True, metadata={"description": "why there is no range"})
    expression = Nested(LevelOut, required=True, metadata={"description": "by whole expression"})
    stem = Nested(LevelOut, required=True, metadata={"description": "by stems alone"})
