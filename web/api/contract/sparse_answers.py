"""Sparse answers: ``fields=`` names the members that a client wants, and it gets no others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from apiflask.fields import Dict, List, Nested, Raw
from flask import Response, current_app, g, request

from terminology.errors import InvalidRequestError

NAME = "fields"
DESCRIPTION = (
    "members that are wanted, with commas and dots, such as code,path.code; without it all. "
    "The answer then lacks the others, also those that are always there"
)
#: Operations that answer in more than one shape: one claim or several, a report or a file.
_OF_SEVERAL_SHAPES = frozenset(
    (
        "/api/v1/claims/check", "/api/v1/claims/drg", "/api/v1/claims/amounts", "/api/v1/claims/risk",
        "/api/v1/impact",
    )
)  # fmt: skip
#: The members of a tree of names; none: all there are.
Wanted = dict[str, "Wanted"]
Members = Mapping[str, Any]


def is_offered(path: str) -> bool:
    """Return whether the answer at a path of the API has members to choose from."""
    return path not in _OF_SEVERAL_SHAPES


def note_wanted_fields() -> None:
    """Keep for :func:`sparse` which members the current request wants.

    Raises :class:`InvalidRequestError` for one that the operation's answer does not have.
    """
    text = request.args.get(NAME)
    if text is None:
        return
    wanted: Wanted = {}
    schema = _schema_of(request.endpoint or "")
    for path in text.split(","):
        steps = path.strip().split(".")
        _check(schema, steps)
        branch = wanted
        for step in steps:
            branch = branch.setdefault(step, {})
    g.wanted_fields = wanted


def sparse(response: Response) -> Response:
    """Leave out of a successful JSON answer what the request does not want."""
    wanted = g.get("wanted_fields")
    if wanted and response.status_code == 200 and response.mimetype == "application/json":
        response.set_data(orjson.dumps(picked(orjson.loads(response.get_data()), wanted)))
    return response


def picked(value: Any, wanted: Wanted) -> Any:
    """Return a value with the wanted members only; lists are gone through, item by item.

    >>> picked({"total": 2, "items": [{"code": "A", "title": "B"}]}, {"items": {"code": {}}})
    {'items': [{'code': 'A'}]}
    """
    if not wanted:
        return value
    if isinstance(value, list):
        return [picked(item, wanted) for item in value]
    if isinstance(value, dict):
        return {name: picked(value[name], below) for name, below in wanted.items() if name in value}
    return value


def _check(schema: Any, steps: Sequence[str]) -> None:
    """Follow a path through the schemas; raise for a step that is none. What has no schema has any member."""
    here: Members | None = _members(schema)
    for number, step in enumerate(steps):
        if here is None:
            return
        if step not in here:
            place = f" of {'.'.join(steps[:number])}" if number else ""
            raise InvalidRequestError(
                NAME, f"'{step[:60]}' is no member{place}; there are: {', '.join(sorted(here)) or 'none'}"
            )
        here = _below(here[step])


def _below(field: Any) -> Members | None:
    while isinstance(field, List):
        field = field.inner
    if isinstance(field, Nested):
        return _members(field.schema)
    return None if type(field) in (Dict, Raw) else {}


def _members(schema: Any) -> Members:
    return {field.data_key or name: field for name, field in schema.fields.items()}


def _schema_of(endpoint: str) -> Any:
    view = current_app.view_functions.get(endpoint)
    declared = getattr(view, "_spec", {}).get("response") or {}
    schema = declared.get("schema")
    return schema() if isinstance(schema, type) else schema
