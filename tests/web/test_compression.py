"""Answers are sent as small as the client can read them, under one entity tag."""

from __future__ import annotations

import gzip
import json

import brotli
import pytest

from tests.client import Client
from web.http.compression import packed

ADDRESSES = [
    "/api/v1/codes/icd-10-cm/E11.9",
    "/api/v1/systems",
    "/api/openapi.json",
    "/code/icd-10-cm/E11.9",
    "/fhir/r4/metadata",
    "/static/teneleven.css",
]


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_answer_is_the_same_in_every_encoding(client: Client, address: str) -> None:
    plain = client.get(address)
    for accepted, unpack in (("br", brotli.decompress), ("gzip", gzip.decompress)):
        packed = client.get(address, headers={"Accept-Encoding": accepted})
        assert packed.headers["Content-Encoding"] == accepted
        assert "Accept-Encoding" in packed.headers["Vary"]
        assert unpack(packed.data) == plain.data
        assert len(packed.data) < len(plain.data)
        assert int(packed.headers["Content-Length"]) == len(packed.data)
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["Vary"]


def test_problems_and_head_requests_are_compressed_alike(client: Client) -> None:
    accepted = {"Accept-Encoding": "gzip"}
    address = f"/api/v1/codes/icd-10-cm/{'Z' * 1200}"
    assert json.loads(gzip.decompress(client.get(address, headers=accepted).data))["status"] == 404
    head = client.head(ADDRESSES[0], headers=accepted)
    assert head.data == b""
    assert head.headers["Content-Encoding"] == "gzip"


def test_short_answers_are_sent_as_they_are(client: Client) -> None:
    assert "Content-Encoding" not in client.get("/healthz", headers={"Accept-Encoding": "gzip"}).headers


@pytest.mark.parametrize("address", ADDRESSES[:2])
def test_a_tag_is_weak_and_good_in_every_encoding(client: Client, address: str) -> None:
    tag = client.get(address, headers={"Accept-Encoding": "br"}).headers["ETag"]
    assert tag.startswith('W/"')
    for accepted in ("br", "gzip", "identity"):
        again = client.get(address, headers={"Accept-Encoding": accepted, "If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b"")
        assert "Accept-Encoding" in again.headers["Vary"]
        assert again.headers["ETag"] == tag
    assert client.get(address, headers={"If-None-Match": 'W/"other"'}).status_code == 200


def test_a_short_answer_is_packed_once_and_a_long_one_anew() -> None:
    accepts = {"HTTP_ACCEPT_ENCODING": "gzip"}
    short, long = b"a code and its title " * 100, b"a whole release " * 10_000
    assert packed(accepts, short)[0] is packed(accepts, bytes(bytearray(short)))[0]
    assert packed(accepts, long)[0] is not packed(accepts, long)[0]
    assert gzip.decompress(packed(accepts, short)[0]) == short
