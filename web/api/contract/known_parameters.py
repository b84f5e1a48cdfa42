"""Refuses what an address does not know: query parameters and types of body. None is ignored in silence."""

from __future__ import annotations

from typing import Any

from flask import current_app, request
from werkzeug.exceptions import UnsupportedMediaType

from terminology.errors import InvalidRequestError
from web.api.contract import sparse_answers


def refuse_unknown_parameters() -> None:
    """Raise :class:`InvalidRequestError` for a query parameter that the route's schemas do not declare, and
    for one that is given twice."""
    if not request.args or request.method == "OPTIONS":
        return
    known = _known()
    for name, values in request.args.lists():
        if name not in known:
            offered = f"known: {', '.join(sorted(known))}" if known else "it takes none"
            raise InvalidRequestError(name[:60], f"is no parameter of this address; {offered}")
        if len(values) > 1:
            raise InvalidRequestError(name, f"is given {len(values)} times; give it once")
    sparse_answers.note_wanted_fields()


def refuse_other_bodies() -> None:
    """Raise :class:`UnsupportedMediaType` where JSON is read and a body of another type is sent, and
    :class:`InvalidRequestError` where it is none."""
    if request.method != "POST" or "body" not in _declared():
        return
    if request.mimetype and not request.is_json:
        raise UnsupportedMediaType(
            f"the body is {request.mimetype}; send JSON, as Content-Type: application/json"
        )
    if request.is_json:
        request.get_json()


def _known() -> set[str]:
    """The names of query parameters that the published description of the route has."""
    always = {sparse_answers.NAME} if sparse_answers.is_offered(str(request.url_rule)) else set()
    return always | {
        field.data_key or name
        for schema, location in _declared().get("args") or ()
        if location == "query"
        for name, field in schema.fields.items()
    }


def _declared() -> dict[str, Any]:
    """What the route declares of what it reads and answers."""
    declared: dict[str, Any] = getattr(current_app.view_functions[request.endpoint or ""], "_spec", {})
    return declared
