"""ICD-11 expressions and what is wrong with them."""

from __future__ import annotations

from apiflask import Schema
from apiflask.fields import Boolean, Date, Integer, List, Nested, String
from apiflask.validators import Length

from web.api.contract.paging import ReleaseQuery


class ClusterIn(Schema):
    """An ICD-11 expression of codes or URIs."""

    expression = String(required=True, validate=Length(1, 2000))
    release = String()
    date = Date(metadata={"description": "YYYY-MM-DD; today without it"})


class ClusterIssueOut(Schema):
    """One thing wrong with an expression; ``position`` counts characters from 0."""

    severity = String()
    code = String()
    message = String()
    position = Integer()


class MemberOut(Schema):
    """A member of a cluster."""

    code = String()
    title = String(allow_none=True)


class MemberGroupOut(Schema):
    """A stem with its extension codes."""

    stem = Nested(MemberOut)
    extensions = List(Nested(MemberOut))


class ParsedOut(Schema):
    """A parsed expression."""

    groups = List(Nested(MemberGroupOut))


class ClusterOut(Schema):
    """What is wrong with an expression, and what it means."""

    expression = String()
    release = String()
    valid = Boolean()
    complete = Boolean()
    parsed = Nested(ParsedOut, allow_none=True)
    normalised = String(allow_none=True)
    description = String(allow_none=True)
    missing_axes = List(String())
    unchecked_stems = List(String())
    precoordinated = String(allow_none=True)
    issues = List(Nested(ClusterIssueOut))


class DescribeQuery(ReleaseQuery):
    """Which expression is described."""

    expression = String(
        required=True,
        validate=Length(1, 2000),
        metadata={"description": "ICD-11 codes or URIs"},
    )


class AxisOut(Schema):
    """An axis by which a stem may be refined."""

    stem = String()
    axis = String()
    required = Boolean(metadata={"description": "whether the stem is incomplete without it"})
    values = List(String(), metadata={"description": "codes and entities of which extension codes come"})


class DescriptionOut(ClusterOut):
    """What an expression means, with the axes of its stems."""

    axes = List(Nested(AxisOut), metadata={"description": "the axes of its stems"})
