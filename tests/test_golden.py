"""The answers of a bundle of the real files are those written down; an intended change shows as a table."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.golden import CROSSWALK, REWRITINGS, crosswalk_record, differences, recorded, records
from terminology.bundle.store import Store


def test_a_changed_line_is_told_as_it_was_and_as_it_is() -> None:
    assert differences(["E11\t9\t5A11"], ["E11\t9\t5A10"]) == ["+ E11\t9\t5A10", "- E11\t9\t5A11"]
    assert differences(["a\tb"], ["a\tb"]) == []


def test_codes_that_are_answered_alike_share_a_line_and_none_is_left_out(store: Store) -> None:
    lines = [line.split("\t") for line in crosswalk_record(store)]
    assert all(len(line) == 5 for line in lines)
    told = [begin + last for begin, lasts, *_ in lines for last in lasts]
    assert len(told) == len(set(told)) == store.manifest.counts["crosswalk"]
    assert "E119" in told


@pytest.mark.realdata
def test_the_real_files_are_answered_as_recorded(real_bundle: Path) -> None:
    """After an intended change: ``python -m bench.golden --bundle BUNDLE --write``, and look at the diff."""
    found = records(real_bundle)
    assert set(found) == {CROSSWALK, REWRITINGS}
    for name, lines in found.items():
        changed = differences(recorded(name), lines)
        assert not changed, f"{name}: {len(changed)} lines differ, such as\n" + "\n".join(changed[:20])
