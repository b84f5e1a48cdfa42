"""What of a request is believed."""

from __future__ import annotations

from dataclasses import dataclass, field
from ipaddress import ip_network

import pytest

from web.gateway.environ import environ_of

PROXIES = (ip_network("10.0.0.0/8"),)


class Headers:
    def __init__(self, listed: dict[str, str]) -> None:
        self._listed = listed

    def get(self, key: str, default: str | None = None) -> str | None:
        return self._listed.get(key, default)

    def items(self) -> list[tuple[str, str]]:
        return list(self._listed.items())


@dataclass
class Scope:
    listed: dict[str, str] = field(default_factory=dict)
    client: str = "10.1.1.1:4000"
    method: str = "GET"
    path: str = "/é"
    query_string: str = "a=1"
    http_version: str = "1.1"
    server: str = "192.0.2.9:8011"
    scheme: str = "http"
    authority: str | None = None

    @property
    def headers(self) -> Headers:
        return Headers(self.listed)


FORWARDED = {
    "host": "inside",
    "x-forwarded-for": "203.0.113.5, 198.51.100.7, 10.2.2.2",
    "x-forwarded-proto": "https",
    "x-forwarded-host": "codes.example.org",
}


def test_a_trusted_proxy_says_who_asked_and_how() -> None:
    environ = environ_of(Scope(FORWARDED), PROXIES)
    assert environ["REMOTE_ADDR"] == "198.51.100.7"
    assert (environ["wsgi.url_scheme"], environ["HTTP_HOST"]) == ("https", "codes.example.org")


@pytest.mark.parametrize(("client", "proxies"), [("203.0.113.9:1", PROXIES), ("10.1.1.1:1", ())])
def test_from_anybody_else_these_headers_are_dropped(client: str, proxies: tuple[()]) -> None:
    environ = environ_of(Scope(FORWARDED, client=client), proxies)
    assert environ["REMOTE_ADDR"] == client.rpartition(":")[0]
    assert (environ["wsgi.url_scheme"], environ["HTTP_HOST"]) == ("http", "inside")
    assert not [name for name in environ if "FORWARDED" in name]


def test_a_header_with_an_underscore_does_not_pass_for_another() -> None:
    environ = environ_of(Scope({"x_forwarded_for": "1.2.3.4", "content_length": "5"}))
    assert not [name for name in environ if name.startswith("HTTP_") or name == "CONTENT_LENGTH"]


def test_a_path_is_given_as_wsgi_has_it() -> None:
    assert environ_of(Scope())["PATH_INFO"].encode("latin-1").decode() == "/é"
