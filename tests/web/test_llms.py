"""What a language model is told at /llms.txt."""

from __future__ import annotations

from tests.client import Client


def test_llms_txt_lists_every_operation_of_the_api(client: Client) -> None:
    response = client.get("/llms.txt")
    assert response.mimetype == "text/plain"
    paths = client.get("/api/openapi.json").json["paths"]
    assert all(f" {path}`" in response.text for path in paths if path.startswith("/api/"))


def test_llms_txt_says_that_no_code_is_to_be_invented(client: Client) -> None:
    assert "State no code that this server did not return" in client.get("/llms.txt").text
