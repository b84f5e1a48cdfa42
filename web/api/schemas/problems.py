"""Errors, as RFC 9457 has them."""

from __future__ import annotations

from typing import Any

from apiflask import Schema
from apiflask.fields import Integer, String


class ProblemOut(Schema):
    """An error (RFC 9457)."""

    type = String()
    title = String()
    status = Integer()
    detail = String()
    parameter = String()


def _problem(description: str) -> dict[str, Any]:
    return {"description": description, "content": {"application/problem+json": {"schema": ProblemOut}}}


PROBLEM_RESPONSES: dict[int | str, dict[str, Any]] = {
    400: _problem("Request not understood"),
    404: _problem("Not found"),
}
