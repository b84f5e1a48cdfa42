"""Every operation answers every way of asking it as recorded: its options, its bounds, and its refusals.

After an intended change: ``TENELEVEN_RECORD=write pytest tests/test_recorded_operations.py``, and look at the
diff: a status and its problem, or the beginning of an answer and a sum over all of it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

from bench.golden import differences
from tests.asked import Asked, asked_of
from tests.client import Answer, Client, client_of
from tests.recorded_answers import masked
from web.app import create_app
from web.openapi.operations import OPERATIONS

RECORD = Path(__file__).parent / "golden" / "operations.txt"
_CLAIMS = ("/claims/", "/ptp", "/mue/", "/coverage/", "/denials/", "/edits")
_SHOWN = 160


def _told(answer: Answer) -> str:
    if answer.mimetype == "application/problem+json":
        problem = answer.json
        said = [str(problem.get(name, "")) for name in ("title", "parameter", "detail")]
        return masked(" | ".join(said))
    if "json" in answer.mimetype:
        text = masked(json.dumps(answer.json, ensure_ascii=False))
        return f"{text[:_SHOWN]} {crc32(text.encode()):08x}"
    return answer.mimetype


def _lines(client: Client, name: str, keys: list[str]) -> Iterator[str]:
    spec = client.get("/api/openapi.json").json
    for key in keys:
        for asked in asked_of(spec, key):
            answer = _answer(client, asked)
            yield "\t".join((name, key, asked.what, str(answer.status_code), _told(answer)))


def _answer(client: Client, asked: Asked) -> Answer:
    if asked.method == "GET":
        return client.get(asked.address)
    return client.post(asked.address, data=asked.body, content_type=asked.kind)


def test_every_operation_answers_every_way_of_asking_as_recorded(
    small_bundle: Path, claim_bundle: Path
) -> None:
    keys = [key for key in OPERATIONS if "/api/" in key and "progress" not in key]
    of_claims = [key for key in keys if any(part in key for part in _CLAIMS)]
    lines = [
        *_lines(client_of(create_app(small_bundle)), "small", keys),
        *_lines(client_of(create_app(claim_bundle)), "claims", of_claims),
    ]
    if "TENELEVEN_RECORD" in os.environ:
        RECORD.write_text("\n".join(lines) + "\n", encoding="utf-8")
    changed = differences(RECORD.read_text("utf-8").splitlines(), lines)
    assert not changed, "\n".join([f"{len(changed)} lines differ", *changed[:20]])


def test_no_way_of_asking_ends_in_a_fault_of_the_server() -> None:
    statuses = [line.split("\t")[3] for line in RECORD.read_text("utf-8").splitlines()]
    assert len(statuses) > 1000
    assert not [status for status in statuses if status.startswith("5") and status != "503"]
