"""What the gateway refuses is still worded by the application: as a problem, an outcome or a page."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, request
from werkzeug.exceptions import HTTPException

KEY = "teneleven.refusal"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not let through; ``retry_after`` in seconds."""

    status: int
    detail: str
    retry_after: int | None = None
    challenge: str | None = None


class RefusedError(HTTPException):
    """A refusal on its way to the error handlers."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.detail)
        self.code = refusal.status
        self.refusal = refusal

    def get_headers(self, *_: object) -> list[tuple[str, str]]:
        """Return the headers that tell a client what to do."""
        headers = []
        if self.refusal.retry_after is not None:
            headers.append(("Retry-After", str(self.refusal.retry_after)))
        if self.refusal.challenge is not None:
            headers.append(("WWW-Authenticate", self.refusal.challenge))
        return headers


def register(app: Flask) -> None:
    """Answer requests that carry a refusal in their environment with it."""
    app.before_request(_refuse)


def _refuse() -> None:
    refusal = request.environ.get(KEY)
    if refusal is not None:
        raise RefusedError(refusal)
