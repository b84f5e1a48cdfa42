"""How JSON in a request is read: as orjson reads it, which refuses what is nested beyond reason."""

from __future__ import annotations

from typing import Any

import orjson
from flask.json.provider import DefaultJSONProvider


class StrictJson(DefaultJSONProvider):
    """Flask's JSON, read by orjson: deep nesting is a client's error, not the end of the stack."""

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Read JSON; raises :class:`ValueError` when it is none, or nested more than 1,024 deep."""
        return orjson.loads(s)
