"""Refuses query parameters that an address does not know: none is ignored in silence."""

from __future__ import annotations

from flask import current_app, request

from terminology.errors import InvalidRequestError
from web.api import sparse_answers


def refuse_unknown_parameters() -> None:
    """Raise :class:`InvalidRequestError` for a query parameter that the route's schemas do not declare."""
    if not request.args or request.method == "OPTIONS":
        return
    known = _known(request.endpoint or "")
    for name in request.args:
        if name not in known:
            offered = f"known: {', '.join(sorted(known))}" if known else "it takes none"
            raise InvalidRequestError(name[:60], f"is no parameter of this address; {offered}")
    sparse_answers.note_wanted_fields()


def _known(endpoint: str) -> set[str]:
    """The names that the published description of a route has."""
    declared = getattr(current_app.view_functions[endpoint], "_spec", {}).get("args") or ()
    path = str(request.url_rule)
    always = {sparse_answers.NAME} if sparse_answers.is_offered(path) else set()
    return always | {
        field.data_key or name
        for schema, location in declared
        if location == "query"
        for name, field in schema.fields.items()
    }
