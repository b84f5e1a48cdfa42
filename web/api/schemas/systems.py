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
    missing = List(
        String(), metadata={"description": "what a client could expect and will not find in this bundle"}
    )
    stand_ins = List(
        String(),
        metadata={"description": "titles of systems read from Python packages, not from publishers' files"},
    )
    notices = List(String(), metadata={"description": "what the build of this bundle had to say"})
