"""Code systems and their releases."""

from __future__ import annotations

from apiflask import Schema
from apiflask.fields import Boolean, Dict, Integer, List, Nested, String


class ReleaseOut(Schema):
    """One release of a code system."""

    id = String()
    default = Boolean()
    effective_from = String(allow_none=True)
    effective_to = String(allow_none=True)
    counts = Dict(keys=String(), values=Integer())
    sources = List(String())
    notices = List(String())
    licence = String()
    attribution = String()


class SystemOut(Schema):
    """One code system."""

    id = String()
    uri = String()
    title = String()
    publisher = String()
    releases = List(Nested(ReleaseOut))


class SystemsOut(Schema):
    """All code systems."""

    systems = List(Nested(SystemOut))
