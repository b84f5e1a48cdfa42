"""The shape of an impact report as JSON (docs/method.md defines its measures)."""

from __future__ import annotations

from apiflask import Schema
from apiflask.fields import Float, Integer, List, Nested, Raw, String
from apiflask.validators import Length, OneOf, Range

from terminology.facility import Setting
from terminology.impact.scenario import MOST_MONTHS
from terminology.impact.table import Certainty

_SETTINGS = ", ".join(setting.value for setting in Setting)
_COLUMN = {"description": "the file's column that holds it, where its name is not recognised"}


class ImpactQuery(Schema):
    """How the file is to be read; the same names may be parts of a form."""

    setting = String(metadata={"description": f"setting of rows without one: {_SETTINGS}"})
    date = String(metadata={"description": "day of the data, YYYY-MM-DD: codes are judged by it"})
    year = String(metadata={"description": "calendar year of the data; without it the file may say it"})
    base_rate = String(metadata={"description": "dollars of an inpatient stay of weight 1, for claims"})
    code_column = String(metadata=_COLUMN)
    count_column = String(metadata=_COLUMN)
    setting_column = String(metadata=_COLUMN)
    payer_column = String(metadata=_COLUMN)
    department_column = String(metadata=_COLUMN)
    charge_column = String(metadata=_COLUMN)
    date_column = String(metadata=_COLUMN)
    claim_column = String(metadata=_COLUMN)


class ReportColumnOut(Schema):
    """A column of a table."""

    name = String(required=True)
    kind = String(
        required=True,
        validate=OneOf(["text", "count", "share", "number"]),
        metadata={"description": "a share is 0 to 1"},
    )
    certainty = String(
        validate=OneOf(list(Certainty)),
        metadata={
            "description": "of shares and numbers: counted (arithmetic, nothing estimated), measured (a "
            "range by measured errors stands beside it), range (an end of one), bound (by the crosswalk's "
            "own confidence), unmeasured (no range, see why)"
        },
    )
    low = String(metadata={"description": "the column of the low end of a measured one's range"})
    high = String(metadata={"description": "the column of the high end"})
    why = String(metadata={"description": "why an unmeasured one has no range"})


class ReportTableOut(Schema):
    """The answer to one question."""

    id = String(required=True)
    title = String(required=True)
    question = String(required=True)
    note = String(required=True, metadata={"description": "how it is measured, with its source"})
    columns = List(Nested(ReportColumnOut), required=True)
    rows = List(
        List(Raw(allow_none=True)), required=True, metadata={"description": "cells in the order of columns"}
    )


class SentenceOut(Schema):
    """A finding in words."""

    text = String(required=True)
    table = String(required=True, metadata={"description": "the id of the table its figures stand in"})


class ReportOut(Schema):
    """What the move to ICD-11 does to a facility's volumes."""

    title = String(required=True)
    release = String(required=True, metadata={"description": "ICD-10-CM and ICD-11 release"})
    bundle = String(required=True)
    total = Integer(required=True, metadata={"description": "diagnoses counted"})
    headline = List(Nested(SentenceOut), required=True, metadata={"description": "the first page"})
    notices = List(String(), required=True, metadata={"description": "what was left out, and how much"})
    sources = List(String(), required=True)
    tables = List(Nested(ReportTableOut), required=True)


class ScenarioIn(Schema):
    """What a user assumes of the switch."""

    stays = Integer(required=True, validate=Range(min=0), metadata={"description": "records coded in a year"})
    minutes = Float(
        required=True, validate=Range(min=0), metadata={"description": "minutes to code a record today"}
    )
    wage = Float(required=True, validate=Range(min=0), metadata={"description": "dollars an hour of a coder"})
    coders = Integer(load_default=0, validate=Range(min=0), metadata={"description": "coders to be trained"})
    training_hours = Float(
        load_default=0.0, validate=Range(min=0), metadata={"description": "hours of training for each coder"}
    )
    curve = List(
        Float(validate=Range(min=0, max=100, max_inclusive=False)),
        load_default=list,
        validate=Length(max=MOST_MONTHS),
        metadata={"description": "loss of productivity by month, percent of the records an hour"},
    )
    dual_coded = Integer(
        load_default=0, validate=Range(min=0), metadata={"description": "records coded a second time"}
    )


class ScenarioOut(Schema):
    """A scenario, and values that others published for its assumptions."""

    scenario = Nested(ReportTableOut, required=True, metadata={"description": "hours and dollars by part"})
    published = Nested(
        ReportTableOut, required=True, metadata={"description": "values of others, with source and caveat"}
    )
