"""A reader: a client that asks for pages as a browser does."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lxml import html

from tests.client import Client

Reader = Callable[..., html.HtmlElement]


@pytest.fixture
def read(client: Client) -> Reader:
    """Ask for a page and return its document; the status must be as expected."""

    def ask(path: str, status: int = 200, headers: dict[str, str] | None = None) -> html.HtmlElement:
        response = client.get(path, headers={"Accept": "text/html", **(headers or {})})
        assert response.status_code == status, response.get_data(as_text=True)[:500]
        assert response.mimetype == "text/html"
        return html.fromstring(response.get_data(as_text=True))

    return ask
