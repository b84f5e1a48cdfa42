"""What granian gives an application of each request (RSGI)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol


class RequestHeaders(Protocol):
    """The headers of a request; names are in lower case."""

    def get(self, key: str, default: str | None = None) -> str | None: ...

    def items(self) -> list[tuple[str, str]]: ...


class RequestScope(Protocol):
    """What granian says of a request; ``client`` and ``server`` are ``address:port``."""

    method: str
    path: str
    query_string: str
    http_version: str
    client: str
    server: str
    scheme: str
    authority: str | None

    @property
    def headers(self) -> RequestHeaders: ...


class RequestProtocol(Protocol):
    """What granian lets us do with a request; its body is iterated over in chunks, the last one empty."""

    def __aiter__(self) -> AsyncIterator[bytes]: ...

    async def client_disconnect(self) -> None: ...

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None: ...
