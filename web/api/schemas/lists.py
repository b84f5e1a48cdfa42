"""The shapes of a list of codes and of what becomes of it in ICD-11."""

from __future__ import annotations

from apiflask import Schema
from apiflask.fields import Boolean, Integer, List, Nested, String
from apiflask.validators import Length

from terminology.facility import Setting
from terminology.impact.survival import MOST_CODES

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


class ReplacementOut(Schema):
    """An ICD-11 form and who takes it."""

    icd_11 = String(required=True)
    exact = Boolean(required=True, metadata={"description": "no code outside the list takes it"})
    inside = List(String(), required=True)
    outside = List(String(), required=True)
    volume_inside = Integer(required=True)
    volume_outside = Integer(required=True)


class LevelOut(Schema):
    """A list at one level."""

    codes_exact = Integer(required=True)
    codes_in = Integer(required=True, metadata={"description": f"others that come {_WIDE}"})
    codes_out = Integer(required=True, metadata={"description": f"codes that are not {_STRICT}"})
    volume_exact = Integer(required=True)
    volume_in = Integer(required=True)
    volume_out = Integer(required=True)
    replacements = List(Nested(ReplacementOut), required=True)


class SurvivalOut(Schema):
    """What becomes of a list."""

    codes = Integer(required=True, metadata={"description": "codes, headings opened"})
    volume = Integer(required=True, metadata={"description": "diagnoses of them in the bundle"})
    unknown_codes = List(String(), required=True)
    headings = List(String(), required=True)
    sentences = List(String(), required=True)
    expression = Nested(LevelOut, required=True)
    stem = Nested(LevelOut, required=True)
