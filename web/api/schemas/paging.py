"""Which release and which page of a list is asked."""

from __future__ import annotations

from apiflask import Schema
from apiflask.fields import Integer, String
from apiflask.validators import Range

LIMIT_DEFAULT = 20
LIMIT_MAX = 500


class ReleaseQuery(Schema):
    """Which release is asked."""

    release = String(metadata={"description": "release id; the system's default release without it"})


class PageQuery(ReleaseQuery):
    """Which page of a list is asked."""

    limit = Integer(load_default=LIMIT_DEFAULT, validate=Range(1, LIMIT_MAX))
    offset = Integer(load_default=0, validate=Range(0, 10_000_000))
