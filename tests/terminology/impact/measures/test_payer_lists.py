"""Payers' lists in the impact report: the invented crosswalk lets HCC 38 and 226 fall together."""

from __future__ import annotations

import pytest

from terminology.bundle.store import Store
from terminology.claims.studies import separation
from terminology.claims.studies.episodes import EpisodeDefinition
from terminology.claims.studies.separation import CATEGORY
from terminology.facility import Setting
from terminology.impact.coded import Facility
from terminology.impact.measures.payer_lists import payer_lists
from terminology.impact.table import Table, Value

EXPRESSIONS = {"E1122": "5A11&XA1", "E119": "5A11", "I5022": "5A11", "I10": "BA00", "S72001A": "NC72"}
DEFINITIONS = (EpisodeDefinition("hips", 30, frozenset({"470"}), excluded_diagnoses=("S72",)),)


@pytest.fixture
def tables(monkeypatch: pytest.MonkeyPatch, claim_store: Store) -> tuple[Table, Table]:
    monkeypatch.setattr(separation, "recommended_expressions", lambda *_: {})
    release = separation.Expressed.of(frozenset(EXPRESSIONS), EXPRESSIONS)
    monkeypatch.setattr(separation, "_expressed", lambda *_: release)
    volumes = {Setting.INPATIENT: {"E119": 10, "E1122": 4}, Setting.OFFICE: {"E119": 30, "I10": 5}}
    return payer_lists(claim_store, Facility({}, volumes, "2027"), DEFINITIONS)


def cells(table: Table, *key: Value) -> dict[str, Value]:
    row = next(row for row in table.rows if row[: len(key)] == key)
    return dict(zip((column.name for column in table.columns), row, strict=True))


def test_lists_of_a_kind_are_counted_by_what_tells_them(tables: tuple[Table, Table]) -> None:
    row = cells(tables[0], CATEGORY)
    counted = ("lists", "told by stems", "told only with extension codes", "not told")
    assert [row[name] for name in counted] == [3, 0, 1, 2]
    codes = ("codes", "codes by stems", "codes only with extension codes", "codes not told")
    assert [row[name] for name in codes] == [3, 0, 1, 2]
    volume = ("volume", "volume only with extension codes", "volume not told")
    assert [row[name] for name in volume] == [44, 4, 40]


def test_kinds_of_which_nothing_is_loaded_are_said_and_not_counted(tables: tuple[Table, Table]) -> None:
    kinds = [row[0] for row in tables[0].rows]
    assert "MS-DRG status" not in kinds
    assert "MS-DRG status: load IPPS tables 6I and 6J with the bundle" in tables[0].note


def test_a_user_s_episode_is_a_list_too(tables: tuple[Table, Table]) -> None:
    row = cells(tables[0], "episode definition")
    assert (row["lists"], row["told by stems"], row["codes"]) == (1, 1, 1)


def test_lists_that_lose_reported_codes_are_named_with_what_they_fall_together_with(
    tables: tuple[Table, Table],
) -> None:
    assert [row[1] for row in tables[1].rows if row[0] == CATEGORY] == ["HCC 38", "HCC 37"]
    row = cells(tables[1], CATEGORY, "HCC 38")
    assert (row["codes not told"], row["volume not told"], row["examples"]) == (
        1,
        40,
        "E11.9 as I50.22: 5A11",
    )
    assert cells(tables[1], CATEGORY, "HCC 37")["volume only with extension codes"] == 4
