"""A request to the gateway, without a network."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

_NONE: dict[str, str] = {}


class Exchange:
    """A request to the gateway as granian makes it, and what it answered."""

    def __init__(
        self, method: str, path: str, query: str = "", body: bytes = b"", headers: dict[str, str] = _NONE
    ) -> None:
        if body:
            headers = {**headers, "content-length": str(len(body)), "content-type": "application/fhir+json"}
        named = SimpleNamespace(get=headers.get, items=lambda: list(headers.items()))
        self.scope = SimpleNamespace(
            method=method,
            path=path,
            query_string=query,
            client="127.0.0.1:5",
            server="127.0.0.1:8011",
            scheme="http",
            authority="localhost",
            headers=named,
        )
        self._chunks = [body] if body else []
        self.answer: tuple[int, bytes] = (0, b"")

    async def __aiter__(self) -> Any:
        for chunk in self._chunks:
            yield chunk
        yield b""

    async def client_disconnect(self) -> None:
        """Never."""

    def response_bytes(self, status: int, _: object, body: bytes) -> None:
        self.answer = status, body
