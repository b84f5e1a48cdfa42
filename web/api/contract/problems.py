"""Errors, as RFC 9457 has them."""

from __future__ import annotations

from typing import Any

from apiflask import Schema
from apiflask.fields import Integer, List, String


class ProblemOut(Schema):
    """An error (RFC 9457); the members after ``detail`` are there where they say something."""

    type = String(required=True, metadata={"description": "Kind of problem, described at /docs"})
    title = String(required=True)
    status = Integer(required=True)
    detail = String(required=True)
    parameter = String(metadata={"description": "The parameter that is wrong"})
    suggestions = List(String(), metadata={"description": "Codes that may be meant"})
    elsewhere = List(String(), metadata={"description": "Loaded releases that have the code"})
    position = Integer(metadata={"description": "Where an expression breaks the grammar, from 0"})
    known = List(String(), metadata={"description": "The code systems there are"})
    loaded = List(String(), metadata={"description": "The releases that are loaded"})
    code_status = String(
        metadata={"description": "What a known code is that is not in use on the day: retired, split, ..."}
    )
    successors = List(String(), metadata={"description": "Codes to use in its place"})
    heading = String(metadata={"description": "The nearest heading in use that the code begins with"})
    begins = String(metadata={"description": "First day of the code (ISO)"})
    ended = String(metadata={"description": "Last day of the code (ISO)"})
    request_id = String(metadata={"description": "Finds a fault in the server's log"})


def _problem(description: str) -> dict[str, Any]:
    return {"description": description, "content": {"application/problem+json": {"schema": ProblemOut}}}


PROBLEM_RESPONSES: dict[int | str, dict[str, Any]] = {
    400: _problem("Request not understood"),
    404: _problem("Not found"),
    413: _problem("Body too large"),
    429: _problem("Too many long requests; Retry-After says when to come back"),
    503: _problem("Busy, or no bundle; Retry-After says when to come back"),
}
