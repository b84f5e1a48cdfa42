"""Who may send long requests: with a key where keys are asked for, and so many a minute."""

from __future__ import annotations

import hmac
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from time import monotonic
from typing import Any

from terminology.errors import InvalidRequestError
from web.gateway.refusal import Refusal
from web.settings import Settings

_MOST_CLIENTS = 10_000
_LEAST_LENGTH = 16


def read_keys(settings: Settings) -> tuple[bytes, ...]:
    """Return the keys of the key file, none if there is no such file.

    Raises :class:`InvalidRequestError` for a file that cannot be read, has no key, or one that is too short.
    """
    if not settings.api_key_file:
        return ()
    try:
        lines = Path(settings.api_key_file).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as fault:
        raise InvalidRequestError(
            "api-key-file", f"{settings.api_key_file} cannot be read ({fault})"
        ) from None
    keys = [line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#")]
    if not keys or min(map(len, keys)) < _LEAST_LENGTH:
        reason = f"{settings.api_key_file} needs keys of {_LEAST_LENGTH} characters or more, one a line"
        raise InvalidRequestError("api-key-file", reason)
    return tuple(key.encode() for key in keys)


class Admission:
    """Admits long requests; each worker counts its own, so the limit is shared out among them."""

    def __init__(self, settings: Settings) -> None:
        self._keys = read_keys(settings)
        self._most = settings.rate_limit / settings.workers
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def refusal(self, environ: Mapping[str, Any]) -> Refusal | None:
        """Return why a long request is not admitted, ``None`` if it is."""
        if self._keys and not self._has_key(environ):
            return Refusal(
                401,
                "this needs a key: send it as 'Authorization: Bearer KEY' or 'X-API-Key: KEY'",
                challenge='Bearer realm="teneleven"',
            )
        return self._too_many(environ["REMOTE_ADDR"]) if self._most else None

    def _has_key(self, environ: Mapping[str, Any]) -> bool:
        scheme, _, sent = environ.get("HTTP_AUTHORIZATION", "").partition(" ")
        given = sent.strip() if scheme.lower() == "bearer" else environ.get("HTTP_X_API_KEY", "")
        matches = [hmac.compare_digest(given.encode("utf-8", "replace"), key) for key in self._keys]
        return any(matches)

    def _too_many(self, client: str) -> Refusal | None:
        """Take one of a client's requests for this minute; what is left fills up evenly with time."""
        most, now = max(self._most, 1.0), monotonic()
        left, since = self._left.pop(client, (most, now))
        left = min(most, left + (now - since) * self._most / 60)
        admitted = left >= 1
        self._left[client] = (left - 1 if admitted else left, now)
        if len(self._left) > _MOST_CLIENTS:
            self._left.popitem(last=False)
        if admitted:
            return None
        seconds = max(1, round((1 - left) * 60 / self._most))
        detail = f"{most:g} long requests a minute are answered for one address; come back in {seconds} s"
        return Refusal(429, detail, retry_after=seconds)
