"""Answers are compressed with br or gzip where the client takes it, in this one place.

An answer's entity tag is weak, so that it names the answer in each of its forms.
"""

from __future__ import annotations

import gzip
from functools import lru_cache
from typing import Any

import brotli
from flask import Flask, Response, request
from werkzeug.http import parse_accept_header

Headers = list[tuple[str, str]]
VARY = "Accept-Encoding"
#: Shorter bodies fit in one packet as they are.
_SMALL = 1_000
_TEXTS = frozenset(
    (
        "application/json", "application/problem+json", "application/fhir+json", "application/fhir+xml",
        "application/javascript",
        "application/manifest+json", "application/xml", "image/svg+xml",
    )
)  # fmt: skip
#: Levels at which a kilobyte takes some 50 microseconds.
_GZIP_LEVEL, _BR_QUALITY = 4, 4
#: How many packed bodies are kept, and of what size in bytes: some 10 MB with what they were packed from.
_KEPT, _LARGEST_KEPT = 2_048, 8_192


def register(app: Flask) -> None:
    """Compress the responses of an application. What is registered before this sees them compressed."""
    app.after_request(_compressed)


def is_compressible(mimetype: str | None) -> bool:
    """Return whether a body of a type becomes smaller: texts do, images and archives are small already.

    >>> is_compressible("application/json"), is_compressible("text/html"), is_compressible("image/webp")
    (True, True, False)
    """
    return mimetype is not None and (mimetype in _TEXTS or mimetype.startswith("text/"))


def packed(environ: dict[str, Any], body: bytes) -> tuple[bytes, str | None]:
    """Return a body as it is sent, and its content encoding; ``None`` where it is sent as it is."""
    accepted = environ.get("HTTP_ACCEPT_ENCODING")
    encoding = _chosen(accepted) if accepted and len(body) > _SMALL else None
    if encoding is None:
        return body, None
    return (_kept_packed if len(body) < _LARGEST_KEPT else _packed)(body, encoding), encoding


def _packed(body: bytes, encoding: str) -> bytes:
    if encoding == "br":
        packed: bytes = brotli.compress(body, mode=brotli.MODE_TEXT, quality=_BR_QUALITY)
        return packed
    return gzip.compress(body, _GZIP_LEVEL, mtime=0)


#: Answers about one code that are asked for again and again: to pack one takes longer than all else about it.
_kept_packed = lru_cache(maxsize=_KEPT)(_packed)


@lru_cache(maxsize=256)
def _chosen(accepted: str) -> str | None:
    """Return the encoding that a header ``Accept-Encoding`` wants most, of two alike br.

    >>> _chosen("gzip, deflate, br"), _chosen("gzip, br;q=0.5"), _chosen("gzip;q=0, identity")
    ('br', 'gzip', None)
    """
    header = parse_accept_header(accepted)
    best = max(("br", "gzip"), key=header.quality)
    return best if header.quality(best) > 0 and header.quality(best) >= _identity(header) else None


def _identity(header: Any) -> float:
    """How much an uncompressed answer is wanted: as little as anything, unless it is named."""
    return float(header.quality("identity")) if "identity" in header.values() else 0.0


def _compressed(response: Response) -> Response:
    if not is_compressible(response.mimetype):
        return response
    response.vary.add(VARY)
    if response.status_code in (204, 206, 304) or "Content-Encoding" in response.headers:
        return response
    response.direct_passthrough = False
    body, encoding = packed(request.environ, response.get_data())
    if encoding is not None:
        response.set_data(body)
        response.headers["Content-Encoding"] = encoding
        tag = response.headers.get("ETag")
        if tag and not tag.startswith("W/"):
            response.headers["ETag"] = f"W/{tag}"
    return response
