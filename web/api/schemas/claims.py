"""Claims, what a check found, and the edits."""

from __future__ import annotations

from apiflask import Schema
from apiflask.fields import Date, Dict, Integer, List, Nested, Raw, String
from apiflask.validators import Length

from terminology.bundle.life.code_list import MOST_CODES


class CheckQuery(Schema):
    """``request``: ids of edits that give advice on request, divided by commas, or ``all``."""

    request = String()


class FindingPeriodOut(Schema):
    """Days, both included; null is open."""

    start = String(data_key="from", allow_none=True)
    end = String(data_key="to", allow_none=True)


class FindingSourceOut(Schema):
    """Who says so."""

    publisher = String()
    table = String()
    release = String(allow_none=True)
    row = Raw(allow_none=True)
    in_force = Nested(FindingPeriodOut)


class EffectOut(Schema):
    """What becomes of it in ICD-11."""

    effect = String()
    text = String()


class FindingOut(Schema):
    """What an edit says; ``dx`` and ``line`` are a number, a list of several, or null."""

    edit = String()
    severity = String()
    certainty = String()
    dx = Raw(allow_none=True)
    line = Raw(allow_none=True)
    message = String()
    why = String(allow_none=True)
    source = Nested(FindingSourceOut)
    suggest = List(String())
    carc = List(String())
    rarc = List(String())
    icd11 = Nested(EffectOut, allow_none=True)


class CheckedOut(Schema):
    """An edit that was applied."""

    edit = String()
    table = String()
    release = String(allow_none=True)


class NotCheckedOut(Schema):
    """An edit that was not, and why."""

    edit = String()
    reason = String()


class CheckOut(Schema):
    """The answer for one claim."""

    id = String()
    findings = List(Nested(FindingOut))
    checked = List(Nested(CheckedOut))
    not_checked = List(Nested(NotCheckedOut))


class LoadedSourceOut(Schema):
    """A release of a table that an edit reads."""

    table = String()
    publisher = String()
    release = String()
    rows = Integer()
    in_force_from = Date(allow_none=True)
    in_force_to = Date(allow_none=True)


class FigureOut(Schema):
    """A number computed from this bundle's crosswalk."""

    counts = String()
    count = Integer()
    total = Integer()


class EditEffectOut(EffectOut):
    """What becomes of an edit, with figures."""

    figures = List(Nested(FigureOut))


class EditOut(Schema):
    """An edit, what it reads and what is loaded of that."""

    edit = String()
    severity = String()
    says = String()
    settings = List(String())
    tables = List(Nested(LoadedSourceOut))
    missing = List(String())
    carc = List(String())
    icd11 = Nested(EditEffectOut, allow_none=True)


class EditsOut(Schema):
    """All edits, and what is never checked, by setting."""

    edits = List(Nested(EditOut))
    never_checked = Dict()


DATES = "The day of each code, in the order of `codes`; null for one that is read by `date`."


class CodeListIn(Schema):
    """Codes of one system, asked for on a day (today without one)."""

    system = String(load_default="icd-10-cm")
    date = Date()
    codes = List(String(validate=Length(0, 2000)), required=True, validate=Length(1, MOST_CODES))
    dates = List(Date(allow_none=True), metadata={"description": DATES})


class ListedCodeOut(Schema):
    """A code of a list."""

    input = String()
    code = String()
    status = String()
    title = String(allow_none=True)
    suggestion = List(String())
    message = String()
    on = Date()


class CodeListOut(Schema):
    """One result per code, in order."""

    results = List(Nested(ListedCodeOut))
