"""Keys and limits of long requests."""

from __future__ import annotations

from pathlib import Path

import pytest

from terminology.errors import InvalidRequestError
from web.gateway.admission import Admission, read_keys
from web.settings import Settings

KEY = "k" * 24


def asked(client: str = "192.0.2.1", **headers: str) -> dict[str, str]:
    return {"REMOTE_ADDR": client, **headers}


def test_nothing_is_asked_for_by_default() -> None:
    admission = Admission(Settings())
    assert all(admission.refusal(asked()) is None for _ in range(100))


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 401),
        ({"HTTP_AUTHORIZATION": "Bearer wrong"}, 401),
        ({"HTTP_AUTHORIZATION": f"Basic {KEY}"}, 401),
        ({"HTTP_X_API_KEY": "\xe9"}, 401),
        ({"HTTP_AUTHORIZATION": f"Bearer {KEY}"}, None),
        ({"HTTP_X_API_KEY": KEY}, None),
    ],
)
def test_a_key_is_asked_for_where_there_is_a_file_of_keys(
    tmp_path: Path, headers: dict[str, str], status: int | None
) -> None:
    (tmp_path / "keys").write_text(f"# ours\n{KEY}\n")
    refusal = Admission(Settings(api_key_file=str(tmp_path / "keys"))).refusal(asked(**headers))
    assert (refusal.status if refusal else None) == status


@pytest.mark.parametrize("text", ["", "# none\n", "short\n"])
def test_a_file_without_a_good_key_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "keys").write_text(text)
    with pytest.raises(InvalidRequestError, match="api-key-file"):
        read_keys(Settings(api_key_file=str(tmp_path / "keys")))


def test_more_than_so_many_a_minute_from_one_address_are_refused() -> None:
    admission = Admission(Settings(rate_limit=3))
    answers = [admission.refusal(asked()) for _ in range(4)]
    assert answers[:3] == [None] * 3
    assert answers[3] is not None
    assert answers[3].status == 429
    assert (answers[3].retry_after or 0) > 0
    assert admission.refusal(asked("192.0.2.2")) is None
