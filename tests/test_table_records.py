"""Every row of every rule table is held: to what it comes to with no bundle, or to the crosswalk's record."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bench.mutation.groups import PACKAGES
from tests.table_records import search_tables, told_tables

ROOT = Path(__file__).parents[1]
RECORD = ROOT / "tests" / "golden" / "tables.txt"
_MARK = "## "
#: Tables of the crosswalk whose rows ``test_golden_rows`` holds to the recorded answers, and the two that are
#: written by a fit (``tests/bench/fit``).
IN_THE_CROSSWALK = {
    f"terminology/crosswalk/tables/{name}.tsv"
    for name in (
        "companions", "confidence", "contexts", "external_aspects", "harm", "intents", "reviewed", "weights",
    )
}  # fmt: skip


def tables() -> set[str]:
    """Return the paths of all tables of the packages."""
    return {str(p.relative_to(ROOT)) for package in PACKAGES for p in (ROOT / package).rglob("*.tsv")}


def sections() -> dict[str, list[str]]:
    """Return the lines of every table by its path, as the code answers today.

    Of a table that nothing asks for yet they are its cells.
    """
    asked = {**search_tables.sections(), **told_tables.sections()}
    found = {path: [f"{asking}\t{answer}" for asking, answer in lines] for path, lines in asked.items()}
    for path in tables() - found.keys() - IN_THE_CROSSWALK:
        lines = (ROOT / path).read_text("utf-8").splitlines()
        found[path] = [line for line in lines if line and not line.startswith("#")][1:]
    return dict(sorted(found.items()))


def recorded() -> dict[str, list[str]]:
    """Return the lines of every table by its path, as they were written down."""
    written = RECORD.read_text("utf-8").split(_MARK)[1:]
    return {path: lines for path, *lines in (section.rstrip("\n").split("\n") for section in written)}


def test_every_row_comes_to_what_is_recorded() -> None:
    """After an intended change: ``TENELEVEN_RECORD=write`` before pytest, and look at the diff."""
    found = sections()
    if "TENELEVEN_RECORD" in os.environ:
        RECORD.write_text(
            "".join(f"{_MARK}{path}\n" + "\n".join(lines) + "\n" for path, lines in found.items())
        )
    record = recorded()
    changed = [
        f"{sign} {path}: {line}"
        for path in found | record
        for sign, some, others in (("-", record, found), ("+", found, record))
        for line in sorted(set(some.get(path, ())) - set(others.get(path, ())))
    ]
    assert not changed, "\n".join([f"{len(changed)} lines differ", *changed[:20]])
    assert found == record


def test_no_table_is_left_out() -> None:
    held = {path for path in recorded() if path.startswith(PACKAGES)}
    assert tables() == held | IN_THE_CROSSWALK
    assert not held & IN_THE_CROSSWALK


@pytest.mark.parametrize("path", sorted(recorded()) if RECORD.exists() else [])
def test_what_is_asked_of_a_table_is_answered(path: str) -> None:
    answers = [line.partition("\t")[2] for line in recorded()[path]]
    assert answers
    silent = [answer for answer in answers if not answer.strip()]
    assert path.endswith(("stop_words.tsv", "columns.tsv")) or 2 * len(silent) <= len(answers)
