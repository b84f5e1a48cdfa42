"""The process that long requests are forked from has read what they would all read anew."""

from __future__ import annotations

from pathlib import Path

from tests.client import client_of
from web.app import create_app
from web.heavy.template import warm
from web.opened import opened


def test_what_a_report_reads_of_all_codes_is_read_before_the_fork(small_bundle: Path) -> None:
    app = create_app(small_bundle)
    warm(app)
    statements: list[str] = []
    opened(app).store._db.set_trace_callback(statements.append)
    answer = client_of(app).post("/api/v1/impact", data="code,count\nE11.9,3\n", content_type="text/csv")
    assert answer.status_code == 200
    assert statements
    assert not [sql for sql in statements if "crosswalk_target" in sql]
