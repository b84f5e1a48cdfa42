"""A whole report of a small bundle, reckoned by hand, and what must hold of any report."""

from __future__ import annotations

from datetime import date

import pytest

from terminology.bundle.store import Store
from terminology.facility import Setting
from terminology.impact.measures.error_range import wilson
from terminology.impact.report import Report, impact_report
from terminology.impact.table import Certainty, Value

VOLUMES = {
    Setting.INPATIENT: {"E119": 60, "S52501A": 30, "ZZ9": 10},
    Setting.OFFICE: {"E119": 40, "E11": 5},
}
"""E11.9 and its heading become 5A11 in full; S52.501A becomes NC32.5&XK9K and loses its encounter."""


@pytest.fixture
def report(store: Store) -> Report:
    return impact_report(store, VOLUMES, span=(date(2026, 10, 1), date(2026, 12, 31)))


def rows(report: Report, name: str, scope: str = "all settings") -> list[tuple[Value, ...]]:
    table = report.table(name)
    at = [c.name for c in table.columns].index("scope")
    return [row[:at] + row[at + 1 :] for row in table.rows if row[at] == scope]


def test_every_diagnosis_is_in_one_state(report: Report) -> None:
    assert rows(report, "accounted") == [
        ("valid", 2, 130, 0.8966),
        ("not billable", 1, 5, 0.0345),
        ("not in use", 0, 0, 0.0),
        ("unknown", 1, 10, 0.069),
        ("total", 4, 145, 1.0),
    ]


def test_shares_are_of_the_135_that_have_a_place(report: Report) -> None:
    assert [(*row[:3], *row[5:7], row[9]) for row in rows(report, "representation")] == [
        ("full", 2, 0.6667, 105, 0.7778, 0.7778),
        ("full-postcoordinated", 0, 0.0, 0, 0.0, 0.2222),
        ("partial", 1, 0.3333, 30, 0.2222, 0.0),
        ("none", 0, 0.0, 0, 0.0, 0.0),
    ]
    (kept,) = rows(report, "kept")
    full, encounter = wilson(67, 72), wilson(0, 154)
    low, high = (round((105 * full[end] + 30 * encounter[end]) / 135, 4) for end in (0, 1))
    assert kept == (135, 0.7778, low, high, 1.0)


def test_what_is_lost_entered_and_too_long_is_that_of_the_one_partial_code(report: Report) -> None:
    assert [row[0] for row in rows(report, "losses")] == ["encounter"]
    assert rows(report, "losses")[0][2:5] == (1, 30, 0.2222)
    assert rows(report, "clusters")[0][1] == round((105 + 2 * 30) / 135, 3)
    lengths = {row[0]: row[1] for row in rows(report, "lengths")}
    assert (lengths["longer than 10 characters"], lengths["longer than 12 characters"]) == (30, 0)


def test_training_has_the_one_code_that_is_not_one_for_one(report: Report) -> None:
    assert rows(report, "workload")[0][:5] == (0.8, 2, 1, 130, 0.2308)
    assert [row[1] for row in report.table("training").rows] == ["S52.501A"]


def test_settings_differ_by_a_third_and_two_codes_are_too_few_to_say_so(report: Report) -> None:
    ((one, other, points, _, _, low, high, differs),) = report.table("settings").rows
    assert (one, other, points, differs) == ("inpatient", "office", -33.33, "too few codes")
    assert isinstance(low, float)
    assert isinstance(high, float)
    assert low < 0 < high


def test_what_no_table_tells_is_said_and_not_shown_as_nothing_at_stake(report: Report) -> None:
    sentence = next(s.text for s in report.headline if s.table == "payment")
    assert "could not be assessed" in sentence
    assert report.table("payment").rows == ()


def test_the_first_page_has_ten_sentences_each_with_a_table_of_the_report(report: Report) -> None:
    assert len(report.headline) == 10
    assert {s.table for s in report.headline} <= {t.id for t in report.tables}
    assert report.headline[0].text.startswith("77.8% of 135 diagnoses")


def test_no_share_is_above_one_and_states_sum_to_their_total(report: Report) -> None:
    for table in report.tables:
        for at, column in enumerate(table.columns):
            if column.kind == "share":
                assert all(0 <= float(row[at] or 0) <= 1 for row in table.rows), (table.id, column.name)
    for scope in ("all settings", "inpatient", "office"):
        states = {str(row[0]): int(row[2] or 0) for row in rows(report, "accounted", scope)}
        assert sum(states.values()) == 2 * states["total"]
        assert sum(int(row[5] or 0) for row in rows(report, "representation", scope)) == (
            states["total"] - states["unknown"]
        )


def test_settings_sum_to_all_settings_code_by_code(report: Report) -> None:
    chapters = [{row[0]: row[2] for row in rows(report, "representation_by_chapter", s)} for s in SCOPES]
    for chapter, count in chapters[0].items():
        assert count == sum(int(part.get(chapter) or 0) for part in chapters[1:])


SCOPES = ("all settings", "inpatient", "office")


def test_a_code_is_judged_by_the_days_of_the_data(store: Store) -> None:
    volumes = {Setting.OFFICE: {"E118": 4}}
    spans = ((date(2026, 1, 1), date(2026, 1, 31)), (date(2026, 11, 1), date(2026, 11, 30)))
    reports = [impact_report(store, volumes, span=span) for span in spans]
    states = [[row[0] for row in rows(r, "accounted")[:-1] if row[1]] for r in reports]
    assert states == [["valid"], ["not in use"]]


def test_every_share_and_number_says_how_sure_it_is(report: Report) -> None:
    for table in report.tables:
        names = [column.name for column in table.columns]
        for column in table.columns:
            if column.kind in ("share", "number"):
                assert column.certainty, (table.id, column.name)
            assert set(column.ends or ()) <= set(names)
            assert bool(column.ends) is (column.certainty is Certainty.MEASURED)
            assert bool(column.why) is (column.certainty is Certainty.UNMEASURED)
            assert not column.why or column.why in table.how()


def test_no_range_is_upside_down(report: Report) -> None:
    for table in report.tables:
        for low, high in (column.ends for column in table.columns if column.ends):
            ends = [(row[table.column(low)], row[table.column(high)]) for row in table.rows]
            assert all(float(one or 0) <= float(other or 0) for one, other in ends), (table.id, low)
