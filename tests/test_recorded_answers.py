"""Pages, API and FHIR answer as recorded: a change that nobody meant shows as a difference of lines."""

from __future__ import annotations

import os
from difflib import unified_diff
from pathlib import Path

from tests.client import client_of
from tests.recorded_answers import addresses, answered, recorded, write
from web.app import create_app


def test_every_recorded_address_is_answered_as_recorded(small_bundle: Path) -> None:
    """After an intended change: see ``tests.recorded_answers``, and look at the diff."""
    client = client_of(create_app(small_bundle))
    if "TENELEVEN_RECORD" in os.environ:
        write(client)
    record = recorded()
    assert list(record) == addresses()
    assert len(record) > 100
    changed = []
    for address, before in record.items():
        if (after := answered(client, address)) != before:
            lines = unified_diff(before.splitlines(), after.splitlines(), "recorded", "now", lineterm="")
            changed.append("\n".join([address, *lines])[:1500])
    assert not changed, "\n\n".join([f"{len(changed)} answers differ", *changed[:5]])
