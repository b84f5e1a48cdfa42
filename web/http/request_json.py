"""How JSON in a request is read: as orjson reads it, which refuses what is nested beyond reason."""

from __future__ import annotations

from typing import Any

import orjson
from flask import Request
from flask.json.provider import DefaultJSONProvider

from terminology.errors import InvalidRequestError


class StrictJson(DefaultJSONProvider):
    """Flask's JSON, read by orjson: deep nesting is a client's error, not the end of the stack."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Read JSON; raises :class:`ValueError` when it is none, or nested more than 1,024 deep."""
        return orjson.loads(s)


class StrictRequest(Request):
    """A request that says where its body is no JSON."""

    def on_json_loading_failed(self, e: ValueError | None) -> Any:
        """Raise :class:`InvalidRequestError` with the place; as Flask does for another type of body."""
        if isinstance(e, orjson.JSONDecodeError):
            raise InvalidRequestError("body", f"is no JSON: {e}") from None
        return super().on_json_loading_failed(e)
