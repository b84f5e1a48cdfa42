"""The type of the test client, whose answers' JSON may be indexed: werkzeug's own types it ``Any | None``."""

from __future__ import annotations

from typing import Any, Protocol, cast

from flask import Flask
from werkzeug.datastructures import Headers
from werkzeug.wrappers import Request


class Answer(Protocol):
    """What a request returns, as far as tests read it."""

    status_code: int
    status: str
    mimetype: str
    headers: Headers
    data: bytes
    request: Request

    @property
    def json(self) -> Any:
        """The body read as JSON."""

    @property
    def text(self) -> str:
        """The body as text."""

    @property
    def content_type(self) -> str | None:
        """The media type with its parameters."""

    @property
    def is_json(self) -> bool:
        """Whether the body says that it is JSON."""

    @property
    def content_length(self) -> int | None:
        """The declared length in bytes."""

    @property
    def location(self) -> str | None:
        """Where a redirection leads."""

    def get_data(self, as_text: bool = ...) -> Any:
        """Return the body."""

    def get_json(self, force: bool = ...) -> Any:
        """Return the body read as JSON."""

    def get_etag(self) -> tuple[str | None, bool | None]:
        """Return the entity tag, and whether it is weak."""


class Client(Protocol):
    """Flask's test client, as far as tests call it."""

    @property
    def application(self) -> Any:
        """The application asked."""

    def open(self, *args: Any, **kwargs: Any) -> Answer:
        """Send a request."""

    def get(self, *args: Any, **kwargs: Any) -> Answer:
        """Send a GET."""

    def head(self, *args: Any, **kwargs: Any) -> Answer:
        """Send a HEAD."""

    def post(self, *args: Any, **kwargs: Any) -> Answer:
        """Send a POST."""

    def put(self, *args: Any, **kwargs: Any) -> Answer:
        """Send a PUT."""

    def delete(self, *args: Any, **kwargs: Any) -> Answer:
        """Send a DELETE."""

    def options(self, *args: Any, **kwargs: Any) -> Answer:
        """Send an OPTIONS."""


def client_of(app: Flask) -> Client:
    """Return the test client of an application."""
    return cast(Client, app.test_client())
