"""Sparse answers: ``fields=`` names the members that a client wants, and it gets no others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from apiflask.fields import Dict, List, Nested, Raw
from flask import Response, current_app, request

from terminology.errors import InvalidRequestError

NAME = "fields"
DESCRIPTION = (
    "members that are wanted, with commas and dots, such as code,path.code; without it all. "
    "The answer then lacks the others, also those that are always there"
)
#: The members of a tree of names; none: all there are.
Wanted = dict[str, "Wanted"]
Members = Mapping[str, Any]


def is_offered(endpoint: str) -> bool:
    """Return whether an operation's answer has members to choose from."""
    return _schema_of(endpoint) is not None


def wanted_fields() -> Wanted:
    """Return the members that the current request wants, none for all.

    Raises :class:`InvalidRequestError` for one that the operation's answer does not have.
    """
    wanted: Wanted = {}
    schema = _schema_of(request.endpoint or "")
    text = request.args.get(NAME)
    if text is None or schema is None:
        return wanted
    for path in text.split(","):
        steps = path.strip().split(".")
        _check(schema, steps)
        branch = wanted
        for step in steps:
            branch = branch.setdefault(step, {})
    return wanted


def sparse(response: Response) -> Response:
    """Leave out of a successful JSON answer what the request does not want."""
    if NAME not in request.args or response.status_code != 200:
        return response
    wanted = wanted_fields()
    if response.mimetype == "application/json" and wanted:
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
