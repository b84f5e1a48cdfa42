"""What changed between two releases."""

from __future__ import annotations

from apiflask import Schema
from apiflask.fields import Boolean, Integer, List, Nested, String
from apiflask.validators import Range

from web.api.contract.paging import LIMIT_DEFAULT, LIMIT_MAX


class DiffQuery(Schema):
    """Which two releases are compared."""

    old = String(data_key="from", required=True, metadata={"description": "the older release"})
    new = String(data_key="to", required=True, metadata={"description": "the newer release"})
    limit = Integer(load_default=LIMIT_DEFAULT, validate=Range(1, LIMIT_MAX))
    offset = Integer(load_default=0, validate=Range(0, 10_000_000))


class RelatedOut(Schema):
    """A line of the conversion table."""

    code = String()
    previous = String()
    previous_note = String(allow_none=True)
    effective_year = Integer()
    effective_note = String(allow_none=True)


class ChangeOut(Schema):
    """A concept that changed between two releases."""

    code = String()
    title = String()
    kind = String()
    billable = Boolean(allow_none=True)
    before = String(allow_none=True)
    related = List(Nested(RelatedOut))


class ChangesOut(Schema):
    """One list of changes."""

    total = Integer()
    billable = Integer()
    items = List(Nested(ChangeOut))


class DiffOut(Schema):
    """What changed between two releases."""

    system = String()
    old = String(data_key="from")
    new = String(data_key="to")
    added = Nested(ChangesOut)
    deleted = Nested(ChangesOut)
    retitled = Nested(ChangesOut)
    billable_changes = Nested(ChangesOut)
