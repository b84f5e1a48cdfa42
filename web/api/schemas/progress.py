"""How far a long request is."""

from __future__ import annotations

from apiflask import Schema
from apiflask.fields import Float, Integer, String


class ProgressOut(Schema):
    """The state of one request."""

    request = String(metadata={"description": "the request's id, as its X-Request-ID says it"})
    state = String(
        metadata={
            "description": "waiting for a process, running in one, or none: answered, given up, or never long"
        }
    )
    seconds = Float(allow_none=True, metadata={"description": "since it is in this state; null for none"})
    before = Integer(metadata={"description": "requests that wait before it"})
