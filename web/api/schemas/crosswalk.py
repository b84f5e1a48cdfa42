"""What codes become, one or many."""

from __future__ import annotations

from apiflask import Schema
from apiflask.fields import Boolean, Date, Float, Integer, List, Nested, String
from apiflask.validators import Length

from web.api.contract.paging import CodeQuery, ReleaseQuery
from web.api.contract.problems import ProblemOut

BATCH_MAX = 10_000


class CrosswalkQuery(ReleaseQuery):
    """Which direction is asked."""

    target = String(
        metadata={"description": "code system to map to; icd-11, or for icd-11 icd-10 or icd-10-cm"}
    )


class CrosswalkCodeQuery(CrosswalkQuery, CodeQuery):
    """Which code or expression is asked for, and in which direction."""


class CrosswalkBatchIn(Schema):
    """Many codes of one system."""

    system = String(required=True)
    target = String()
    release = String()
    date = Date(metadata={"description": "YYYY-MM-DD; today without it"})
    codes = List(String(validate=Length(0, 2000)), required=True, validate=Length(1, BATCH_MAX))


class StepOut(Schema):
    """One reason for a target, with where it can be checked."""

    step = String()
    detail = String()
    source = String()


class GroupOut(Schema):
    """One stem of an expression with its extension codes."""

    stem = String(required=True)
    extensions = List(String(), required=True)
    optional = List(
        String(),
        metadata={"description": "those that no table or title of WHO's shows the stem to take: sides"},
    )


class TargetOut(Schema):
    """One proposed target."""

    rank = Integer()
    expression = String()
    groups = List(Nested(GroupOut), metadata={"description": "the stems, each with its extension codes"})
    stem = String(metadata={"description": "the stem of the first group"})
    extensions = List(String(), metadata={"description": "the extension codes of the first group"})
    titles = List(String(allow_none=True))
    relationship = String()
    confidence = Float(allow_none=True)
    facets_kept = List(String())
    facets_lost = List(String())
    facets_added = List(String())
    provenance = List(Nested(StepOut))


class EndOut(Schema):
    """One end of a crosswalk."""

    system = String()
    release = String(allow_none=True)
    code = String()
    title = String()


class CrosswalkOut(Schema):
    """What a code becomes."""

    source = Nested(EndOut)
    target = Nested(EndOut)
    representation = String()
    motif = String()
    titles_alone = Boolean(
        metadata={"description": "whether no table of WHO's is loaded: the answer rests on titles alone"}
    )
    targets = List(Nested(TargetOut))
    decision = Nested(
        StepOut,
        metadata={"description": "the reviewed decision that the answer rests on, where one was taken"},
    )


class CrosswalkResultOut(CrosswalkOut):
    """One result of a batch."""

    error = Nested(ProblemOut)


class CrosswalkBatchOut(Schema):
    """One result per code, in order."""

    results = List(Nested(CrosswalkResultOut))
